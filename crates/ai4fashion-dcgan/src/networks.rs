//! The tutorial's two networks.

use ai4fashion_kernels::{
    Activation, activate,
    nn::{Conv2d, ConvTranspose2d},
};
use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor},
};

use crate::{
    DcganConfig, Error,
    layers::{BatchNorm, Init, conv, spectral_norm},
    random::Stream,
};

/// Length of the vector that stands for a picture's classes beside the noise.
const EMBEDDING: usize = 32;

/// The discriminator's `LeakyReLU` (Radford et al. 2015, section 3).
const LEAKY: Activation = Activation::LeakyRelu(0.2);

/// Draws pictures from noise.
///
/// Transposed 4x4 convolutions without bias, each but the last followed by batch norm and `ReLU`, a
/// tanh at the end: 3,576,704 parameters at 64x64 with `nz` 100 and `ngf` 64.
#[derive(Module, Debug)]
pub struct Generator {
    embedding: Option<Param<Tensor<2>>>,
    blocks: Vec<Upward>,
    output: ConvTranspose2d,
}

#[derive(Module, Debug)]
struct Upward {
    conv: ConvTranspose2d,
    norm: BatchNorm,
}

impl Generator {
    /// A generator with the initial weights that the configuration's seed draws.
    ///
    /// # Errors
    /// If the configuration is not valid.
    pub fn new(config: &DcganConfig, device: &Device) -> Result<Self, Error> {
        config.validate()?;
        let init = &mut Init::new(config.seed, Stream::GeneratorWeights);
        let doublings = config.doublings();
        let mut width = config.ngf << (doublings - 1);
        let classes = config.condition.classes();
        let embedding = (classes > 0).then(|| init.matrix([classes, EMBEDDING], device));
        let input = config.nz + if classes > 0 { EMBEDDING } else { 0 };
        let mut blocks = vec![Upward {
            conv: conv::opening(input, width, init, device),
            norm: BatchNorm::new(width, init, device),
        }];
        for _ in 1..doublings {
            let conv = conv::doubling(width, width / 2, init, device);
            blocks.push(Upward {
                conv,
                norm: BatchNorm::new(width / 2, init, device),
            });
            width /= 2;
        }
        Ok(Self {
            embedding,
            blocks,
            output: conv::doubling(width, config.channels, init, device),
        })
    }

    /// Length of its noise vectors.
    #[must_use]
    pub fn nz(&self) -> usize {
        let first = self.blocks.first().map_or(&self.output, |block| &block.conv);
        first.weight.val().dims()[0] - self.embedding.as_ref().map_or(0, |_| EMBEDDING)
    }

    /// How many classes it draws on request; 0 if it takes no request.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.embedding.as_ref().map_or(0, |classes| classes.dims()[0])
    }

    /// The device that its weights are on.
    #[must_use]
    pub fn device(&self) -> Device {
        self.output.weight.val().device()
    }

    /// How many blocks of convolution and batch norm stand before the last convolution.
    pub(crate) fn blocks(&self) -> usize {
        self.blocks.len()
    }

    /// Draws a picture for each noise vector. On an autodiff device it trains: batch norm uses the
    /// batch's own statistics; on a plain one (see [`Module::valid`]) it uses the running ones.
    ///
    /// # Shapes
    /// - `noise`: `[batch, nz, 1, 1]`, standard normal
    /// - returns: `[batch, channels, size, size]`, in `[-1, 1]`
    ///
    /// # Panics
    /// If the second dimension of `noise` is not the configured `nz`, or the network has classes.
    #[must_use]
    #[track_caller]
    pub fn forward(&self, noise: Tensor<4>) -> Tensor<4> {
        self.forward_as(noise, None)
    }

    /// The same of the classes asked for, as [`Condition::one_hot`](crate::Condition::one_hot) gives them.
    ///
    /// # Shapes
    /// - `noise`: `[batch, nz, 1, 1]`, standard normal
    /// - `classes`: `[batch, classes]`
    /// - returns: `[batch, channels, size, size]`, in `[-1, 1]`
    ///
    /// # Panics
    /// If the shapes are others, or `classes` are given where the network has none, or the other way round.
    #[must_use]
    #[track_caller]
    pub fn forward_as(&self, noise: Tensor<4>, classes: Option<Tensor<2>>) -> Tensor<4> {
        let ([batch, found, _, _], nz) = (noise.dims(), self.nz());
        assert_eq!(found, nz, "length of the noise vectors, and the network's `nz`");
        let input = match (&self.embedding, classes) {
            (None, None) => noise,
            (Some(embedding), Some(classes)) => {
                check_classes(&classes, [batch, self.classes()]);
                let embedded = classes.matmul(embedding.val()).reshape([0, -1, 1, 1]);
                Tensor::cat(vec![noise, embedded], 1)
            }
            (has, given) => classes_mismatch(has.is_some(), given.is_some()),
        };
        let hidden = self.blocks.iter().fold(input, |x, block| {
            block.norm.forward(block.conv.forward(x), Activation::Relu)
        });
        self.output.forward(hidden).tanh()
    }
}

