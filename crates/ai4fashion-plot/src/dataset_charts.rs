//! Charts of a data set, and of what the colour classifier sees.

pub(crate) mod distributions;
pub(crate) mod explanation;
pub(crate) mod overview;

/// Writes a number of images, e.g. `1 image`, `2 images`.
fn images(number: usize) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} image{ending}")
}
