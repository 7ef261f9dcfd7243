//! Images from a trained generator.

use burn::tensor::{Tensor, TensorData};
use image::RgbImage;
use rand_distr::{Distribution as _, StandardNormal};

use crate::{
    data::{condition::Condition, labels::Labels, tensors::to_images},
    error::Error,
    model::{generator::Generator, packed::PackedGenerator},
    random::{Stream, rng},
};

/// The largest number of images of one call: numbers beyond are more likely a mistake than a wish.
pub const MAX_COUNT: usize = 1_000_000;

/// Images that go through the generator together.
const BATCH: usize = 64;

/// Options of generated images: seed, truncation and labels.
///
/// ```
/// use ai4fashion_dcgan::{DcganConfig, Generator, SampleOptions, cpu};
///
/// let config = DcganConfig::tutorial().with_image_size(8).with_nz(4).with_ngf(4);
/// let generator = Generator::new(&config, &cpu())?;
/// let options = SampleOptions::new(7).with_truncation(Some(0.8));
/// options.check(&generator)?;
/// assert!(SampleOptions::new(7).with_truncation(Some(0.0)).check(&generator).is_err());
/// # Ok::<(), ai4fashion_dcgan::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct SampleOptions {
    /// Random seed of the noise. Default 0.
    pub seed: u64,
    /// Largest absolute value of the noise, at least 0.05; `None` for no limit. Default `None`.
    ///
    /// Values beyond are replaced (A. Brock, J. Donahue, K. Simonyan, Large Scale GAN Training,
    /// 2019, section 3.1). Below 2 images become more typical and less diverse.
    pub truncation: Option<f32>,
    /// The condition that the generator was trained with. Default none.
    pub condition: Condition,
    /// The labels of the images, in turn, as [`Condition::labels`] lists them.
    pub labels: Vec<Labels>,
}

impl SampleOptions {
    /// Creates options with this seed, without truncation and labels.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            ..Self::default()
        }
    }

    /// Sets the largest absolute value of the noise.
    #[must_use]
    pub fn with_truncation(mut self, truncation: Option<f32>) -> Self {
        self.truncation = truncation;
        self
    }

    /// Sets the labels of the images, for a generator with this condition.
    #[must_use]
    pub fn with_labels(mut self, condition: Condition, labels: Vec<Labels>) -> Self {
        self.condition = condition;
        self.labels = labels;
        self
    }

    /// Checks that the options fit `generator`.
    ///
    /// # Errors
    /// [`ErrorKind::Setting`](crate::ErrorKind::Setting) for an option outside its interval, or a
    /// condition that differs from the generator's.
    pub fn check(&self, generator: &Generator) -> Result<(), Error> {
        if let Some(truncation) = self.truncation
            && !(truncation.is_finite() && truncation >= 0.05)
        {
            let legal = "a number of at least 0.05";
            return Err(Error::setting("truncation", truncation, legal));
        }
        if self.condition.classes() != generator.classes() {
            let legal = "the one that the generator was trained with";
            return Err(Error::setting("condition", self.condition, legal));
        }
        if self.condition != Condition::Unconditional && self.labels.is_empty() {
            return Err(Error::setting("labels", 0, "at least one with a condition"));
        }
        Ok(())
    }

    /// The noise of image `place`.
    fn noise(&self, nz: usize, place: usize) -> Vec<f32> {
        let mut rng = rng(self.seed, Stream::Generate, place as u64);
        let limit = self.truncation.unwrap_or(f32::INFINITY);
        let values = StandardNormal.sample_iter(&mut rng);
        values
            .filter(|value: &f32| value.abs() <= limit)
            .take(nz)
            .collect()
    }

    /// The labels of image `place`; none without a condition.
    #[must_use]
    pub fn labels_of(&self, place: usize) -> Labels {
        let at = place.checked_rem(self.labels.len());
        at.map_or_else(Labels::default, |at| self.labels[at])
    }
}

