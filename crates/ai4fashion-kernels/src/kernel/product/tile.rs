//! A tile of a product's output, which stays in registers while the loop runs over the depth.

use pulp::Simd;

use crate::kernel::panel::{PANEL, PanelRow};

/// Whether a product overwrites its output or is added to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    Overwrite,
    Add,
}

/// A few rows of a block of columns.
pub(crate) struct Tile<'a> {
    values: &'a mut [f32],
    stride: usize,
    width: usize,
    mode: Output,
    /// Whether the sums begin with what the output holds.
    goes_on: bool,
}

impl<'a> Tile<'a> {
    #[inline(always)]
    pub(crate) fn new(rows: &'a mut [f32], stride: usize, column: usize, width: usize, mode: Output) -> Self {
        Self {
            values: &mut rows[column..],
            stride,
            width,
            mode,
            goes_on: false,
        }
    }

    /// Rows of a whole panel, whose sums go on.
    #[inline(always)]
    pub(crate) fn of_sums(rows: &'a mut [f32]) -> Self {
        Self {
            goes_on: true,
            ..Self::new(rows, PANEL, 0, PANEL, Output::Overwrite)
        }
    }
}

/// `R` rows of a product with a panel, two registers of columns at a time.
#[inline(always)]
pub(crate) fn tile<S: Simd, const R: usize>(
    simd: S,
    tile: Tile<'_>,
    panel: &[PanelRow],
    left: impl Fn(usize, usize) -> f32,
) {
    let columns = 2 * S::F32_LANES;
    for first in (0..tile.width).step_by(columns) {
        let mut sums = [[simd.splat_f32s(0.0); 2]; R];
        if tile.goes_on {
            for (row, sums) in sums.iter_mut().enumerate() {
                let (held, _) = S::as_simd_f32s(&tile.values[row * tile.stride + first..][..columns]);
                sums.copy_from_slice(held);
            }
        }
        for (step, right) in panel.iter().enumerate() {
            let (right, _) = S::as_simd_f32s(&right[first..first + columns]);
            let (one, other) = (right[0], right[1]);
            for (row, sums) in sums.iter_mut().enumerate() {
                let left = simd.splat_f32s(left(row, step));
                sums[0] = simd.mul_add_f32s(left, one, sums[0]);
                sums[1] = simd.mul_add_f32s(left, other, sums[1]);
            }
        }
        for (row, sums) in sums.into_iter().enumerate() {
            let out = &mut tile.values[row * tile.stride + first..];
            let width = columns.min(tile.width - first);
            if width == columns {
                let (out, _) = S::as_mut_simd_f32s(&mut out[..columns]);
                for (out, sum) in out.iter_mut().zip(sums) {
                    *out = match tile.mode {
                        Output::Overwrite => sum,
                        Output::Add => simd.add_f32s(*out, sum),
                    };
                }
            } else {
                let mut whole = [0.0; PANEL];
                let (lanes, _) = S::as_mut_simd_f32s(&mut whole);
                lanes[..2].copy_from_slice(&sums);
                for (out, sum) in out[..width].iter_mut().zip(whole) {
                    *out = match tile.mode {
                        Output::Overwrite => sum,
                        Output::Add => *out + sum,
                    };
                }
            }
        }
    }
}
