// What the page was made with, column by column, and what it says of one picture.

const DATA = JSON.parse(document.getElementById("data").textContent);
const { colors: COLORS, types: TYPES, stem: STEM, sure: SURE } = DATA;
const COUNT = STEM.length;

// One key for each name: a letter of the colour's name, the number of the type.
const COLOR_KEYS = { black: "k", blue: "b", brown: "n", green: "g", grey: "a", orange: "o", pink: "p", purple: "u", red: "r", white: "w", yellow: "y" };
const TYPE_KEYS = ["x", "1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "-", "="];

const BY_STEM = new Map(STEM.map((stem, i) => [stem, i]));

// The labels in force in the data set; `said` holds 1 for a colour and 2 for a type that a person has said.
const inForce = (i) => ({ color: DATA.color[i], type: DATA.type[i], said: DATA.said[i] });

function setInForce(i, { color, type, said }) {
  DATA.color[i] = color;
  DATA.type[i] = type;
  DATA.said[i] = said;
}

const fileOf = (i, label = inForce(i)) => `images/${COLORS[label.color].name}_${STEM[i]}_${label.type}.jpg`;

const largeOf = (i) => (DATA.serve ? `pictures/${i}?${DATA.id}` : "images/" + encodeURIComponent(fileOf(i).slice("images/".length)));
const pictureOf = (i) => thumbnail(i) ?? (DATA.serve ? `thumbnails/${i}?${DATA.id}` : largeOf(i));

// Thumbnails lie in sheets at the end of the page; each is read when a picture of it is wanted first.
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
