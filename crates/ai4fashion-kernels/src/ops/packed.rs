//! Convolutions for inference, whose weights are packed once.

use std::sync::Arc;

use burn::tensor::{
    DType, Tensor,
    ops::{ConvOptions, ConvTransposeOptions},
};

use super::{
    conv::{conv_transpose2d, conv2d, geometry, transposed_geometry, transposed_reason, with_bias},
    dispatch,
    fallback::{Fallback, available, has_kernel},
    norm::{batch_norm_inference_act, norm},
    upsample::{transposed_kernel, transposed_options, upsample_conv2d},
};
use crate::{
    activation::Activation,
    kernel::{
        batch_norm::{Affine, Channels},
        conv::{Direction, Packed},
        geometry::Geometry,
    },
    precision::{Precision, WithPrecision},
};

/// A convolution for inference: its weight is packed once, for images of one size.
///
/// [`conv2d`] and [`conv_transpose2d`] pack the weight at each call, which takes most of the time
/// of a single small image. Results are the same bytes. Where these functions are Burn's own
/// operations, where the image or a parameter is on an autodiff device, and for images of other
/// sizes they are called instead.
///
/// It is no [`Module`](burn::module::Module): make it of a layer's parameters once they are
/// trained.
///
/// ```
/// use ai4fashion_kernels::burn::tensor::{Tensor, ops::ConvOptions};
/// use ai4fashion_kernels::{conv2d, cpu, nn::PackedConv};
///
/// let weight = Tensor::<4>::ones([5, 3, 4, 4], &cpu());
/// let options = ConvOptions::new([2, 2], [1, 1], [1, 1], 1);
/// let packed = PackedConv::conv2d(weight.clone(), None, options.clone(), [8, 8]);
/// let x = Tensor::<4>::ones([2, 3, 8, 8], &cpu());
/// let expected = conv2d(x.clone(), weight, None, options).into_data();
/// assert_eq!(packed.forward(x).into_data(), expected);
/// ```
#[derive(Clone, Debug)]
pub struct PackedConv {
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    kind: Kind,
    precision: Precision,
    /// `None` where there is no kernel.
    packed: Option<Arc<Packed>>,
    /// Height and width of the images that the weight is packed for.
    size: [usize; 2],
    norm: Option<Norm>,
}

/// A batch normalization by running statistics, with its activation.
#[derive(Clone, Debug)]
struct Norm {
    parameters: [Tensor<1>; 2],
    statistics: [Tensor<1>; 2],
    epsilon: f64,
    activation: Activation,
    /// Scale, shift and activation in one pass; `None` where there is no kernel.
    affine: Option<Arc<Affine>>,
}

#[derive(Clone, Debug)]
enum Kind {
    Convolution(ConvOptions<2>),
    Transposed(ConvTransposeOptions<2>),
    Upsampling,
}

impl PackedConv {
    /// Packs the weight of a [`conv2d`] for images of `size`, height and width.
    ///
    /// # Panics
    /// As [`conv2d`] for an image of this size, if the weight is packed; what concerns a bias, in
    /// [`forward`](Self::forward).
    #[must_use]
    #[track_caller]
    pub fn conv2d(
        weight: Tensor<4>,
        bias: Option<Tensor<1>>,
        options: impl Into<WithPrecision<ConvOptions<2>>>,
        size: [usize; 2],
    ) -> Self {
        let WithPrecision { options, precision } = options.into();
        Self::new(weight, bias, Kind::Convolution(options), precision, size)
    }

    /// Packs the weight of a [`conv_transpose2d`] for images of `size`, height and width.
    ///
    /// # Panics
    /// As [`conv_transpose2d`] for an image of this size, if the weight is packed; what concerns a
    /// bias, in [`forward`](Self::forward).
    #[must_use]
    #[track_caller]
    pub fn conv_transpose2d(
        weight: Tensor<4>,
        bias: Option<Tensor<1>>,
        options: impl Into<WithPrecision<ConvTransposeOptions<2>>>,
        size: [usize; 2],
    ) -> Self {
        let WithPrecision { options, precision } = options.into();
        Self::new(weight, bias, Kind::Transposed(options), precision, size)
    }

    /// Packs the weight of an [`upsample_conv2d`] for images of `size`, height and width, before
    /// upsampling.
    ///
    /// # Panics
    /// If the kernel is not 3x3.
    #[must_use]
    #[track_caller]
    pub fn upsample_conv2d(weight: Tensor<4>, precision: Precision, size: [usize; 2]) -> Self {
        let [_, _, kernel_height, kernel_width] = weight.dims();
        assert_eq!([kernel_height, kernel_width], [3, 3], "size of the kernel");
        Self::new(weight, None, Kind::Upsampling, precision, size)
    }

    #[track_caller]
    fn new(
        weight: Tensor<4>,
        bias: Option<Tensor<1>>,
        kind: Kind,
        precision: Precision,
        size: [usize; 2],
    ) -> Self {
        let reason = kind
            .reason(size)
            .or_else(|| Fallback::of_channels(&weight, &weight));
        let has_kernel = !weight.device().is_autodiff() && has_kernel(&weight, &weight, reason);
        let packed = if has_kernel {
            let g = kind.geometry(kind.one_image(weight.dims(), size), weight.dims());
            let kernel = match kind {
                Kind::Upsampling => transposed_kernel(weight.clone()),
                Kind::Convolution(_) | Kind::Transposed(_) => weight.clone(),
            };
            let values = kernel.into_data().try_to_vec::<f32>().ok();
            values.map(|values| Arc::new(Packed::new(&values, &g, kind.direction(), available(precision))))
        } else {
            None
        };
        Self {
            weight,
            bias,
            kind,
            precision,
            packed,
            size,
            norm: None,
        }
    }

