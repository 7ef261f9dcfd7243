//! The generator's convolutions, which enlarge its feature maps.

use ai4fashion_kernels::{Precision, WithPrecision, conv_transpose2d};
use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor, TensorData, ops::ConvTransposeOptions},
};

use crate::{config::upsampling::Upsampling, model::layers::init::Init};

/// Side length of a transposed convolution's kernel, and of the one after nearest-neighbour
/// upsampling, in pixels.
const TRANSPOSED: usize = 4;
const NEAREST: usize = 3;

/// A convolution without bias that enlarges a feature map.
#[derive(Module, Debug)]
pub(crate) struct Upsample {
    /// `[input, output, 4, 4]`; after nearest-neighbour upsampling `[output, input, 3, 3]`, as in
    /// PyTorch's `nn.Conv2d`.
    pub(crate) weight: Param<Tensor<4>>,
    #[module(skip)]
    kind: Kind,
    #[module(skip)]
    precision: Precision,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// From a single pixel to 4x4: stride 1, no padding.
    Opening,
    /// Twice the side: stride 2, padding 1.
    Transposed,
    /// Twice the side: each pixel becomes 2x2, then stride 1, padding 1.
    Nearest,
}

impl Upsample {
    /// A transposed convolution from a single pixel to 4x4.
    pub(crate) fn opening(input: usize, output: usize, init: &mut Init, device: &Device) -> Self {
        Self::new(Kind::Opening, [input, output], TRANSPOSED, init, device)
    }

    /// A convolution that doubles the side.
    pub(crate) fn doubling(
        upsampling: Upsampling,
        [input, output]: [usize; 2],
        init: &mut Init,
        device: &Device,
    ) -> Self {
        match upsampling {
            Upsampling::Transposed => Self::new(Kind::Transposed, [input, output], TRANSPOSED, init, device),
            Upsampling::Nearest => Self::new(Kind::Nearest, [output, input], NEAREST, init, device),
        }
    }

    fn new(kind: Kind, channels: [usize; 2], side: usize, init: &mut Init, device: &Device) -> Self {
        let shape = [channels[0], channels[1], side, side];
        let values = init.values(shape.iter().product(), 0.0);
        Self {
            weight: Param::from_data(TensorData::new(values, shape), device),
            kind,
            precision: Precision::default(),
        }
    }

    /// Sets the precision of its products, forward and backward.
    #[must_use]
    pub(crate) fn with_precision(self, precision: Precision) -> Self {
        Self { precision, ..self }
    }

    /// Whether the layer is nearest-neighbour upsampling and a convolution.
    pub(crate) fn is_nearest(&self) -> bool {
        matches!(self.kind, Kind::Nearest)
    }

    /// Enlarges a feature map.
    ///
    /// # Shapes
    /// - `x`: `[batch, input, size, size]`
    /// - returns: `[batch, output, 2 * size, 2 * size]`; of the opening one `[batch, output, 4, 4]`
    pub(crate) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let weight = self.weight.val();
        let (weight, stride, padding) = match self.kind {
            Kind::Opening => (weight, 1, 0),
            Kind::Transposed => (weight, 2, 1),
            Kind::Nearest => (as_transposed(weight), 2, 1),
        };
        let options = ConvTransposeOptions::new([stride; 2], [padding; 2], [0; 2], [1; 2], 1);
        conv_transpose2d(x, weight, None, WithPrecision::new(options, self.precision))
    }
}

/// Which taps of three act through each of the four of a transposed convolution of stride 2 and
/// padding 1, if each value is doubled before: of an even output the first reaches the input before
/// it, the other two the same one; of an odd output the first two reach the same input, the last
/// the next one.
const TAPS: [[f32; NEAREST]; TRANSPOSED] =
    [[0.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 1.0, 0.0], [1.0, 0.0, 0.0]];