#[track_caller]
fn classes_mismatch(has: bool, given: bool) -> ! {
    panic!("network with classes: {has}, classes given: {given}")
}

#[track_caller]
fn check_classes(classes: &Tensor<2>, expected: [usize; 2]) {
    assert_eq!(
        classes.dims(),
        expected,
        "shape of the classes, and [batch, classes]"
    );
}

/// Tells real pictures from drawn ones.
///
/// 4x4 convolutions without bias, the first followed by `LeakyReLU`, the others by batch norm and
/// `LeakyReLU`, the last to a single logit: 2,765,568 parameters at 64x64 with `ndf` 64. The
/// tutorial's sigmoid is in the loss and in [`Discriminator::probability`].
#[derive(Module, Debug)]
pub struct Discriminator {
    input: Conv2d,
    blocks: Vec<Downward>,
    output: Conv2d,
    projection: Option<Param<Tensor<2>>>,
}

#[derive(Module, Debug)]
struct Downward {
    conv: Conv2d,
    norm: Option<BatchNorm>,
}

impl Downward {
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let x = self.conv.forward(x);
        match &self.norm {
            Some(norm) => norm.forward(x, LEAKY),
            None => activate(x, LEAKY),
        }
    }
}

impl Discriminator {
    /// A discriminator with the initial weights that the configuration's seed draws.
    ///
    /// # Errors
    /// If the configuration is not valid.
    pub fn new(config: &DcganConfig, device: &Device) -> Result<Self, Error> {
        config.validate()?;
        let init = &mut Init::new(config.seed, Stream::DiscriminatorWeights);
        let mut width = config.ndf;
        let normalized = |conv, init: &mut Init| match config.spectral_norm {
            true => spectral_norm(conv, init),
            false => conv,
        };
        let input = conv::halving(config.channels, width, init, device);
        let input = normalized(input, init);
        let mut blocks = Vec::new();
        for _ in 1..config.doublings() {
            let conv = conv::halving(width, width * 2, init, device);
            width *= 2;
            // Batch norm would take out what spectral norm divides by.
            blocks.push(Downward {
                conv: normalized(conv, init),
                norm: (!config.spectral_norm).then(|| BatchNorm::new(width, init, device)),
            });
        }
        let output = conv::closing(width, 1, init, device);
        let classes = config.condition.classes();
        Ok(Self {
            input,
            blocks,
            output: normalized(output, init),
            projection: (classes > 0).then(|| init.matrix([classes, width], device)),
        })
    }

    /// How many blocks of convolution and batch norm stand between first and last convolution.
    pub(crate) fn blocks(&self) -> usize {
        self.blocks.len()
    }

    /// Whether batch norm stands behind the convolutions: not with spectral normalization.
    pub(crate) fn has_batch_norm(&self) -> bool {
        self.blocks.iter().all(|block| block.norm.is_some())
    }

    /// The shape of so many pictures.
    fn shape_of(&self, batch: usize) -> [usize; 4] {
        // Not the weight itself: where it is spectrally normalized, looking at it changes it.
        let channels = self.input.weight.lazy_shape()[1];
        // The first convolution and each block halve it, to 4x4 for the last one.
        let size = 8 << self.blocks.len();
        [batch, channels, size, size]
    }

    /// The logit of each picture being real.
    ///
    /// # Shapes
    /// - `pictures`: `[batch, channels, size, size]`, in `[-1, 1]`
    /// - returns: `[batch]`, any value
    ///
    /// # Panics
    /// If the pictures have not the configured size and channels, or the network has classes.
    #[must_use]
    #[track_caller]
    pub fn forward(&self, pictures: Tensor<4>) -> Tensor<1> {
        self.forward_as(pictures, None)
    }

