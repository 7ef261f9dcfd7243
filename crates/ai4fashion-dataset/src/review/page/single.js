// One picture, large.

const single = document.getElementById("single");
const [singleImage, caption] = single.querySelector("figure").children;
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
  if (singleImage.shown !== i) {
    singleImage.shown = i;
    // A page that was taken elsewhere has the small copy only.
    singleImage.onerror = () => (singleImage.onerror = null, singleImage.src = pictureOf(i));
    singleImage.src = largeOf(i);
  }
  singleImage.alt = `${COLORS[label.color].name} ${typeName(label.type)}`;
  const rows = [
    ["named by us", `${swatch(DATA.first_color[i])}${COLORS[DATA.first_color[i]].name}, sure by ${Math.round(SURE[i] / 10)}%`],
    ["next best", `${swatch(DATA.second[i])}${COLORS[DATA.second[i]].name}`],
    ["dominant colour", `<span class="swatch" style="background:${DATA.dominant[i]}"></span>${DATA.dominant[i]}`],
    ["source's word", `${text(wordOf(i) || "none")}${colorsDisagree(i) ? " ≠" : ""}`],
    ["source's type", `${typeName(DATA.first_type[i])}${differsFromSource(i) ? " ≠" : ""}`],
    ...(typesBeside(i).length ? [["duplicate is", `${typesBeside(i).map(typeName).join(", ")} ≠`]] : []),
    ["part", DATA.split[i]],
    ...(DATA.flags[i].length ? [["mind", DATA.flags[i].join(", ")]] : []),
    ["file", text(STEM[i])],
  ];
  caption.innerHTML = `<p class="label">${swatch(label.color)}${COLORS[label.color].name} · ${label.type ? typeName(label.type) : "type not known"}${label.said ? " ✓" : ""}</p>
    <p>${number(cursor + 1)} of ${number(list.length)}</p>
    <dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join("")}</dl>`;
  // The next one is there before it is asked for.
  if (cursor + 1 < list.length) new Image().src = largeOf(list[cursor + 1]);
}

function text(words) {
  const element = document.createElement("span");
  element.textContent = words;
  return element.innerHTML;
}

document.getElementById("previous").onclick = () => moveTo(cursor - 1);
document.getElementById("next").onclick = () => moveTo(cursor + 1);
// One finger, more to the side than up or down; two fingers make the picture larger.
let touched;
single.addEventListener("touchstart", ({ touches }) => (touched = touches.length === 1 ? touches[0] : undefined), { passive: true });
single.addEventListener("touchend", ({ changedTouches: [end] }) => {
  if (!touched) return;
  const [aside, down] = [end.clientX - touched.clientX, end.clientY - touched.clientY];
  touched = undefined;
  if (Math.abs(aside) > 50 && Math.abs(aside) > 2 * Math.abs(down)) moveTo(cursor + (aside < 0 ? 1 : -1));
});
