//! What has the colour of the background.

use palette::{LinSrgb, Oklab, Srgb};

use super::rows::Rows;
use crate::oklab::{inverse, oklab};
use crate::sample::{Pixel, Sample, is_opaque, rgb};

/// A background is as noisy as its median pixel this many times: nearly all of a normal or even distribution.
const NOISES: f32 = 3.0;
/// What is farther from the background is cloth, however noisy the rest.
const MOST_NOISE: f32 = 0.06;

/// Places of [`Known`]; a power of two.
const PLACES: usize = 512;

/// Answers for colours that were asked for: paper and JPEG's noise on it are few colours again and again.
#[derive(Clone, Debug)]
pub(super) struct Known([(Pixel, bool); PLACES]);

impl Known {
    /// No pixel is transparent and has another colour than black.
    const NOTHING: (Pixel, bool) = ([1, 1, 1, 0], false);

    pub(super) fn new() -> Self {
        Self([Self::NOTHING; PLACES])
    }

    fn get_or(&mut self, pixel: Pixel, answer: impl FnOnce() -> bool) -> bool {
        // D. Knuth's multiplicative hash.
        let hash = u32::from_le_bytes(pixel).wrapping_mul(2_654_435_769);
        let known = &mut self.0[(hash >> (u32::BITS - PLACES.ilog2())) as usize];
        if known.0 != pixel {
            *known = (pixel, answer());
        }
        known.1
    }
}

/// The background and what is near enough to be it.
#[derive(Debug)]
pub(super) struct Paper<'a> {
    /// The colour that most of the paper has.
    pixel: Pixel,
    reference: Oklab,
    tolerance_squared: f32,
    /// The lowest and the highest value of each component that anything near enough has.
    bounds: [[u8; 3]; 2],
    known: &'a mut Known,
}

impl<'a> Paper<'a> {
    /// `tolerance` is a distance in Oklab; a noisy background has a larger one. `distances` is scratch.
    pub(super) fn new(
        sample: &Sample,
        background: [u8; 3],
        tolerance: f32,
        distances: &mut Vec<f32>,
        known: &'a mut Known,
    ) -> Self {
        let reference = oklab(background);
        let noise = NOISES * noise(sample, reference, distances);
        let tolerance = tolerance.max(noise.min(MOST_NOISE));
        *known = Known::new();
        let mut paper = Self {
            pixel: Known::NOTHING.0,
            reference,
            tolerance_squared: tolerance * tolerance,
            bounds: bounds(reference, tolerance),
            known,
        };
        // The mean of nearly white pixels is not white.
        paper.pixel = majority(sample.frame())
            .filter(|&pixel| is_opaque(pixel) && paper.is_near(pixel))
            .unwrap_or(paper.pixel);
        paper
    }

    /// The colour of the background.
    pub(super) fn reference(&self) -> Oklab {
        self.reference
    }

    /// Near enough to the background, or not to be seen at all.
    pub(super) fn is(&mut self, pixel: Pixel) -> bool {
        // Most of the paper has one colour, and most of the cloth is far from it: no conversion for them.
        pixel == self.pixel || !is_opaque(pixel) || (self.may_be(pixel) && self.is_near(pixel))
    }

    /// All that [`is`](Self::is).
    pub(super) fn rows(&mut self, sample: &Sample) -> Rows {
        let mut rows = Rows::of(sample, |pixel| pixel == self.pixel || !is_opaque(pixel));
        let near = Rows::of(sample, |pixel| self.may_be(pixel));
        for (y, run) in near.without(&rows).runs() {
            for x in run {
                if self.is_near(sample.row(y)[x]) {
                    rows.insert(x, y);
                }
            }
        }
        rows
    }

    fn may_be(&self, pixel: Pixel) -> bool {
        let [[r, g, b], [most_r, most_g, most_b]] = self.bounds;
        // No branches: this is asked of every pixel.
        (pixel[0] >= r)
            & (pixel[0] <= most_r)
            & (pixel[1] >= g)
            & (pixel[1] <= most_g)
            & (pixel[2] >= b)
            & (pixel[2] <= most_b)
    }

