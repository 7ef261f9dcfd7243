//! Products of bfloat16 with sums of `f32`, twice as many a second as of `f32`.
//!
//! CPUs with AVX512-BF16 have them. Two neighbours in the depth of a product share a word;
//! the one with the even index is its lower half.

use crate::kernel::{
    panel::{PANEL, STRIP},
    product::{Block, Output},
};
#[cfg(any(test, target_arch = "x86_64"))]
use crate::precision::Precision;

/// Two bfloat16 of neighbouring depth.
type Pair = u32;

/// Rounds to the nearest bfloat16, ties to even; NaN stays NaN.
#[inline(always)]
fn round(value: f32) -> u32 {
    let bits = value.to_bits();
    let rounded = bits.wrapping_add(0x7fff + (bits >> 16 & 1)) >> 16;
    if value.is_nan() { 0x7fc0 } else { rounded }
}

/// Packs rows of even length: neighbours in a row share a word.
pub(crate) fn pair_rows(pairs: &mut [Pair], rows: &[f32]) {
    pulp::Arch::new().dispatch(
        #[inline(always)]
        || {
            for (pair, [low, high]) in pairs.iter_mut().zip(rows.as_chunks().0) {
                *pair = round(*low) | round(*high) << 16;
            }
        },
    );
}

/// Packs a panel: a column of two neighbouring rows shares words; an odd last row is paired with
/// zeros.
pub(crate) fn pair_panel<const W: usize>(pairs: &mut [[Pair; W]], panel: &[[f32; W]]) {
    pulp::Arch::new().dispatch(
        #[inline(always)]
        || {
            for (pairs, rows) in pairs.iter_mut().zip(panel.chunks(2)) {
                let high = rows.get(1).unwrap_or(&[0.0; W]);
                for ((pair, low), high) in pairs.iter_mut().zip(&rows[0]).zip(high) {
                    *pair = round(*low) | round(*high) << 16;
                }
            }
        },
    );
}

/// Multiplies pairs as [`multiply`](crate::kernel::product::multiply) does numbers.
pub(crate) fn multiply(out: Block<'_>, left: &[Pair], panel: &[[Pair; PANEL]]) {
    let depth = panel.len();
    let (rows, columns) = (out.values.len() / out.stride, out.column..out.column + PANEL);
    assert!(
        left.len() == rows * depth && columns.end <= out.stride,
        "sizes of the product"
    );
    let mut tiles = out.values.chunks_exact_mut(8 * out.stride);
    let mut left_tiles = left.chunks_exact(8 * depth);
    for (out_tile, left) in tiles.by_ref().zip(left_tiles.by_ref()) {
        let rows: [&[Pair]; 8] = core::array::from_fn(|row| &left[row * depth..][..depth]);
        tile::<8>(
            &mut out_tile[out.column..],
            out.stride,
            Output::Overwrite,
            panel,
            |row, step| rows[row][step],
        );
    }
    let rest = tiles.into_remainder().chunks_exact_mut(out.stride);
    for (row, left) in rest.zip(left_tiles.remainder().chunks_exact(depth)) {
        tile::<1>(
            &mut row[out.column..],
            out.stride,
            Output::Overwrite,
            panel,
            |_, step| left[step],
        );
    }
}

/// Sums outer products of pairs as [`sum_of_outer`](crate::kernel::product::sum_of_outer) does.
pub(crate) fn sum_of_outer(out: Block<'_>, mode: Output, left: &[[Pair; STRIP]], panel: &[[Pair; PANEL]]) {
    let columns = out.column..out.column + PANEL;
    let rows = left.len() / panel.len().max(1) * STRIP;
    assert!(
        columns.end <= out.stride && out.values.len() == rows * out.stride,
        "sizes of the product"
    );
    let strips = out.values.chunks_exact_mut(STRIP * out.stride);
    for (strip, left) in strips.zip(left.chunks_exact(panel.len())) {
        for (half, rows) in strip.chunks_exact_mut(8 * out.stride).enumerate() {
            tile::<8>(&mut rows[out.column..], out.stride, mode, panel, |row, step| {
                left[step][8 * half + row]
            });
        }
    }
}

