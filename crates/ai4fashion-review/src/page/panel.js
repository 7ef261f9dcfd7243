// Label buttons, progress, messages and dialogs.
//
// Reads: annotations, list, selected. Writes: buttons, header and footer; labels, by label().

const at = (id) => document.getElementById(id);
const stayKeys = "With Shift, the cursor stays.";

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
  at("colors").append(button(`<kbd>${key.toUpperCase()}</kbd>${swatch(color)}${name}`, stayKeys, (event) => label(setColor(color), name, event.shiftKey)));
  at("filter-colors").append(toggle(color, `${swatch(color)}${name}`));
});
TYPES.forEach((name, type) => {
  const shown = type === 0 ? "none of these" : name;
  at("types").append(button(`<kbd>${TYPE_KEYS[type].toUpperCase()}</kbd>${shown}`, stayKeys, (event) => label(setType(type), shown, event.shiftKey)));
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

at("right").onclick = (event) => label(confirmLabel, "confirmed", event.shiftKey);
at("accept").onclick = (event) => accept(event.shiftKey);
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
  if (!isSelecting) selected.clear();
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
  annotate(places, change);
  const what = places.length > 1 ? `${number(places.length)} images` : STEM[places[0]];
  toast(`${what}: ${words}. Z undoes it`);
  if (!stay && at("advance").checked) moveOn();
}

// Sets the suggested type of each image that has one.
function accept(stay) {
  const places = targets();
  if (places.length && !places.some(hasSuggestion)) return toast("No type is suggested");
  label(acceptType, "suggested type", stay);
}

// Moves to the image that an undo or redo changed.
function went(i) {
  if (i === undefined) return;
  const place = list.indexOf(i);
  if (place >= 0) moveTo(place);
}

function paintAll() {
  paint();
  paintSingle();
  let reviewed = 0;
  for (let i = 0; i < COUNT; i++) if (isReviewed(i)) reviewed++;
  const shownLeft = list.reduce((left, i) => left + (isReviewed(i) ? 0 : 1), 0);
  at("progress").firstChild.style.width = `${(100 * reviewed) / Math.max(COUNT, 1)}%`;
  at("progress").ariaValueMax = COUNT;
  at("progress").ariaValueNow = reviewed;
  at("progress-text").textContent = `${number(reviewed)} reviewed, ${number(COUNT - reviewed)} left`;
  at("shown").textContent = `${number(list.length)} of ${number(COUNT)} shown, ${number(shownLeft)} left${DATA.serve ? "" : ` · ${number(pending.size)} to export`}`;
  at("undo").disabled = undoSteps.length === 0;
  at("redo").disabled = redoSteps.length === 0;
  at("export").disabled = pending.size === 0;
  at("accept").disabled = !targets().some(hasSuggestion);
  const [i] = selected.size > 1 ? [] : targets();
  const goTo = selected.size > 1 ? `${number(selected.size)} images` : i === undefined ? "" : STEM[i];
  at("target").textContent = selected.size ? `labels go to ${goTo} · Esc clears the selection` : goTo;
  at("target").title = goTo;
  at("target-few").textContent = selected.size ? `${number(selected.size)} selected` : "";
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
    ["Enter or Space", "confirm both labels (an unknown type stays unknown)"],
    ["S", "accept the suggested type"],
    ["Shift + label", "label and stay on the image"],
    ["arrows, Home, End, Page", "move; with Shift select a range"],
    ["Ctrl + A, Esc", "select all that are shown; clear the selection"],
    ["D", "select the duplicates of this image"],
    ["Z, Shift + Z", "undo, redo; also Ctrl + Z and Ctrl + Y"],
    ["V", "grid or single image"],
    ["/", "search; Esc leaves it"],
    ["E", "export corrections.csv"],
    ["L", "light or dark"],
    ["by touch", "tap an image, then its label; Select selects several; swipe a single image for the next one"],
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