    /// The logit of each picture being a real one of its classes: to the logit of [`forward`](Self::forward) the inner
    /// product of the last features, summed over the pixels, and the classes' vectors is added (Miyato and Koyama 2018,
    /// equation 3).
    ///
    /// # Shapes
    /// - `pictures`: `[batch, channels, size, size]`, in `[-1, 1]`
    /// - `classes`: `[batch, classes]`
    /// - returns: `[batch]`, any value
    ///
    /// # Panics
    /// If the shapes are others, or `classes` are given where the network has none, or the other way round.
    #[must_use]
    #[track_caller]
    pub fn forward_as(&self, pictures: Tensor<4>, classes: Option<Tensor<2>>) -> Tensor<1> {
        let batch = pictures.dims()[0];
        assert_eq!(
            pictures.dims(),
            self.shape_of(batch),
            "shape of the pictures, and the network's"
        );
        let first = activate(self.input.forward(pictures), LEAKY);
        let hidden = self.blocks.iter().fold(first, |x, block| block.forward(x));
        let logits = self.output.forward(hidden.clone()).reshape([batch]);
        match (&self.projection, classes) {
            (None, None) => logits,
            (Some(projection), Some(classes)) => {
                check_classes(&classes, [batch, projection.dims()[0]]);
                let features = hidden.sum_dim(3).sum_dim(2).reshape([batch as i64, -1]);
                let match_of_classes = (classes.matmul(projection.val()) * features).sum_dim(1);
                logits + match_of_classes.reshape([batch])
            }
            (has, given) => classes_mismatch(has.is_some(), given.is_some()),
        }
    }

    /// The probability of each picture being real: the sigmoid of [`Discriminator::forward`].
    ///
    /// # Shapes
    /// - `pictures`: `[batch, channels, size, size]`, in `[-1, 1]`
    /// - returns: `[batch]`, in `[0, 1]`
    ///
    /// # Panics
    /// As [`forward`](Self::forward).
    #[must_use]
    #[track_caller]
    pub fn probability(&self, pictures: Tensor<4>) -> Tensor<1> {
        burn::tensor::activation::sigmoid(self.forward(pictures))
    }
}

#[cfg(test)]
mod tests {
    use burn::{module::ModuleVisitor, module::Param};

    use super::*;
    use crate::layers::tests::{device, on_each_device};

    #[test]
    fn parameters_are_as_many_as_the_tutorials() {
        on_each_device(|| {
            let config = DcganConfig::tutorial();
            // Burn counts running statistics as parameters too: two for each normalized channel.
            let normalized = |widths: [usize; 4]| 2 * widths.iter().sum::<usize>();
            let generator = Generator::new(&config, &device()).unwrap().num_params();
            assert_eq!(generator - normalized([512, 256, 128, 64]), 3_576_704);
            let discriminator = Discriminator::new(&config, &device()).unwrap().num_params();
            assert_eq!(discriminator - normalized([128, 256, 512, 0]), 2_765_568);
        });
    }

    #[test]
    fn shapes_and_ranges_at_every_size() {
        on_each_device(|| {
            for size in crate::IMAGE_SIZES {
                let config = DcganConfig::tutorial()
                    .with_image_size(size)
                    .with_ngf(2)
                    .with_ndf(2)
                    .with_nz(5);
                let plain = config.clone();
                for (config, device) in [
                    (plain.clone(), device()),
                    (plain.clone(), device().autodiff()),
                    (
                        plain.clone().with_channels(1).with_spectral_norm(true),
                        device().autodiff(),
                    ),
                ] {
                    let channels = config.channels;
                    let generator = Generator::new(&config, &device).unwrap();
                    let pictures = generator.forward(Tensor::ones([3, 5, 1, 1], &device));
                    assert_eq!(pictures.dims(), [3, channels, size, size]);
                    assert!(pictures.clone().abs().max().into_scalar::<f32>() <= 1.0);
                    let discriminator = Discriminator::new(&config, &device).unwrap();
                    let probability = discriminator.probability(pictures);
                    assert_eq!(probability.dims(), [3]);
                    let (low, high) = (probability.clone().min(), probability.max());
                    assert!(low.into_scalar::<f32>() >= 0.0 && high.into_scalar::<f32>() <= 1.0);
                }
            }
        });
    }

