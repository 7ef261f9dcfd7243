//! The weight's taps, in the order of the products.

use core::ops::{Deref, Range};

use rayon::prelude::*;

use super::tiling::PARITIES;
use crate::kernel::{
    conv::packed::Direction,
    geometry::Geometry,
    panel::{PANEL, PanelRow},
    scratch::Scratch,
};

/// Taps of one parity.
const TAPS: usize = 4;

/// Kernel positions.
pub(super) const POSITIONS: usize = PARITIES * TAPS;

/// The taps of one parity, `2 a + b` for row `a` and column `b`, of as many channels as a panel
/// has.
pub(super) type Taps = [PanelRow; TAPS];

/// Taps to be filled.
pub(super) const NO_TAPS: [Taps; PARITIES] = [[[0.0; PANEL]; TAPS]; PARITIES];

/// A weight's taps as panels: for a block of channels and a parity, a row for each step of a
/// product's depth.
///
/// | product | block | depth |
/// |---|---|---|
/// | forward | output channels | (parity, input channel) |
/// | input gradient | input channels | output channel, for each parity by itself |
#[derive(Debug)]
pub(in crate::kernel::conv) struct TapPanels<V> {
    values: V,
    /// Rows of a block and parity.
    rows: usize,
}

impl<V: Deref<Target = [f32]>> TapPanels<V> {
    /// The rows of a block of channels.
    fn block(&self, block: usize) -> &[Taps] {
        let rows = PARITIES * self.rows;
        let all: &[Taps] = self.values.as_chunks::<PANEL>().0.as_chunks().0;
        &all[block * rows..][..rows]
    }
}

/// The rows of one block of channels.
pub(super) enum BlockOfTaps<'a> {
    Own(TapPanels<Scratch>),
    Packed(&'a [Taps]),
}

impl Deref for BlockOfTaps<'_> {
    type Target = [Taps];

    fn deref(&self) -> &[Taps] {
        match self {
            Self::Own(panels) => panels.block(0),
            Self::Packed(taps) => taps,
        }
    }
}

/// The taps of some blocks of channels.
fn tap_panels(
    weight: &[f32],
    g: &Geometry,
    direction: Direction,
    blocks: Range<usize>,
) -> TapPanels<Scratch> {
    let rows = match direction {
        Direction::Forward => g.in_channels,
        Direction::InputGrad => g.out_channels,
    };
    let of_block = PARITIES * rows;
    let mut values = Scratch::new(blocks.len() * of_block * TAPS * PANEL);
    let panels: &mut [Taps] = values.pieces::<PANEL>().as_chunks_mut().0;
    panels
        .par_chunks_mut(of_block)
        .zip(blocks)
        .for_each(|(panel, block)| {
            let mut taps = NO_TAPS;
            for row in 0..rows {
                fill(&mut taps, weight, g, direction, [block, row]);
                for (parity, taps) in taps.iter().enumerate() {
                    panel[parity * rows + row] = *taps;
                }
            }
        });
    TapPanels { values, rows }
}

/// The weight of a product, as it is or in panels of its taps.
#[derive(Clone, Copy, Debug)]
pub(in crate::kernel::conv) enum Weight<'a> {
    Plain(&'a [f32]),
    Packed(&'a TapPanels<Vec<f32>>),
}

impl<'w> Weight<'w> {
    /// The taps of a whole weight, in memory of their own.
    pub(in crate::kernel::conv) fn packed(
        weight: &[f32],
        g: &Geometry,
        direction: Direction,
    ) -> TapPanels<Vec<f32>> {
        let channels = match direction {
            Direction::Forward => g.out_channels,
            Direction::InputGrad => g.in_channels,
        };
        let TapPanels { values, rows } = tap_panels(weight, g, direction, 0..channels / PANEL);
        TapPanels {
            values: values.to_vec(),
            rows,
        }
    }

    /// The taps of a block of channels.
    pub(super) fn block(self, g: &Geometry, direction: Direction, block: usize) -> BlockOfTaps<'w> {
        match self {
            Self::Plain(weight) => BlockOfTaps::Own(tap_panels(weight, g, direction, block..block + 1)),
            Self::Packed(panels) => BlockOfTaps::Packed(panels.block(block)),
        }
    }

    /// The taps of all parities, of a block of channels and one channel of the other side.
    #[inline(always)]
    pub(super) fn taps<'a>(
        &'a self,
        buffer: &'a mut [Taps; PARITIES],
        g: &Geometry,
        direction: Direction,
        [block, other]: [usize; 2],
    ) -> [&'a Taps; PARITIES] {
        match self {
            Self::Plain(weight) => {
                fill(buffer, weight, g, direction, [block, other]);
                buffer.each_ref()
            }
            Self::Packed(panels) => {
                let rows = panels.block(block);
                core::array::from_fn(|parity| &rows[parity * panels.rows + other])
            }
        }
    }
}

#[inline(always)]
fn fill(
    taps: &mut [Taps; PARITIES],
    weight: &[f32],
    g: &Geometry,
    direction: Direction,
    [block, other]: [usize; 2],
) {
    for lane in 0..PANEL {
        let channel = block * PANEL + lane;
        let kernel = match direction {
            Direction::Forward => channel * g.in_channels + other,
            Direction::InputGrad => other * g.in_channels + channel,
        };
        let kernel = &weight[kernel * POSITIONS..][..POSITIONS];
        for (parity, taps) in taps.iter_mut().enumerate() {
            for (tap, values) in taps.iter_mut().enumerate() {
                values[lane] = kernel[position(parity, tap / 2, tap % 2)];
            }
        }
    }
}

/// The kernel position of a parity's tap in row `a` and column `b`.
pub(super) fn position(parity: usize, a: usize, b: usize) -> usize {
    (2 * a + parity / 2) * 4 + 2 * b + parity % 2
}
