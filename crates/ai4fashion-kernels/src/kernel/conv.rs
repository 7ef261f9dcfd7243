//! The three products that make up a convolution, on plain slices.
//!
//! Feature maps are `[batch, height, width, channels]`, weights `[out_channels, in_channels,
//! kernel_height, kernel_width]`.
//!
//! | product | takes | gives |
//! |---|---|---|
//! | [`forward`] | input, weight | output |
//! | [`input_grad`] | output gradient, weight | input gradient |
//! | [`weight_grad`] | input, output gradient | weight gradient |
//!
//! Of the first two the weight may be [`Packed`] before.
//!
//! Each has two ways: [`Winograd`] for the shapes that it fits, [`general`] for all others. Both
//! work on groups of images in parallel; sums are taken in a fixed order for a given number of
//! threads, so that the same run gives the same bytes.

mod direction;
mod general;
mod packed;
mod winograd;

use self::winograd::{Weight, Winograd};
pub(crate) use self::{direction::Direction, packed::Packed};
use super::geometry::Geometry;
use crate::precision::Precision;

/// Convolves `input` with `weight`; a transposed convolution's gradient to its input.
pub(crate) fn forward(input: &[f32], weight: &[f32], g: &Geometry, precision: Precision) -> Vec<f32> {
    match Winograd::of(g, precision) {
        Some(winograd) => winograd.forward(input, Weight::Plain(weight)),
        None => general::forward(input, weight, g),
    }
}

/// The gradient to the input; a transposed convolution itself.
pub(crate) fn input_grad(
    output_grad: &[f32],
    weight: &[f32],
    g: &Geometry,
    precision: Precision,
) -> Vec<f32> {
    match Winograd::of(g, precision) {
        Some(winograd) => winograd.input_grad(output_grad, Weight::Plain(weight)),
        None => general::input_grad(output_grad, weight, g),
    }
}

/// The gradient to the weight, of a convolution and of a transposed one alike.
pub(crate) fn weight_grad(
    input: &[f32],
    output_grad: &[f32],
    g: &Geometry,
    precision: Precision,
) -> Vec<f32> {
    match Winograd::of(g, precision) {
        Some(winograd) => winograd.weight_grad(input, output_grad),
        None => general::weight_grad(input, output_grad, g),
    }
}

#[cfg(test)]
mod tests;
