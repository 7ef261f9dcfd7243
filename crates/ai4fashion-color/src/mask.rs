//! Which pixels are garment: everything but the background that is connected to the frame of the picture.
//!
//! 1. The background colour is the most frequent colour of the outermost pixels.
//! 2. A flood from the frame takes what is within the tolerance of it and, on request, soft shadows: a little darker, of the
//!    same hue, and without a step to the pixel before.
//! 3. Where cloth is as white as the paper the flood runs in through a gap of the outline and leaves a print or an
//!    outline behind. If what is left is hollow, the holes are given back: every pixel that has garment left and
//!    right of it as well as above and below.
//!
//! A plain threshold on white was tried by others and eats white shirts (`color-thief` and its ports): only
//! connection to the frame tells cloth from paper.

mod background;
mod flood;
mod silhouette;

pub(crate) use flood::Settings;

use crate::pixels::Pixels;

/// The garment of one picture.
#[derive(Debug)]
pub(crate) struct Mask {
    garment: Vec<bool>,
    count: usize,
    width: usize,
    background: Option<[u8; 3]>,
}

/// Fewest pixels of a core.
const LEAST_CORE: usize = 10;
/// Smallest part of a garment that is a core: straps and outlines have none.
const CORE_SHARE: f32 = 0.3;

impl Mask {
    /// Finds the garment; empty if the picture is all background.
    pub(crate) fn new<const CHANNELS: usize>(pixels: &Pixels<'_, CHANNELS>, settings: Settings) -> Self {
        let background = background::of_frame(pixels);
        let garment = match background {
            Some(background) => {
                let mut garment = flood::garment(pixels, background, settings);
                silhouette::fill_if_hollow(&mut garment, pixels, background);
                garment
            }
            // A cut-out, which may touch the frame: alpha alone tells.
            None => (0..pixels.len()).map(|place| pixels.is_opaque(place)).collect(),
        };
        let count = garment.iter().filter(|&&is_garment| is_garment).count();
        Self {
            garment,
            count,
            width: pixels.width(),
            background,
        }
    }

    /// The colour of the background; none if most of the frame is transparent.
    pub(crate) fn background(&self) -> Option<[u8; 3]> {
        self.background
    }

    /// Garment pixels.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Garment pixels as a part of the picture, 0 to 1; 0 for a picture without pixels.
    pub(crate) fn fraction(&self) -> f32 {
        if self.garment.is_empty() {
            0.0
        } else {
            (self.count as f64 / self.garment.len() as f64) as f32
        }
    }

    /// The garment without its outermost pixels, in which cloth and paper are mixed; the garment itself where hardly
    /// anything else would be left.
    pub(crate) fn core(&self) -> Vec<usize> {
        let (width, height) = (self.width, self.garment.len() / self.width.max(1));
        let inside = |place: usize| {
            let (x, y) = (place % width, place / width);
            (1..width - 1).contains(&x)
                && (1..height - 1).contains(&y)
                && [place - 1, place + 1, place - width, place + width]
                    .into_iter()
                    .all(|next| self.garment[next])
        };
        let core: Vec<usize> = self.places().filter(|&place| inside(place)).collect();
        if core.len() >= LEAST_CORE && core.len() as f32 >= CORE_SHARE * self.count as f32 {
            core
        } else {
            self.places().collect()
        }
    }

    /// The places of the garment pixels, row by row.
    pub(crate) fn places(&self) -> impl Iterator<Item = usize> {
        self.garment
            .iter()
            .enumerate()
            .filter(|&(_, &is_garment)| is_garment)
            .map(|(place, _)| place)
    }
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;
    use crate::ClassifyOptions;

    const WHITE: Rgb<u8> = Rgb([255, 255, 255]);

    fn fraction(picture: &RgbImage) -> f32 {
        fraction_with(picture, ClassifyOptions::default())
    }

    fn fraction_with(picture: &RgbImage, options: ClassifyOptions) -> f32 {
        let pixels = Pixels::<3>::new(picture.as_raw(), picture.width(), picture.height());
        Mask::new(&pixels, Settings::from(options)).fraction()
    }

