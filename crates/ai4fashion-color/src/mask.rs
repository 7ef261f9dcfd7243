//! The garment mask: all pixels except the background that is connected to the image border.
//!
//! 1. The background colour is the most frequent colour at the border.
//! 2. A flood fill from the border takes the pixels within the tolerance of it and, on request,
//!    soft shadows: a little darker, of the same hue, and without a step to the pixel before.
//!    Unless the border is that of a close-up: then there is no paper, and all is garment.
//! 3. Where cloth is as white as the paper, the flood runs in through a gap in the outline and
//!    leaves a print or an outline behind. If the rest is hollow, its holes are filled: every pixel
//!    with garment to its left, right, top and bottom.
//!
//! 4. A few pixels are no garment.
//!
//! A plain threshold on white (`color-thief` and its ports) removes white shirts: only connection
//! to the border tells cloth from paper.

pub(crate) mod background;
mod close_up;
mod flood;
mod metric;
mod paper;
mod rows;
mod shadow;
mod silhouette;
mod specks;

pub(crate) use rows::Rows;

use crate::options::ClassifyOptions;
use crate::pixels::counts::Counts;
use crate::pixels::pixel::Pixel;
use crate::pixels::sample::Sample;
use paper::Paper;

/// The garment of one image.
#[derive(Debug)]
pub(crate) struct Mask {
    garment: Rows,
    count: usize,
    width: usize,
    height: usize,
    background: Option<[u8; 3]>,
}

/// Fewest pixels of a core.
const LEAST_CORE: usize = 10;
/// Smallest fraction of a garment that is a core: straps and outlines have none.
const CORE_SHARE: f32 = 0.3;

/// Least fraction of the image border that a cropped garment fills. All but 38 of 4,608 catalogue
/// photos have less.
const CROPPED: f32 = 0.2;

/// Reusable scratch buffers.
#[derive(Clone, Debug)]
pub(crate) struct Scratch {
    border: Vec<Pixel>,
    border_colors: Counts<4>,
    distances: Vec<f32>,
    open: Vec<(usize, usize)>,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        Self {
            border: Vec::new(),
            border_colors: Counts::new(),
            distances: Vec::new(),
            open: Vec::new(),
        }
    }
}

impl Mask {
    /// Finds the garment with valid options; empty if the image is all background.
    pub(crate) fn new(sample: &Sample, options: &ClassifyOptions, scratch: &mut Scratch) -> Self {
        let Scratch {
            border,
            border_colors,
            distances,
            open,
        } = scratch;
        border.clear();
        border.extend(sample.border());
        let background = background::find(border, border_colors);
        let opaque = if sample.has_alpha() {
            Rows::of(sample, |row, x| row.opaque[x] != 0)
        } else {
            Rows::all(sample)
        };
        let garment = match background {
            Some(found) => {
                let tolerance = options.background_tolerance;
                let white = close_up::white_paper(border, found);
                let color = white.unwrap_or(found);
                let paper = Paper::new(border, color, tolerance, distances);
                if white.is_none() && close_up::is_close_up(sample, border, &paper, color) {
                    opaque
                } else {
                    let mut reached = flood::from_border(sample, &paper);
                    if options.shadow_depth > 0.0 {
                        shadow::flood(sample, &paper, options.shadow_depth, &mut reached, open);
                    }
                    let garment = opaque.without(&reached);
                    let garment = silhouette::filled_if_hollow(garment, color).and(&opaque);
                    specks::without(garment, sample, &paper, color, &opaque)
                }
            }
            // A cut-out, which may touch the border: only alpha counts.
            None => opaque,
        };
        Self {
            garment,
            count: garment.count(),
            width: sample.width(),
            height: sample.height(),
            background,
        }
    }

    /// Returns the background colour; `None` if most of the border is transparent.
    pub(crate) fn background(&self) -> Option<[u8; 3]> {
        self.background
    }

    pub(crate) fn garment(&self) -> &Rows {
        &self.garment
    }

    /// Returns the number of garment pixels.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Returns the fraction of the image that is garment, 0 to 1; 0 for an image without pixels.
    pub(crate) fn fraction(&self) -> f32 {
        self.count as f32 / (self.width * self.height).max(1) as f32
    }

    /// Returns `true` if the garment goes on beyond the image: cloth fills a fifth of its border.
    pub(crate) fn is_cropped(&self, sample: &Sample) -> bool {
        self.cropped(sample) >= CROPPED
    }

    /// Returns the fraction of the image border that cloth fills, 0 to 1; 0 if that is no cloth.
    pub(crate) fn cropped(&self, sample: &Sample) -> f32 {
        let (width, height) = (self.width, self.height);
        if self.background.is_none() || width == 0 || height == 0 {
            return 0.0;
        }
        let ends = [0, height - 1].map(|y| self.garment.count_within(0..width, y..y + 1));
        let sides = [0, width - 1].map(|x| self.garment.count_within(x..x + 1, 0..height));
        let count: usize = ends.into_iter().chain(sides).sum();
        let fraction = count as f32 / (2 * (width + height)) as f32;
        if fraction >= CROPPED && !close_up::is_smooth(sample) {
            fraction
        } else {
            0.0
        }
    }

