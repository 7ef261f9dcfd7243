//! The rule of the LookBook notebook.

use image::RgbImage;

use super::hue::{hue_value, name_of_hue};
use super::quantize::dominant_color;
use crate::naming::basic_color::BasicColor;

/// The rule of the notebook for LookBook images.
///
/// 1. HSV value of at most 25 percent: black.
/// 2. Red, green and blue of at least 200: white.
/// 3. Otherwise by hue, see [the intervals](crate::notebook). There is no grey: a colour without
///    hue counts as red.
///
/// ```
/// use ai4fashion_color::BasicColor;
/// use ai4fashion_color::notebook::LookBookRule;
///
/// assert_eq!(LookBookRule.classify_color([20, 40, 220]), Some(BasicColor::Blue));
/// assert_eq!(LookBookRule.classify_color([128, 128, 128]), Some(BasicColor::Red)); // no grey
/// assert_eq!(LookBookRule.classify_color([255, 130, 0]), None); // between red and orange
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LookBookRule;

impl LookBookRule {
    /// Names a colour, given as sRGB bytes; `None` if its hue is between two intervals.
    #[must_use]
    pub fn classify_color(self, color: [u8; 3]) -> Option<BasicColor> {
        let (hue, value) = hue_value(color);
        if value <= 25.0 {
            Some(BasicColor::Black)
        } else if color.iter().all(|&component| component >= 200) {
            Some(BasicColor::White)
        } else {
            name_of_hue(hue)
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
                assert_eq!(LookBookRule.classify_color($rgb), $name);
            }
        )*};
    }

    cases! {
        value_of_25_percent_is_black: [63, 0, 0] => Some(BasicColor::Black);
        just_above_25_percent_goes_by_hue: [64, 0, 0] => Some(BasicColor::Red);
        all_components_at_200_are_white: [200, 200, 255] => Some(BasicColor::White);
        grey_counts_as_red: [128, 128, 128] => Some(BasicColor::Red);
        brown_counts_as_red: [121, 60, 40] => Some(BasicColor::Red);
        orange_has_a_narrow_interval: [255, 160, 0] => Some(BasicColor::Orange);
        hue_between_red_and_orange_has_no_name: [255, 130, 0] => None;
        hue_between_orange_and_yellow_has_no_name: [120, 91, 0] => None;
    }

    #[test]
    fn wholly_white_image_has_no_name() {
        let image = RgbImage::from_pixel(8, 8, image::Rgb([255, 255, 255]));
        assert_eq!(LookBookRule.classify(&image), None);
        assert_eq!(LookBookRule.classify(&RgbImage::new(0, 0)), None);
    }

    #[test]
    fn image_is_named_by_what_is_not_white() {
        let mut image = RgbImage::from_pixel(8, 8, image::Rgb([255, 255, 255]));
        image.put_pixel(3, 3, image::Rgb([20, 40, 220]));
        assert_eq!(LookBookRule.classify(&image), Some(BasicColor::Blue));
    }
}
