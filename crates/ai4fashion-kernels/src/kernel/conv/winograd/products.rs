//! The matrix products at all points, of `f32` or of pairs of bfloat16.

use super::{
    filter::Filter,
    taps::{BlockOfTaps, Weight},
    tiling::Tiling,
    weight::{self, Panels},
};
use crate::{
    kernel::{
        bf16,
        conv::direction::Direction,
        panel::{PANEL, STRIP},
        product::{Block, Output, multiply, sum_of_outer},
        scratch::Scratch,
    },
    precision::Precision,
};

/// The right factor of a product.
pub(super) enum Factor<'a> {
    /// The weight transformed.
    Transformed(Panels),
    /// The taps of a block of channels, which are transformed step by step.
    Taps(BlockOfTaps<'a>),
}

impl<F: Filter<N>, const N: usize> Tiling<F, N> {
    /// The right factor of a block of channels.
    pub(super) fn factor<'w>(&self, weight: Weight<'w>, direction: Direction, block: usize) -> Factor<'w> {
        let (g, blocks) = (&self.g, block..block + 1);
        match direction {
            _ if self.is_fused() => Factor::Taps(weight.block(g, direction, block)),
            Direction::Forward => {
                Factor::Transformed(weight::for_outputs::<F, N>(weight, g, blocks, self.precision))
            }
            Direction::InputGrad => {
                Factor::Transformed(weight::for_inputs::<F, N>(weight, g, blocks, self.precision))
            }
        }
    }

    /// At each point, `out` = `left` times the weight, with `columns` columns of `out` and of
    /// `left`.
    pub(super) fn products(&self, out: &mut [f32], left: &[f32], columns: [usize; 2], weight: &Factor<'_>) {
        let weight = match weight {
            Factor::Transformed(panels) => panels,
            Factor::Taps(taps) => return Self::products_of_taps(out, left, columns, taps),
        };
        let tiles = out.len() / Self::POINTS / columns[0];
        let mut pairs = Scratch::new(if self.precision == Precision::Mixed {
            left.len() / 2
        } else {
            0
        });
        let pairs = pairs.words();
        bf16::pair_rows(pairs, left);
        for (point, out) in out.chunks_exact_mut(tiles * columns[0]).enumerate() {
            let len = tiles * columns[1];
            for column in (0..columns[0]).step_by(PANEL) {
                let block = Block {
                    values: out,
                    stride: columns[0],
                    column,
                };
                match weight.pairs_of(point, column) {
                    Some(panel) => bf16::multiply(block, &pairs[point * len / 2..][..len / 2], panel),
                    None => multiply(block, &left[point * len..][..len], weight.of(point, column)),
                }
            }
        }
    }

    /// At each point, the transpose of the first factor times the second; `sides` are their
    /// columns.
    pub(super) fn sums_of_outer(
        &self,
        sums: &mut [f32],
        mode: Output,
        factors: [&mut Scratch; 2],
        sides: [usize; 2],
    ) {
        let [v, m] = factors;
        let [rows, columns] = sides;
        let count = v.len() / Self::POINTS / rows;
        let blocks = |sums: &mut [f32], each: &mut dyn FnMut(Block<'_>, usize, usize)| {
            for (point, sums) in sums.chunks_exact_mut(rows * columns).enumerate() {
                for panel in 0..columns / PANEL {
                    let block = Block {
                        values: &mut *sums,
                        stride: columns,
                        column: panel * PANEL,
                    };
                    each(block, point * rows / STRIP, point * columns / PANEL + panel);
                }
            }
        };
        if self.precision == Precision::Mixed {
            let depth = count.div_ceil(2);
            let mut v_pairs = Scratch::new(Self::POINTS * rows * depth);
            let mut m_pairs = Scratch::new(Self::POINTS * columns * depth);
            let v_pairs = pairs_of::<STRIP>(v_pairs.words(), v, count);
            let m_pairs = pairs_of::<PANEL>(m_pairs.words(), m, count);
            blocks(sums, &mut |block, strip, panel| {
                let left = &v_pairs[strip * depth..][..rows / STRIP * depth];
                bf16::sum_of_outer(block, mode, left, &m_pairs[panel * depth..][..depth]);
            });
        } else {
            let (v, m) = (v.pieces(), m.pieces());
            blocks(sums, &mut |block, strip, panel| {
                let left = &v[strip * count..][..rows / STRIP * count];
                sum_of_outer(block, mode, left, &m[panel * count..][..count]);
            });
        }
    }
}

/// Panels of a depth of `count` as pairs.
fn pairs_of<'a, const W: usize>(words: &'a mut [u32], panels: &Scratch, count: usize) -> &'a [[u32; W]] {
    let pairs = words.as_chunks_mut().0;
    let from = panels.as_chunks().0.chunks_exact(count);
    for (pairs, panel) in pairs.chunks_exact_mut(count.div_ceil(2)).zip(from) {
        bf16::pair_panel(pairs, panel);
    }
    pairs
}
