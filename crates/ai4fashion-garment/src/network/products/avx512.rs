//! The sums with AVX-512, which multiplies 32 values and adds neighbours at once.

use std::arch::x86_64::__m512i;

use pulp::{cast, x86::V4};

use crate::network::products::{OUTPUTS, PIXELS, Sums, Values, Weights};

#[inline(always)]
pub(super) fn sums(simd: V4, weights: &[Weights], values: &[Values<'_>]) -> Sums {
    let zero: __m512i = cast([0_i32; OUTPUTS]);
    let mut sums = [zero; PIXELS];
    let mut rest = weights;
    for values in values {
        let length = values[0].len();
        let (weights, others) = rest.split_at(length);
        rest = others;
        let values = values.map(|values| &values[..length]);
        for pair in 0..length {
            let weights: __m512i = cast(weights[pair]);
            for (sum, values) in sums.iter_mut().zip(values) {
                let value = simd.avx512f._mm512_set1_epi32(cast(values[pair]));
                let products = simd.avx512bw._mm512_madd_epi16(value, weights);
                *sum = simd.avx512f._mm512_add_epi32(*sum, products);
            }
        }
    }
    sums.map(cast)
}
