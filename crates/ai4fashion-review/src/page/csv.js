// Export and import of corrections.csv.
//
// Reads: pending, current, fileOf, COLORS, TYPES, STEM, BY_STEM. Writes: annotations, by annotate().

const HEADER = "file,old_color,new_color,old_type,new_type,when";

const quoted = (field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);

// An empty new label changes nothing, one like the old confirms it, "-" resets it to the label before annotation.
function row(i) {
  const [old, label] = [current(i), pending.get(i)];
  const change = (bit, before, after) => {
    if (label.annotated & bit) return before === after && old.annotated & bit ? "" : String(after);
    return old.annotated & bit ? "-" : "";
  };
  const names = [old.color, label.color].map((color) => COLORS[color].name);
  return [fileOf(i), names[0], change(1, ...names), String(old.type), change(2, String(old.type), String(label.type)), label.when ?? ""];
}

const csvOf = (places) => [HEADER, ...places.map((i) => row(i).map(quoted).join(","))].join("\n") + "\n";

function exportCsv() {
  if (pending.size === 0) return toast("There is nothing to export");
  const places = [...pending.keys()].sort((a, b) => a - b);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([csvOf(places)], { type: "text/csv" }));
  link.download = "corrections.csv";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  toast(`${many(places.length)} exported to corrections.csv`);
}

// Rows of fields, each with the line at which it begins, as an editor numbers lines.
function parseCsv(content) {
  const rows = [[""]];
  const lines = [1];
  let inQuotes = false;
  let line = 1;
  for (let at = content.charCodeAt(0) === 0xfeff ? 1 : 0; at < content.length; at++) {
    const character = content[at];
    const last = rows.at(-1);
    if (character === "\n") line++;
    if (inQuotes && character === '"' && content[at + 1] === '"') last[last.length - 1] += content[at++];
    else if (character === '"') inQuotes = !inQuotes;
    else if (!inQuotes && character === ",") last.push("");
    else if (!inQuotes && character === "\n") {
      rows.push([""]);
      lines.push(line);
    }
    else if (inQuotes || character !== "\r") last[last.length - 1] += character;
  }
  return rows.map((fields, place) => ({ fields, line: lines[place] })).filter(({ fields }) => fields.length > 1 || fields[0] !== "");
}

// Rows are imported together or not at all, as when they are applied.
function importCsv(content) {
  const [header, ...rows] = parseCsv(content);
  const columns = HEADER.split(",").map((name) => (header?.fields ?? []).map((field) => field.trim()).indexOf(name));
  const [ofFile, , ofColor, , ofType] = columns;
  if (ofFile < 0 || (ofColor < 0 && ofType < 0)) return dialog("Not imported", "<p>The table needs the columns file, and new_color or new_type.</p>");
  const [changes, bad] = [new Map(), []];
  rows.forEach(({ fields, line }) => {
    try {
      const [file, ...rest] = columns.map((column) => (fields[column] ?? "").trim());
      const [i, change] = parseRow(file, ...rest);
      if (changes.has(i)) throw new Error(`an earlier row is for ${STEM[i]}, too`);
      changes.set(i, change);
    } catch (error) {
      bad.push(`<li value="${line}">${text(error.message)}</li>`);
    }
  });
  if (bad.length) return dialog(`${bad.length} of ${rows.length} rows cannot be used, so none was imported`, `<ol>${bad.join("")}</ol>`);
  const read = annotate(changes.keys(), (_, i) => changes.get(i));
  toast(read || changes.size === 0 ? `${many(read)} imported` : "Nothing new to import");
}

function parseRow(file, oldColor, newColor, oldType, newType, when) {
  const name = /^(?:images\/)?([a-z]+)_(.*)_(\d+)\.jpg$/s.exec(file);
  const i = name ? BY_STEM.get(name[2]) : undefined;
  if (i === undefined) throw new Error(`there is no image ${file}`);
  const old = current(i);
  // Without an old label, the current one may be any.
  const [color, type] = [oldColor ? colorOf(oldColor) : old.color, oldType ? typeOf(oldType) : old.type];
  if (color !== old.color || type !== old.type) throw new Error(`${STEM[i]} is ${inWords(old)} now, not ${inWords({ color, type })} as in this row`);
  const after = { ...old, when };
  if (newColor === "-") Object.assign(after, { color: DATA.model_color[i], annotated: after.annotated & ~1 });
  else if (newColor) Object.assign(after, { color: colorOf(newColor), annotated: after.annotated | 1 });
  if (newType === "-") Object.assign(after, { type: DATA.source_type[i], annotated: after.annotated & ~2 });
  else if (newType) Object.assign(after, { type: typeOf(newType), annotated: after.annotated | 2 });
  if (!newColor && !newType) throw new Error(`new_color and new_type are both empty for ${STEM[i]}`);
  return [i, after];
}

function colorOf(name) {
  const lower = name.toLowerCase();
  const found = COLORS.findIndex((color) => color.name === (lower === "gray" ? "grey" : lower));
  if (found < 0) throw new Error(`${name} is not one of the eleven colours`);
  return found;
}

function typeOf(name) {
  const found = TYPES.findIndex((known, number) => String(number) === name || (number > 0 ? known : "none").toLowerCase() === name.toLowerCase());
  if (found < 0) throw new Error(`${name} is not a product type`);
  return found;
}

const fileInput = document.getElementById("file");
document.getElementById("export").onclick = exportCsv;
document.getElementById("import").onclick = () => fileInput.click();
fileInput.onchange = async () => {
  const [file] = fileInput.files;
  if (file) importCsv(await file.text());
  fileInput.value = "";
};
