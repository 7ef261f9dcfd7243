// Who says otherwise: the source's word for the colour, the source's type, the type of a picture that shows the same.

const wordOf = (i) => (DATA.word[i] < 0 ? "" : DATA.words[DATA.word[i]].word);

// Whether the source's word can mean the name or not; a word that is not known says nothing.
function colorsDisagree(i) {
  const means = DATA.word[i] < 0 ? [] : DATA.words[DATA.word[i]].means;
  return means.length > 0 && !means.includes(labelOf(i).color);
}

// Pictures that show the same, or nearly: number of the group -> places.
const GROUPS = new Map();
DATA.group.forEach((group, i) => {
  if (group < 0) return;
  if (!GROUPS.has(group)) GROUPS.set(group, []);
  GROUPS.get(group).push(i);
});

// The types that pictures which show the same have, and this one has not; one that is not known says nothing.
function typesBeside(i) {
  const types = new Set((GROUPS.get(DATA.group[i]) ?? []).map((other) => labelOf(other).type));
  types.delete(0);
  types.delete(labelOf(i).type);
  return [...types];
}

const differsFromSource = (i) => DATA.first_type[i] !== 0 && DATA.first_type[i] !== labelOf(i).type;
const typesDisagree = (i) => differsFromSource(i) || typesBeside(i).length > 0;
