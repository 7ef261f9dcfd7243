//! What may differ after a fault, each with the reason: the one place for it.

/// Files whose bytes may differ, as `(path below the work folder, reason)`.
const MAY_DIFFER: &[(&str, &str)] = &[
    ("run/timing.jsonl", "seconds of each step"),
    ("run/report.html", "shows the seconds of `timing.jsonl`"),
    ("run/.lock", "no result depends on it"),
    ("dataset/review/lock", "no result depends on it"),
];

/// Whether the file at `path`, relative to the work folder, may differ.
pub(crate) fn may_differ(path: &str) -> bool {
    MAY_DIFFER.iter().any(|(known, _)| *known == path)
}
