// The grid: only cells in sight exist, so that tens of thousands of images scroll like a hundred.
//
// Reads: list, cursor, selected, labelOf, imageOf, suggestionOf. Writes: the cells in #sheet; cursor, anchor and selected on a click.

const grid = document.getElementById("grid");
const sheet = document.getElementById("sheet");
const cells = new Map();
const spare = [];
let columns = 1;
let cellWidth = 150;
let cellHeight = 190;

function layOut() {
  const width = grid.clientWidth - 8;
  columns = Math.max(width < 500 ? 3 : 1, Math.floor(width / 148));
  cellWidth = Math.floor(width / columns);
  cellHeight = cellWidth + 44;
  sheet.style.height = `${Math.ceil(list.length / columns) * cellHeight}px`;
  for (const cell of cells.values()) release(cell);
  cells.clear();
  paint();
}

function release(cell) {
  cell.remove();
  // An image that is not in sight takes no memory, and need not be loaded any more.
  cell.parts.image.removeAttribute("src");
  spare.push(cell);
}

function newCell() {
  const cell = document.createElement("div");
  cell.className = "cell";
  cell.setAttribute("role", "option");
  cell.innerHTML = "<div><img alt='' decoding='async' draggable='false'><p><span class='swatch'></span><span></span> <span class='was'></span></p><p><span></span> <span class='was'></span></p><span class='suggested'></span></div>";
  const [image, first, second, suggested] = cell.firstChild.children;
  const [spot, name, was] = first.children;
  const [type, wasType] = second.children;
  cell.parts = { image, spot, name, was, type, wasType, suggested };
  return cell;
}

// Cells that rush by, a quarter of the height a frame, load their images when scrolling slows down.
let lastTop = 0;
let loading;
function loadSoon() {
  clearTimeout(loading);
  loading = setTimeout(() => {
    for (const [place, { parts }] of cells) if (!parts.image.hasAttribute("src")) parts.image.src = imageOf(list[place]);
  }, 60);
}

function paint() {
  if (grid.hidden) return;
  const [top, bottom] = [grid.scrollTop, grid.scrollTop + grid.clientHeight];
  const fast = Math.abs(top - lastTop) > grid.clientHeight / 4;
  lastTop = top;
  if (fast) loadSoon();
  const from = Math.max(0, Math.floor(top / cellHeight) - 1) * columns;
  const to = Math.min(list.length, (Math.floor(bottom / cellHeight) + 2) * columns);
  for (const [place, cell] of cells)
    if (place < from || place >= to) {
      cells.delete(place);
      release(cell);
    }
  for (let place = from; place < to; place++) {
    let cell = cells.get(place);
    if (!cell) {
      cell = spare.pop() ?? newCell();
      cells.set(place, cell);
      cell.style.width = `${cellWidth}px`;
      cell.style.height = `${cellHeight}px`;
      cell.style.transform = `translate(${4 + (place % columns) * cellWidth}px, ${Math.floor(place / columns) * cellHeight}px)`;
      cell.place = place;
      cell.id = `cell-${place}`;
      if (!fast) cell.parts.image.src = imageOf(list[place]);
      sheet.append(cell);
    }
    fill(cell, list[place]);
  }
  if (cursor >= 0) grid.setAttribute("aria-activedescendant", `cell-${cursor}`);
}

const swatch = (color) => `<span class="swatch" style="background:${COLORS[color].hex}"></span>`;
const typeName = (type) => TYPES[type];
const inWords = ({ color, type }) => `${COLORS[color].name}${type ? ` (${typeName(type)})` : ""}`;

function fill(cell, i) {
  const label = labelOf(i);
  const key = `${i}|${label.color}|${label.type}|${label.annotated}`;
  if (cell.filled !== key) {
    cell.filled = key;
    const was = DATA.model_color[i];
    // Elements are reused: garbage from fast scrolling would fill the memory.
    cell.parts.spot.style.background = COLORS[label.color].hex;
    cell.parts.name.textContent = COLORS[label.color].name;
    cell.parts.was.textContent = was === label.color ? "" : COLORS[was].name;
    // The confidence is of the classifier's colour, not of a person's.
    const confidence = label.annotated & 1 ? "" : `${Math.round(CONFIDENCE[i] / 10)}% · `;
    const wasType = DATA.source_type[i];
    cell.parts.type.textContent = confidence + (label.type ? typeName(label.type) : "unknown type");
    cell.parts.wasType.textContent = wasType === 0 || wasType === label.type ? "" : typeName(wasType);
    cell.classList.toggle("reviewed", label.annotated !== 0);
    const suggestion = suggestionOf(i);
    cell.parts.suggested.textContent = suggestion;
    cell.title = `${STEM[i]}, confidence ${Math.round(CONFIDENCE[i] / 10)}%${suggestion && `, suggested: ${suggestion}`}`;
    cell.setAttribute("aria-label", `${COLORS[label.color].name} ${typeName(label.type)}${label.annotated ? ", reviewed" : ""}, ${STEM[i]}`);
  }
  cell.classList.toggle("cursor", cell.place === cursor);
  cell.classList.toggle("selected", selected.has(i));
  cell.setAttribute("aria-selected", String(selected.has(i) || cell.place === cursor));
}

function showCursor() {
  if (grid.hidden || cursor < 0) return;
  const top = Math.floor(cursor / columns) * cellHeight;
  if (top < grid.scrollTop) grid.scrollTop = top;
  else if (top + cellHeight > grid.scrollTop + grid.clientHeight) grid.scrollTop = top + cellHeight - grid.clientHeight;
}

let painting = false;
grid.addEventListener("scroll", () => {
  if (painting) return;
  painting = true;
  requestAnimationFrame(() => {
    painting = false;
    paint();
  });
});
new ResizeObserver(() => {
  if (!grid.hidden) {
    layOut();
    showCursor();
  }
}).observe(grid);

grid.addEventListener("click", (event) => {
  const cell = event.target.closest(".cell");
  if (!cell) return;
  if (event.shiftKey) return moveTo(cell.place, true);
  if (event.ctrlKey || event.metaKey || isSelecting) {
    const i = list[cell.place];
    if (!selected.delete(i)) selected.add(i);
    anchor = cursor = cell.place;
    return paintAll();
  }
  moveTo(cell.place);
});
grid.addEventListener("dblclick", () => !isSelecting && setSingle(true));
