//! Convolutions of whole numbers.
//!
//! Weights have 8 bits (16 in the first layer) and activations 13, so that the sums are exact in 32
//! bits: every CPU has the same result.

use crate::network::{
    feature_map::FeatureMap,
    products::{self, LANES, OUTPUTS, PIXELS},
};

/// Largest activation. The sum of 864 products by weights of 8 bits stays below 2^31.
pub const LARGEST: i16 = 8191;

/// A convolution whose padding is half its kernel.
#[derive(Clone, Debug)]
pub(crate) struct Conv {
    /// A row for each output channel: kernel rows, kernel columns, input channels, and zeros.
    weights: Vec<i16>,
    /// Length of a row.
    depth: usize,
    inputs: usize,
    kernel: usize,
    stride: usize,
    /// Factor and summand of each channel's sums.
    affine: Vec<[f32; 2]>,
}

impl Conv {
    /// `weights` are `[outputs, kernel, kernel, inputs]`.
    pub(crate) fn new(weights: &[i16], [inputs, kernel, stride]: [usize; 3], affine: Vec<[f32; 2]>) -> Self {
        let length = kernel * kernel * inputs;
        let depth = length.next_multiple_of(LANES);
        let outputs = affine.len();
        assert!(weights.len() == length * outputs && outputs.is_multiple_of(OUTPUTS));
        let mut padded = vec![0; depth * outputs];
        let rows = padded.chunks_exact_mut(depth).zip(weights.chunks_exact(length));
        rows.for_each(|(row, given)| row[..length].copy_from_slice(given));
        Self {
            weights: padded,
            depth,
            inputs,
            kernel,
            stride,
            affine,
        }
    }

    /// Length of a patch.
    #[cfg(test)]
    fn depth(&self) -> usize {
        self.depth
    }

    fn outputs(&self) -> usize {
        self.affine.len()
    }

    /// Writes the scaled sums, cut to `0..=LARGEST`, that is after ReLU.
    pub(crate) fn forward(&self, input: &FeatureMap, output: &mut FeatureMap, scratch: &mut Scratch) {
        for y in 0..output.height() {
            let width = output.width();
            self.sums(input, y, width, scratch);
            let row = output.row_mut(y).chunks_exact_mut(self.outputs());
            for (pixel, sums) in row.zip(scratch.sums.chunks_exact(self.outputs())) {
                for ((value, sum), [factor, summand]) in pixel.iter_mut().zip(sums).zip(&self.affine) {
                    // Rounded, as it is positive or becomes 0.
                    let scaled = *sum as f32 * factor + (summand + 0.5);
                    *value = scaled.clamp(0.0, f32::from(LARGEST)) as i16;
                }
            }
        }
    }

    /// Writes the scaled sums themselves.
    pub(crate) fn forward_f32(&self, input: &FeatureMap, output: &mut [f32], scratch: &mut Scratch) {
        let row = input.width() * self.outputs();
        for (y, output) in output.chunks_exact_mut(row).enumerate() {
            self.sums(input, y, input.width(), scratch);
            let affine = self.affine.iter().cycle();
            for ((value, sum), [factor, summand]) in output.iter_mut().zip(&scratch.sums).zip(affine) {
                *value = *sum as f32 * factor + summand;
            }
        }
    }

    /// Computes the sums of a row of the output.
    fn sums(&self, input: &FeatureMap, y: usize, width: usize, scratch: &mut Scratch) {
        let length = self.kernel * self.inputs;
        let inset = 1 - self.kernel / 2;
        for (x, patch) in scratch
            .patches
            .chunks_exact_mut(self.depth)
            .take(width)
            .enumerate()
        {
            for (row, part) in patch.chunks_exact_mut(length).take(self.kernel).enumerate() {
                let from = [y, x].map(|place| place * self.stride + inset);
                part.copy_from_slice(input.run(from[0] + row, from[1], self.kernel));
            }
            patch[self.kernel * length..].fill(0);
        }
        // Whole blocks of pixels: what lies behind the last one is not read.
        let pixels = width.next_multiple_of(PIXELS);
        products::compute(
            &scratch.patches[..pixels * self.depth],
            &self.weights,
            self.depth,
            &mut scratch.sums[..pixels * self.outputs()],
        );
    }
}

/// Buffers for a row of the output.
#[derive(Clone, Debug)]
pub(crate) struct Scratch {
    patches: Vec<i16>,
    sums: Vec<i32>,
}

impl Scratch {
    /// Allocates room for rows of pixels, patches of `depth` values, and channels.
    pub(crate) fn new(width: usize, depth: usize, outputs: usize) -> Self {
        let pixels = width.next_multiple_of(PIXELS);
        Self {
            patches: vec![0; pixels * depth],
            sums: vec![0; pixels * outputs],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values that repeat late.
    fn values(count: usize, limit: i64) -> Vec<i16> {
        (0..count as i64)
            .map(|place| (place * 7919 % (2 * limit + 1) - limit) as i16)
            .collect()
    }

    #[test]
    fn sums_are_those_of_a_convolution_by_hand() {
        for [inputs, kernel, stride] in [[3, 3, 2], [24, 3, 2], [5, 3, 1], [7, 1, 1]] {
            let (outputs, [height, width]) = (6, [9, 10]);
            let weights = values(outputs * kernel * kernel * inputs, 127);
            let conv = Conv::new(&weights, [inputs, kernel, stride], vec![[0.01, 3.0]; outputs]);
            let mut input = FeatureMap::new([height, width], inputs);
            let pixels: Vec<i16> = values(height * width * inputs, 300)
                .iter()
                .map(|it| it.abs())
                .collect();
            (0..height).for_each(|y| {
                input
                    .row_mut(y)
                    .copy_from_slice(&pixels[y * width * inputs..][..width * inputs]);
            });
            let size = [height.div_ceil(stride), width.div_ceil(stride)];
            let mut output = FeatureMap::new(size, outputs);
            conv.forward(
                &input,
                &mut output,
                &mut Scratch::new(width, conv.depth(), outputs),
            );
            for y in 0..size[0] {
                for x in 0..size[1] {
                    for channel in 0..outputs {
                        let mut sum = 0_i64;
                        for (row, column) in
                            (0..kernel).flat_map(|row| (0..kernel).map(move |column| (row, column)))
                        {
                            let half = kernel / 2;
                            let [Some(v), Some(u)] = [
                                (y * stride + row).checked_sub(half),
                                (x * stride + column).checked_sub(half),
                            ] else {
                                continue;
                            };
                            if v < height && u < width {
                                for it in 0..inputs {
                                    let weight =
                                        weights[((channel * kernel + row) * kernel + column) * inputs + it];
                                    sum +=
                                        i64::from(weight) * i64::from(pixels[(v * width + u) * inputs + it]);
                                }
                            }
                        }
                        let expected = (sum as f32 * 0.01 + 3.5).clamp(0.0, f32::from(LARGEST)) as i16;
                        assert_eq!(
                            output.row(y)[x * outputs + channel],
                            expected,
                            "({x}, {y}) {channel}"
                        );
                    }
                }
            }
        }
    }
}
