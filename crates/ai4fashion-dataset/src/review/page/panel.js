// Label buttons, progress, words to the person.

const at = (id) => document.getElementById(id);
const stayKeys = "Shift with a label's key labels and stays.";

function button(html, title, action) {
  const element = document.createElement("button");
  element.type = "button";
  element.innerHTML = html;
  element.title = title;
  element.onclick = action;
  return element;
}

COLORS.forEach(({ name }, color) => {
  const key = COLOR_KEYS[name];
  at("colors").append(button(`<kbd>${key.toUpperCase()}</kbd>${swatch(color)}${name}`, stayKeys, (event) => label(sayColor(color), name, event.shiftKey)));
  at("filter-colors").append(toggle(color, `${swatch(color)}${name}`));
});
TYPES.forEach((name, type) => {
  const shown = type === 0 ? "none of these" : name;
  at("types").append(button(`<kbd>${TYPE_KEYS[type].toUpperCase()}</kbd>${shown}`, stayKeys, (event) => label(sayType(type), shown, event.shiftKey)));
  at("filter-types").append(toggle(type, name));
});
// "None of these" stands last, as keys do.
at("types").append(at("types").firstChild);
at("filter-types").append(at("filter-types").firstChild);

function toggle(value, html) {
  const element = button(html, "", () => {
    element.ariaPressed = String(element.ariaPressed !== "true");
    relist(list[cursor]);
  });
  element.value = value;
  element.ariaPressed = "false";
  return element;
}

at("right").onclick = (event) => label(sayRight, "right as it is", event.shiftKey);
at("undo").onclick = () => went(undo());
at("redo").onclick = () => went(redo());
at("view").onclick = () => setSingle(!isSingle);
at("help").onclick = showKeys;
at("theme").onclick = switchTheme;
at("refresh").onclick = () => relist(list[cursor]);
at("filters-toggle").onclick = () => {
  const open = filters.classList.toggle("open");
  at("filters-toggle").ariaExpanded = String(open);
};
let isSelecting = false;
at("select-mode").onclick = () => {
  isSelecting = !isSelecting;
  at("select-mode").ariaPressed = String(isSelecting);
  if (!isSelecting) picked.clear();
  paintAll();
};
filters.addEventListener("input", () => relist(list[cursor]));
filters.addEventListener("submit", (event) => event.preventDefault());
filters.addEventListener("reset", () =>
  setTimeout(() => {
    writeFilters({ colors: [], types: [] });
    relist(list[cursor]);
  }),
);

function label(change, words, stay = false) {
  const places = targets();
  if (places.length === 0) return;
  say(places, change);
  if (places.length > 1) toast(`${places.length} pictures: ${words}. Z takes it back`);
  if (!stay && at("advance").checked) moveOn();
}

// After undo and redo: to the picture that it was about.
function went(i) {
  if (i === undefined) return;
  const place = list.indexOf(i);
  if (place >= 0) moveTo(place);
}

function paintAll() {
  paint();
  paintSingle();
  let looked = 0;
  for (let i = 0; i < COUNT; i++) if (isLooked(i)) looked++;
  const shownLeft = list.reduce((left, i) => left + (isLooked(i) ? 0 : 1), 0);
  at("progress").firstChild.style.width = `${(100 * looked) / Math.max(COUNT, 1)}%`;
  at("progress").ariaValueMax = COUNT;
  at("progress").ariaValueNow = looked;
  at("progress-text").textContent = `${number(looked)} looked at, ${number(COUNT - looked)} left`;
  at("shown").textContent = `${number(list.length)} of ${number(COUNT)} shown, ${number(shownLeft)} left${DATA.serve ? "" : ` · ${number(said.size)} to export`}`;
  at("undo").disabled = done.length === 0;
  at("redo").disabled = undone.length === 0;
  at("export").disabled = said.size === 0;
  const [i] = picked.size > 1 ? [] : targets();
  const goTo = picked.size > 1 ? `${number(picked.size)} pictures` : i === undefined ? "" : STEM[i];
  at("target").textContent = picked.size ? `labels go to ${goTo} · Esc lets ${picked.size > 1 ? "them" : "it"} go` : goTo;
  at("target").title = goTo;
  at("target-few").textContent = picked.size ? `${number(picked.size)} selected` : "";
  const now = i === undefined ? {} : labelOf(i);
  [...at("colors").children].forEach((element, color) => (element.ariaPressed = String(now.color === color)));
  [...at("types").children].forEach((element, place) => (element.ariaPressed = String(now.type === (place + 1) % TYPES.length)));
}

const number = (count) => count.toLocaleString("en");
const many = (count) => (count === 1 ? "1 correction" : `${number(count)} corrections`);

let toasting;
function toast(words) {
  at("toast").textContent = words;
  at("toast").classList.add("seen");
  clearTimeout(toasting);
  toasting = setTimeout(() => at("toast").classList.remove("seen"), 2600);
}

function notice(words, actions = []) {
  const box = at("notice");
  box.replaceChildren(Object.assign(document.createElement("span"), { textContent: words }));
  for (const [name, action] of [...actions, ...(actions.length ? [] : [["Close", () => {}]])])
    box.append(button(name, "", () => {
      box.hidden = true;
      action();
    }));
  box.hidden = false;
}

function dialog(title, html) {
  at("dialog-body").innerHTML = `<h2>${title}</h2>${html}`;
  at("dialog").showModal();
  // Its button has the focus and may be far below.
  at("dialog").scrollTop = 0;
}

function showKeys() {
  const pair = (key, name) => `<span class="pair"><kbd>${key}</kbd> ${name}</span>`;
  const keys = [
    ["letters", "the colour: " + COLORS.map(({ name }) => pair(COLOR_KEYS[name].toUpperCase(), name)).join(" ")],
    ["digits, - and =", "the type: " + TYPES.slice(1).map((name, at) => pair(TYPE_KEYS[at + 1], name)).join(" ") + " " + pair("X", "none of these")],
    ["Enter or Space", "right as it is (a type that is not known stays so)"],
    ["Shift + label", "labels and stays on the picture"],
    ["arrows, Home, End, Page", "move; with Shift they pick a range"],
    ["Ctrl + A, Esc", "pick all that are shown; let them go"],
    ["D", "pick the duplicates of this picture"],
    ["Z, Shift + Z", "undo, redo; also Ctrl + Z and Ctrl + Y"],
    ["V", "grid or single picture"],
    ["/", "search; Esc comes back"],
    ["E", "export corrections.csv"],
    ["L", "light or dark"],
    ["by touch", "tap a picture, then its label; Select picks several; a swipe turns the page of a single picture"],
  ];
  dialog("Keys", `<table>${keys.map(([key, does]) => `<tr><td>${key}</td><td>${does}</td></tr>`).join("")}</table>`);
}

function switchTheme() {
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
  setTheme(dark ? "light" : "dark");
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem("ai4fashion-theme", theme);
  } catch {
    // It stays for this visit.
  }
}
