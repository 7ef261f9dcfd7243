// One image, large.
//
// Reads: list, cursor, labelOf, suggestionOf, DATA. Writes: isSingle, #single.

const single = document.getElementById("single");
const [largeImage, caption] = single.querySelector("figure").children;
let isSingle = false;

function setSingle(value) {
  isSingle = value;
  grid.hidden = value;
  single.hidden = !value;
  document.getElementById("view").textContent = value ? "Grid" : "Single";
  if (!value) {
    layOut();
    showCursor();
    grid.focus();
  }
  paintAll();
  saveSoon();
}

function paintSingle() {
  if (!isSingle) return;
  for (const part of single.children) part.hidden = cursor < 0;
  if (cursor < 0) return;
  const i = list[cursor];
  const label = labelOf(i);
  if (largeImage.shown !== i) {
    largeImage.shown = i;
    // A page that was moved elsewhere has the thumbnail only.
    largeImage.onerror = () => (largeImage.onerror = null, largeImage.src = imageOf(i));
    largeImage.src = fullSizeOf(i);
  }
  largeImage.alt = `${COLORS[label.color].name} ${typeName(label.type)}`;
  const rows = [
    ["classifier", `${swatch(DATA.model_color[i])}${COLORS[DATA.model_color[i]].name}, confidence ${Math.round(CONFIDENCE[i] / 10)}%`],
    ["runner-up", `${swatch(DATA.runner_up[i])}${COLORS[DATA.runner_up[i]].name}`],
    ["dominant colour", `<span class="swatch" style="background:${DATA.dominant_color[i]}"></span>${DATA.dominant_color[i]}`],
    ["source's colour", `${text(sourceColorOf(i) || "none")}${colorsDisagree(i) ? " ≠" : ""}`],
    ["source's type", `${sourceTypeInWords(i)}${differsFromSource(i) ? " ≠" : ""}`],
    ...(typesOfDuplicates(i).length ? [["duplicate's type", `${typesOfDuplicates(i).map(typeName).join(", ")} ≠`]] : []),
    ["split", DATA.split[i]],
    ...(DATA.flags[i].length ? [["flags", DATA.flags[i].join(", ")]] : []),
    ["file", text(STEM[i])],
  ];
  const suggestion = suggestionOf(i);
  caption.innerHTML = `<p class="label">${swatch(label.color)}${COLORS[label.color].name} · ${label.type ? typeName(label.type) : "type unknown"}${label.annotated ? " ✓" : ""}${suggestion && ` <small>suggested: ${suggestion}</small>`}</p>
    <p>${number(cursor + 1)} of ${number(list.length)}</p>
    <dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join("")}</dl>`;
  // Loads the next image ahead of time.
  if (cursor + 1 < list.length) new Image().src = fullSizeOf(list[cursor + 1]);
}

// A watch is none of the twelve types, but the source knows what it is.
function sourceTypeInWords(i) {
  const [type, word] = [sourceTypeOf(i), text(sourceWordOf(i))];
  if (!word) return typeName(type);
  return type ? `${typeName(type)} (${word})` : `${word}, none of the twelve`;
}

function text(words) {
  const element = document.createElement("span");
  element.textContent = words;
  return element.innerHTML;
}

document.getElementById("previous").onclick = () => moveTo(cursor - 1);
document.getElementById("next").onclick = () => moveTo(cursor + 1);
// A swipe is one finger, more to the side than up or down; two fingers zoom.
let touched;
single.addEventListener("touchstart", ({ touches }) => (touched = touches.length === 1 ? touches[0] : undefined), { passive: true });
single.addEventListener("touchend", ({ changedTouches: [end] }) => {
  if (!touched) return;
  const [aside, down] = [end.clientX - touched.clientX, end.clientY - touched.clientY];
  touched = undefined;
  if (Math.abs(aside) > 50 && Math.abs(aside) > 2 * Math.abs(down)) moveTo(cursor + (aside < 0 ? 1 : -1));
});
