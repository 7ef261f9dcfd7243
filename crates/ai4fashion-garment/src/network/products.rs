//! Sums of products of a feature map and the weights of a convolution.

use crate::network::feature_map::FeatureMap;

/// Pixels and output channels whose sums stay in registers.
pub(crate) const PIXELS: usize = 4;
pub(crate) const OUTPUTS: usize = 16;

/// Weights of a pair of input values for [`OUTPUTS`] channels: two for each.
pub(crate) type Weights = [i16; 2 * OUTPUTS];

/// A convolution's input and weights.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Products<'a> {
    pub(crate) input: &'a FeatureMap,
    /// For each [`OUTPUTS`] channels the kernel's rows, for each row its pairs of values.
    pub(crate) weights: &'a [Weights],
    pub(crate) kernel: usize,
    pub(crate) stride: usize,
    /// Height and width of the output; the latter is at least [`PIXELS`].
    pub(crate) size: [usize; 2],
}

/// Adjacent pixels of the output, and output channels from `channel` on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) y: usize,
    pub(crate) x: usize,
    pub(crate) channel: usize,
}

/// Sums of a place.
pub(crate) type Sums = [[i32; OUTPUTS]; PIXELS];

impl Products<'_> {
    /// Hands each place of the output with its sums to `write`; some pixels come twice.
    pub(crate) fn compute(self, write: impl FnMut(Place, &Sums)) {
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = pulp::x86::V3::try_new() {
            let products = self;
            return simd.vectorize(avx2::Vectorized {
                simd,
                products,
                write,
            });
        }
        self.each_place(write, sums);
    }

    #[inline(always)]
    fn each_place(
        self,
        mut write: impl FnMut(Place, &Sums),
        sums: impl Fn(&[Weights], [[&[[i16; 2]]; PIXELS]; 3], usize) -> Sums,
    ) {
        let [height, width] = self.size;
        let inset = 1 - self.kernel / 2;
        let row = self.kernel * self.input.channels();
        let blocks = self.weights.chunks_exact(self.kernel * row / 2);
        for (block, weights) in blocks.enumerate() {
            for y in 0..height {
                for start in (0..width).step_by(PIXELS) {
                    // The last pixels overlap with those before.
                    let x = start.min(width - PIXELS);
                    let values = [0, 1, 2].map(|kernel_row| {
                        let kernel_row = kernel_row.min(self.kernel - 1);
                        std::array::from_fn(|pixel| {
                            let [v, u] = [y, x + pixel].map(|it| it * self.stride + inset);
                            self.input.run(v + kernel_row, u, self.kernel).as_chunks().0
                        })
                    });
                    let place = Place {
                        y,
                        x,
                        channel: block * OUTPUTS,
                    };
                    write(place, &sums(weights, values, self.kernel));
                }
            }
        }
    }
}

/// The sums of a place on any CPU: of rows of values, and their weights.
fn sums(weights: &[Weights], values: [[&[[i16; 2]]; PIXELS]; 3], rows: usize) -> Sums {
    let mut sums = [[0; OUTPUTS]; PIXELS];
    let length = weights.len() / rows;
    for (weights, values) in weights.chunks_exact(length).zip(values) {
        for (sums, values) in sums.iter_mut().zip(values) {
            for (pair, weights) in values.iter().zip(weights) {
                let [first, second] = pair.map(i32::from);
                for (sum, weight) in sums.iter_mut().zip(weights.as_chunks::<2>().0) {
                    *sum += first * i32::from(weight[0]) + second * i32::from(weight[1]);
                }
            }
        }
    }
    sums
}

/// The sums with AVX2, which multiplies 16 values and adds neighbours at once.
#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::__m256i;

    use pulp::{NullaryFnOnce, cast, x86::V3};

    use super::{OUTPUTS, PIXELS, Place, Products, Sums, Weights};

    pub(super) struct Vectorized<'a, F> {
        pub(super) simd: V3,
        pub(super) products: Products<'a>,
        pub(super) write: F,
    }

    impl<F: FnMut(Place, &Sums)> NullaryFnOnce for Vectorized<'_, F> {
        type Output = ();

        #[inline(always)]
        fn call(self) {
            let simd = self.simd;
            self.products.each_place(
                self.write,
                #[inline(always)]
                |weights, values, rows| sums(simd, weights, values, rows),
            );
        }
    }

    #[inline(always)]
    fn sums(simd: V3, weights: &[Weights], values: [[&[[i16; 2]]; PIXELS]; 3], rows: usize) -> Sums {
        let zero: [__m256i; 2] = cast([0_i32; OUTPUTS]);
        let mut sums = [zero; PIXELS];
        let length = weights.len() / rows;
        for (weights, values) in weights.chunks_exact(length).zip(values) {
            let values = values.map(|values| &values[..length]);
            for (pair, weights) in weights.iter().enumerate() {
                let weights: [__m256i; 2] = cast(*weights);
                for (sums, values) in sums.iter_mut().zip(values) {
                    let value = simd.avx._mm256_set1_epi32(cast(values[pair]));
                    for (sum, weight) in sums.iter_mut().zip(weights) {
                        let products = simd.avx2._mm256_madd_epi16(value, weight);
                        *sum = simd.avx2._mm256_add_epi32(*sum, products);
                    }
                }
            }
        }
        sums.map(cast)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cpu_has_the_sums_of_the_simple_one() {
        let [height, width, channels] = [5, 6, 8];
        let values = |count: usize, limit: i64| -> Vec<i16> {
            let value = |place: i64| (place * 7919 % (2 * limit + 1) - limit) as i16;
            (0..count as i64).map(value).collect()
        };
        let mut input = FeatureMap::new([height, width], channels);
        for y in 0..height {
            let row = values((y + 1) * width * channels, 8191);
            input.row_mut(y).copy_from_slice(&row[y * width * channels..]);
        }
        let weights = values(2 * 9 * channels / 2 * 2 * OUTPUTS, 127);
        let products = Products {
            input: &input,
            weights: weights.as_chunks().0,
            kernel: 3,
            stride: 1,
            size: [height, width],
        };
        let put = |all: &mut [i32], place: Place, sums: &Sums| {
            for (pixel, sums) in sums.iter().enumerate() {
                let start = (place.y * width + place.x + pixel) * 2 * OUTPUTS + place.channel;
                all[start..start + OUTPUTS].copy_from_slice(sums);
            }
        };
        let [mut found, mut expected] = [0; 2].map(|_| vec![0; height * width * 2 * OUTPUTS]);
        products.compute(|place, sums| put(&mut found, place, sums));
        products.each_place(|place, sums| put(&mut expected, place, sums), sums);
        assert_eq!(found, expected);
        assert!(expected.iter().any(|sum| *sum != 0));
    }
}
