//! The three products that make up a convolution, on plain slices in row-major order.
//!
//! | product | takes | gives | rows x depth x columns of the matrix product |
//! |---|---|---|---|
//! | [`forward`] | input, weight | output | `out_channels` x `depth` x `positions` |
//! | [`input_grad`] | output gradient, weight | input gradient | `depth` x `out_channels` x `positions` |
//! | [`weight_grad`] | input, output gradient | weight gradient | `out_channels` x `positions` x `depth` |
//!
//! `depth` is `in_channels * kernel_height * kernel_width`, `positions` the output positions of a
//! group of pictures. Groups run in parallel; sums over groups are taken in a fixed order for a
//! given number of threads, so that the same run gives the same bytes.

use rayon::prelude::*;

use crate::{
    geometry::Geometry,
    im2col,
    matmul::{Matrix, Output, matmul},
};

/// Convolves `input` with `weight`; a transposed convolution's gradient to its input.
pub(crate) fn forward(input: &[f32], weight: &[f32], g: &Geometry) -> Vec<f32> {
    let mut output = vec![0.0; g.batch * g.output_len()];
    if output.is_empty() || g.input_len() == 0 {
        return output;
    }
    let group = g.pictures_per_group(rayon::current_num_threads());
    output
        .par_chunks_mut(group * g.output_len())
        .zip(input.par_chunks(group * g.input_len()))
        .for_each_init(Scratch::default, |scratch, (output, input)| {
            let positions = output.len() / g.out_channels;
            let columns = resized(&mut scratch.columns, g.depth() * positions);
            im2col::gather(columns, input, g);
            let weight = Matrix::new(weight, g.out_channels, g.depth());
            let columns = Matrix::new(columns, g.depth(), positions);
            if positions == g.out_plane() {
                matmul(output, Output::Overwrite, weight, columns);
            } else {
                let planes = resized(&mut scratch.planes, output.len());
                matmul(planes, Output::Overwrite, weight, columns);
                channels_first_to_pictures(output, planes, g);
            }
        });
    output
}

/// The gradient to the input; a transposed convolution itself.
pub(crate) fn input_grad(output_grad: &[f32], weight: &[f32], g: &Geometry) -> Vec<f32> {
    let mut input_grad = vec![0.0; g.batch * g.input_len()];
    if input_grad.is_empty() || g.output_len() == 0 {
        return input_grad;
    }
    let group = g.pictures_per_group(rayon::current_num_threads());
    input_grad
        .par_chunks_mut(group * g.input_len())
        .zip(output_grad.par_chunks(group * g.output_len()))
        .for_each_init(Scratch::default, |scratch, (input_grad, output_grad)| {
            let positions = output_grad.len() / g.out_channels;
            let planes = channels_first(&mut scratch.planes, output_grad, g);
            let columns = resized(&mut scratch.columns, g.depth() * positions);
            let weight = Matrix::new(weight, g.out_channels, g.depth());
            let planes = Matrix::new(planes, g.out_channels, positions);
            matmul(columns, Output::Overwrite, weight.transposed(), planes);
            im2col::scatter_add(input_grad, columns, g);
        });
    input_grad
}

/// The gradient to the weight, of a convolution and of a transposed one alike.
pub(crate) fn weight_grad(input: &[f32], output_grad: &[f32], g: &Geometry) -> Vec<f32> {
    let weight_len = g.out_channels * g.depth();
    if weight_len == 0 || g.batch * g.output_len() == 0 {
        return vec![0.0; weight_len];
    }
    let threads = rayon::current_num_threads();
    let group = g.pictures_per_group(threads);
    // Each part sums its groups in order; the parts are summed in order too.
    let part = g.batch.div_ceil(group).div_ceil(threads) * group;
    let parts: Vec<Vec<f32>> = input
        .par_chunks(part * g.input_len())
        .zip(output_grad.par_chunks(part * g.output_len()))
        .map(|(input, output_grad)| {
            let mut scratch = Scratch::default();
            let mut sum = vec![0.0; weight_len];
            let groups = input
                .chunks(group * g.input_len())
                .zip(output_grad.chunks(group * g.output_len()));
            for (input, output_grad) in groups {
                let positions = output_grad.len() / g.out_channels;
                let columns = resized(&mut scratch.columns, g.depth() * positions);
                im2col::gather(columns, input, g);
                let planes = channels_first(&mut scratch.planes, output_grad, g);
                let planes = Matrix::new(planes, g.out_channels, positions);
                let columns = Matrix::new(columns, g.depth(), positions);
                matmul(&mut sum, Output::Add, planes, columns.transposed());
            }
            sum
        })
        .collect();
    let mut parts = parts.into_iter();
    let mut total = parts.next().unwrap_or_default();
    for part in parts {
        total
            .par_iter_mut()
            .zip(part)
            .for_each(|(total, value)| *total += value);
    }
    total
}

/// Buffers that a thread keeps from group to group.
#[derive(Default)]
struct Scratch {
    columns: Vec<f32>,
    planes: Vec<f32>,
}

fn resized(buffer: &mut Vec<f32>, len: usize) -> &mut [f32] {
    buffer.resize(len, 0.0);
    buffer
}

/// `[picture, channel, position]` as `[channel, picture, position]`; a single picture is so already.
fn channels_first<'a>(buffer: &'a mut Vec<f32>, pictures: &'a [f32], g: &Geometry) -> &'a [f32] {
    if pictures.len() == g.output_len() {
        return pictures;
    }
    let plane = g.out_plane();
    let count = pictures.len() / g.output_len();
    let buffer = resized(buffer, pictures.len());
    for (picture, values) in pictures.chunks_exact(g.output_len()).enumerate() {
        for (channel, values) in values.chunks_exact(plane).enumerate() {
            buffer[(channel * count + picture) * plane..][..plane].copy_from_slice(values);
        }
    }
    buffer
}

/// The way back from [`channels_first`].
fn channels_first_to_pictures(pictures: &mut [f32], planes: &[f32], g: &Geometry) {
    let plane = g.out_plane();
    let count = pictures.len() / g.output_len();
    for (picture, values) in pictures.chunks_exact_mut(g.output_len()).enumerate() {
        for (channel, values) in values.chunks_exact_mut(plane).enumerate() {
            values.copy_from_slice(&planes[(channel * count + picture) * plane..][..plane]);
        }
    }
}

#[cfg(test)]
mod tests;