/// The weight of the transposed convolution that is nearest-neighbour upsampling and a convolution
/// with `weight` at once.
///
/// An enlarged pixel is four equal ones, so that the nine products of an output are products with
/// four inputs. The kernels for transposed convolutions serve it, and nothing is enlarged in
/// memory.
///
/// # Shapes
/// - `weight`: `[output, input, 3, 3]`
/// - returns: `[input, output, 4, 4]`
fn as_transposed(weight: Tensor<4>) -> Tensor<4> {
    let [output, input, ..] = weight.dims();
    let mut taps = Vec::with_capacity(NEAREST.pow(2) * TRANSPOSED.pow(2));
    for (row, column) in (0..NEAREST.pow(2)).map(|tap| (tap / NEAREST, tap % NEAREST)) {
        for across in TAPS {
            taps.extend(TAPS.map(|down| across[row] * down[column]));
        }
    }
    let taps = TensorData::new(taps, [NEAREST.pow(2), TRANSPOSED.pow(2)]);
    let taps = Tensor::<2>::from_data(taps, &weight.device());
    let spread = weight.reshape([output * input, NEAREST.pow(2)]).matmul(taps);
    let spread: Tensor<4> = spread.reshape([output, input, TRANSPOSED, TRANSPOSED]);
    spread.swap_dims(0, 1)
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Tolerance, module, ops::ConvOptions};

    use super::*;
    use crate::{
        random::{Stream, normal, rng},
        testing::{device, on_each_device},
    };

    fn random(shape: [usize; 4], place: u64) -> Tensor<4> {
        let values = normal(
            &mut rng(3, Stream::Noise, place),
            shape.iter().product(),
            0.0,
            1.0,
        );
        Tensor::from_data(TensorData::new(values, shape), &device().autodiff()).require_grad()
    }

    /// Each pixel as 2x2 equal ones.
    fn enlarged(x: Tensor<4>) -> Tensor<4> {
        let [batch, channels, height, width] = x.dims();
        let x: Tensor<6> = x.reshape([batch, channels, height, 1, width, 1]);
        let x = x.repeat_dim(3, 2).repeat_dim(5, 2);
        x.reshape([batch, channels, 2 * height, 2 * width])
    }

    #[test]
    fn one_transposed_convolution_is_upsampling_and_a_3x3_convolution() {
        on_each_device(|| {
            // Few channels, and as many as Winograd's filtering takes.
            for [input, output, size] in [[2, 3, 5], [32, 64, 4], [64, 3, 8]] {
                let init = &mut Init::new(1, Stream::GeneratorWeights);
                let device = device().autodiff();
                let layer = Upsample::doubling(Upsampling::Nearest, [input, output], init, &device);
                assert_eq!(layer.weight.val().dims(), [output, input, 3, 3]);
                let x = random([2, input, size, size], 0);
                let found = layer.forward(x.clone());
                assert_eq!(found.dims(), [2, output, 2 * size, 2 * size]);
                // Burn's own operations.
                let (weight, again) = (layer.weight.val().detach().require_grad(), x.clone().detach());
                let again = again.require_grad();
                let options = ConvOptions::new([1, 1], [1, 1], [1, 1], 1);
                let expected = module::conv2d(enlarged(again.clone()), weight.clone(), None, options);
                let close = |found: Tensor<4>, expected: Tensor<4>| {
                    let largest = expected.clone().abs().max().into_scalar::<f32>();
                    let tolerance = Tolerance::<f32>::absolute(2e-5 * largest);
                    found
                        .into_data()
                        .assert_approx_eq(&expected.into_data(), tolerance);
                };
                close(found.clone().inner(), expected.clone().inner());
                let factors = random(found.dims(), 1).detach();
                let ours = (found * factors.clone()).sum().backward();
                let burns = (expected * factors).sum().backward();
                close(x.grad(&ours).unwrap(), again.grad(&burns).unwrap());
                close(
                    layer.weight.val().grad(&ours).unwrap(),
                    weight.grad(&burns).unwrap(),
                );
            }
        });
    }
}
