//! The layers that the networks are made of, with the tutorial's initial weights.

mod batch_norm;
pub(crate) mod conv;
mod spectral_norm;

pub(crate) use batch_norm::BatchNorm;
pub(crate) use spectral_norm::spectral_norm;

use burn::{
    module::Param,
    tensor::{Device, Tensor, TensorData},
};

use crate::random::{Stream, normal, rng};

/// Hands out the initial weights of one network, each tensor from a draw of its own.
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

    /// The next tensor's values, around `mean`.
    fn draw(&mut self, len: usize, mean: f32) -> Vec<f32> {
        let mut rng = rng(self.seed, self.stream, self.next);
        self.next += 1;
        normal(&mut rng, len, mean, DEVIATION)
    }

    /// The next matrix, around 0.
    pub(crate) fn matrix(&mut self, shape: [usize; 2], device: &Device) -> Param<Tensor<2>> {
        let values = self.draw(shape[0] * shape[1], 0.0);
        Param::from_data(TensorData::new(values, shape), device)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::RefCell;

    use burn::tensor::Device;

    use crate::DcganConfig;

    thread_local! {
        static DEVICE: RefCell<Option<Device>> = const { RefCell::new(None) };
    }

    /// Networks that take no time, of 8x8 pictures, trained for two epochs.
    pub(crate) fn tiny() -> DcganConfig {
        DcganConfig::tutorial()
            .with_image_size(8)
            .with_nz(4)
            .with_ngf(4)
            .with_ndf(4)
            .with_epochs(2)
    }

    /// Runs a test on every device that this crate is fast on.
    #[allow(deprecated, reason = "ndarray is tested until Burn removes it")]
    pub(crate) fn on_each_device(test: impl Fn()) {
        for device in [Device::ndarray(), Device::flex()] {
            DEVICE.set(Some(device));
            test();
        }
    }

    /// The device that the test is being run on.
    pub(crate) fn device() -> Device {
        DEVICE.with_borrow(|device| device.clone().expect("the test runs in `on_each_device`"))
    }
}
