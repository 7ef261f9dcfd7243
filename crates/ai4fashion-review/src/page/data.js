// The data of the page, column by column, and what it tells about one image.
//
// Reads: the element #data and the thumbnail sheets. Writes: DATA's current labels, by setCurrent().

const DATA = JSON.parse(document.getElementById("data").textContent);
const { colors: COLORS, types: TYPES, stem: STEM, confidence: CONFIDENCE, doubt: DOUBT } = DATA;
const COUNT = STEM.length;

// One key for each name: a letter of the colour's name, the number of the type.
const COLOR_KEYS = { black: "k", blue: "b", brown: "n", green: "g", grey: "a", orange: "o", pink: "p", purple: "u", red: "r", white: "w", yellow: "y" };
const TYPE_KEYS = ["x", "1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "-", "="];

const BY_STEM = new Map(STEM.map((stem, i) => [stem, i]));

// The labels in the data set; `annotated` has bit 1 for a human label of the colour, bit 2 for one of the type.
const current = (i) => ({ color: DATA.color[i], type: DATA.type[i], annotated: DATA.annotated[i] });

function setCurrent(i, { color, type, annotated }) {
  DATA.color[i] = color;
  DATA.type[i] = type;
  DATA.annotated[i] = annotated;
}

const fileOf = (i, label = current(i)) => `images/${COLORS[label.color].name}_${STEM[i]}_${label.type}.jpg`;

const fullSizeOf = (i) => (DATA.serve ? `images/${i}?${DATA.id}` : "images/" + encodeURIComponent(fileOf(i).slice("images/".length)));
const imageOf = (i) => thumbnail(i) ?? (DATA.serve ? `thumbnails/${i}?${DATA.id}` : fullSizeOf(i));

// Thumbnails are in sheets at the end of the page; a sheet is parsed when the first of its images is needed.
const sheets = new Map();
function thumbnail(i) {
  if (!DATA.per_sheet) return undefined;
  const place = Math.floor(i / DATA.per_sheet);
  if (!sheets.has(place)) {
    const element = document.getElementsByClassName("sheet")[place];
    if (!element) return undefined;
    sheets.set(place, JSON.parse(element.textContent));
  }
  return "data:image/jpeg;base64," + sheets.get(place)[i % DATA.per_sheet];
}
