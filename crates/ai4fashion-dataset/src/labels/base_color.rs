//! Kaggle's colour words in terms of the eleven names.

use ai4fashion_color::BasicColor::{self, *};

/// Names that a `baseColour` of Kaggle's fashion-product-images can stand for, the nearest first.
///
/// A word on the border of two names has both: `Teal` is green or blue. A word that is no colour
/// (`Multi`, `Skin`), or is unknown, has none. Navy, maroon and beige follow the docs of
/// [`BasicColor`].
///
/// ```
/// use ai4fashion_dataset::{BasicColor, source::base_color_candidates};
///
/// assert_eq!(base_color_candidates("Navy Blue"), [BasicColor::Blue]);
/// assert_eq!(base_color_candidates("Teal"), [BasicColor::Blue, BasicColor::Green]);
/// assert!(base_color_candidates("Multi").is_empty());
/// ```
#[must_use]
pub fn base_color_candidates(word: &str) -> &'static [BasicColor] {
    match word {
        "Black" => &[Black],
        "Blue" | "Navy Blue" => &[Blue],
        "Turquoise Blue" | "Teal" => &[Blue, Green],
        "Brown" | "Beige" | "Tan" | "Coffee Brown" | "Mushroom Brown" => &[Brown],
        "Green" | "Olive" | "Sea Green" | "Lime Green" | "Fluorescent Green" => &[Green],
        "Grey" | "Grey Melange" | "Silver" | "Steel" | "Metallic" => &[Grey],
        "Charcoal" => &[Grey, Black],
        "Orange" => &[Orange],
        "Pink" | "Magenta" => &[Pink],
        "Purple" | "Lavender" => &[Purple],
        "Mauve" => &[Purple, Pink],
        "Red" | "Maroon" | "Burgundy" => &[Red],
        "White" | "Off White" | "Cream" => &[White],
        "Yellow" | "Mustard" => &[Yellow],
        "Gold" => &[Yellow, Brown],
        "Bronze" | "Rust" | "Copper" => &[Brown, Orange],
        "Khaki" => &[Brown, Green],
        "Taupe" => &[Brown, Grey],
        "Peach" | "Rose" => &[Pink, Orange],
        "Nude" => &[Brown, Pink],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_basic_name_stands_for_itself_alone() {
        for color in BasicColor::ALL {
            let name = color.as_str();
            let word = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
            assert_eq!(base_color_candidates(&word), [color], "{word}");
        }
        assert!(base_color_candidates("Multi").is_empty() && base_color_candidates("").is_empty());
    }
}
