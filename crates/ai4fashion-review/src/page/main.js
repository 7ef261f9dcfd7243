// The start.
//
// Reads: what this browser has kept. Writes: theme, filters, pending annotations, the first view.

try {
  const theme = localStorage.getItem("ai4fashion-theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // This browser keeps nothing.
}
const kept = restore();
if (kept?.filters) writeFilters(kept.filters);
relist(BY_STEM.get(kept?.at));
if (kept?.single) setSingle(true);
else grid.focus();
showConflicts();
if (DATA.serve) sendSoon(pending.size ? 0 : SOON);
else if (pending.size) toast(`Kept in this browser: ${many(pending.size)}`);
