//! The tensors that go into the networks: images, noise and classes.

use burn::tensor::{Device, Tensor, TensorData};
use image::RgbImage;

use crate::{
    config::DcganConfig,
    data::{labels::Labels, loader::Batch, tensors::to_images},
    model::network::GeneratorModel,
    random::{Stream, normal, rng},
};

/// The number of samples, as in the tutorial.
pub(crate) const SAMPLES: usize = 64;

/// Makes tensors for the networks of a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inputs<'a> {
    pub(super) config: &'a DcganConfig,
    pub(super) device: &'a Device,
}

impl Inputs<'_> {
    /// The images of a batch.
    pub(super) fn images(self, batch: Batch) -> Tensor<4> {
        let size = self.config.image_size;
        let shape = [batch.indices.len(), self.config.channels, size, size];
        Tensor::from_data(TensorData::new(batch.values, shape), self.device)
    }

    /// The noise of a step of the run.
    pub(super) fn noise(self, count: usize, step: usize) -> Tensor<4> {
        self.random(count, Stream::Noise, step as u64)
    }

    /// The classes of images with these labels; `None` without a condition.
    pub(super) fn classes(self, labels: &[Labels]) -> Option<Tensor<2>> {
        self.config.condition.one_hot(labels, self.device)
    }

    /// Generates images from the fixed noise, with the labels of the real images that they are
    /// shown beside.
    pub(super) fn samples(self, generator: &impl GeneratorModel, real: &[Labels]) -> Vec<RgbImage> {
        let labels: Vec<Labels> = real.iter().copied().cycle().take(SAMPLES).collect();
        let noise = self.random(SAMPLES, Stream::FixedNoise, 0);
        to_images(generator.generate(noise, self.classes(&labels)))
    }

    fn random(self, count: usize, stream: Stream, place: u64) -> Tensor<4> {
        let nz = self.config.nz;
        let values = normal(&mut rng(self.config.seed, stream, place), count * nz, 0.0, 1.0);
        Tensor::from_data(TensorData::new(values, [count, nz, 1, 1]), self.device)
    }
}
