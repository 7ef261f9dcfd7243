// The list: which images are shown, and in which order.
//
// Reads: the form #filters, labels, DATA. Writes: list, cursor, anchor, selected.

let list = [];
let cursor = -1;
const selected = new Set();
// Where a range of selected images began.
let anchor = -1;

const filters = document.getElementById("filters");
const CHECKS = ["disagree", "types_disagree", "duplicates"];

const pressed = (id) => [...document.querySelectorAll(`#${id} [aria-pressed="true"]`)].map((button) => Number(button.value));

function readFilters() {
  const fields = Object.fromEntries(new FormData(filters));
  return { ...fields, ...Object.fromEntries(CHECKS.map((name) => [name, filters.elements[name].checked])), colors: pressed("filter-colors"), types: pressed("filter-types") };
}

function writeFilters(kept) {
  for (const name of ["search", "order", "reviewed", "split", "confidence"]) if (kept[name] !== undefined) filters.elements[name].value = kept[name];
  for (const name of CHECKS) filters.elements[name].checked = kept[name] === true;
  for (const [id, values] of [["filter-colors", kept.colors], ["filter-types", kept.types]])
    for (const button of document.querySelectorAll(`#${id} button`)) button.ariaPressed = String(values?.includes(Number(button.value)) ?? false);
}

function matches(want) {
  const search = want.search.trim().toLowerCase();
  const [colors, types] = [new Set(want.colors), new Set(want.types)];
  const highest = Number(want.confidence) * 10;
  return (i) => {
    const label = labelOf(i);
    if (colors.size && !colors.has(label.color)) return false;
    if (types.size && !types.has(label.type)) return false;
    if (CONFIDENCE[i] > highest) return false;
    if (want.split && DATA.split[i] !== want.split) return false;
    if (want.disagree && !colorsDisagree(i)) return false;
    if (want.types_disagree && !typesDisagree(i)) return false;
    if (want.duplicates && DATA.group[i] < 0) return false;
    if (want.reviewed === "unreviewed" && label.annotated) return false;
    if (want.reviewed === "reviewed" && !label.annotated) return false;
    if (want.reviewed === "changed" && label.color === DATA.model_color[i] && label.type === DATA.source_type[i]) return false;
    return !search || STEM[i].toLowerCase().includes(search) || sourceWordOf(i).toLowerCase().includes(search);
  };
}

// By the probability that a label is wrong; labels count that the data set had when the page was opened.
const byDoubt = (a, b) => DOUBT[b] - DOUBT[a] || a - b;
const ORDERS = {
  doubt: () => byDoubt,
  confidence: () => (a, b) => CONFIDENCE[a] - CONFIDENCE[b] || a - b,
  name: () => (a, b) => (STEM[a] < STEM[b] ? -1 : 1),
  disagree: () => {
    const first = Uint8Array.from({ length: COUNT }, (_, i) => (colorsDisagree(i) || typesDisagree(i) ? 0 : 1));
    return (a, b) => first[a] - first[b] || byDoubt(a, b);
  },
  // Groups by the highest doubt in them, then all other images.
  group: () => {
    const highest = new Map();
    for (let i = 0; i < COUNT; i++) if (DATA.group[i] >= 0) highest.set(DATA.group[i], Math.max(highest.get(DATA.group[i]) ?? 0, DOUBT[i]));
    const rank = (i) => (DATA.group[i] < 0 ? -1 : highest.get(DATA.group[i]));
    return (a, b) => rank(b) - rank(a) || DATA.group[a] - DATA.group[b] || byDoubt(a, b);
  },
};

// The list stays as it is while labels change, so that nothing moves while one works, until this is called again.
function relist(keep) {
  const want = readFilters();
  document.getElementById("confidence-text").value = `${want.confidence}%`;
  list = Array.from({ length: COUNT }, (_, i) => i).filter(matches(want)).sort(ORDERS[want.order]());
  selected.clear();
  anchor = -1;
  const at = keep === undefined ? -1 : list.indexOf(keep);
  cursor = at >= 0 ? at : list.length ? 0 : -1;
  document.getElementById("empty").hidden = list.length > 0;
  layOut();
  showCursor();
  paintAll();
}

// The images that a label goes to: those selected, or the one at the cursor.
const targets = () => (selected.size ? [...selected] : cursor >= 0 ? [list[cursor]] : []);

function moveTo(place, extend = false) {
  if (list.length === 0) return;
  const to = Math.max(0, Math.min(list.length - 1, place));
  if (extend) {
    if (anchor < 0) anchor = cursor;
    selected.clear();
    for (let at = Math.min(anchor, to); at <= Math.max(anchor, to); at++) selected.add(list[at]);
  } else {
    selected.clear();
    anchor = -1;
  }
  cursor = to;
  showCursor();
  paintAll();
}

// Moves to the next image that is not reviewed, or just to the next one.
function moveOn() {
  let after = cursor;
  if (selected.size) list.forEach((i, place) => selected.has(i) && (after = Math.max(after, place)));
  let next = after + 1;
  while (next < list.length && isReviewed(list[next])) next++;
  moveTo(next < list.length ? next : after + 1);
}