/// `R` rows of a product with a panel.
#[cfg(target_arch = "x86_64")]
fn tile<const R: usize>(
    out: &mut [f32],
    stride: usize,
    mode: Output,
    panel: &[[Pair; PANEL]],
    left: impl Fn(usize, usize) -> Pair,
) {
    assert!(
        Precision::Mixed.is_available(),
        "the CPU has no products of bfloat16"
    );
    // SAFETY: the CPU has the instructions, by the assertion above.
    #[expect(unsafe_code, reason = "only the caller can know what the CPU has")]
    let sums = unsafe { x86::sums::<R>(panel, left) };
    for (row, sums) in sums.iter().enumerate() {
        for (out, sum) in out[row * stride..][..PANEL].iter_mut().zip(sums) {
            *out = match mode {
                Output::Overwrite => *sum,
                Output::Add => *out + sum,
            };
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn tile<const R: usize>(
    _: &mut [f32],
    _: usize,
    _: Output,
    _: &[[Pair; PANEL]],
    _: impl Fn(usize, usize) -> Pair,
) {
    unreachable!("callers ask `Precision::is_available`")
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use core::{
        arch::x86_64::{__m512, __m512bh, __m512i, _mm512_dpbf16_ps, _mm512_set1_epi32, _mm512_setzero_ps},
        mem::transmute,
    };

    use super::{PANEL, Pair};

    /// `R` rows of sums over the depth of a panel.
    #[target_feature(enable = "avx512f,avx512bf16")]
    pub(super) fn sums<const R: usize>(
        panel: &[[Pair; PANEL]],
        left: impl Fn(usize, usize) -> Pair,
    ) -> [[f32; PANEL]; R] {
        let mut sums = [[_mm512_setzero_ps(); 2]; R];
        for (step, right) in panel.iter().enumerate() {
            let right = halves(right);
            for (row, sums) in sums.iter_mut().enumerate() {
                let left = pairs(_mm512_set1_epi32(left(row, step).cast_signed()));
                sums[0] = _mm512_dpbf16_ps(sums[0], left, right[0]);
                sums[1] = _mm512_dpbf16_ps(sums[1], left, right[1]);
            }
        }
        sums.map(floats)
    }

    fn halves(words: &[Pair; PANEL]) -> [__m512bh; 2] {
        // SAFETY: both types are 128 bytes, and every pattern of them is a value.
        #[expect(unsafe_code, reason = "there is no safe conversion to this register type")]
        unsafe {
            transmute::<[Pair; PANEL], [__m512bh; 2]>(*words)
        }
    }

    fn pairs(words: __m512i) -> __m512bh {
        // SAFETY: both types are 64 bytes, and every pattern of them is a value.
        #[expect(unsafe_code, reason = "there is no safe conversion to this register type")]
        unsafe {
            transmute::<__m512i, __m512bh>(words)
        }
    }

    fn floats(sums: [__m512; 2]) -> [f32; PANEL] {
        // SAFETY: both types are 128 bytes, and every pattern of them is a value.
        #[expect(unsafe_code, reason = "there is no safe conversion from this register type")]
        unsafe {
            transmute::<[__m512; 2], [f32; PANEL]>(sums)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_to_the_nearest_bfloat16_and_to_even() {
        let rounded = |value: f32| f32::from_bits(round(value) << 16);
        for (value, expected) in [
            (1.0, 1.0),
            (1.0 + 1.0 / 256.0, 1.0),
            (1.0 + 3.0 / 256.0, 1.0 + 1.0 / 64.0),
            (1.0 + 1.1 / 256.0, 1.0 + 1.0 / 128.0),
            (-3.0, -3.0),
            (f32::MAX, f32::INFINITY),
            (f32::NEG_INFINITY, f32::NEG_INFINITY),
        ] {
            assert_eq!(rounded(value), expected, "{value}");
        }
        assert!(rounded(f32::NAN).is_nan());
        assert!(
            rounded(f32::from_bits(0x7f80_0001)).is_nan(),
            "a NaN whose bits are all low"
        );
    }

    /// All of a matrix that is as wide as a panel.
    fn block(values: &mut [f32]) -> Block<'_> {
        Block {
            values,
            stride: PANEL,
            column: 0,
        }
    }

    #[test]
    fn products_of_pairs_equal_those_of_floats_that_bfloat16_holds() {
        let (rows, depth) = (19, 7);
        // Small whole numbers: bfloat16 holds them and f32 their sums.
        let number = |i: usize| ((i * 37 + 11) % 17) as f32 - 8.0;
        let panel: Vec<[f32; PANEL]> = (0..depth + 1)
            .map(|step| {
                core::array::from_fn(|lane| {
                    if step < depth {
                        number(step * PANEL + lane)
                    } else {
                        0.0
                    }
                })
            })
            .collect();
        let left: Vec<f32> = (0..rows * (depth + 1)).map(number).collect();
        let mut left_pairs = vec![0; left.len() / 2];
        pair_rows(&mut left_pairs, &left);
        let mut panel_pairs = vec![[0; PANEL]; panel.len() / 2];
        pair_panel(&mut panel_pairs, &panel[..depth]);
        // On every machine: a pair holds two neighbours in depth, the even one in its lower half.
        let floats = |pair: Pair| [pair << 16, pair & 0xffff_0000].map(f32::from_bits);
        assert_eq!(
            left_pairs
                .iter()
                .flat_map(|pair| floats(*pair))
                .collect::<Vec<_>>(),
            left
        );
        for (pairs, [low, high]) in panel_pairs.iter().zip(panel.as_chunks().0) {
            for (lane, pair) in pairs.iter().enumerate() {
                assert_eq!(floats(*pair), [low[lane], high[lane]], "lane {lane}");
            }
        }
        if !Precision::Mixed.is_available() {
            eprintln!("skipped: the CPU has no products of bfloat16");
            return;
        }

        let mut expected = vec![0.0; rows * PANEL];
        crate::kernel::product::multiply(block(&mut expected), &left, &panel);
        let mut found = vec![f32::NAN; rows * PANEL];
        multiply(block(&mut found), &left_pairs, &panel_pairs);
        assert_eq!(found, expected);

        let strips: Vec<[f32; STRIP]> = (0..depth)
            .map(|step| core::array::from_fn(|row| left[row * (depth + 1) + step]))
            .collect();
        let mut strip_pairs = vec![[0; STRIP]; depth.div_ceil(2)];
        pair_panel(&mut strip_pairs, &strips);
        let mut found = vec![1.0; STRIP * PANEL];
        sum_of_outer(block(&mut found), Output::Add, &strip_pairs, &panel_pairs);
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(*found, expected + 1.0);
        }
    }
}
