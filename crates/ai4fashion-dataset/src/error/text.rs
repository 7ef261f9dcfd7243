//! Parts of messages.

use std::collections::BTreeMap;

/// A number of things, such as `1 image` or `2 images`.
pub(crate) fn count(number: usize, thing: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{ending}")
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_is_singular() {
        let counted = [0, 1, 2].map(|number| count(number, "row"));
        assert_eq!(counted, ["0 rows", "1 row", "2 rows"]);
    }
}
