//! The background colour and the colours near it.

use palette::Oklab;

use super::metric::Metric;
use super::rows::Rows;
use crate::pixels::pixel::{Pixel, is_opaque, rgb};
use crate::pixels::sample::Sample;

/// Tolerance of a noisy background, in multiples of the median distance at the border: it covers
/// nearly all of a normal or uniform distribution.
const NOISES: f32 = 3.0;
/// Largest tolerance of a noisy background; anything farther away is cloth.
const MOST_NOISE: f32 = 0.06;

/// The background colour and its tolerance.
#[derive(Debug)]
pub(super) struct Paper {
    /// The colour of most of the paper.
    main: [u8; 3],
    metric: Metric,
    tolerance_squared: f32,
    /// Lowest and highest components of colours within the tolerance.
    bounds: [[u8; 3]; 2],
}

impl Paper {
    /// Sets the tolerance, a distance in Oklab, which grows with the noise of the `border`.
    /// `distances` is a scratch buffer.
    pub(super) fn new(
        border: &[Pixel],
        background: [u8; 3],
        tolerance: f32,
        distances: &mut Vec<f32>,
    ) -> Self {
        let metric = Metric::at(background);
        let noise = NOISES * noise(border, &metric, distances);
        let tolerance = tolerance.max(noise.min(MOST_NOISE));
        let mut paper = Self {
            main: background,
            metric,
            tolerance_squared: tolerance * tolerance,
            bounds: metric.bounds(tolerance),
        };
        // The mean of nearly white pixels is not white.
        let main = majority(border).filter(|&pixel| is_opaque(pixel) && paper.is_near(rgb(pixel)));
        paper.main = main.map_or(background, rgb);
        paper
    }

    /// Returns the background colour.
    pub(super) fn reference(&self) -> Oklab {
        self.metric.reference()
    }

    /// Returns `true` for a pixel within the tolerance, or a transparent one.
    pub(super) fn is(&self, pixel: Pixel) -> bool {
        !is_opaque(pixel) || self.is_near(rgb(pixel))
    }

    /// Returns all pixels for which [`is`](Self::is) holds.
    pub(super) fn rows(&self, sample: &Sample) -> Rows {
        let [[r, g, b], [most_r, most_g, most_b]] = self.bounds;
        let near = Rows::of(sample, |row, x| {
            (row.red[x] >= r)
                & (row.red[x] <= most_r)
                & (row.green[x] >= g)
                & (row.green[x] <= most_g)
                & (row.blue[x] >= b)
                & (row.blue[x] <= most_b)
        });
        // Most paper has one colour, and most cloth is far from it: only the rest needs distances.
        let [r, g, b] = self.main;
        let mut rows = Rows::of(sample, |row, x| {
            (row.opaque[x] == 0) | (row.red[x] == r) & (row.green[x] == g) & (row.blue[x] == b)
        });
        near.without(&rows).runs().for_each(|(y, run)| {
            let start = run.start;
            let colors = sample.rows()[y].colors(run);
            rows.insert_passing(start, y, colors.map(|rgb| self.is_near(rgb)));
        });
        rows
    }

    /// Returns the number of opaque pixels that do not have the colour of most of the paper.
    pub(super) fn unlike(&self, sample: &Sample) -> usize {
        let [r, g, b] = self.main;
        let unlike = Rows::of(sample, |row, x| {
            (row.opaque[x] != 0) & ((row.red[x] != r) | (row.green[x] != g) | (row.blue[x] != b))
        });
        unlike.count()
    }

    fn is_near(&self, rgb: [u8; 3]) -> bool {
        self.metric.squared(rgb) <= self.tolerance_squared
    }
}

/// Returns the pixel value that more than half of them have, otherwise any (R. Boyer and J. Moore's
/// majority vote).
fn majority(pixels: &[Pixel]) -> Option<Pixel> {
    let mut leader = None;
    let mut lead = 0_u32;
    for &pixel in pixels {
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

/// Returns the median distance of border pixels from the background colour: 0 on a shop's white
/// page, more on a wall or in a generated image.
fn noise(border: &[Pixel], metric: &Metric, distances: &mut Vec<f32>) -> f32 {
    distances.clear();
    let opaque = border.iter().filter(|&&pixel| is_opaque(pixel));
    distances.extend(opaque.map(|&pixel| metric.squared(rgb(pixel))));
    if distances.is_empty() {
        return 0.0;
    }
    let middle = distances.len() / 2;
    let (_, median, _) = distances.select_nth_unstable_by(middle, f32::total_cmp);
    median.sqrt()
}
