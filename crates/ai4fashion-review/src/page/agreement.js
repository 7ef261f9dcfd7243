// Disagreement of a label with the source's colour, the source's type, or the type of a duplicate.
//
// Reads: DATA, labelOf. Writes: nothing.

const sourceColorOf = (i) => (DATA.source_color[i] < 0 ? "" : DATA.source_colors[DATA.source_color[i]].name);

// The source's own word for the type, such as "Watches"; empty without.
const sourceWordOf = (i) => (DATA.source_word[i] < 0 ? "" : DATA.source_words[DATA.source_word[i]]);

// Tells whether the source's colour cannot mean the label. A colour that is not known disagrees with nothing.
function colorsDisagree(i) {
  const means = DATA.source_color[i] < 0 ? [] : DATA.source_colors[DATA.source_color[i]].means;
  return means.length > 0 && !means.includes(labelOf(i).color);
}

// Duplicates and near-duplicates: number of the group -> images.
const GROUPS = new Map();
DATA.group.forEach((group, i) => {
  if (group < 0) return;
  if (!GROUPS.has(group)) GROUPS.set(group, []);
  GROUPS.get(group).push(i);
});

// The types of this image's duplicates that differ from its own. An unknown type disagrees with nothing.
function typesOfDuplicates(i) {
  const types = new Set((GROUPS.get(DATA.group[i]) ?? []).map((other) => labelOf(other).type));
  types.delete(0);
  types.delete(labelOf(i).type);
  return [...types];
}

// The source's own type; unknown where the classifier has suggested one instead.
const sourceTypeOf = (i) => (DATA.type_is_suggested[i] ? 0 : DATA.source_type[i]);

const differsFromSource = (i) => sourceTypeOf(i) !== 0 && sourceTypeOf(i) !== labelOf(i).type;
const typesDisagree = (i) => differsFromSource(i) || typesOfDuplicates(i).length > 0;
