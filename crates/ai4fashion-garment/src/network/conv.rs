//! Convolutions of whole numbers.
//!
//! Weights have 8 bits (16 in the first layer) and activations 13, so that the sums are exact in 32
//! bits: every CPU has the same result.

use crate::network::{
    feature_map::FeatureMap,
    products::{OUTPUTS, Place, Products, Sums, Weights},
};

/// Largest activation. The sum of 864 products by weights of 8 bits stays below 2^31.
pub const LARGEST: i16 = 8191;

/// A convolution whose padding is half its kernel.
#[derive(Clone, Debug)]
pub(crate) struct Conv {
    weights: Vec<Weights>,
    kernel: usize,
    stride: usize,
    /// Factor and summand of each channel's sums.
    affine: Vec<[f32; 2]>,
}

impl Conv {
    /// `weights` are `[outputs, kernel, kernel, inputs]`.
    pub(crate) fn new(weights: &[i16], [inputs, kernel, stride]: [usize; 3], affine: Vec<[f32; 2]>) -> Self {
        let outputs = affine.len();
        let length = kernel * kernel * inputs;
        assert!(weights.len() == length * outputs && outputs.is_multiple_of(OUTPUTS));
        let stored = FeatureMap::stored(inputs);
        let mut packed = vec![[0; 2 * OUTPUTS]; kernel * kernel * stored / 2 * (outputs / OUTPUTS)];
        let pairs = kernel * kernel * stored / 2;
        for (output, row) in weights.chunks_exact(length).enumerate() {
            let (block, lane) = (output / OUTPUTS, output % OUTPUTS);
            for (place, pixel) in row.chunks_exact(inputs).enumerate() {
                for (channel, weight) in pixel.iter().enumerate() {
                    let value = place * stored + channel;
                    packed[block * pairs + value / 2][2 * lane + value % 2] = *weight;
                }
            }
        }
        Self {
            weights: packed,
            kernel,
            stride,
            affine,
        }
    }

    /// Writes the scaled sums, cut to `0..=LARGEST`, that is after ReLU.
    pub(crate) fn forward(&self, input: &FeatureMap, output: &mut FeatureMap) {
        let size = [output.height(), output.width()];
        self.each_pixel(
            input,
            size,
            #[inline(always)]
            |y, start, scaled| {
                let row = &mut output.row_mut(y)[start..start + OUTPUTS];
                row.copy_from_slice(&scaled.map(rounded));
            },
        );
    }

    /// Writes the scaled sums themselves.
    pub(crate) fn forward_f32(&self, input: &FeatureMap, output: &mut [f32]) {
        let size = [input.height(), input.width()];
        let row = size[1] * self.affine.len();
        self.each_pixel(
            input,
            size,
            #[inline(always)]
            |y, start, scaled| output[y * row + start..][..OUTPUTS].copy_from_slice(&scaled),
        );
    }

    /// Hands [`OUTPUTS`] scaled sums of a pixel to `write`, with its row and their place in it.
    #[inline(always)]
    fn each_pixel(
        &self,
        input: &FeatureMap,
        size: [usize; 2],
        mut write: impl FnMut(usize, usize, [f32; OUTPUTS]),
    ) {
        let products = Products {
            input,
            weights: &self.weights,
            kernel: self.kernel,
            stride: self.stride,
            size,
        };
        products.compute(
            #[inline(always)]
            |Place { y, x, channel }: Place, sums: &Sums| {
                let affine = &self.affine[channel..channel + OUTPUTS];
                for (pixel, sums) in sums.iter().enumerate() {
                    let scaled = std::array::from_fn(|lane| {
                        let [factor, summand] = affine[lane];
                        sums[lane] as f32 * factor + summand
                    });
                    write(y, (x + pixel) * self.affine.len() + channel, scaled);
                }
            },
        );
    }
}

/// Rounds a value cut to `0..=LARGEST`: the last bits of a sum with 2^23 are a whole number.
#[inline(always)]
fn rounded(value: f32) -> i16 {
    const WHOLE: f32 = 8_388_608.0;
    (value.clamp(0.0, f32::from(LARGEST)) + WHOLE).to_bits() as i16
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
            let (outputs, [height, width]) = (2 * OUTPUTS, [9, 10]);
            let weights = values(outputs * kernel * kernel * inputs, 127);
            let conv = Conv::new(&weights, [inputs, kernel, stride], vec![[0.01, 3.0]; outputs]);
            let mut input = FeatureMap::new([height, width], inputs);
            let pixels: Vec<i16> = values(height * width * inputs, 300)
                .iter()
                .map(|it| it.abs())
                .collect();
            for (y, row) in pixels.chunks_exact(width * inputs).enumerate() {
                let stored = input.row_mut(y).chunks_exact_mut(FeatureMap::stored(inputs));
                for (stored, pixel) in stored.zip(row.chunks_exact(inputs)) {
                    stored[..inputs].copy_from_slice(pixel);
                }
            }
            let size = [height.div_ceil(stride), width.div_ceil(stride)];
            let mut output = FeatureMap::new(size, outputs);
            conv.forward(&input, &mut output);
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
                        let expected = (sum as f32 * 0.01 + 3.0).round_ties_even();
                        let expected = expected.clamp(0.0, f32::from(LARGEST)) as i16;
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
