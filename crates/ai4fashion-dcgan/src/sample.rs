//! Pictures from a trained generator.

use burn::tensor::{Tensor, TensorData};
use image::RgbImage;
use rand_distr::{Distribution as _, StandardNormal};

use crate::{
    data::{condition::Condition, labels::Labels, tensors::to_pictures},
    error::Error,
    model::generator::Generator,
    random::{Stream, rng},
};

/// The most pictures of one call.
pub const MAX_COUNT: usize = 1_000_000;

/// Pictures that go through the generator together.
const BATCH: usize = 64;

/// What to draw.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Drawing {
    /// The number that the noise is drawn from. Default 0.
    pub seed: u64,
    /// No value of the noise is farther from 0, at least 0.05; values beyond are drawn again (A. Brock, J. Donahue, K. Simonyan,
    /// Large Scale GAN Training, 2019, section 3.1). Below 2 pictures get more usual, and more alike. Default `None`.
    pub truncation: Option<f32>,
    /// What the generator was trained to draw on request. Default none.
    pub condition: Condition,
    /// The labels of the pictures, one after the other and over again, as [`Condition::labels`] lists them.
    pub labels: Vec<Labels>,
}

impl Drawing {
    /// Any pictures, from this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            ..Self::default()
        }
    }

    /// Sets how far from 0 the noise may be.
    #[must_use]
    pub fn with_truncation(mut self, truncation: Option<f32>) -> Self {
        self.truncation = truncation;
        self
    }

    /// Sets what is asked for, of a generator with this condition.
    #[must_use]
    pub fn with_labels(mut self, condition: Condition, labels: Vec<Labels>) -> Self {
        self.condition = condition;
        self.labels = labels;
        self
    }

    /// Checks that `generator` can draw it.
    ///
    /// # Errors
    /// [`ErrorKind::Setting`](crate::ErrorKind::Setting) for what is outside its interval or not what the generator was trained for.
    pub fn check(&self, generator: &Generator) -> Result<(), Error> {
        if let Some(truncation) = self.truncation
            && !(truncation.is_finite() && truncation >= 0.05)
        {
            return Err(Error::setting(
                "truncation",
                truncation,
                "a number of at least 0.05",
            ));
        }
        if self.condition.classes() != generator.classes() {
            let legal = "the one that the generator was trained with";
            return Err(Error::setting("condition", self.condition, legal));
        }
        if self.condition != Condition::None && self.labels.is_empty() {
            return Err(Error::setting("labels", 0, "at least one with a condition"));
        }
        Ok(())
    }

    /// The noise of picture `place`.
    fn noise(&self, nz: usize, place: usize) -> Vec<f32> {
        let mut rng = rng(self.seed, Stream::Generate, place as u64);
        let limit = self.truncation.unwrap_or(f32::INFINITY);
        let values = StandardNormal.sample_iter(&mut rng);
        values
            .filter(|value: &f32| value.abs() <= limit)
            .take(nz)
            .collect()
    }

    /// The labels of picture `place`; none where nothing is asked for.
    #[must_use]
    pub fn labels_of(&self, place: usize) -> Labels {
        let at = place.checked_rem(self.labels.len());
        at.map_or_else(Labels::default, |at| self.labels[at])
    }
}

/// Draws `count` pictures and hands each to `each` with its number, from 0.
///
/// Picture `i` of a seed is the same whatever the count, on the same device and number of threads, if the generator is
/// in evaluation mode: one that was loaded, or [`Module::valid`](burn::module::Module::valid) of one in training.
///
/// # Errors
/// If `count` is 0 or above [`MAX_COUNT`], `drawing` is not for this generator, or `each` returns an error.
pub fn generate<E: From<Error>>(
    generator: &Generator,
    drawing: &Drawing,
    count: usize,
    mut each: impl FnMut(usize, RgbImage) -> Result<(), E>,
) -> Result<(), E> {
    if !(1..=MAX_COUNT).contains(&count) {
        return Err(Error::setting("count", count, "1 to 1000000").into());
    }
    drawing.check(generator)?;
    let nz = generator.nz();
    for start in (0..count).step_by(BATCH) {
        let places = start..count.min(start + BATCH);
        let labels: Vec<Labels> = places.clone().map(|place| drawing.labels_of(place)).collect();
        let noise: Vec<f32> = places.flat_map(|place| drawing.noise(nz, place)).collect();
        let pictures = draw(generator, noise, drawing.condition, &labels);
        for (offset, picture) in pictures.into_iter().enumerate() {
            each(start + offset, picture)?;
        }
    }
    Ok(())
}

/// The way from picture `from` to picture `to` of a drawing, in `frames` pictures, both ends among them. The noise goes
/// along the great circle between them (T. White, Sampling Generative Networks, 2016), so that it stays as long as noise
/// is; all frames have the labels of `from`.
///
/// # Errors
/// If `frames` is below 2 or above [`MAX_COUNT`], or `drawing` is not for this generator.
pub fn interpolate(
    generator: &Generator,
    drawing: &Drawing,
    [from, to]: [usize; 2],
    frames: usize,
) -> Result<Vec<RgbImage>, Error> {
    if !(2..=MAX_COUNT).contains(&frames) {
        return Err(Error::setting("frames", frames, "2 to 1000000"));
    }
    drawing.check(generator)?;
    let ends = [from, to].map(|place| drawing.noise(generator.nz(), place));
    let mut pictures = Vec::with_capacity(frames);
    for start in (0..frames).step_by(BATCH) {
        let places = start..frames.min(start + BATCH);
        let labels = vec![drawing.labels_of(from); places.len()];
        #[allow(clippy::cast_precision_loss, reason = "frames are far below 2^52")]
        let noise = places.flat_map(|place| slerp(&ends, place as f64 / (frames - 1) as f64));
        pictures.extend(draw(generator, noise.collect(), drawing.condition, &labels));
    }
    Ok(pictures)
}