/// Generates `count` images, and passes each to `each` with its number, from 0.
///
/// Image `i` of a seed is the same for every count, on the same device and number of threads. A
/// generator in training generates in evaluation mode.
///
/// ```
/// use ai4fashion_dcgan::{DcganConfig, Error, Generator, SampleOptions, cpu, generate};
///
/// let config = DcganConfig::tutorial().with_image_size(8).with_nz(4).with_ngf(4);
/// let generator = Generator::new(&config, &cpu())?;
/// let mut images = Vec::new();
/// generate(&generator, &SampleOptions::new(7), 3, |_, image| {
///     images.push(image);
///     Ok::<(), Error>(())
/// })?;
/// assert_eq!((images.len(), images[0].dimensions()), (3, (8, 8)));
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// If `count` is 0 or above [`MAX_COUNT`], the options do not fit the generator, or `each` returns
/// an error.
pub fn generate<E: From<Error>>(
    generator: &Generator,
    options: &SampleOptions,
    count: usize,
    mut each: impl FnMut(usize, RgbImage) -> Result<(), E>,
) -> Result<(), E> {
    if !(1..=MAX_COUNT).contains(&count) {
        return Err(Error::setting("count", count, "1 to 1000000").into());
    }
    options.check(generator)?;
    let (nz, generator) = (generator.nz(), PackedGenerator::new(generator));
    for start in (0..count).step_by(BATCH) {
        let places = start..count.min(start + BATCH);
        let labels: Vec<Labels> = places.clone().map(|place| options.labels_of(place)).collect();
        let noise: Vec<f32> = places.flat_map(|place| options.noise(nz, place)).collect();
        let images = images_of(&generator, noise, options.condition, &labels);
        for (offset, image) in images.into_iter().enumerate() {
            each(start + offset, image)?;
        }
    }
    Ok(())
}

/// Interpolates in latent space between images `from` and `to` of these options, both included.
///
/// The noise moves along the great circle between them (T. White, Sampling Generative Networks,
/// 2016), so that its length stays that of noise. All images have the labels of `from`.
///
/// ```
/// use ai4fashion_dcgan::{DcganConfig, Generator, SampleOptions, cpu, sample::interpolate};
///
/// let config = DcganConfig::tutorial().with_image_size(8).with_nz(4).with_ngf(4);
/// let generator = Generator::new(&config, &cpu())?;
/// let images = interpolate(&generator, &SampleOptions::new(7), [0, 1], 10)?;
/// assert_eq!(images.len(), 10);
/// # Ok::<(), ai4fashion_dcgan::Error>(())
/// ```
///
/// # Errors
/// If `frames` is below 2 or above [`MAX_COUNT`], or the options do not fit the generator.
pub fn interpolate(
    generator: &Generator,
    options: &SampleOptions,
    [from, to]: [usize; 2],
    frames: usize,
) -> Result<Vec<RgbImage>, Error> {
    if !(2..=MAX_COUNT).contains(&frames) {
        return Err(Error::setting("frames", frames, "2 to 1000000"));
    }
    options.check(generator)?;
    let ends = [from, to].map(|place| options.noise(generator.nz(), place));
    let generator = PackedGenerator::new(generator);
    let mut images = Vec::with_capacity(frames);
    for start in (0..frames).step_by(BATCH) {
        let places = start..frames.min(start + BATCH);
        let labels = vec![options.labels_of(from); places.len()];
        #[allow(clippy::cast_precision_loss, reason = "frames are far below 2^52")]
        let noise = places.flat_map(|place| slerp(&ends, place as f64 / (frames - 1) as f64));
        images.extend(images_of(&generator, noise.collect(), options.condition, &labels));
    }
    Ok(images)
}

/// Generates images of these noise vectors, one after the other, and labels.
fn images_of(
    generator: &PackedGenerator,
    noise: Vec<f32>,
    condition: Condition,
    labels: &[Labels],
) -> Vec<RgbImage> {
    let (device, nz) = (generator.generator().device(), generator.generator().nz());
    let noise = TensorData::new(noise, [labels.len(), nz, 1, 1]);
    let classes = condition.one_hot(labels, &device);
    to_images(generator.forward(Tensor::from_data(noise, &device), classes))
}

/// The vector at `fraction` of the way from one to the other along their great circle.
fn slerp([from, to]: &[Vec<f32>; 2], fraction: f64) -> Vec<f32> {
    let dot = |a: &[f32], b: &[f32]| {
        a.iter()
            .zip(b)
            .map(|(a, b)| f64::from(*a) * f64::from(*b))
            .sum::<f64>()
    };
    let lengths = (dot(from, from) * dot(to, to)).sqrt();
    let angle = (dot(from, to) / lengths).clamp(-1.0, 1.0).acos();
    let (start, end) = if angle.sin() < 1e-6 {
        (1.0 - fraction, fraction)
    } else {
        (
            ((1.0 - fraction) * angle).sin() / angle.sin(),
            (fraction * angle).sin() / angle.sin(),
        )
    };
    let values = from.iter().zip(to);
    values
        .map(|(a, b)| (f64::from(*a) * start + f64::from(*b) * end) as f32)
        .collect()
}

