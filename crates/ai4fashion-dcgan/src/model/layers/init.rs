//! Initial weights.

use burn::{
    module::Param,
    tensor::{Device, Tensor, TensorData},
};

use crate::random::{Stream, normal, rng};

/// Makes the initial weights of one network, each tensor from random numbers of its own.
#[derive(Debug)]
pub(crate) struct Init {
    seed: u64,
    stream: Stream,
    next: u64,
}

/// Spread of the initial weights, for convolutions around 0 and for batch norm around 1 (Radford
/// et al. 2015, section 4; the tutorial's `weights_init`).
const DEVIATION: f32 = 0.02;

impl Init {
    pub(crate) fn new(seed: u64, stream: Stream) -> Self {
        Self {
            seed,
            stream,
            next: 0,
        }
    }

    /// The values of the next tensor, around `mean`.
    pub(super) fn values(&mut self, len: usize, mean: f32) -> Vec<f32> {
        let mut rng = rng(self.seed, self.stream, self.next);
        self.next += 1;
        normal(&mut rng, len, mean, DEVIATION)
    }

    /// The next matrix, around 0.
    pub(crate) fn matrix(&mut self, shape: [usize; 2], device: &Device) -> Param<Tensor<2>> {
        let values = self.values(shape[0] * shape[1], 0.0);
        Param::from_data(TensorData::new(values, shape), device)
    }
}
