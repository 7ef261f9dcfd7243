// corrections.csv, out and in.

const HEADER = "file,old_color,new_color,old_type,new_type,when";

const quoted = (field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);

// An empty new label says nothing, one like the old says that it is right, "-" takes a person's word back.
function row(i) {
  const [old, label] = [inForce(i), said.get(i)];
  const change = (bit, before, after) => {
    if (label.said & bit) return before === after && old.said & bit ? "" : String(after);
    return old.said & bit ? "-" : "";
  };
  const names = [old.color, label.color].map((color) => COLORS[color].name);
  return [fileOf(i), names[0], change(1, ...names), String(old.type), change(2, String(old.type), String(label.type)), label.when ?? ""];
}

const csvOf = (places) => [HEADER, ...places.map((i) => row(i).map(quoted).join(","))].join("\n") + "\n";

function exportCsv() {
  if (said.size === 0) return toast("There is nothing to export");
  const places = [...said.keys()].sort((a, b) => a - b);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([csvOf(places)], { type: "text/csv" }));
  link.download = "corrections.csv";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  toast(`${many(places.length)} in corrections.csv, for review --apply`);
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

// Rows go together or not at all, as when they are applied.
function importCsv(content) {
  const [header, ...rows] = parseCsv(content);
  const columns = HEADER.split(",").map((name) => (header?.fields ?? []).map((field) => field.trim()).indexOf(name));
  if (columns.includes(-1)) return dialog("Not read", `<p>The table needs the columns ${HEADER}.</p>`);
  const [changes, bad] = [new Map(), []];
  rows.forEach(({ fields, line }) => {
    try {
      const [file, ...rest] = columns.map((column) => (fields[column] ?? "").trim());
      const [i, change] = understood(file, ...rest);
      if (changes.has(i)) throw new Error(`an earlier row is of ${STEM[i]}, too`);
      changes.set(i, change);
    } catch (error) {
      bad.push(`<li value="${line}">${text(error.message)}</li>`);
    }
  });
  if (bad.length) return dialog(`${bad.length} of ${rows.length} rows cannot be used, so none was read`, `<ol>${bad.join("")}</ol>`);
  const read = say(changes.keys(), (_, i) => changes.get(i));
  toast(read || changes.size === 0 ? `${many(read)} read` : "Nothing in it is new here");
}

function understood(file, oldColor, newColor, oldType, newType, when) {
  const name = /^(?:images\/)?([a-z]+)_(.*)_(\d+)\.jpg$/s.exec(file);
  const i = name ? BY_STEM.get(name[2]) : undefined;
  if (i === undefined) throw new Error(`there is no picture ${file}`);
  const [color, type] = [colorOf(oldColor), typeOf(oldType)];
  const old = inForce(i);
  if (color !== old.color || type !== old.type) throw new Error(`${STEM[i]} is ${inWords(old)} now, not ${inWords({ color, type })} as this row has it`);
  const after = { ...old, when };
  if (newColor === "-") Object.assign(after, { color: DATA.first_color[i], said: after.said & ~1 });
  else if (newColor) Object.assign(after, { color: colorOf(newColor), said: after.said | 1 });
  if (newType === "-") Object.assign(after, { type: DATA.first_type[i], said: after.said & ~2 });
  else if (newType) Object.assign(after, { type: typeOf(newType), said: after.said | 2 });
  if (!newColor && !newType) throw new Error(`neither new_color nor new_type says anything of ${STEM[i]}`);
  return [i, after];
}

function colorOf(name) {
  const lower = name.toLowerCase();
  const found = COLORS.findIndex((color) => color.name === (lower === "gray" ? "grey" : lower));
  if (found < 0) throw new Error(`${name} is none of the eleven colours`);
  return found;
}

function typeOf(name) {
  const found = TYPES.findIndex((known, number) => String(number) === name || (number > 0 && known.toLowerCase() === name.toLowerCase()));
  if (found < 0) throw new Error(`${name} is no product type`);
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
