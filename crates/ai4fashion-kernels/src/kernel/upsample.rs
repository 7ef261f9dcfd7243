//! Nearest-neighbour upsampling and a 3x3 convolution as one transposed convolution: its kernel.
//!
//! An enlarged pixel is 2x2 equal ones, so that an output's nine products are products with four
//! inputs. A transposed 4x4 convolution of stride 2 and padding 1 has them, if its kernel holds the
//! sums. Along an axis an even output reaches the input before it by the first of three taps and
//! the input that it lies in by the other two, an odd one the next input by the last. Sorted by the
//! taps of the transposed convolution these are `[c, b + c, a + b, a]` of the taps `[a, b, c]`.

use super::blocks::in_blocks;

/// Values of the 3x3 kernel from one channel to one, and of the 4x4 one.
const SMALL: usize = 9;
const LARGE: usize = 16;

/// Channels that a thread works on at a time: their small kernels lie together.
const BLOCK: usize = 8;

/// The kernel of the transposed convolution, `[input, output, 4, 4]`, of `weight`, `[output, input,
/// 3, 3]`.
pub(crate) fn spread(weight: &[f32], [output, input]: [usize; 2]) -> Vec<f32> {
    transposed(weight, [output, input], [SMALL, LARGE], |small, large| {
        let rows = [0, 1, 2].map(|row| spread_taps([0, 1, 2].map(|column| small[3 * row + column])));
        for column in 0..4 {
            let taps = spread_taps(rows.map(|row| row[column]));
            for (row, tap) in taps.into_iter().enumerate() {
                large[4 * row + column] = tap;
            }
        }
    })
}

/// The gradient to `weight`, `[output, input, 3, 3]`, from that to what [`spread`] makes of it.
pub(crate) fn gather(grad: &[f32], [output, input]: [usize; 2]) -> Vec<f32> {
    transposed(grad, [input, output], [LARGE, SMALL], |large, small| {
        let rows = [0, 1, 2, 3].map(|row| gather_taps([0, 1, 2, 3].map(|column| large[4 * row + column])));
        for column in 0..3 {
            let taps = gather_taps(rows.map(|row| row[column]));
            for (row, tap) in taps.into_iter().enumerate() {
                small[3 * row + column] = tap;
            }
        }
    })
}

fn spread_taps([a, b, c]: [f32; 3]) -> [f32; 4] {
    [c, b + c, a + b, a]
}

/// The transpose of [`spread_taps`].
fn gather_taps([a, b, c, d]: [f32; 4]) -> [f32; 3] {
    [c + d, b + c, a + b]
}

/// A matrix of kernels, transposed, each of `sizes[0]` values replaced by one of `sizes[1]`.
fn transposed(
    values: &[f32],
    [rows, columns]: [usize; 2],
    [from, to]: [usize; 2],
    replace: impl Fn(&[f32], &mut [f32]) + Sync,
) -> Vec<f32> {
    in_blocks(values.len() / from * to, BLOCK * rows * to, |block, found| {
        let first = block * BLOCK;
        for row in 0..rows {
            let kernels = values[(row * columns + first) * from..].chunks_exact(from);
            for (lines, kernel) in found.chunks_exact_mut(rows * to).zip(kernels) {
                replace(kernel, &mut lines[row * to..][..to]);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANNELS: [usize; 2] = [3, 2 * BLOCK + 1];

    fn values(count: usize) -> Vec<f32> {
        (0..count).map(|i| (i * 37 % 101) as f32 - 50.0).collect()
    }

    /// Output `2 + odd` takes, by the small kernel's `tap`, the enlarged value `1 + odd + tap` and
    /// so the input at half of it. A transposed convolution of stride 2 and padding 1 gives input
    /// `i` to this output by its tap `3 + odd - 2 * i`.
    #[test]
    fn a_large_kernel_holds_the_sums_of_the_small_one() {
        let taps = |tap: usize| [0, 1].map(|odd| 3 + odd - 2 * ((1 + odd + tap) / 2));
        let [output, input] = CHANNELS;
        let weight = values(output * input * SMALL);
        let spread = spread(&weight, CHANNELS);
        assert_eq!(spread.len(), output * input * LARGE);
        for (o, i) in (0..output).flat_map(|o| (0..input).map(move |i| (o, i))) {
            let mut expected = [0.0; LARGE];
            for (place, value) in weight[(o * input + i) * SMALL..][..SMALL].iter().enumerate() {
                for row in taps(place / 3) {
                    for column in taps(place % 3) {
                        expected[row * 4 + column] += value;
                    }
                }
            }
            assert_eq!(spread[(i * output + o) * LARGE..][..LARGE], expected, "{o} {i}");
        }
    }

    #[test]
    fn gradients_are_the_transpose() {
        let [output, input] = CHANNELS;
        let weight = values(output * input * SMALL);
        let grad: Vec<f32> = values(output * input * LARGE).into_iter().rev().collect();
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum::<f64>();
        let spread = spread(&weight, CHANNELS);
        assert_eq!(dot(&spread, &grad), dot(&weight, &gather(&grad, CHANNELS)));
    }
}