    /// Sets the batch normalization by given statistics and the activation that follow the
    /// convolution, as [`batch_norm_inference_act`] has them; default none.
    ///
    /// # Panics
    /// As that function.
    #[must_use]
    #[track_caller]
    pub fn with_batch_norm(
        mut self,
        [weight, bias]: [Tensor<1>; 2],
        [mean, variance]: [Tensor<1>; 2],
        epsilon: f64,
        activation: Activation,
    ) -> Self {
        let tensors = [&weight, &bias, &mean, &variance];
        let channels = self.out_channels();
        for (name, tensor) in ["weight", "bias", "mean", "variance"].into_iter().zip(tensors) {
            let found = tensor.dims()[0];
            assert_eq!(found, channels, "channels of the {name} and of the output");
        }
        activation.check();
        let is_plain = tensors
            .iter()
            .all(|tensor| tensor.dtype() == DType::F32 && !tensor.device().is_autodiff());
        // A bias would come between the product and the normalization.
        let affine = (self.packed.is_some() && self.bias.is_none() && is_plain).then(|| {
            let values =
                |tensor: &Tensor<1>| tensor.clone().into_data().try_to_vec::<f32>().unwrap_or_default();
            let [weight, bias, mean, variance] = tensors.map(values);
            let channels = Channels {
                moments: &[mean, variance].concat(),
                weight: &weight,
                bias: &bias,
            };
            Arc::new(Affine::new(channels, norm(epsilon, activation, false)))
        });
        self.norm = Some(Norm {
            parameters: [weight, bias],
            statistics: [mean, variance],
            epsilon,
            activation,
            affine,
        });
        self
    }

    fn out_channels(&self) -> usize {
        let [first, second, ..] = self.weight.dims();
        match &self.kind {
            Kind::Convolution(_) | Kind::Upsampling => first,
            Kind::Transposed(options) => second * options.groups,
        }
    }

    /// Applies the convolution, and the normalization if it has one.
    ///
    /// An image on an autodiff device is differentiated as by the functions themselves.
    ///
    /// # Shapes
    /// - `x`: `[batch, in_channels, height, width]`
    /// - returns: those of the function whose weight was packed
    ///
    /// # Panics
    /// As that function.
    #[must_use]
    #[track_caller]
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [_, _, height, width] = x.dims();
        let is_plain = x.dtype() == DType::F32 && !x.device().is_autodiff();
        let is_packed_for = is_plain && x.device() == self.weight.device() && [height, width] == self.size;
        let convolved = match &self.packed {
            Some(packed) if is_packed_for => {
                let g = self.kind.geometry(x.dims(), self.weight.dims());
                let affine = self.norm.as_ref().and_then(|norm| norm.affine.clone());
                let is_normalized = affine.is_some();
                let convolved = dispatch::packed_product(x, packed.clone(), affine, g);
                if is_normalized {
                    return convolved;
                }
                with_bias(convolved, self.bias.clone())
            }
            _ => self.unpacked(x),
        };
        match &self.norm {
            Some(norm) => {
                let [parameters, statistics] = [&norm.parameters, &norm.statistics].map(Clone::clone);
                batch_norm_inference_act(convolved, parameters, statistics, norm.epsilon, norm.activation)
            }
            None => convolved,
        }
    }

    #[track_caller]
    fn unpacked(&self, x: Tensor<4>) -> Tensor<4> {
        let (weight, bias) = (self.weight.clone(), self.bias.clone());
        match self.kind.clone() {
            Kind::Convolution(options) => {
                conv2d(x, weight, bias, WithPrecision::new(options, self.precision))
            }
            Kind::Transposed(options) => {
                conv_transpose2d(x, weight, bias, WithPrecision::new(options, self.precision))
            }
            Kind::Upsampling => upsample_conv2d(x, weight, self.precision),
        }
    }
}

impl Kind {
    fn direction(&self) -> Direction {
        match self {
            Self::Convolution(_) => Direction::Forward,
            Self::Transposed(_) | Self::Upsampling => Direction::InputGrad,
        }
    }

    /// The shape of one image of this size.
    fn one_image(&self, weight: [usize; 4], [height, width]: [usize; 2]) -> [usize; 4] {
        let channels = match self {
            Self::Convolution(_) | Self::Upsampling => weight[1],
            Self::Transposed(_) => weight[0],
        };
        [1, channels, height, width]
    }

    /// Why there is no kernel for images of this size.
    fn reason(&self, size: [usize; 2]) -> Option<Fallback> {
        match self {
            Self::Convolution(options) => Fallback::of(options.groups, options.dilation),
            Self::Transposed(options) => transposed_reason(size, options),
            Self::Upsampling => transposed_reason(size, &transposed_options()),
        }
    }

    #[track_caller]
    fn geometry(&self, x: [usize; 4], weight: [usize; 4]) -> Geometry {
        match self {
            Self::Convolution(options) => geometry(x, weight, options),
            Self::Transposed(options) => transposed_geometry(x, weight, options),
            Self::Upsampling => {
                let [output, input, ..] = weight;
                transposed_geometry(x, [input, output, 4, 4], &transposed_options())
            }
        }
    }
}
