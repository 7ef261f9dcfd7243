//! Products of patches and weights.

/// Values that a row of weights is padded to, so that no vector has a remainder.
pub(crate) const LANES: usize = 16;

/// Patches and weights whose sums stay in registers.
pub(crate) const PIXELS: usize = 4;
pub(crate) const OUTPUTS: usize = 3;

/// Computes the product of patches and weights, both stored row after row of `depth` values, the
/// latter a multiple of [`LANES`]: `sums` are `[patches, weights]`.
///
/// The numbers of patches and weights are multiples of [`PIXELS`] and [`OUTPUTS`].
pub(crate) fn compute(patches: &[i16], weights: &[i16], depth: usize, sums: &mut [i32]) {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        let products = avx2::Products {
            simd,
            patches,
            weights,
            depth,
            sums,
        };
        return simd.vectorize(products);
    }
    blocks(patches, weights, depth, sums, block_sums);
}

/// Computes the sums of all blocks of patches and weights.
#[inline(always)]
fn blocks(
    patches: &[i16],
    weights: &[i16],
    depth: usize,
    sums: &mut [i32],
    block_sums: impl Fn([&[[i16; LANES]]; PIXELS], [&[[i16; LANES]]; OUTPUTS]) -> [[i32; OUTPUTS]; PIXELS],
) {
    let outputs = weights.len() / depth;
    let (patches, weights) = (patches.as_chunks().0, weights.as_chunks().0);
    let vectors = depth / LANES;
    let blocks = patches.chunks_exact(PIXELS * vectors);
    for (patches, sums) in blocks.zip(sums.chunks_exact_mut(PIXELS * outputs)) {
        let patches = std::array::from_fn(|pixel| &patches[pixel * vectors..][..vectors]);
        for (block, weights) in weights.chunks_exact(OUTPUTS * vectors).enumerate() {
            let weights = std::array::from_fn(|output| &weights[output * vectors..][..vectors]);
            let found = block_sums(patches, weights);
            for (pixel, found) in found.iter().enumerate() {
                let start = pixel * outputs + block * OUTPUTS;
                sums[start..start + OUTPUTS].copy_from_slice(found);
            }
        }
    }
}

/// The sums of a block on any CPU.
fn block_sums(
    patches: [&[[i16; LANES]]; PIXELS],
    weights: [&[[i16; LANES]]; OUTPUTS],
) -> [[i32; OUTPUTS]; PIXELS] {
    patches.map(|patch| {
        weights.map(|row| {
            let products = patch.as_flattened().iter().zip(row.as_flattened());
            products
                .map(|(value, weight)| i32::from(*value) * i32::from(*weight))
                .sum()
        })
    })
}

/// The product with AVX2, which multiplies 16 pairs and adds neighbours at once.
#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::__m256i;

    use pulp::{NullaryFnOnce, cast, x86::V3};

    use super::{LANES, OUTPUTS, PIXELS, blocks};

    pub(super) struct Products<'a> {
        pub(super) simd: V3,
        pub(super) patches: &'a [i16],
        pub(super) weights: &'a [i16],
        pub(super) depth: usize,
        pub(super) sums: &'a mut [i32],
    }

    impl NullaryFnOnce for Products<'_> {
        type Output = ();

        #[inline(always)]
        fn call(self) {
            let simd = self.simd;
            blocks(
                self.patches,
                self.weights,
                self.depth,
                self.sums,
                #[inline(always)]
                |patches, weights| block_sums(simd, patches, weights),
            );
        }
    }

    #[inline(always)]
    fn block_sums(
        simd: V3,
        patches: [&[[i16; LANES]]; PIXELS],
        weights: [&[[i16; LANES]]; OUTPUTS],
    ) -> [[i32; OUTPUTS]; PIXELS] {
        let zero: __m256i = cast([0_i32; 8]);
        let mut sums = [[zero; OUTPUTS]; PIXELS];
        for vector in 0..weights[0].len() {
            let weights: [__m256i; OUTPUTS] = std::array::from_fn(|output| cast(weights[output][vector]));
            for (sums, patch) in sums.iter_mut().zip(patches) {
                let patch: __m256i = cast(patch[vector]);
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    let products = simd.avx2._mm256_madd_epi16(patch, weight);
                    *sum = simd.avx2._mm256_add_epi32(*sum, products);
                }
            }
        }
        sums.map(|sums| {
            sums.map(|sum| {
                let lanes: [i32; 8] = cast(sum);
                lanes.iter().sum()
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cpu_has_the_sums_of_the_simple_one() {
        let (depth, pixels, outputs) = (3 * LANES, 2 * PIXELS, 4 * OUTPUTS);
        let values = |count: usize, limit: i64| -> Vec<i16> {
            let value = |place: i64| (place * 7919 % (2 * limit + 1) - limit) as i16;
            (0..count as i64).map(value).collect()
        };
        let (patches, weights) = (values(pixels * depth, 8191), values(outputs * depth, 127));
        let [mut found, mut expected] = [0; 2].map(|_| vec![0; pixels * outputs]);
        compute(&patches, &weights, depth, &mut found);
        blocks(&patches, &weights, depth, &mut expected, block_sums);
        assert_eq!(found, expected);
        assert!(expected.iter().any(|sum| *sum != 0));
    }
}
