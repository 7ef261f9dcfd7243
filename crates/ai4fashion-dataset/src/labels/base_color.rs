//! What Kaggle's words for colours mean in the eleven names.

use ai4fashion_color::BasicColor::{self, *};

/// The names that a `baseColour` of Kaggle's fashion-product-images can stand for, the nearest first; none for a word
/// that says no colour (`Multi`, `Skin`) or is not known.
///
/// Where the word is of two names' border, both are right: `Teal` is green or blue. Navy, maroon, beige and the like go
/// by [`BasicColor`]'s own docs.
#[must_use]
pub fn meanings(word: &str) -> &'static [BasicColor] {
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
    fn each_basic_name_means_itself_alone() {
        for color in BasicColor::ALL {
            let name = color.as_str();
            let word = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
            assert_eq!(meanings(&word), [color], "{word}");
        }
        assert!(meanings("Multi").is_empty() && meanings("").is_empty());
    }
}
