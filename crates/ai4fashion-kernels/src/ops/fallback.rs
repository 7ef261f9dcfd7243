//! Why a convolution is Burn's own, and the log that says so.

use std::sync::Once;

use burn::tensor::{DType, Tensor};

use crate::{
    device::{has_kernels, is_flex},
    precision::Precision,
};

/// Why a convolution is Burn's own on a device that has kernels.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fallback {
    Groups,
    Dilation,
    /// A transposed convolution of an input without pixels, or whose additional output is not below
    /// its stride.
    Output,
    /// From one channel to one on flex: a product's panels would be nearly empty.
    Single,
    Type,
}

impl Fallback {
    pub(super) fn of(groups: usize, dilation: [usize; 2]) -> Option<Self> {
        let dilated = dilation != [1, 1];
        (groups != 1)
            .then_some(Self::Groups)
            .or_else(|| dilated.then_some(Self::Dilation))
    }

    /// Only on flex: ndarray's own gradients are plain loops.
    pub(super) fn of_channels(x: &Tensor<4>, weight: &Tensor<4>) -> Option<Self> {
        let single = weight.dims()[..2] == [1, 1] && is_flex(&x.device());
        single.then_some(Self::Single)
    }

    /// Tells the log, the first time in this process.
    fn say(self, x: &Tensor<4>, weight: &Tensor<4>) {
        static SAID: [Once; 5] = [const { Once::new() }; 5];
        let reason = match self {
            Self::Groups => "groups",
            Self::Dilation => "dilation",
            Self::Output => "an input without pixels, or a `padding_out` that is not below the stride",
            Self::Single => "one channel in and out",
            Self::Type => "values that are not f32",
        };
        SAID[self as usize].call_once(|| {
            log::info!(
                "Burn's own convolution is used for {reason}, here {:?} of {:?} with {:?}; this is said once",
                x.dtype(),
                x.dims(),
                weight.dims(),
            );
        });
    }
}

/// Whether a kernel is there, unless there is a reason for none.
pub(super) fn has_kernel(x: &Tensor<4>, weight: &Tensor<4>, reason: Option<Fallback>) -> bool {
    reason.is_none() && has_kernels(&x.device()) && is_f32(x, weight)
}

/// Whether a kernel is there; where there are kernels for the device but none for this call, the
/// log says so.
pub(super) fn is_served(x: &Tensor<4>, weight: &Tensor<4>, reason: Option<Fallback>) -> bool {
    let served = has_kernel(x, weight, reason);
    if !served && has_kernels(&x.device()) {
        let reason = if is_f32(x, weight) {
            reason
        } else {
            Some(Fallback::Type)
        };
        reason.iter().for_each(|reason| reason.say(x, weight));
    }
    served
}

fn is_f32(x: &Tensor<4>, weight: &Tensor<4>) -> bool {
    [x, weight].map(Tensor::dtype) == [DType::F32; 2]
}

/// The precision, or `f32` where the CPU has no instructions for it; the log says so, once.
pub(super) fn available(precision: Precision) -> Precision {
    static SAID: Once = Once::new();
    if precision.is_available() {
        return precision;
    }
    SAID.call_once(|| {
        log::info!("the CPU has no products of precision {precision}: f32 is used; this is said once");
    });
    Precision::F32
}
