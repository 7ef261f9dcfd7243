//! Tensors of Burn's CPU backends as slices, and back, without copying where their values already lie in order.
//!
//! Pictures are tensors `[batch, channels, height, width]` whose values lie in the order `[batch, height, width,
//! channels]`: kernels work on whole pixels. Pictures in another order are copied by each kernel that meets them, those in the
//! usual one by a quick way; what kernels return is in this order.

#[cfg(feature = "flex")]
mod flex;
#[cfg(feature = "ndarray")]
mod ndarray;

use core::ops::Deref;

use burn::backend::{Backend, TensorMetadata, tensor::FloatTensor};

use crate::kernel::channels_last::channels_last;

/// Values of pictures, channels last.
#[derive(Debug)]
pub(crate) enum Pictures<H> {
    /// As they lie in a tensor.
    Held(H),
    /// Moved to this order.
    Moved(Vec<f32>),
}

impl<H: Deref<Target = [f32]>> Deref for Pictures<H> {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        match self {
            Self::Held(held) => held,
            Self::Moved(values) => values,
        }
    }
}

/// A backend whose float tensors lie in this process's memory.
pub(crate) trait Host: Backend {
    /// Keeps a tensor's values alive and in row-major order.
    type Held: Deref<Target = [f32]>;

    /// The values of a tensor of `f32`.
    fn hold(tensor: FloatTensor<Self>) -> Self::Held;

    /// The values of a tensor of `f32` that already lie in row-major order.
    fn in_order(tensor: &FloatTensor<Self>) -> Option<&[f32]>;

    /// A tensor of these values, in row-major order.
    fn tensor(values: Vec<f32>, shape: &[usize]) -> FloatTensor<Self>;

    /// The same tensor after `change` has been at its values, in row-major order.
    fn change(tensor: FloatTensor<Self>, change: impl FnOnce(&mut [f32])) -> FloatTensor<Self>;

    /// The same values with the axes in another order; nothing moves.
    fn permuted(tensor: FloatTensor<Self>, axes: [usize; 4]) -> FloatTensor<Self>;

    /// The values of pictures, channels last.
    fn hold_pictures(pictures: FloatTensor<Self>) -> Pictures<Self::Held> {
        match Self::moved(&pictures) {
            Some(values) => Pictures::Moved(values),
            None => Pictures::Held(Self::hold(Self::permuted(pictures, [0, 2, 3, 1]))),
        }
    }

    /// The values of pictures that lie in the usual order, channels last; `None` where that is the same, or for others.
    fn moved(pictures: &FloatTensor<Self>) -> Option<Vec<f32>> {
        let [_, channels, height, width] = pictures.shape().dims();
        let differs = channels > 1 && height * width > 1;
        let values = Self::in_order(pictures).filter(|_| differs)?;
        Some(channels_last(values, channels, height * width))
    }

    /// The same pictures after `change` has been at their values, channels last; without a copy where nobody else holds
    /// them.
    fn change_pictures(pictures: FloatTensor<Self>, change: impl FnOnce(&mut [f32])) -> FloatTensor<Self> {
        if let Some(mut values) = Self::moved(&pictures) {
            change(&mut values);
            return Self::pictures(values, pictures.shape().dims());
        }
        let changed = Self::change(Self::permuted(pictures, [0, 2, 3, 1]), change);
        Self::permuted(changed, [0, 3, 1, 2])
    }

    /// Pictures of the shape `[batch, channels, height, width]` of these values, channels last.
    fn pictures(values: Vec<f32>, shape: [usize; 4]) -> FloatTensor<Self> {
        let [batch, channels, height, width] = shape;
        let tensor = Self::tensor(values, &[batch, height, width, channels]);
        Self::permuted(tensor, [0, 3, 1, 2])
    }
}
