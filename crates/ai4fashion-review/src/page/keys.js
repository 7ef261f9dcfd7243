// The keyboard: everything can be done with it.
//
// Reads: key presses. Writes: nothing itself; it calls label(), accept(), moveTo(), undo(), redo() and the commands.

const LABELS = new Map();
COLORS.forEach(({ name }, color) => LABELS.set(COLOR_KEYS[name], [setColor(color), name]));
TYPES.forEach((name, type) => LABELS.set(TYPE_KEYS[type], [setType(type), name]));

// Digits by their place on the keyboard, since some keyboards write others there; letters by what is written.
function keyOf(event) {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
  if (digit) return digit[1];
  if (event.code === "Minus" || event.code === "NumpadSubtract" || event.key === "-") return "-";
  if (event.code === "Equal" || event.key === "=") return "=";
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

const rows = () => Math.max(1, Math.floor(grid.clientHeight / cellHeight));
const MOVES = {
  ArrowLeft: () => cursor - 1,
  ArrowRight: () => cursor + 1,
  ArrowUp: () => cursor - (isSingle ? 1 : columns),
  ArrowDown: () => cursor + (isSingle ? 1 : columns),
  PageUp: () => cursor - (isSingle ? 10 : columns * rows()),
  PageDown: () => cursor + (isSingle ? 10 : columns * rows()),
  Home: () => 0,
  End: () => list.length - 1,
};

const COMMANDS = {
  v: () => setSingle(!isSingle),
  e: exportCsv,
  l: switchTheme,
  d: selectDuplicates,
  "/": () => filters.elements.search.focus(),
  "?": showKeys,
  Escape: () => {
    if (selected.size) moveTo(cursor);
    else if (isSingle) setSingle(false);
  },
};

function selectDuplicates() {
  const group = cursor >= 0 ? DATA.group[list[cursor]] : -1;
  if (group < 0) return toast("This image has no duplicate");
  selected.clear();
  for (const i of list) if (DATA.group[i] === group) selected.add(i);
  toast(`${selected.size} duplicates are selected`);
  paintAll();
}

addEventListener("keydown", (event) => {
  if (at("dialog").open) return;
  const field = event.target.closest?.("input, select, textarea");
  if (field) {
    // Out of a field and back to the images.
    if (event.key === "Escape" || (event.key === "Enter" && field.type === "search")) {
      event.preventDefault();
      field.blur();
      grid.focus();
    }
    if (field.type !== "checkbox") return;
  }
  const key = keyOf(event);
  if (event.ctrlKey || event.metaKey) {
    if (key === "z") went(event.shiftKey ? redo() : undo());
    else if (key === "y") went(redo());
    else if (key === "a") {
      for (const i of list) selected.add(i);
      paintAll();
    } else return;
    return event.preventDefault();
  }
  if (event.altKey) return;
  const onButton = event.target.closest?.("button, summary, a");
  if (key === "z") went(event.shiftKey ? redo() : undo());
  else if (MOVES[key]) moveTo(MOVES[key](), event.shiftKey);
  else if ((key === "Enter" || key === " ") && !onButton) label(confirmLabel, "confirmed", event.shiftKey);
  else if (key === "s") accept(event.shiftKey);
  else if (event.key === "?") COMMANDS["?"]();
  else if (LABELS.has(key)) label(...LABELS.get(key), event.shiftKey);
  else if (COMMANDS[key]) COMMANDS[key]();
  else return;
  event.preventDefault();
});
