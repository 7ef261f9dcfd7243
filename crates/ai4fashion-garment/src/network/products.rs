//! Sums of products of a feature map and the weights of a convolution.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;

#[cfg(target_arch = "x86_64")]
use pulp::{
    NullaryFnOnce,
    x86::{V3, V4},
};

use crate::network::feature_map::FeatureMap;

/// Pixels and output channels whose sums stay in registers.
pub(crate) const PIXELS: usize = 4;
pub(crate) const OUTPUTS: usize = 16;

/// Rows of the largest kernel.
const LARGEST_KERNEL: usize = 3;

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

/// Pairs of input values that a row of the kernel reads, for each pixel.
type Values<'a> = [&'a [[i16; 2]]; PIXELS];

impl Products<'_> {
    /// Hands each place of the output with its sums to `write`; some pixels come twice.
    pub(crate) fn compute(self, write: impl FnMut(Place, &Sums)) {
        #[cfg(target_arch = "x86_64")]
        {
            if let Some(simd) = V4::try_new() {
                return self.with_avx512(simd, write);
            }
            if let Some(simd) = V3::try_new() {
                return self.with_avx2(simd, write);
            }
        }
        self.each_place(write, sums);
    }

    #[cfg(target_arch = "x86_64")]
    fn with_avx512(self, simd: V4, write: impl FnMut(Place, &Sums)) {
        simd.vectorize(Vectorized::new(
            self,
            write,
            #[inline(always)]
            |weights: &[Weights], values: &[Values<'_>]| avx512::sums(simd, weights, values),
        ));
    }

    #[cfg(target_arch = "x86_64")]
    fn with_avx2(self, simd: V3, write: impl FnMut(Place, &Sums)) {
        simd.vectorize(Vectorized::new(
            self,
            write,
            #[inline(always)]
            |weights: &[Weights], values: &[Values<'_>]| avx2::sums(simd, weights, values),
        ));
    }

    #[inline(always)]
    fn each_place(
        self,
        mut write: impl FnMut(Place, &Sums),
        sums: impl Fn(&[Weights], &[Values<'_>]) -> Sums,
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
                    // Loops, not closures, which a function for a CPU does not take in.
                    let mut values: [Values<'_>; LARGEST_KERNEL] = Default::default();
                    for (kernel_row, values) in values.iter_mut().take(self.kernel).enumerate() {
                        for (pixel, values) in values.iter_mut().enumerate() {
                            let [v, u] = [y * self.stride + inset, (x + pixel) * self.stride + inset];
                            *values = self.input.run(v + kernel_row, u, self.kernel).as_chunks().0;
                        }
                    }
                    let place = Place {
                        y,
                        x,
                        channel: block * OUTPUTS,
                    };
                    write(place, &sums(weights, &values[..self.kernel]));
                }
            }
        }
    }
}

/// What a function for a CPU calls.
#[cfg(target_arch = "x86_64")]
struct Vectorized<'a, W, S> {
    products: Products<'a>,
    write: W,
    sums: S,
}

#[cfg(target_arch = "x86_64")]
impl<'a, W, S> Vectorized<'a, W, S>
where
    S: Fn(&[Weights], &[Values<'_>]) -> Sums,
{
    fn new(products: Products<'a>, write: W, sums: S) -> Self {
        Self {
            products,
            write,
            sums,
        }
    }
}

#[cfg(target_arch = "x86_64")]
impl<W, S> NullaryFnOnce for Vectorized<'_, W, S>
where
    W: FnMut(Place, &Sums),
    S: Fn(&[Weights], &[Values<'_>]) -> Sums,
{
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.products.each_place(self.write, self.sums);
    }
}

/// The sums of a place on any CPU: of rows of values, and their weights.
fn sums(weights: &[Weights], values: &[Values<'_>]) -> Sums {
    let mut sums = [[0; OUTPUTS]; PIXELS];
    let length = weights.len() / values.len();
    for (weights, values) in weights.chunks_exact(length).zip(values) {
        for (sums, values) in sums.iter_mut().zip(*values) {
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
        let none = || vec![0; height * width * 2 * OUTPUTS];
        let (mut found, mut expected) = (none(), none());
        products.compute(|place, sums| put(&mut found, place, sums));
        products.each_place(|place, sums| put(&mut expected, place, sums), sums);
        assert_eq!(found, expected);
        #[cfg(target_arch = "x86_64")]
        {
            // A CPU that has the second has the first, which `compute` then leaves out.
            if let Some(simd) = V3::try_new() {
                let mut found = none();
                products.with_avx2(simd, |place, sums| put(&mut found, place, sums));
                assert_eq!(found, expected, "AVX2");
            }
            if let Some(simd) = V4::try_new() {
                let mut found = none();
                products.with_avx512(simd, |place, sums| put(&mut found, place, sums));
                assert_eq!(found, expected, "AVX-512");
            }
        }
        assert!(expected.iter().any(|sum| *sum != 0));
    }
}
