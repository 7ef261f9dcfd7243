//! The rule of the SmallFashion notebook.

use image::RgbImage;
use palette::Srgb;

use super::hue::{hue_value, name_of_hue};
use super::quantize::dominant_color;
use crate::naming::basic_color::BasicColor;

/// Largest difference between neighbouring components (0 to 255) of a colour that counts as without hue.
const FLAT: u8 = 10;

/// The rule of the notebook for SmallFashion (Kaggle) pictures.
///
/// A colour is *flat* if red and green, and green and blue, differ by at most 10.
///
/// 1. Flat with red of at most 64: black.
/// 2. Red, green and blue of at least 200: white.
/// 3. Flat with red of 65 to 229: grey.
/// 4. Otherwise by hue, see [the intervals](crate::notebook).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SmallFashion;

impl SmallFashion {
    /// Names one colour; none if its hue lies between two intervals.
    #[must_use]
    pub fn name_color(self, color: Srgb<u8>) -> Option<BasicColor> {
        let Srgb { red, green, blue, .. } = color;
        let flat = red.abs_diff(green) <= FLAT && green.abs_diff(blue) <= FLAT;
        if flat && red <= 64 {
            Some(BasicColor::Black)
        } else if red.min(green).min(blue) >= 200 {
            Some(BasicColor::White)
        } else if flat && red <= 229 {
            Some(BasicColor::Grey)
        } else {
            name_of_hue(hue_value(color).0)
        }
    }

    /// Names a picture by its [dominant colour](crate::notebook::dominant_color); none if it is white throughout.
    #[must_use]
    pub fn name_picture(self, picture: &RgbImage) -> Option<BasicColor> {
        dominant_color(picture).and_then(|color| self.name_color(color))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! cases {
        ($($case:ident: $rgb:expr => $name:expr;)*) => {$(
            #[test]
            fn $case() {
                assert_eq!(SmallFashion.name_color(Srgb::from($rgb)), $name);
            }
        )*};
    }

    cases! {
        flat_and_dark_is_black: [64, 74, 64] => Some(BasicColor::Black);
        flat_and_lighter_is_grey: [65, 75, 65] => Some(BasicColor::Grey);
        dark_but_not_flat_goes_by_hue: [20, 20, 40] => Some(BasicColor::Blue);
        bright_is_white_before_it_is_grey: [210, 210, 210] => Some(BasicColor::White);
        flat_with_one_component_below_200_is_grey: [208, 208, 199] => Some(BasicColor::Grey);
        brown_counts_as_red: [121, 60, 40] => Some(BasicColor::Red);
        hue_between_green_and_blue_has_no_name: [0, 120, 121] => None;
        hue_between_pink_and_red_has_no_name: [240, 0, 58] => None;
    }

    #[test]
    fn wholly_white_picture_has_no_name() {
        let picture = RgbImage::from_pixel(8, 8, image::Rgb([251, 252, 253]));
        assert_eq!(SmallFashion.name_picture(&picture), None);
    }
}
