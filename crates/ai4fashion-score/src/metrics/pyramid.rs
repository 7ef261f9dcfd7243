//! Laplacian pyramids.

use image::RgbImage;

/// Channels of an image.
pub(crate) const CHANNELS: usize = 3;
/// The least side of a level of [`laplacian_pyramid`].
pub(crate) const LEAST: usize = 16;
/// The binomial filter; its square is the 5x5 filter of the recipe.
const FILTER: [f32; 5] = [1.0 / 16.0, 4.0 / 16.0, 6.0 / 16.0, 4.0 / 16.0, 1.0 / 16.0];

/// Planes of red, green and blue values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Planes {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// `[3, height, width]`.
    pub(crate) values: Vec<f32>,
}

impl Planes {
    /// The values of an image, 0 to 255.
    pub(crate) fn of(image: &RgbImage) -> Self {
        let (width, height) = (image.width() as usize, image.height() as usize);
        let bytes = image.as_raw();
        let channel = |channel| bytes.iter().skip(channel).step_by(CHANNELS);
        let values = (0..CHANNELS).flat_map(|at| channel(at).map(|byte| f32::from(*byte)));
        let values = values.collect();
        Self {
            width,
            height,
            values,
        }
    }

    pub(crate) fn plane(&self, channel: usize) -> &[f32] {
        let size = self.width * self.height;
        &self.values[channel * size..][..size]
    }

    fn map(&self, width: usize, height: usize, value: impl Fn(&[f32], usize, usize) -> f32) -> Self {
        let mut values = Vec::with_capacity(CHANNELS * width * height);
        for channel in 0..CHANNELS {
            let plane = self.plane(channel);
            for y in 0..height {
                values.extend((0..width).map(|x| value(plane, x, y)));
            }
        }
        Self {
            width,
            height,
            values,
        }
    }

    /// Blurs it, with zeros around it.
    fn blurred(&self) -> Self {
        let (width, height) = (self.width, self.height);
        let across = self.map(width, height, |plane, x, y| {
            filtered(x, width, |x| plane[y * width + x])
        });
        across.map(width, height, |plane, x, y| {
            filtered(y, height, |y| plane[y * width + x])
        })
    }

    /// Every second pixel of every second row.
    fn halved(&self) -> Self {
        let (width, height) = (self.width.div_ceil(2), self.height.div_ceil(2));
        self.map(width, height, |plane, x, y| plane[2 * y * self.width + 2 * x])
    }

    /// Each pixel four times.
    fn doubled(&self) -> Self {
        self.map(2 * self.width, 2 * self.height, |plane, x, y| {
            plane[y / 2 * self.width + x / 2]
        })
    }
}

fn filtered(place: usize, size: usize, value: impl Fn(usize) -> f32) -> f32 {
    let taps = FILTER.iter().enumerate();
    let inside = taps.filter_map(|(tap, weight)| {
        let at = (place + tap).checked_sub(FILTER.len() / 2)?;
        (at < size).then(|| weight * value(at))
    });
    inside.sum()
}

/// The number of levels of the pyramid of an image: sides of at least 16 pixels, four at most.
pub(crate) fn levels(side: usize) -> usize {
    (0..4).take_while(|level| side >> level >= LEAST).count()
}

/// The Laplacian pyramid of an image: what each halving loses, and the smallest image.
///
/// It is MMGeneration's (mmgen 0.7, `metric_utils.py`): a binomial 5x5 filter with zeros around the
/// image, each second pixel; and back by repeated pixels and the same filter.
pub(crate) fn laplacian_pyramid(image: &RgbImage) -> Vec<Planes> {
    let count = levels(image.width().min(image.height()) as usize);
    let mut current = Planes::of(image);
    let mut pyramid = Vec::with_capacity(count);
    for _ in 1..count {
        let smaller = current.blurred().halved();
        let back = smaller.doubled().blurred();
        let (width, height) = (current.width, current.height);
        let lost = current.values.iter().enumerate().map(|(place, value)| {
            let (channel, rest) = (place / (width * height), place % (width * height));
            let (x, y) = (rest % width, rest / width);
            value - back.plane(channel)[y * back.width + x]
        });
        let values = lost.collect();
        pyramid.push(Planes {
            width,
            height,
            values,
        });
        current = smaller;
    }
    pyramid.push(current);
    pyramid
}

#[cfg(test)]
mod tests {
    use ai4fashion_testkit::golden::{Summary, uniform};
    use image::Rgb;

    use super::*;

    #[test]
    fn levels_halve_down_to_16() {
        assert_eq!(
            [15, 16, 31, 32, 64, 128, 256, 512].map(levels),
            [0, 1, 1, 2, 3, 4, 4, 4]
        );
        let sides = |side| {
            let pyramid = laplacian_pyramid(&RgbImage::new(side, side));
            pyramid.iter().map(|level| level.width).collect::<Vec<_>>()
        };
        assert_eq!(sides(64), [64, 32, 16]);
        assert_eq!(sides(33), [33, 17]);
    }

    #[test]
    fn even_colour_is_lost_at_the_edges_only() {
        let image = RgbImage::from_pixel(32, 32, Rgb([200, 100, 0]));
        let pyramid = laplacian_pyramid(&image);
        let middle = 16 * 32 + 16;
        assert!(pyramid[0].plane(0)[middle].abs() < 1e-4);
        // Zeros around the image darken the corner: (11/16)^2 of it is left, twice.
        assert!(pyramid[0].plane(0)[0] > 50.0);
        let corner = pyramid[1].plane(1)[0];
        assert!(
            (corner - 100.0 * (11.0_f32 / 16.0).powi(2)).abs() < 1e-3,
            "{corner}"
        );
        assert_eq!(pyramid[1].plane(2)[0], 0.0);
    }

    /// The image that `golden/generate.py` has under this number.
    fn golden_image(stream: u32, side: u32) -> RgbImage {
        let noise = uniform(stream, (side * side * 3) as usize);
        RgbImage::from_fn(side, side, |x, y| {
            Rgb([0, 1, 2].map(|channel| {
                let noise = f64::from(noise[((y * side + x) * 3 + channel) as usize]);
                let value = 100.0 + 2.0 * f64::from(x) - f64::from(y) + 40.0 * noise;
                (value + 20.0 * f64::from(channel)).clamp(0.0, 255.0).floor() as u8
            }))
        })
    }

    #[derive(serde::Deserialize)]
    struct Case {
        side: u32,
        ms_ssim: f64,
        pyramid: Vec<Summary>,
    }

    #[derive(serde::Deserialize)]
    struct Golden {
        cases: Vec<Case>,
    }

    #[test]
    fn pyramid_and_similarity_are_those_of_torch_and_scipy() {
        let golden: Golden = serde_json::from_str(include_str!("../../tests/golden/images.json")).unwrap();
        for Case {
            side,
            ms_ssim,
            pyramid,
        } in golden.cases
        {
            let [a, b] = [11, 12].map(|stream| golden_image(stream, side));
            let found = crate::metrics::ms_ssim::ms_ssim(&a, &b);
            assert!((found - ms_ssim).abs() < 1e-6, "{found} {ms_ssim}");
            let levels = laplacian_pyramid(&a);
            assert_eq!(levels.len(), pyramid.len());
            for (level, expected) in levels.iter().zip(&pyramid) {
                let error = Summary::of(&level.values).error(expected);
                assert!(error < 1e-5, "{side}: {error}");
            }
        }
    }
}
