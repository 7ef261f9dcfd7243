//! The generator's convolutions, which enlarge its feature maps.

use ai4fashion_kernels::{Precision, WithPrecision, conv_transpose2d, nn::PackedConv, upsample_conv2d};
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
        match self.transposed() {
            Some(options) => conv_transpose2d(x, weight, None, options),
            None => upsample_conv2d(x, weight, self.precision),
        }
    }

    /// The layer with its weight packed, for feature maps of this side.
    pub(crate) fn packed(&self, side: usize) -> PackedConv {
        let (weight, size) = (self.weight.val(), [side; 2]);
        match self.transposed() {
            Some(options) => PackedConv::conv_transpose2d(weight, None, options, size),
            None => PackedConv::upsample_conv2d(weight, self.precision, size),
        }
    }

    /// The side of an enlarged feature map.
    pub(crate) fn enlarged(&self, side: usize) -> usize {
        match self.kind {
            Kind::Opening => side - 1 + TRANSPOSED,
            Kind::Transposed | Kind::Nearest => 2 * side,
        }
    }

    /// The options of a transposed convolution; `None` for nearest-neighbour upsampling.
    fn transposed(&self) -> Option<WithPrecision<ConvTransposeOptions<2>>> {
        let (stride, padding) = match self.kind {
            Kind::Opening => (1, 0),
            Kind::Transposed => (2, 1),
            Kind::Nearest => return None,
        };
        let options = ConvTransposeOptions::new([stride; 2], [padding; 2], [0; 2], [1; 2], 1);
        Some(WithPrecision::new(options, self.precision))
    }
}
