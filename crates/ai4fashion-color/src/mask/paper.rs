//! What has the colour of the background.

use palette::Oklab;

use super::metric::Metric;
use super::rows::Rows;
use crate::pixels::sample::{Pixel, Sample, is_opaque, rgb};

/// A background is as noisy as its median pixel this many times: nearly all of a normal or even distribution.
const NOISES: f32 = 3.0;
/// What is farther from the background is cloth, however noisy the rest.
const MOST_NOISE: f32 = 0.06;

/// The background and what is near enough to be it.
#[derive(Debug)]
pub(super) struct Paper {
    /// The colour that most of the paper has.
    main: [u8; 3],
    metric: Metric,
    tolerance_squared: f32,
    /// The lowest and the highest value of each component that anything near enough has.
    bounds: [[u8; 3]; 2],
}

impl Paper {
    /// `frame` are the outermost pixels, `tolerance` is a distance in Oklab; a noisy background has a larger one. `distances`
    /// is scratch.
    pub(super) fn new(
        frame: &[Pixel],
        background: [u8; 3],
        tolerance: f32,
        distances: &mut Vec<f32>,
    ) -> Self {
        let metric = Metric::at(background);
        let noise = NOISES * noise(frame, &metric, distances);
        let tolerance = tolerance.max(noise.min(MOST_NOISE));
        let mut paper = Self {
            main: background,
            metric,
            tolerance_squared: tolerance * tolerance,
            bounds: metric.bounds(tolerance),
        };
        // The mean of nearly white pixels is not white.
        let main = majority(frame).filter(|&pixel| is_opaque(pixel) && paper.is_near(rgb(pixel)));
        paper.main = main.map_or(background, rgb);
        paper
    }

    /// The colour of the background.
    pub(super) fn reference(&self) -> Oklab {
        self.metric.reference()
    }

    /// Near enough to the background, or not to be seen at all.
    pub(super) fn is(&self, pixel: Pixel) -> bool {
        !is_opaque(pixel) || self.is_near(rgb(pixel))
    }

    /// All that [`is`](Self::is).
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
        // Most of the paper has one colour, and most of the cloth is far from it: the distance is asked for what is left.
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

    fn is_near(&self, rgb: [u8; 3]) -> bool {
        self.metric.squared(rgb) <= self.tolerance_squared
    }
}

/// The one that more than half of them are, if there is one, else any (R. Boyer and J. Moore's vote).
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

/// How far half of the outermost pixels are from the colour of the background: 0 on a shop's white page, more on a wall or
/// on a picture that a network has drawn.
fn noise(frame: &[Pixel], metric: &Metric, distances: &mut Vec<f32>) -> f32 {
    distances.clear();
    let opaque = frame.iter().filter(|&&pixel| is_opaque(pixel));
    distances.extend(opaque.map(|&pixel| metric.squared(rgb(pixel))));
    if distances.is_empty() {
        return 0.0;
    }
    let middle = distances.len() / 2;
    let (_, median, _) = distances.select_nth_unstable_by(middle, f32::total_cmp);
    median.sqrt()
}
