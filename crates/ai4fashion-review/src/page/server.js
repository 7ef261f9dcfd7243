// Saving to the data set, where a server takes annotations: soon after the last label, and again after a failure.
//
// Reads: pending, DATA.serve. Writes: current labels, pending, conflicts, #saved.

const SOON = 700;
const AGAIN = 4000;
let timer;
let sending = false;
const saved = document.getElementById("saved");

function sendSoon(delay = SOON) {
  if (!DATA.serve) return;
  clearTimeout(timer);
  timer = setTimeout(send, delay);
  showSaved(pending.size ? "saving …" : "saved ✓");
}

function showSaved(words, bad = false) {
  saved.textContent = words;
  saved.classList.toggle("bad", bad);
}

async function send() {
  if (sending || pending.size === 0) return;
  sending = true;
  const places = [...pending.keys()];
  const sent = places.map((i) => pending.get(i));
  try {
    const answer = await fetch("corrections", { method: "POST", headers: { "Content-Type": "text/csv" }, body: csvOf(places) });
    if (answer.status === 200) {
      places.forEach((i, place) => {
        const now = labelOf(i);
        setCurrent(i, sent[place]);
        setLabel(i, now);
      });
      save();
      showSaved(pending.size ? "saving …" : "saved ✓");
      if (pending.size) sendSoon();
    } else if (answer.status === 409) {
      resolve(places, await answer.json());
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

// Another tab or person has annotated some of these images first: those become conflicts, the rest is sent again.
function resolve(places, { labels, bad }) {
  const refused = new Map(bad.map(({ row, message }) => [places[row - 2], message]));
  places.forEach((i, place) => {
    if (!labels[place]) return;
    const [color, type, bits] = labels[place];
    const mine = labelOf(i);
    const moved = !same(current(i), { color, type, annotated: bits });
    setCurrent(i, { color, type, annotated: bits });
    if (moved) pending.delete(i);
    if (moved && !same(mine, current(i))) conflicts.set(i, mine);
    refused.delete(i);
  });
  for (const [i, message] of refused) {
    pending.delete(i);
    notice(`${STEM[i]}: ${message}`);
  }
  save();
  showConflicts();
  if (pending.size) sendSoon();
  else showSaved("saved ✓");
}

function showConflicts() {
  if (conflicts.size === 0) return;
  const count = conflicts.size === 1 ? "One image was" : `${conflicts.size} images were`;
  const some = [...conflicts].slice(0, 3).map(([i, mine]) => `${STEM[i]}: ${inWords(current(i))} there, ${inWords(mine)} here`);
  const settle = (keepMine) => () => {
    const mine = new Map(conflicts);
    conflicts.clear();
    if (keepMine) annotate(mine.keys(), (_, i) => mine.get(i));
    save();
    paintAll();
  };
  notice(`${count} annotated elsewhere meanwhile (${some.join("; ")}${conflicts.size > 3 ? "; …" : ""}).`, [["Keep theirs", settle(false)], ["Use mine", settle(true)]]);
}
