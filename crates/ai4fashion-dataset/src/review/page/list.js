// Which pictures are shown, and in which order.

let list = [];
let cursor = -1;
const picked = new Set();
// Where a range of picked pictures began.
let anchor = -1;

const filters = document.getElementById("filters");
const CHECKS = ["disagree", "types_disagree", "duplicates"];

const pressed = (id) => [...document.querySelectorAll(`#${id} [aria-pressed="true"]`)].map((button) => Number(button.value));

function readFilters() {
  const fields = Object.fromEntries(new FormData(filters));
  return { ...fields, ...Object.fromEntries(CHECKS.map((name) => [name, filters.elements[name].checked])), colors: pressed("filter-colors"), types: pressed("filter-types") };
}

function writeFilters(kept) {
  for (const name of ["search", "order", "looked", "split", "sure"]) if (kept[name] !== undefined) filters.elements[name].value = kept[name];
  for (const name of CHECKS) filters.elements[name].checked = kept[name] === true;
  for (const [id, values] of [["filter-colors", kept.colors], ["filter-types", kept.types]])
    for (const button of document.querySelectorAll(`#${id} button`)) button.ariaPressed = String(values?.includes(Number(button.value)) ?? false);
}

function matches(want) {
  const search = want.search.trim().toLowerCase();
  const [colors, types] = [new Set(want.colors), new Set(want.types)];
  const sure = Number(want.sure) * 10;
  return (i) => {
    const label = labelOf(i);
    if (colors.size && !colors.has(label.color)) return false;
    if (types.size && !types.has(label.type)) return false;
    if (SURE[i] > sure) return false;
    if (want.split && DATA.split[i] !== want.split) return false;
    if (want.disagree && !colorsDisagree(i)) return false;
    if (want.types_disagree && !typesDisagree(i)) return false;
    if (want.duplicates && DATA.group[i] < 0) return false;
    if (want.looked === "left" && label.said) return false;
    if (want.looked === "looked" && !label.said) return false;
    if (want.looked === "changed" && label.color === DATA.first_color[i] && label.type === DATA.first_type[i]) return false;
    return !search || STEM[i].toLowerCase().includes(search);
  };
}

const bySure = (a, b) => SURE[a] - SURE[b] || a - b;
const ORDERS = {
  sure: () => bySure,
  name: () => (a, b) => (STEM[a] < STEM[b] ? -1 : 1),
  disagree: () => {
    const first = Uint8Array.from({ length: COUNT }, (_, i) => (colorsDisagree(i) || typesDisagree(i) ? 0 : 1));
    return (a, b) => first[a] - first[b] || bySure(a, b);
  },
  // Groups in the order of their least sure picture, then all others.
  group: () => {
    const least = new Map();
    for (let i = 0; i < COUNT; i++) if (DATA.group[i] >= 0) least.set(DATA.group[i], Math.min(least.get(DATA.group[i]) ?? 1e4, SURE[i]));
    const rank = (i) => (DATA.group[i] < 0 ? 1e5 : least.get(DATA.group[i]));
    return (a, b) => rank(a) - rank(b) || DATA.group[a] - DATA.group[b] || bySure(a, b);
  },
};

// The list stays as it is while labels change, so that nothing moves under one's hands, until this is called again.
function relist(keep) {
  const want = readFilters();
  document.getElementById("sure-text").value = `${want.sure}%`;
  list = Array.from({ length: COUNT }, (_, i) => i).filter(matches(want)).sort(ORDERS[want.order]());
  picked.clear();
  anchor = -1;
  const at = keep === undefined ? -1 : list.indexOf(keep);
  cursor = at >= 0 ? at : list.length ? 0 : -1;
  document.getElementById("empty").hidden = list.length > 0;
  layOut();
  showCursor();
  paintAll();
}

// What a label goes to: what is picked, or the picture at the cursor.
const targets = () => (picked.size ? [...picked] : cursor >= 0 ? [list[cursor]] : []);

function moveTo(place, extend = false) {
  if (list.length === 0) return;
  const to = Math.max(0, Math.min(list.length - 1, place));
  if (extend) {
    if (anchor < 0) anchor = cursor;
    picked.clear();
    for (let at = Math.min(anchor, to); at <= Math.max(anchor, to); at++) picked.add(list[at]);
  } else {
    picked.clear();
    anchor = -1;
  }
  cursor = to;
  showCursor();
  paintAll();
}

// To the next picture that nobody has looked at; to the next one if there is none.
function moveOn() {
  let after = cursor;
  if (picked.size) list.forEach((i, place) => picked.has(i) && (after = Math.max(after, place)));
  let next = after + 1;
  while (next < list.length && isLooked(list[next])) next++;
  moveTo(next < list.length ? next : after + 1);
}
