// The type that the classifier suggests, and accepting it.
//
// Reads: DATA, labelOf. Writes: nothing.

// The classifier may not have been asked. It may suggest type 0, none of the twelve.
const hasSuggestion = (i) => DATA.suggested_type[i] >= 0;

// The suggestion in words, "" if it tells nothing new: it is absent, the source says the same, or a person has set the type.
function suggestionOf(i) {
  const { type, annotated } = labelOf(i);
  const suggested = DATA.suggested_type[i];
  if (!hasSuggestion(i) || annotated & 2) return "";
  if (type === suggested && !DATA.type_is_suggested[i]) return "";
  return `${suggested ? TYPES[suggested] : "none of these"} ${Math.round(DATA.type_confidence[i] / 10)}%`;
}

// The type as if a person had chosen it.
const acceptType = (label, i) => (hasSuggestion(i) ? setType(DATA.suggested_type[i])(label) : {});
