//! Parts of messages.

use std::collections::BTreeMap;

use super::bad_row::BadRow;

pub(super) fn first(bad: &[BadRow]) -> String {
    bad.first().map(BadRow::to_string).unwrap_or_default()
}

/// What is left of so many pictures: nothing.
pub(super) fn none_of(found: usize) -> String {
    match found {
        0 => "no picture could be taken in".to_owned(),
        1 => "the only picture could not be taken in".to_owned(),
        _ => format!("none of {found} pictures could be taken in"),
    }
}

/// In words why nothing is left.
pub(super) fn reasons(left_out: &BTreeMap<String, usize>, skipped: usize, first: Option<&str>) -> String {
    let mut parts: Vec<String> = left_out
        .iter()
        .map(|(reason, count)| format!("{count} left out ({reason})"))
        .collect();
    if let Some(first) = first {
        parts.push(format!("{skipped} skipped (the first: {first})"));
    }
    parts.join(", ")
}
