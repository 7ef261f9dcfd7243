//! Hue and value as the notebooks compute them, and their hue intervals.

use crate::naming::basic_color::BasicColor;

/// First and last hue in degrees, both included, in the notebooks' order.
const INTERVALS: [(f64, f64, BasicColor); 8] = [
    (0.0, 30.0, BasicColor::Red),
    (31.0, 45.0, BasicColor::Orange),
    (46.0, 75.0, BasicColor::Yellow),
    (76.0, 180.0, BasicColor::Green),
    (181.0, 270.0, BasicColor::Blue),
    (271.0, 300.0, BasicColor::Purple),
    (301.0, 345.0, BasicColor::Pink),
    (346.0, 361.0, BasicColor::Red),
];

/// Returns the HSV hue in degrees, `[0, 360)`, and the HSV value in percent, `[0, 100]`.
///
/// It is computed in double precision and in the notebooks' order of operations, because the
/// intervals have hard ends.
#[expect(
    clippy::float_cmp,
    reason = "components are divided by the same number, equal bytes stay equal"
)]
pub(super) fn hue_value(color: [u8; 3]) -> (f64, f64) {
    let [r, g, b] = color.map(|component| f64::from(component) / 255.0);
    let high = r.max(g).max(b);
    let range = high - r.min(g).min(b);
    let hue = if range == 0.0 {
        0.0
    } else if high == r {
        (60.0 * ((g - b) / range) + 360.0) % 360.0
    } else if high == g {
        (60.0 * ((b - r) / range) + 120.0) % 360.0
    } else {
        (60.0 * ((r - g) / range) + 240.0) % 360.0
    };
    (hue, high * 100.0)
}

/// Returns the name of a hue in degrees; `None` between two intervals.
pub(super) fn name_of_hue(hue: f64) -> Option<BasicColor> {
    INTERVALS
        .iter()
        .find(|(first, last, _)| (*first..=*last).contains(&hue))
        .map(|&(_, _, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hues_between_two_intervals_have_no_name() {
        for gap in [30.5, 45.5, 75.5, 180.5, 270.5, 300.5, 345.5] {
            assert_eq!(name_of_hue(gap), None, "{gap}");
        }
    }

    #[test]
    fn both_ends_belong_to_the_interval() {
        for (first, last, name) in INTERVALS {
            assert_eq!(name_of_hue(first), Some(name));
            assert_eq!(name_of_hue(last), Some(name));
        }
    }

    #[test]
    fn primary_colors_have_the_textbook_hue() {
        let hue = |r, g, b| hue_value([r, g, b]).0;
        assert!((hue(255, 0, 0) - 0.0).abs() < 1e-9);
        assert!((hue(255, 255, 0) - 60.0).abs() < 1e-9);
        assert!((hue(0, 255, 0) - 120.0).abs() < 1e-9);
        assert!((hue(0, 0, 255) - 240.0).abs() < 1e-9);
        assert!((hue(255, 0, 255) - 300.0).abs() < 1e-9);
    }
}
