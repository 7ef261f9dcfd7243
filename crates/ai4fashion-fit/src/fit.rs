//! Training from random weights.

use std::f32::consts::PI;

use ai4fashion_garment::__private::shape::{CLASSES, HEIGHT, WIDTH};
use ai4fashion_kernels::optim::{Adam, AdamState, moving_average};
use burn::{
    module::{Module, ModuleMapper, Param},
    optim::GradientsParams,
    tensor::{Device, Tensor, TensorData},
};
use rand::{RngExt, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use crate::{
    augment::{self, VALUES},
    config::FitConfig,
    example::Example,
    export,
    loss::{Adjustment, loss},
    network::Network,
};

/// Steps in which the learning rate rises.
const WARM_UP: f32 = 100.0;
/// The least learning rate, as a part of the largest.
const LEAST_LR: f32 = 0.002;
/// Examples by which the range of activations is measured.
const CALIBRATION: usize = 512;

/// What has become of an epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Epoch {
    /// Number of the epoch, from 0.
    pub number: usize,
    /// The mean loss.
    pub loss: f32,
}

/// A trained network.
#[derive(Clone, Debug)]
pub struct FittedNetwork {
    pub(crate) network: Network,
    device: Device,
}

impl FittedNetwork {
    /// Writes the weights in 8 bits, as [`GarmentClassifier::from_bytes`] reads them.
    ///
    /// The examples, at least one, show how large activations are.
    ///
    /// # Panics
    /// If there are no examples.
    ///
    /// [`GarmentClassifier::from_bytes`]: ai4fashion_garment::GarmentClassifier::from_bytes
    #[must_use]
    pub fn to_bytes(&self, examples: &[Example]) -> Vec<u8> {
        let step = examples.len().div_ceil(CALIBRATION);
        let some: Vec<&Example> = examples.iter().step_by(step).collect();
        export::to_bytes(&self.network, images(&some, &self.device, None))
    }
}

/// Trains a network from random weights, and returns the moving average of its weights.
///
/// The same examples, settings and number of threads give the same bytes. `observe` is called after
/// each epoch. Photos are mirrored, turned by up to 5 degrees, scaled by 0.83 to 1.2, shifted,
/// lightened, tinted, put on grey paper and made smaller at random. Half of the time the network is
/// told the type. In the last epochs each photo is changed in two ways, which should make no
/// difference.
///
/// # Panics
/// If there are fewer than two examples, there are no epochs, or a batch has fewer than two places
/// (four with `consistent_epochs`, so that it has two photos).
#[must_use]
pub fn fit(
    examples: &[Example],
    config: &FitConfig,
    device: &Device,
    mut observe: impl FnMut(Epoch),
) -> FittedNetwork {
    assert!(examples.len() > 1, "two examples are the least");
    assert!(config.epochs > 0, "one epoch is the least");
    let last = config.epochs - 1;
    assert!(config.photos(last) > 1, "two photos of a batch are the least");
    let autodiff = device.clone().autodiff();
    device.seed(config.seed);
    autodiff.seed(config.seed);
    let mut network = Network::new(&autodiff);
    let mut mean = network.valid();
    let adjustment = Adjustment::new(examples, config, device);
    let mut adam = AdamState::new();
    let expected: f32 = examples.iter().map(|example| example.chance).sum();
    let steps = config.steps(expected).max(1);
    let mut done = 0;
    for number in 0..config.epochs {
        let mut rng = ChaCha8Rng::seed_from_u64(config.seed ^ ((number as u64 + 1) << 32));
        let mut order: Vec<&Example> = examples
            .iter()
            .filter(|example| rng.random::<f32>() < example.chance)
            .collect();
        order.shuffle(&mut rng);
        let (mut sum, mut batches) = (0.0, 0.0);
        let views = config.views(number);
        for photos in order.chunks(config.photos(number)) {
            let batch = &photos.repeat(views)[..];
            // Batch normalization needs more than one.
            if batch.len() < 2 {
                continue;
            }
            let lr = learning_rate(config.lr, done, steps);
            let images = images(batch, device, Some(config.seed.wrapping_mul(31) ^ done as u64));
            let known = known(batch, device, |_| rng.random());
            let output = network.forward(Tensor::from_inner(images), Tensor::from_inner(known));
            let loss = loss(output, batch, views, config.smoothing, &adjustment, device);
            sum += loss.clone().into_scalar::<f32>();
            batches += 1.0;
            let gradients = GradientsParams::from_grads(loss.backward(), &network);
            network = network.map(&mut Decay(1.0 - lr * config.weight_decay));
            network = adam.step(Adam::default().with_lr(lr.into()), network, gradients);
            done += 1;
            let age = done as f64;
            let decay = config.ema.min((1.0 + age) / (10.0 + age));
            mean = moving_average(mean, &network.valid(), decay);
        }
        let loss = sum / f32::max(batches, 1.0);
        observe(Epoch { number, loss });
    }
    FittedNetwork {
        network: mean,
        device: device.clone(),
    }
}