    fn is_near(&mut self, pixel: Pixel) -> bool {
        let (reference, limit) = (self.reference, self.tolerance_squared);
        self.known
            .get_or(pixel, || distance_squared(oklab(rgb(pixel)), reference) <= limit)
    }
}

/// The one that more than half of them are, if there is one (R. Boyer and J. Moore's vote).
fn majority(pixels: impl Iterator<Item = Pixel>) -> Option<Pixel> {
    let mut leader = None;
    let mut lead = 0_u32;
    for pixel in pixels {
        if leader == Some(pixel) {
            lead += 1;
        } else if lead == 0 {
            (leader, lead) = (Some(pixel), 1);
        } else {
            lead -= 1;
        }
    }
    leader
}

/// How far half of the outermost pixels are from the colour of the background: 0 on a shop's white page, more on a wall or
/// on a picture that a network has drawn.
fn noise(sample: &Sample, reference: Oklab, distances: &mut Vec<f32>) -> f32 {
    let distance = |pixel: Pixel| distance_squared(oklab(rgb(pixel)), reference);
    // A page has one colour for many pixels.
    let mut last = None;
    distances.clear();
    for pixel in sample.frame().filter(|&pixel| is_opaque(pixel)) {
        let (_, distance) = last
            .filter(|&(before, _)| before == pixel)
            .unwrap_or_else(|| (pixel, distance(pixel)));
        last = Some((pixel, distance));
        distances.push(distance);
    }
    if distances.is_empty() {
        return 0.0;
    }
    let middle = distances.len() / 2;
    let (_, median, _) = distances.select_nth_unstable_by(middle, f32::total_cmp);
    median.sqrt()
}

/// What components a colour may have that is within `tolerance` of `reference`: what Oklab's steps back to sRGB make of the
/// interval of each coordinate, and one more for rounding.
fn bounds(reference: Oklab, tolerance: f32) -> [[u8; 3]; 2] {
    let roots = inverse::cone_roots(reference);
    let cones: [[f32; 2]; 3] = std::array::from_fn(|cone| {
        let reach = tolerance * inverse::REACH[cone];
        [(roots[cone] - reach).max(0.0), roots[cone] + reach].map(|root| root * root * root)
    });
    let component = |row: [f32; 3], high: bool| -> f32 {
        let terms = row.into_iter().zip(cones);
        terms
            .map(|(factor, [least, most])| factor * if (factor > 0.0) == high { most } else { least })
            .sum()
    };
    let encoded = |high: bool| {
        let [red, green, blue] = inverse::FROM_CONES.map(|row| component(row, high).clamp(0.0, 1.0));
        let Srgb { red, green, blue, .. } = Srgb::<u8>::from_linear(LinSrgb::new(red, green, blue));
        [red, green, blue]
    };
    [
        encoded(false).map(|component| component.saturating_sub(1)),
        encoded(true).map(|component| component.saturating_add(1)),
    ]
}

fn distance_squared(one: Oklab, other: Oklab) -> f32 {
    let (l, a, b) = (one.l - other.l, one.a - other.a, one.b - other.b);
    l * l + a * a + b * b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_near_enough_is_out_of_bounds() {
        for background in [[255; 3], [236, 232, 228], [0; 3], [30, 200, 90], [128; 3]] {
            for tolerance in [0.008, 0.03, 0.2] {
                let reference = oklab(background);
                let [low, high] = bounds(reference, tolerance);
                for rgb in (0..1 << 15_u32)
                    .map(|place| [place, place >> 5, place >> 10].map(|level| (level as u8) << 3 | 3))
                {
                    let near = distance_squared(oklab(rgb), reference) <= tolerance * tolerance;
                    let inside = (0..3).all(|place| (low[place]..=high[place]).contains(&rgb[place]));
                    assert!(inside || !near, "{rgb:?} near {background:?} at {tolerance}");
                }
            }
        }
    }

    #[test]
    fn white_has_narrow_bounds() {
        let [low, high] = bounds(oklab([255; 3]), 0.008);
        assert!(
            low.iter().all(|&component| component > 220) && high == [255; 3],
            "{low:?}"
        );
    }
}
