//! Kaggle's colour words in terms of the eleven names.

use ai4fashion_color::BasicColor::{self, *};

/// Names that a `baseColour` of Kaggle's fashion-product-images can stand for, the nearest first.
///
/// A word on the border of two names has both: `Teal` is green or blue. A word that is no colour
/// (`Multi`, `Skin`), or is unknown, has none. Upper and lower case are the same. Navy, maroon and
/// beige follow the docs of [`BasicColor`].
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
    match &*word.trim().to_lowercase() {
        "black" => &[Black],
        "blue" | "navy blue" | "navy" => &[Blue],
        "turquoise blue" | "teal" => &[Blue, Green],
        "brown" | "beige" | "tan" | "coffee brown" | "mushroom brown" => &[Brown],
        "green" | "olive" | "sea green" | "lime green" | "fluorescent green" => &[Green],
        "grey" | "grey melange" | "silver" | "steel" | "metallic" => &[Grey],
        "charcoal" => &[Grey, Black],
        "orange" => &[Orange],
        "pink" | "magenta" => &[Pink],
        "purple" | "lavender" => &[Purple],
        "mauve" => &[Purple, Pink],
        "red" | "maroon" | "burgundy" => &[Red],
        "white" | "off white" | "cream" => &[White],
        "yellow" | "mustard" => &[Yellow],
        "gold" => &[Yellow, Brown],
        "bronze" | "rust" | "copper" => &[Brown, Orange],
        "khaki" => &[Brown, Green],
        "taupe" => &[Brown, Grey],
        "peach" | "rose" => &[Pink, Orange],
        "nude" => &[Brown, Pink],
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
        assert_eq!(base_color_candidates(" navy"), base_color_candidates("NAVY BLUE"));
        assert!(base_color_candidates("Multi").is_empty() && base_color_candidates("").is_empty());
    }
}