fn learning_rate(largest: f32, done: usize, steps: usize) -> f32 {
    let warm_up = ((done + 1) as f32 / WARM_UP).min(1.0);
    let progress = (done as f32 / steps as f32).min(1.0);
    largest * warm_up * (0.5 + 0.5 * (PI * progress).cos()).max(LEAST_LR)
}

/// The examples' photos, `[examples, 3, HEIGHT, WIDTH]`, with random changes if there is a seed.
pub(crate) fn images(examples: &[&Example], device: &Device, seed: Option<u64>) -> Tensor<4> {
    let mut values = vec![0.0; examples.len() * VALUES];
    let both = values.par_chunks_mut(VALUES).zip(examples).enumerate();
    both.for_each(|(index, (planes, example))| match seed {
        Some(seed) => {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            rng.set_stream(index as u64);
            augment::random(&example.pixels, planes, &mut rng);
        }
        None => augment::plain(&example.pixels, planes),
    });
    Tensor::from_data(
        TensorData::new(values, [examples.len(), 3, HEIGHT, WIDTH]),
        device,
    )
}

/// One-hot classes of the examples that `is_told`, `[examples, CLASSES]`; zeros for the others.
fn known(examples: &[&Example], device: &Device, mut is_told: impl FnMut(&Example) -> bool) -> Tensor<2> {
    let mut values = vec![0.0_f32; examples.len() * CLASSES];
    for (row, example) in values.chunks_exact_mut(CLASSES).zip(examples) {
        if let (Some(class), true) = (example.class, is_told(example)) {
            row[class] = 1.0;
        }
    }
    Tensor::from_data(TensorData::new(values, [examples.len(), CLASSES]), device)
}

/// Weight decay of matrices and convolutions.
struct Decay(f32);

impl ModuleMapper for Decay {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, value, mapper) = param.consume();
        if D < 2 {
            return Param::from_mapped_value(id, value, mapper);
        }
        let value = Tensor::from_inner(value.inner().mul_scalar(self.0)).require_grad();
        Param::from_mapped_value(id, value, mapper)
    }
}

#[cfg(test)]
#[cfg(any(feature = "ndarray", feature = "flex"))]
mod tests {
    use ai4fashion_garment::{
        __private::features,
        GarmentClassifier, GarmentWorkspace, TypeHint,
        color::{
            BasicColor,
            image::{Rgb, RgbImage},
        },
    };

    use super::*;
    use crate::{
        adapt::{AdaptConfig, adapt},
        calibrate::{calibrate, with_temperatures_of},
    };
    use ai4fashion_garment::__private::SHIPPED as SHIPPED_WEIGHTS;

