//! Calls to the kernels of the backend that a tensor is of.

use std::sync::Arc;

use burn::{backend::Dispatch, tensor::Tensor};

use crate::{
    adam::Adam,
    extension::{
        ActivationBackend, AddBackend, BiasBackend, ConvBackend, HasGradient, ImageMapBackend, NormBackend,
        PackedConvBackend, SpectralBackend, UpdateBackend, UpsampleBackend, WeightGradient,
    },
    kernel::{
        batch_norm::{Affine, Norm},
        conv::Packed,
        geometry::{Geometry, Window},
        image_map::ImageMap,
    },
    precision::Precision,
};

/// An operation of whichever backend the tensors are of.
#[cfg(any(feature = "ndarray", feature = "flex"))]
macro_rules! of_backend {
    ($backend:ident :: $operation:ident ($($argument:expr),* $(,)?)) => {
        <Dispatch as $backend>::$operation($($argument),*)
    };
}

/// No backend has operations: [`has_kernels`](crate::device::has_kernels) keeps all callers away.
#[cfg(not(any(feature = "ndarray", feature = "flex")))]
macro_rules! of_backend {
    ($backend:ident :: $operation:ident ($($argument:expr),* $(,)?)) => {{
        $(let _ = $argument;)*
        unreachable!("no device has kernels in this build")
    }};
}

pub(super) fn conv2d(x: Tensor<4>, weight: Tensor<4>, window: Window, precision: Precision) -> Tensor<4> {
    Tensor::from_dispatch(of_backend!(ConvBackend::convolve(
        x.into_dispatch(),
        weight.into_dispatch(),
        window,
        precision
    )))
}

pub(super) fn conv_transpose2d(
    x: Tensor<4>,
    weight: Tensor<4>,
    size: [usize; 2],
    window: Window,
    precision: Precision,
) -> Tensor<4> {
    Tensor::from_dispatch(of_backend!(ConvBackend::convolve_transposed(
        x.into_dispatch(),
        weight.into_dispatch(),
        size,
        window,
        precision
    )))
}

pub(super) fn conv2d_weight_grad(
    x: Tensor<4>,
    grad: Tensor<4>,
    g: Geometry,
    precision: Precision,
) -> Tensor<4> {
    Tensor::from_dispatch(of_backend!(WeightGradient::weight_gradient(
        x.into_dispatch(),
        grad.into_dispatch(),
        g,
        precision
    )))
}

pub(super) fn packed_product(
    x: Tensor<4>,
    packed: Arc<Packed>,
    norm: Option<Arc<Affine>>,
    g: Geometry,
) -> Tensor<4> {
    Tensor::from_dispatch(of_backend!(PackedConvBackend::packed_product(
        x.into_dispatch(),
        packed,
        norm,
        g
    )))
}

pub(super) fn channel_moments(x: Tensor<4>) -> Tensor<2> {
    Tensor::from_dispatch(of_backend!(NormBackend::channel_moments(x.into_dispatch())))
}

pub(super) fn normalize(
    x: Tensor<4>,
    weight: Tensor<1>,
    bias: Tensor<1>,
    moments: Tensor<2>,
    norm: Norm,
) -> Tensor<4> {
    Tensor::from_dispatch(of_backend!(NormBackend::normalize(
        x.into_dispatch(),
        weight.into_dispatch(),
        bias.into_dispatch(),
        moments.into_dispatch(),
        norm
    )))
}

pub(super) fn activate<const D: usize>(x: Tensor<D>, leak: f32) -> Tensor<D> {
    Tensor::from_dispatch(of_backend!(ActivationBackend::activate(x.into_dispatch(), leak)))
}

pub(super) fn tanh<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(of_backend!(ActivationBackend::tanh(x.into_dispatch())))
}

pub(super) fn spread_kernel(weight: Tensor<4>) -> Tensor<4> {
    Tensor::from_dispatch(of_backend!(UpsampleBackend::spread_kernel(
        weight.into_dispatch()
    )))
}

pub(super) fn add_bias(x: Tensor<4>, bias: Tensor<1>) -> Tensor<4> {
    Tensor::from_dispatch(of_backend!(BiasBackend::add_bias(
        x.into_dispatch(),
        bias.into_dispatch()
    )))
}

pub(super) fn map_images(images: Tensor<4>, map: Arc<dyn ImageMap>) -> Tensor<4> {
    Tensor::from_dispatch(of_backend!(ImageMapBackend::map_images(
        images.into_dispatch(),
        map
    )))
}

/// `u` and `v` after a power iteration, or after half of one.
pub(super) fn power_iteration<const D: usize>(
    weight: Tensor<D>,
    u: Tensor<1>,
    update_u: bool,
) -> (Tensor<1>, Tensor<1>) {
    let (u, v) = of_backend!(SpectralBackend::power_iteration(
        weight.into_dispatch(),
        u.into_dispatch(),
        update_u
    ));
    (Tensor::from_dispatch(u), Tensor::from_dispatch(v))
}

pub(super) fn divide_by_sigma<const D: usize>(weight: Tensor<D>, u: Tensor<1>, v: Tensor<1>) -> Tensor<D> {
    Tensor::from_dispatch(of_backend!(SpectralBackend::divide_by_sigma(
        weight.into_dispatch(),
        u.into_dispatch(),
        v.into_dispatch()
    )))
}

pub(super) fn add<const D: usize>(x: Tensor<D>, y: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(of_backend!(AddBackend::add(x.into_dispatch(), y.into_dispatch())))
}

pub(super) fn fan_out_root<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(of_backend!(AddBackend::fan_out_root(x.into_dispatch())))
}

pub(super) fn fan_out_branch<const D: usize>(x: Tensor<D>, has_gradient: HasGradient) -> Tensor<D> {
    Tensor::from_dispatch(of_backend!(AddBackend::fan_out_branch(
        x.into_dispatch(),
        has_gradient
    )))
}

pub(super) fn copied<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(of_backend!(UpdateBackend::copied(x.into_dispatch())))
}

pub(super) fn accumulate<const D: usize>(sum: Tensor<D>, other: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(of_backend!(UpdateBackend::accumulate(
        sum.into_dispatch(),
        other.into_dispatch()
    )))
}

pub(super) fn move_towards<const D: usize>(average: Tensor<D>, current: Tensor<D>, weight: f32) -> Tensor<D> {
    Tensor::from_dispatch(of_backend!(UpdateBackend::move_towards(
        average.into_dispatch(),
        current.into_dispatch(),
        weight
    )))
}

/// The parameter and both moments after an update.
pub(super) fn adam_step<const D: usize>(
    parameter: Tensor<D>,
    grad: Tensor<D>,
    [first, second]: [Tensor<D>; 2],
    adam: Adam,
    time: i32,
) -> [Tensor<D>; 3] {
    let (parameter, first, second) = of_backend!(UpdateBackend::adam_step(
        parameter.into_dispatch(),
        grad.into_dispatch(),
        first.into_dispatch(),
        second.into_dispatch(),
        adam,
        time
    ));
    [parameter, first, second].map(Tensor::from_dispatch)
}
