//! The sums with AVX2, which multiplies 16 values and adds neighbours at once.

use std::arch::x86_64::__m256i;

use pulp::{cast, x86::V3};

use crate::network::products::{OUTPUTS, PIXELS, Sums, Values, Weights};

#[inline(always)]
pub(super) fn sums(simd: V3, weights: &[Weights], values: &[Values<'_>]) -> Sums {
    let zero: [__m256i; 2] = cast([0_i32; OUTPUTS]);
    let mut sums = [zero; PIXELS];
    let mut rest = weights;
    for values in values {
        let length = values[0].len();
        let (weights, others) = rest.split_at(length);
        rest = others;
        let values = values.map(|values| &values[..length]);
        for pair in 0..length {
            let weights: [__m256i; 2] = cast(weights[pair]);
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
