// Annotations that are not in the data set yet, kept in the browser; undo and redo.
//
// Reads: current labels, localStorage. Writes: pending, conflicts, undoSteps, redoSteps, localStorage.

const STORE = `ai4fashion-review:${DATA.id}`;
// Annotations that differ from the data set's labels: image -> { color, type, annotated, when }.
const pending = new Map();
const undoSteps = [];
const redoSteps = [];
// Images that were annotated elsewhere meanwhile: image -> the annotation here.
const conflicts = new Map();

const labelOf = (i) => pending.get(i) ?? current(i);
const isReviewed = (i) => (pending.get(i)?.annotated ?? DATA.annotated[i]) !== 0;
const same = (a, b) => a.color === b.color && a.type === b.type && a.annotated === b.annotated;

function setLabel(i, label) {
  if (same(label, current(i))) pending.delete(i);
  else pending.set(i, label);
}

// Annotates images as one step; `change` makes the new label from the old one.
function annotate(places, change) {
  const step = [];
  const when = new Date().toISOString();
  for (const i of places) {
    const before = labelOf(i);
    const after = { ...before, when, ...change(before, i) };
    if (!same(before, after)) step.push([i, before, after]);
  }
  if (step.length === 0) return 0;
  for (const [i, , after] of step) setLabel(i, after);
  undoSteps.push(step);
  redoSteps.length = 0;
  changed();
  return step.length;
}

function move(from, to, side) {
  const step = from.pop();
  if (!step) return;
  const when = new Date().toISOString();
  for (const entry of step) setLabel(entry[0], { ...entry[side], when });
  to.push(step);
  changed();
  return step[0][0];
}
const undo = () => move(undoSteps, redoSteps, 1);
const redo = () => move(redoSteps, undoSteps, 2);

const setColor = (color) => (label) => ({ color, annotated: label.annotated | 1 });
const setType = (type) => (label) => ({ type, annotated: label.annotated | 2 });
// An unknown type is not confirmed with the colour.
const confirmLabel = (label) => ({ annotated: label.annotated | (label.type === 0 ? 1 : 3) });

function changed() {
  saveSoon();
  paintAll();
  sendSoon();
}

let saving;
function saveSoon() {
  clearTimeout(saving);
  saving = setTimeout(save, 200);
}

function save() {
  clearTimeout(saving);
  const few = ({ color, type, annotated }) => [color, type, annotated];
  const rows = [...pending].map(([i, label]) => [STEM[i], few(current(i)), few(label), label.when]);
  const kept = [...conflicts].map(([i, label]) => [STEM[i], null, few(label), label.when]);
  try {
    localStorage.setItem(STORE, JSON.stringify({ rows: rows.concat(kept), at: cursor >= 0 ? STEM[list[cursor]] : null, single: isSingle, filters: readFilters() }));
  } catch (error) {
    notice(`This browser keeps nothing (${error.name}): export your corrections before you leave.`);
  }
}

// Restores annotations that this browser has kept, unless the data set has them by now.
function restore() {
  let kept;
  try {
    kept = JSON.parse(localStorage.getItem(STORE));
  } catch {
    return null;
  }
  const whole = ([color, type, annotated], when) => ({ color, type, annotated, when });
  for (const [stem, before, after, when] of kept?.rows ?? []) {
    const i = BY_STEM.get(stem);
    const label = whole(after, when);
    if (i === undefined || same(label, current(i))) continue;
    if (before && same(whole(before), current(i))) pending.set(i, label);
    else conflicts.set(i, label);
  }
  return kept;
}

addEventListener("pagehide", save);