#[cfg(test)]
mod tests {
    use ai4fashion_color::BasicColor;

    use super::*;
    use crate::{
        config::DcganConfig,
        error::ErrorKind,
        testing::{device, on_each_device},
    };

    fn generator(condition: Condition) -> Generator {
        let config = DcganConfig::tutorial().with_image_size(8).with_nz(4).with_ngf(4);
        Generator::new(&config.with_condition(condition), &device()).unwrap()
    }

    fn sampled(condition: Condition, options: &SampleOptions, count: usize) -> Vec<RgbImage> {
        let mut images = Vec::new();
        let result = generate(&generator(condition), options, count, |place, image| {
            assert_eq!(place, images.len());
            images.push(image);
            Ok::<(), Error>(())
        });
        result.unwrap();
        images
    }

    #[test]
    fn images_do_not_depend_on_the_count() {
        on_each_device(|| {
            let sampled = |count, seed| sampled(Condition::Unconditional, &SampleOptions::new(seed), count);
            let many = sampled(70, 1);
            assert_eq!(many.len(), 70);
            assert_eq!(sampled(3, 1), many[..3]);
            assert_ne!(sampled(3, 2), many[..3]);
        });
    }

    #[test]
    fn truncated_noise_stays_within_its_limit_and_keeps_values_there() {
        let free = SampleOptions::new(3).noise(1000, 0);
        let short = SampleOptions::new(3).with_truncation(Some(0.7)).noise(1000, 0);
        assert!(short.len() == 1000 && short.iter().all(|value| value.abs() <= 0.7));
        let within: Vec<f32> = free.into_iter().filter(|value| value.abs() <= 0.7).collect();
        assert_eq!(short[..within.len()], within);
    }

    #[test]
    fn labels_take_turns_and_change_the_image() {
        on_each_device(|| {
            let labels = |color| Condition::Color.labels(color, None).unwrap();
            let of = |color| SampleOptions::new(1).with_labels(Condition::Color, labels(color));
            let sampled = |color, count| sampled(Condition::Color, &of(color), count);
            let (any, red) = (sampled(None, 20), sampled(Some(BasicColor::Red), 20));
            let place = BasicColor::ALL
                .iter()
                .position(|color| *color == BasicColor::Red)
                .unwrap();
            for i in 0..20 {
                assert_eq!(any[i] == red[i], i % 11 == place, "{i}");
            }
        });
    }

    #[test]
    fn interpolation_ends_at_both_images_and_keeps_the_length_of_noise() {
        on_each_device(|| {
            let options = SampleOptions::new(1);
            let ends = sampled(Condition::Unconditional, &options, 3);
            let images = interpolate(&generator(Condition::Unconditional), &options, [0, 2], 70).unwrap();
            assert_eq!((images.len(), &images[0], &images[69]), (70, &ends[0], &ends[2]));
        });
        let ends = [vec![3.0, 0.0], vec![0.0, 3.0]];
        let middle = slerp(&ends, 0.5);
        assert!((middle[0] - 2.121_32).abs() < 1e-5 && (middle[1] - 2.121_32).abs() < 1e-5);
        let same = [vec![1.0, 2.0], vec![1.0, 2.0]];
        assert_eq!(slerp(&same, 0.3), [1.0, 2.0]);
    }

    #[test]
    fn options_that_do_not_fit_are_refused_by_name() {
        on_each_device(|| {
            let refused = |options: SampleOptions, count| {
                let result = generate(&generator(Condition::Unconditional), &options, count, |_, _| {
                    Ok::<(), Error>(())
                });
                match result.unwrap_err().kind() {
                    ErrorKind::Setting { option, .. } => *option,
                    other => panic!("{other}"),
                }
            };
            assert_eq!(refused(SampleOptions::new(1), 0), "count");
            assert_eq!(
                refused(SampleOptions::new(1).with_truncation(Some(0.0)), 1),
                "truncation"
            );
            let other = SampleOptions::new(1).with_labels(Condition::Type, vec![Labels::default()]);
            assert_eq!(refused(other, 1), "condition");
            let error = interpolate(
                &generator(Condition::Unconditional),
                &SampleOptions::new(1),
                [0, 1],
                1,
            )
            .unwrap_err();
            assert!(matches!(
                error.kind(),
                ErrorKind::Setting { option: "frames", .. }
            ));
        });
    }
}
