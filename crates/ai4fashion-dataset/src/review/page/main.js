// The start.

try {
  const theme = localStorage.getItem("ai4fashion-theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing.
}
const kept = restore();
if (kept?.filters) writeFilters(kept.filters);
relist(BY_STEM.get(kept?.at));
if (kept?.single) setSingle(true);
else grid.focus();
showConflicts();
if (DATA.serve) sendSoon(said.size ? 0 : SOON);
else if (said.size) toast(`Kept in this browser: ${many(said.size)}`);