    /// Returns the garment without its outline, where cloth and paper mix; the whole garment if
    /// hardly anything else would be left.
    pub(crate) fn core(&self) -> Rows {
        let core = self.garment.inner();
        let count = core.count();
        if count >= LEAST_CORE && count as f32 >= CORE_SHARE * self.count as f32 {
            core
        } else {
            self.garment
        }
    }
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;
    use crate::pixels::view::ImageView;

    const WHITE: Rgb<u8> = Rgb([255, 255, 255]);

    fn fraction(image: &RgbImage) -> f32 {
        fraction_with(image, ClassifyOptions::default())
    }

    fn fraction_with(image: &RgbImage, options: ClassifyOptions) -> f32 {
        mask(image, options).fraction()
    }

    fn mask<'a>(image: impl Into<ImageView<'a>>, options: ClassifyOptions) -> Mask {
        let mut sample = Sample::new();
        sample.take(image.into());
        Mask::new(&sample, &options, &mut Scratch::new())
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
        let image = square(32, |x, y| {
            if x == 8 || x == 23 || y == 8 || y == 23 {
                Rgb([180, 180, 180])
            } else {
                WHITE
            }
        });
        assert_eq!(fraction(&image), 0.25);
    }

    #[test]
    fn white_cloth_behind_an_open_outline_is_kept() {
        let image = square(32, |x, y| {
            let gap = y == 8 && x == 14;
            if !gap && (x == 8 || x == 23 || y == 8 || y == 23) {
                Rgb([180, 180, 180])
            } else {
                WHITE
            }
        });
        assert!(fraction(&image) > 0.23, "{}", fraction(&image));
    }

    #[test]
    fn soft_shadow_is_background_on_request() {
        let image = RgbImage::from_fn(64, 64, |x, y| {
            if (16..48).contains(&x) && (16..40).contains(&y) {
                Rgb([20, 60, 160])
            } else {
                let depth = (x.min(63 - x).min(y).min(63 - y) as u8).min(12);
                Rgb([255 - 2 * depth; 3])
            }
        });
        let garment = 32.0 * 24.0 / 4096.0;
        let found = fraction_with(&image, ClassifyOptions::default().with_shadow_depth(0.1));
        assert!((found - garment).abs() < 0.01, "{found}");
        assert!(fraction(&image) > 2.0 * garment);
    }

    #[test]
    fn glow_is_no_shadow() {
        // A glow on a grey wall, as soft as a shadow.
        let image = RgbImage::from_fn(64, 64, |x, y| {
            let depth = (x.min(63 - x).min(y).min(63 - y) as u8).min(30);
            Rgb([120 + 2 * depth; 3])
        });
        let found = fraction_with(&image, ClassifyOptions::default().with_shadow_depth(0.1));
        assert!(found > 0.5, "{found}");
    }

    #[test]
    fn grain_of_a_background_is_background() {
        // Differences of up to 8 levels that do not repeat within the image.
        let grain = |x: u32, y: u32| 216 + (((x * 7 + y * 13) * 2_654_435) >> 7) as u8 % 16;
        let image = RgbImage::from_fn(64, 64, |x, y| {
            if (16..48).contains(&x) && (16..48).contains(&y) {
                Rgb([20, 60, 160])
            } else {
                Rgb([grain(x, y); 3])
            }
        });
        let found = fraction(&image);
        assert!((0.25..0.3).contains(&found), "{found}");
    }

    #[test]
    fn wholly_white_image_has_no_garment() {
        assert_eq!(fraction(&RgbImage::from_pixel(20, 10, WHITE)), 0.0);
    }

    fn garment(image: &RgbaImage) -> Rows {
        mask(image, ClassifyOptions::default()).garment
    }

    #[test]
    fn cut_out_that_touches_the_border_is_the_garment() {
        let image = RgbaImage::from_fn(8, 8, |x, _| match x {
            2..6 => Rgba([200, 0, 0, 255]),
            _ => Rgba([0, 200, 0, 0]),
        });
        let found = garment(&image);
        assert_eq!(found.count(), 32);
        assert!(found.runs().all(|(_, run)| run == (2..6)));
    }

    #[test]
    fn transparent_pixels_within_the_garment_are_not_counted() {
        let image = RgbaImage::from_fn(16, 16, |x, y| match (x, y) {
            (4..12, 4..12) if (x + y) % 2 == 0 => Rgba([200, 0, 0, 255]),
            (4..12, 4..12) => Rgba([200, 0, 0, 10]),
            _ => Rgba([255, 255, 255, 255]),
        });
        assert_eq!(garment(&image).count(), 32);
    }
}
