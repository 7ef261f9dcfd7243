// Straight to the data set, where a server is asked to: some time after the last label, and again after a failure.

const SOON = 700;
const AGAIN = 4000;
let timer;
let sending = false;
const saved = document.getElementById("saved");

function sendSoon(delay = SOON) {
  if (!DATA.serve) return;
  clearTimeout(timer);
  timer = setTimeout(send, delay);
  showSaved(said.size ? "saving …" : "saved ✓");
}

function showSaved(words, bad = false) {
  saved.textContent = words;
  saved.classList.toggle("bad", bad);
}

async function send() {
  if (sending || said.size === 0) return;
  sending = true;
  const places = [...said.keys()];
  const sent = places.map((i) => said.get(i));
  try {
    const answer = await fetch("corrections", { method: "POST", headers: { "Content-Type": "text/csv" }, body: csvOf(places) });
    if (answer.status === 200) {
      places.forEach((i, place) => {
        const now = labelOf(i);
        setInForce(i, sent[place]);
        setLabel(i, now);
      });
      save();
      showSaved(said.size ? "saving …" : "saved ✓");
      if (said.size) sendSoon();
    } else if (answer.status === 409) {
      meet(places, await answer.json());
    } else {
      showSaved(`not saved: ${(await answer.text()).slice(0, 120)}`, true);
      sendSoonQuietly();
    }
  } catch {
    showSaved("not saved: the server does not answer; kept in this browser", true);
    sendSoonQuietly();
  } finally {
    sending = false;
  }
  paintAll();
}

function sendSoonQuietly() {
  clearTimeout(timer);
  timer = setTimeout(send, AGAIN);
}

// Somebody else, or another tab, was faster with some of them: the rest goes on.
function meet(places, { labels, bad }) {
  const refused = new Map(bad.map(({ row, message }) => [places[row - 2], message]));
  places.forEach((i, place) => {
    if (!labels[place]) return;
    const [color, type, bits] = labels[place];
    const mine = labelOf(i);
    const moved = !same(inForce(i), { color, type, said: bits });
    setInForce(i, { color, type, said: bits });
    if (moved) said.delete(i);
    if (moved && !same(mine, inForce(i))) conflicts.set(i, mine);
    refused.delete(i);
  });
  for (const [i, message] of refused) {
    said.delete(i);
    notice(`${STEM[i]}: ${message}`);
  }
  save();
  showConflicts();
  if (said.size) sendSoon();
  else showSaved("saved ✓");
}

function showConflicts() {
  if (conflicts.size === 0) return;
  const count = conflicts.size === 1 ? "One picture was" : `${conflicts.size} pictures were`;
  const some = [...conflicts].slice(0, 3).map(([i, mine]) => `${STEM[i]}: ${inWords(inForce(i))} there, ${inWords(mine)} here`);
  const settle = (keepMine) => () => {
    const mine = new Map(conflicts);
    conflicts.clear();
    if (keepMine) say(mine.keys(), (_, i) => mine.get(i));
    save();
    paintAll();
  };
  notice(`${count} labelled elsewhere meanwhile (${some.join("; ")}${conflicts.size > 3 ? "; …" : ""}).`, [["Keep theirs", settle(false)], ["Use mine", settle(true)]]);
}
