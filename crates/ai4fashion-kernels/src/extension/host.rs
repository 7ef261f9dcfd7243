//! Tensors of Burn's CPU backends as slices, and back.
//!
//! Nothing is copied where the values already lie in order. Feature maps are tensors of the shape
//! `[batch, channels, height, width]` whose values lie in memory as `[batch, height, width,
//! channels]`: kernels work on whole pixels. A feature map in another order is copied by each
//! kernel that meets it, one in the usual order by a quick way; what kernels return is in this
//! order.

#[cfg(feature = "flex")]
mod flex;
#[cfg(feature = "ndarray")]
mod ndarray;

use core::ops::Deref;

use burn::backend::{Backend, TensorMetadata, tensor::FloatTensor};

use crate::kernel::channels_last::channels_last;

/// Values of a feature map, channels last.
#[derive(Debug)]
pub(crate) enum ChannelsLast<H> {
    /// As they lie in a tensor.
    Held(H),
    /// Moved to this order.
    Moved(Vec<f32>),
}

impl<H: Deref<Target = [f32]>> Deref for ChannelsLast<H> {
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

    /// The tensor after `change` has been at its values, in row-major order.
    fn change(tensor: FloatTensor<Self>, change: impl FnOnce(&mut [f32])) -> FloatTensor<Self>;

    /// The tensor with its axes in another order; nothing moves.
    fn permuted(tensor: FloatTensor<Self>, axes: [usize; 4]) -> FloatTensor<Self>;

    /// Whether this is a feature map in another order than the usual one, probably that of the
    /// kernels.
    fn has_channels_last(tensor: &FloatTensor<Self>) -> bool {
        tensor.shape().num_dims() == 4 && Self::in_order(tensor).is_none()
    }

    /// The tensor after `change` has been at its values, in the order that they lie in; what
    /// `change` does to a value must not depend on its place.
    fn change_each(tensor: FloatTensor<Self>, change: impl FnOnce(&mut [f32])) -> FloatTensor<Self> {
        if Self::has_channels_last(&tensor) {
            Self::change_channels_last(tensor, change)
        } else {
            Self::change(tensor, change)
        }
    }

    /// The tensor after `change` has been at its values beside those of `other`, a tensor of its
    /// shape: both in the same order, but in any.
    fn change_each_beside(
        tensor: FloatTensor<Self>,
        other: FloatTensor<Self>,
        change: impl FnOnce(&mut [f32], &[f32]),
    ) -> FloatTensor<Self> {
        if Self::has_channels_last(&tensor) || Self::has_channels_last(&other) {
            let other = Self::hold_channels_last(other);
            return Self::change_channels_last(tensor, |values| change(values, &other));
        }
        let other = Self::hold(other);
        Self::change(tensor, |values| change(values, &other))
    }

    /// The values of a feature map, channels last.
    fn hold_channels_last(feature_map: FloatTensor<Self>) -> ChannelsLast<Self::Held> {
        match Self::moved(&feature_map) {
            Some(values) => ChannelsLast::Moved(values),
            None => ChannelsLast::Held(Self::hold(Self::permuted(feature_map, [0, 2, 3, 1]))),
        }
    }

    /// The values, moved to channels last, of a feature map that lies in the usual order.
    ///
    /// `None` where both orders are one, and for a feature map in another order.
    fn moved(feature_map: &FloatTensor<Self>) -> Option<Vec<f32>> {
        let [_, channels, height, width] = feature_map.shape().dims();
        let differs = channels > 1 && height * width > 1;
        let values = Self::in_order(feature_map).filter(|_| differs)?;
        Some(channels_last(values, channels, height * width))
    }

    /// The feature map after `change` has been at its values, channels last.
    ///
    /// Nothing is copied where nobody else holds them.
    fn change_channels_last(
        feature_map: FloatTensor<Self>,
        change: impl FnOnce(&mut [f32]),
    ) -> FloatTensor<Self> {
        if let Some(mut values) = Self::moved(&feature_map) {
            change(&mut values);
            return Self::from_channels_last(values, feature_map.shape().dims());
        }
        let changed = Self::change(Self::permuted(feature_map, [0, 2, 3, 1]), change);
        Self::permuted(changed, [0, 3, 1, 2])
    }

    /// A feature map of the shape `[batch, channels, height, width]` of these values, channels
    /// last.
    fn from_channels_last(values: Vec<f32>, shape: [usize; 4]) -> FloatTensor<Self> {
        let [batch, channels, height, width] = shape;
        let tensor = Self::tensor(values, &[batch, height, width, channels]);
        Self::permuted(tensor, [0, 3, 1, 2])
    }
}

/// Calls a macro with the type of each backend that has kernels in this build.
macro_rules! for_each_host {
    ($on_host:ident) => {
        #[cfg(feature = "ndarray")]
        mod ndarray_ops {
            use super::*;
            $on_host!(burn::backend::NdArray);
        }

        #[cfg(feature = "flex")]
        mod flex_ops {
            use super::*;
            $on_host!(burn::backend::Flex);
        }
    };
}
pub(super) use for_each_host;