    fn square(edge: u32, inside: impl Fn(u32, u32) -> Rgb<u8>) -> RgbImage {
        let hole = (edge - edge / 2) / 2..(edge + edge / 2) / 2;
        RgbImage::from_fn(edge, edge, |x, y| {
            if hole.contains(&x) && hole.contains(&y) {
                inside(x, y)
            } else {
                WHITE
            }
        })
    }

    #[test]
    fn colored_square_on_white_is_the_garment() {
        assert_eq!(fraction(&square(32, |_, _| Rgb([200, 30, 30]))), 0.25);
    }

    #[test]
    fn white_cloth_inside_an_outline_is_kept() {
        let picture = square(32, |x, y| {
            if x == 8 || x == 23 || y == 8 || y == 23 {
                Rgb([180, 180, 180])
            } else {
                WHITE
            }
        });
        assert_eq!(fraction(&picture), 0.25);
    }

    #[test]
    fn white_cloth_behind_an_open_outline_is_kept() {
        let picture = square(32, |x, y| {
            let gap = y == 8 && x == 14;
            if !gap && (x == 8 || x == 23 || y == 8 || y == 23) {
                Rgb([180, 180, 180])
            } else {
                WHITE
            }
        });
        assert!(fraction(&picture) > 0.23, "{}", fraction(&picture));
    }

    #[test]
    fn soft_shadow_is_background_on_request() {
        let picture = RgbImage::from_fn(64, 64, |x, y| {
            if (16..48).contains(&x) && (16..40).contains(&y) {
                Rgb([20, 60, 160])
            } else {
                let depth = (x.min(63 - x).min(y).min(63 - y) as u8).min(12);
                Rgb([255 - 2 * depth; 3])
            }
        });
        let garment = 32.0 * 24.0 / 4096.0;
        let found = fraction_with(&picture, ClassifyOptions::default().with_shadow(0.1));
        assert!((found - garment).abs() < 0.01, "{found}");
        assert!(fraction(&picture) > 2.0 * garment);
    }

    #[test]
    fn grain_of_a_background_is_background() {
        // Differences of up to 8 levels that do not repeat within the picture.
        let grain = |x: u32, y: u32| 216 + (((x * 7 + y * 13) * 2_654_435) >> 7) as u8 % 16;
        let picture = RgbImage::from_fn(64, 64, |x, y| {
            if (16..48).contains(&x) && (16..48).contains(&y) {
                Rgb([20, 60, 160])
            } else {
                Rgb([grain(x, y); 3])
            }
        });
        let found = fraction(&picture);
        assert!((0.25..0.3).contains(&found), "{found}");
    }

    #[test]
    fn wholly_white_picture_has_no_garment() {
        assert_eq!(fraction(&RgbImage::from_pixel(20, 10, WHITE)), 0.0);
    }

    fn places(picture: &RgbaImage) -> Vec<usize> {
        let pixels = Pixels::<4>::new(picture.as_raw(), picture.width(), picture.height());
        Mask::new(&pixels, Settings::from(ClassifyOptions::default()))
            .places()
            .collect()
    }

    #[test]
    fn cut_out_that_touches_the_frame_is_the_garment() {
        let picture = RgbaImage::from_fn(8, 8, |x, _| match x {
            2..6 => Rgba([200, 0, 0, 255]),
            _ => Rgba([0, 200, 0, 0]),
        });
        let found = places(&picture);
        assert_eq!(found.len(), 32);
        assert!(found.iter().all(|place| (2..6).contains(&(place % 8))));
    }

    #[test]
    fn transparent_pixels_within_the_garment_are_not_counted() {
        let picture = RgbaImage::from_fn(16, 16, |x, y| match (x, y) {
            (4..12, 4..12) if (x + y) % 2 == 0 => Rgba([200, 0, 0, 255]),
            (4..12, 4..12) => Rgba([200, 0, 0, 10]),
            _ => Rgba([255, 255, 255, 255]),
        });
        assert_eq!(places(&picture).len(), 32);
    }
}
