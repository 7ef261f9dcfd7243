// What the person says, kept in the browser until it is in the data set; undo and redo.

const STORE = `ai4fashion-review:${DATA.id}`;
// What a person says of pictures whose labels in force are others: place -> { color, type, said, when }.
const said = new Map();
const done = [];
const undone = [];
// Of pictures that were changed elsewhere meanwhile: place -> what was said here.
const conflicts = new Map();

const labelOf = (i) => said.get(i) ?? inForce(i);
const isLooked = (i) => (said.get(i)?.said ?? DATA.said[i]) !== 0;
const same = (a, b) => a.color === b.color && a.type === b.type && a.said === b.said;

function setLabel(i, label) {
  if (same(label, inForce(i))) said.delete(i);
  else said.set(i, label);
}

// One step: every picture of `places` gets what `change` makes of its label.
function say(places, change) {
  const step = [];
  const when = new Date().toISOString();
  for (const i of places) {
    const before = labelOf(i);
    const after = { ...before, when, ...change(before, i) };
    if (!same(before, after)) step.push([i, before, after]);
  }
  if (step.length === 0) return 0;
  for (const [i, , after] of step) setLabel(i, after);
  done.push(step);
  undone.length = 0;
  changed();
  return step.length;
}

function back(from, to, side) {
  const step = from.pop();
  if (!step) return;
  const when = new Date().toISOString();
  for (const entry of step) setLabel(entry[0], { ...entry[side], when });
  to.push(step);
  changed();
  return step[0][0];
}
const undo = () => back(done, undone, 1);
const redo = () => back(undone, done, 2);

const sayColor = (color) => (label) => ({ color, said: label.said | 1 });
const sayType = (type) => (label) => ({ type, said: label.said | 2 });
// A type that is not known is not confirmed with the colour.
const sayRight = (label) => ({ said: label.said | (label.type === 0 ? 1 : 3) });

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
  const few = ({ color, type, said }) => [color, type, said];
  const rows = [...said].map(([i, label]) => [STEM[i], few(inForce(i)), few(label), label.when]);
  const kept = [...conflicts].map(([i, label]) => [STEM[i], null, few(label), label.when]);
  try {
    localStorage.setItem(STORE, JSON.stringify({ rows: rows.concat(kept), at: cursor >= 0 ? STEM[list[cursor]] : null, single: isSingle, filters: readFilters() }));
  } catch (error) {
    notice(`This browser keeps nothing (${error.name}): export your corrections before you leave.`);
  }
}

// What was kept here; what the data set says by now is not said again.
function restore() {
  let kept;
  try {
    kept = JSON.parse(localStorage.getItem(STORE));
  } catch {
    return null;
  }
  const whole = ([color, type, said], when) => ({ color, type, said, when });
  for (const [stem, before, after, when] of kept?.rows ?? []) {
    const i = BY_STEM.get(stem);
    const label = whole(after, when);
    if (i === undefined || same(label, inForce(i))) continue;
    if (before && same(whole(before), inForce(i))) said.set(i, label);
    else conflicts.set(i, label);
  }
  return kept;
}

addEventListener("pagehide", save);