    #[test]
    fn shapes_that_do_not_fit_are_refused_with_their_values() {
        on_each_device(|| {
            let refused = |forward: &dyn Fn()| {
                let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(forward));
                *caught.unwrap_err().downcast::<String>().unwrap()
            };
            let ones = |shape: [usize; 4]| Tensor::<4>::ones(shape, &device());
            let plain = crate::layers::tests::tiny();
            let told = plain.clone().with_condition(crate::Condition::Color);
            for (config, classes) in [(plain, None), (told, Some([2, 11]))] {
                let generator = Generator::new(&config, &device()).unwrap();
                let discriminator = Discriminator::new(&config, &device()).unwrap();
                let given = || classes.map(|shape| Tensor::<2>::ones(shape, &device()));
                let noise = refused(&|| {
                    let _ = generator.forward_as(ones([2, 5, 1, 1]), given());
                });
                assert!(noise.contains("left: 5\n right: 4"), "{noise}");
                for shape in [[2, 3, 16, 16], [2, 3, 4, 4], [2, 1, 8, 8]] {
                    let pictures = refused(&|| {
                        let _ = discriminator.forward_as(ones(shape), given());
                    });
                    let expected = format!("left: {shape:?}\n right: [2, 3, 8, 8]");
                    assert!(pictures.contains(&expected), "{pictures}");
                }
                if classes.is_some() {
                    let few = refused(&|| {
                        let _ = generator.forward_as(ones([3, 4, 1, 1]), given());
                    });
                    assert!(few.contains("left: [2, 11]\n right: [3, 11]"), "{few}");
                    let few = refused(&|| {
                        let _ = discriminator.forward_as(ones([3, 3, 8, 8]), given());
                    });
                    assert!(few.contains("left: [2, 11]\n right: [3, 11]"), "{few}");
                }
            }
        });
    }

    /// Mean and spread of every parameter, in the order of the network.
    struct Moments(Vec<(usize, f32, f32)>);

    impl ModuleVisitor for Moments {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let values = param.val().into_data().try_to_vec::<f32>().unwrap();
            let count = values.len() as f32;
            let mean = values.iter().sum::<f32>() / count;
            let spread = (values.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / count).sqrt();
            self.0.push((D, mean, spread));
        }
    }

    #[test]
    fn initial_weights_have_the_tutorials_mean_and_spread() {
        on_each_device(|| {
            let mut moments = Moments(Vec::new());
            Generator::new(&DcganConfig::tutorial(), &device())
                .unwrap()
                .visit(&mut moments);
            let kernels: Vec<_> = moments.0.iter().filter(|(rank, ..)| *rank == 4).collect();
            assert_eq!(kernels.len(), 5);
            for (_, mean, spread) in kernels {
                assert!(
                    mean.abs() < 2e-3 && (spread - 0.02).abs() < 1e-3,
                    "{mean} {spread}"
                );
            }
            // Batch norm: weight N(1, 0.02), bias 0, running mean 0, running variance 1.
            let norms: Vec<_> = moments.0.iter().filter(|(rank, ..)| *rank == 1).collect();
            assert_eq!(norms.len(), 16);
            for norm in norms.chunks(4) {
                let [weight, bias, running_mean, running_var] = norm else {
                    panic!("{norm:?}")
                };
                assert!(
                    (weight.1 - 1.0).abs() < 0.02 && (weight.2 - 0.02).abs() < 0.006,
                    "{weight:?}"
                );
                assert_eq!((bias.1, running_mean.1, running_var.1), (0.0, 0.0, 1.0));
            }
        });
    }

    #[test]
    fn same_seed_gives_the_same_weights_and_another_seed_others() {
        on_each_device(|| {
            let draw = |seed| {
                let config = DcganConfig::tutorial()
                    .with_image_size(8)
                    .with_ngf(4)
                    .with_seed(seed);
                let generator = Generator::new(&config, &device()).unwrap();
                generator
                    .forward(Tensor::ones([1, 100, 1, 1], &device()))
                    .into_data()
            };
            assert_eq!(draw(1), draw(1));
            assert_ne!(draw(1), draw(2));
        });
    }
}