fn draw(generator: &Generator, noise: Vec<f32>, condition: Condition, labels: &[Labels]) -> Vec<RgbImage> {
    let device = generator.device();
    let noise = TensorData::new(noise, [labels.len(), generator.nz(), 1, 1]);
    let classes = condition.one_hot(labels, &device);
    to_pictures(generator.forward_as(Tensor::from_data(noise, &device), classes))
}

/// The vector at `part` of the way from one to the other along their great circle.
fn slerp([from, to]: &[Vec<f32>; 2], part: f64) -> Vec<f32> {
    let dot = |a: &[f32], b: &[f32]| {
        a.iter()
            .zip(b)
            .map(|(a, b)| f64::from(*a) * f64::from(*b))
            .sum::<f64>()
    };
    let lengths = (dot(from, from) * dot(to, to)).sqrt();
    let angle = (dot(from, to) / lengths).clamp(-1.0, 1.0).acos();
    let (start, end) = if angle.sin() < 1e-6 {
        (1.0 - part, part)
    } else {
        (
            ((1.0 - part) * angle).sin() / angle.sin(),
            (part * angle).sin() / angle.sin(),
        )
    };
    let values = from.iter().zip(to);
    values
        .map(|(a, b)| (f64::from(*a) * start + f64::from(*b) * end) as f32)
        .collect()
}

#[cfg(test)]
mod tests {
    use ai4fashion_dataset::BasicColor;

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

    fn draw(condition: Condition, drawing: &Drawing, count: usize) -> Vec<RgbImage> {
        let mut pictures = Vec::new();
        let result = generate(&generator(condition), drawing, count, |place, picture| {
            assert_eq!(place, pictures.len());
            pictures.push(picture);
            Ok::<(), Error>(())
        });
        result.unwrap();
        pictures
    }

    #[test]
    fn pictures_do_not_depend_on_how_many_are_drawn() {
        on_each_device(|| {
            let draw = |count, seed| draw(Condition::None, &Drawing::new(seed), count);
            let many = draw(70, 1);
            assert_eq!(many.len(), 70);
            assert_eq!(draw(3, 1), many[..3]);
            assert_ne!(draw(3, 2), many[..3]);
        });
    }

    #[test]
    fn truncated_noise_stays_within_its_limit_and_keeps_what_lies_there() {
        let free = Drawing::new(3).noise(1000, 0);
        let short = Drawing::new(3).with_truncation(Some(0.7)).noise(1000, 0);
        assert!(short.len() == 1000 && short.iter().all(|value| value.abs() <= 0.7));
        let within: Vec<f32> = free.into_iter().filter(|value| value.abs() <= 0.7).collect();
        assert_eq!(short[..within.len()], within);
    }

    #[test]
    fn labels_go_round_and_change_the_picture() {
        on_each_device(|| {
            let labels = |color| Condition::Color.labels(color, None).unwrap();
            let of = |color| Drawing::new(1).with_labels(Condition::Color, labels(color));
            let draw = |color, count| draw(Condition::Color, &of(color), count);
            let (any, red) = (draw(None, 20), draw(Some(BasicColor::Red), 20));
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
    fn way_between_two_pictures_has_them_at_its_ends_and_keeps_the_length_of_noise() {
        on_each_device(|| {
            let drawing = Drawing::new(1);
            let ends = draw(Condition::None, &drawing, 3);
            let way = interpolate(&generator(Condition::None), &drawing, [0, 2], 70).unwrap();
            assert_eq!((way.len(), &way[0], &way[69]), (70, &ends[0], &ends[2]));
        });
        let ends = [vec![3.0, 0.0], vec![0.0, 3.0]];
        let middle = slerp(&ends, 0.5);
        assert!((middle[0] - 2.121_32).abs() < 1e-5 && (middle[1] - 2.121_32).abs() < 1e-5);
        let same = [vec![1.0, 2.0], vec![1.0, 2.0]];
        assert_eq!(slerp(&same, 0.3), [1.0, 2.0]);
    }

    #[test]
    fn what_cannot_be_drawn_is_refused_by_name() {
        on_each_device(|| {
            let refused = |drawing: Drawing, count| {
                let result = generate(&generator(Condition::None), &drawing, count, |_, _| {
                    Ok::<(), Error>(())
                });
                match result.unwrap_err().kind() {
                    ErrorKind::Setting { option, .. } => *option,
                    other => panic!("{other}"),
                }
            };
            assert_eq!(refused(Drawing::new(1), 0), "count");
            assert_eq!(
                refused(Drawing::new(1).with_truncation(Some(0.0)), 1),
                "truncation"
            );
            let other = Drawing::new(1).with_labels(Condition::Type, vec![Labels::default()]);
            assert_eq!(refused(other, 1), "condition");
            let error = interpolate(&generator(Condition::None), &Drawing::new(1), [0, 1], 1).unwrap_err();
            assert!(matches!(
                error.kind(),
                ErrorKind::Setting { option: "frames", .. }
            ));
        });
    }
}