    fn examples() -> Vec<Example> {
        let colors = [
            (BasicColor::Red, [200, 30, 30]),
            (BasicColor::Blue, [30, 30, 200]),
        ];
        let photos = (0..8).map(|index| {
            let (color, rgb) = colors[index % 2];
            let photo = RgbImage::from_fn(WIDTH as u32, HEIGHT as u32, |x, y| {
                let is_cloth = x > 10 + 2 * index as u32 && (20..60).contains(&y);
                Rgb(if is_cloth { rgb } else { [255; 3] })
            });
            let example = Example::new(&photo).with_color(Some(color));
            example.with_other_article(index).with_garment_only(index > 3)
        });
        photos.collect()
    }

    #[test]
    fn written_weights_give_the_scores_of_the_network() {
        let (examples, device) = (examples(), ai4fashion_kernels::cpu());
        let config = FitConfig::default().with_epochs(3).with_batch_size(4);
        let mut losses = Vec::new();
        let fitted = fit(&examples, &config, &device, |epoch| losses.push(epoch.loss));
        assert!(losses.len() == 3 && losses.iter().all(|loss| loss.is_finite()));
        let bytes = fitted.to_bytes(&examples);
        assert!(bytes == fitted.to_bytes(&examples), "the same bytes each time");
        let classifier = GarmentClassifier::from_bytes(&bytes).unwrap();
        let all: Vec<&Example> = examples.iter().collect();
        let known = known(&all, &device, |_| false);
        let output = fitted.network.forward(images(&all, &device, None), known);
        let classes: Vec<f32> = output.class.into_data().try_to_vec().unwrap();
        let colors: Vec<f32> = output.color.into_data().try_to_vec().unwrap();
        let mut workspace = GarmentWorkspace::new();
        for (index, example) in examples.iter().enumerate() {
            let found = features(&classifier, &mut workspace, example.view(), TypeHint::Unknown);
            let expected = &classes[index * CLASSES..][..CLASSES];
            let highest = expected
                .iter()
                .fold(0.0_f32, |highest, score| highest.max(score.abs()));
            for (found, expected) in found.class.iter().zip(expected) {
                assert!((found - expected).abs() < 0.05 * highest, "{found}, {expected}");
            }
            let expected = &colors[index * BasicColor::COUNT..][..BasicColor::COUNT];
            let highest = expected
                .iter()
                .fold(0.0_f32, |highest, score| highest.max(score.abs()));
            for (found, expected) in found.color.iter().zip(expected) {
                assert!((found - expected).abs() < 0.05 * highest, "{found}, {expected}");
            }
        }
    }

    #[test]
    fn given_weights_learn_labels_and_temperatures() {
        let (mut examples, device) = (examples(), ai4fashion_kernels::cpu());
        for example in &mut examples {
            *example = example.clone().with_color(Some(BasicColor::Grey));
        }
        let config = AdaptConfig::default().with_steps(60).with_lr(5e-3);
        let taught = adapt(SHIPPED_WEIGHTS, &examples, &config, &device).unwrap();
        let names = |weights: &[u8]| -> Vec<BasicColor> {
            let classifier = GarmentClassifier::from_bytes(weights).unwrap();
            let found = examples.iter().map(|example| {
                let seen = features(
                    &classifier,
                    &mut GarmentWorkspace::new(),
                    example.view(),
                    TypeHint::Unknown,
                );
                let mut best = BasicColor::Black;
                for color in BasicColor::ALL {
                    if seen.color[color.index()] > seen.color[best.index()] {
                        best = color;
                    }
                }
                best
            });
            found.collect()
        };
        assert!(!names(SHIPPED_WEIGHTS).contains(&BasicColor::Grey));
        assert_eq!(names(&taught), [BasicColor::Grey; 8]);
        let calibrated = calibrate(&taught, &examples).unwrap();
        assert!(calibrated != taught && names(&calibrated) == names(&taught));
        assert_eq!(with_temperatures_of(&taught, &calibrated).unwrap(), calibrated);
        assert!(with_temperatures_of(&taught, b"no weights").is_err());
        assert!(adapt(b"no weights", &examples, &config, &device).is_err());
    }
}
