//! The rule of the SmallFashion notebook.

use image::RgbImage;

use super::hue::{hue_value, name_of_hue};
use super::quantize::dominant_color;
use crate::naming::basic_color::BasicColor;

/// Largest difference between neighbouring components (0 to 255) of a colour without hue.
const FLAT: u8 = 10;

/// The rule of the notebook for SmallFashion (Kaggle) images.
///
/// A colour is *flat* if red and green, and green and blue, differ by at most 10.
///
/// 1. Flat with red of at most 64: black.
/// 2. Red, green and blue of at least 200: white.
/// 3. Flat with red of 65 to 229: grey.
/// 4. Otherwise by hue, see [the intervals](crate::notebook).
///
/// ```
/// use ai4fashion_color::BasicColor;
/// use ai4fashion_color::image::{Rgb, RgbImage};
/// use ai4fashion_color::notebook::SmallFashionRule;
///
/// assert_eq!(SmallFashionRule.classify_color([128, 128, 128]), Some(BasicColor::Grey));
/// let image = RgbImage::from_pixel(8, 8, Rgb([20, 40, 220]));
/// assert_eq!(SmallFashionRule.classify(&image), Some(BasicColor::Blue));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SmallFashionRule;

impl SmallFashionRule {
    /// Names a colour, given as sRGB bytes; `None` if its hue is between two intervals.
    #[must_use]
    pub fn classify_color(self, color: [u8; 3]) -> Option<BasicColor> {
        let [red, green, blue] = color;
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

    /// Names an image by its [dominant colour](crate::notebook::dominant_color); `None` if it is
    /// wholly white or if the hue is between two intervals.
    #[must_use]
    pub fn classify(self, image: &RgbImage) -> Option<BasicColor> {
        dominant_color(image).and_then(|color| self.classify_color(color))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! cases {
        ($($case:ident: $rgb:expr => $name:expr;)*) => {$(
            #[test]
            fn $case() {
                assert_eq!(SmallFashionRule.classify_color($rgb), $name);
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
    fn wholly_white_image_has_no_name() {
        let image = RgbImage::from_pixel(8, 8, image::Rgb([251, 252, 253]));
        assert_eq!(SmallFashionRule.classify(&image), None);
    }
}
