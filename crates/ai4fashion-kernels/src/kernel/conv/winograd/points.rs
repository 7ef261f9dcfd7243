//! Registers of channels, at one place or at all points.

use pulp::Simd;

use super::filter::unrolled;

#[inline(always)]
pub(super) fn load_points<S: Simd, const N: usize>(
    simd: S,
    values: &[f32],
    at: usize,
    point: usize,
) -> [[S::f32s; N]; N] {
    let mut points = [[simd.splat_f32s(0.0); N]; N];
    unrolled!(y in N => {
        unrolled!(x in N => {
            points[y][x] = load::<S>(values, at + (N * y + x) * point);
        });
    });
    points
}

#[inline(always)]
pub(super) fn store_points<S: Simd, const N: usize>(
    values: &mut [f32],
    at: usize,
    point: usize,
    points: [[S::f32s; N]; N],
) {
    unrolled!(y in N => {
        unrolled!(x in N => {
            store::<S>(values, at + (N * y + x) * point, points[y][x]);
        });
    });
}

#[inline(always)]
pub(super) fn load<S: Simd>(values: &[f32], at: usize) -> S::f32s {
    S::as_simd_f32s(&values[at..at + S::F32_LANES]).0[0]
}

#[inline(always)]
pub(super) fn store<S: Simd>(values: &mut [f32], at: usize, lanes: S::f32s) {
    S::as_mut_simd_f32s(&mut values[at..at + S::F32_LANES]).0[0] = lanes;
}
