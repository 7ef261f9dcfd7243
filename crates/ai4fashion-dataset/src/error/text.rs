//! Parts of messages.

use std::collections::BTreeMap;

/// Says that nothing is left of `found` images.
pub(super) fn none_of(found: usize) -> String {
    match found {
        0 => "there was no image to write".to_owned(),
        1 => "the only image was not written".to_owned(),
        _ => format!("none of {found} images was written"),
    }
}

/// Says why no image is left.
pub(super) fn reasons(filtered: &BTreeMap<String, usize>, rejected: &[String]) -> String {
    let mut parts: Vec<String> = filtered
        .iter()
        .map(|(reason, count)| format!("{count} filtered ({reason})"))
        .collect();
    if let Some(first) = rejected.first() {
        parts.push(format!("{} rejected (the first: {first})", rejected.len()));
    }
    parts.join(", ")
}
