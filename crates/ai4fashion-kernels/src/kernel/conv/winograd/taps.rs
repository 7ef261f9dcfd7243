//! The weight's taps, in the order of the products.

use core::ops::{Deref, Range};

use rayon::prelude::*;

use super::tiling::PARITIES;
use crate::kernel::{
    conv::direction::Direction,
    geometry::Geometry,
    panel::{PANEL, PanelRow},
    scratch::Scratch,
};

/// Taps of one parity.
pub(super) const TAPS: usize = 4;

/// Kernel positions.
pub(super) const POSITIONS: usize = PARITIES * TAPS;

/// The taps of one parity, `2 a + b` for row `a` and column `b`, of as many channels as a panel
/// has.
pub(super) type Taps = [PanelRow; TAPS];

/// The kernels of as many channels as a panel has, side by side.
pub(super) type Kernels = [PanelRow; POSITIONS];

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

impl TapPanels<Vec<f32>> {
    /// The taps of a whole weight.
    pub(in crate::kernel::conv) fn new(weight: &[f32], g: &Geometry, direction: Direction) -> Self {
        let [channels, _] = direction.channels(g);
        let mut values = vec![0.0; weight.len()];
        let rows = fill_panels(&mut values, weight, g, direction, 0..channels / PANEL);
        Self { values, rows }
    }
}

impl TapPanels<Scratch> {
    /// The taps of one block of channels.
    fn of_block(weight: &[f32], g: &Geometry, direction: Direction, block: usize) -> Self {
        let [_, other] = direction.channels(g);
        let mut values = Scratch::new(PANEL * other * POSITIONS);
        let rows = fill_panels(&mut values, weight, g, direction, block..block + 1);
        Self { values, rows }
    }
}

/// Fills `values` with the taps of some blocks of channels; returns the rows of a block and parity.
fn fill_panels(
    values: &mut [f32],
    weight: &[f32],
    g: &Geometry,
    direction: Direction,
    blocks: Range<usize>,
) -> usize {
    let [_, rows] = direction.channels(g);
    let panels: &mut [Taps] = values.as_chunks_mut::<PANEL>().0.as_chunks_mut().0;
    let panels = panels.par_chunks_mut(PARITIES * rows);
    panels.zip(blocks).for_each(|(panel, block)| {
        let mut kernels = [[0.0; PANEL]; POSITIONS];
        for row in 0..rows {
            side_by_side(&mut kernels, weight, g, direction, [block, row]);
            for parity in 0..PARITIES {
                panel[parity * rows + row] = taps_of(&kernels, parity).map(|tap| *tap);
            }
        }
    });
    rows
}

/// The weight of a product, as it is or in panels of its taps.
#[derive(Clone, Copy, Debug)]
pub(in crate::kernel::conv) enum Weight<'a> {
    Plain(&'a [f32]),
    Packed(&'a TapPanels<Vec<f32>>),
}

impl<'w> Weight<'w> {
    /// The taps of a block of channels.
    pub(super) fn block(self, g: &Geometry, direction: Direction, block: usize) -> BlockOfTaps<'w> {
        match self {
            Self::Plain(weight) => BlockOfTaps::Own(TapPanels::of_block(weight, g, direction, block)),
            Self::Packed(panels) => BlockOfTaps::Packed(panels.block(block)),
        }
    }

    /// The taps of each parity, of a block of channels and one channel of the other side.
    #[inline(always)]
    pub(super) fn taps<'a>(
        &'a self,
        buffer: &'a mut Kernels,
        g: &Geometry,
        direction: Direction,
        [block, other]: [usize; 2],
    ) -> [[&'a PanelRow; TAPS]; PARITIES] {
        match self {
            Self::Plain(weight) => {
                side_by_side(buffer, weight, g, direction, [block, other]);
                core::array::from_fn(|parity| taps_of(buffer, parity))
            }
            Self::Packed(panels) => {
                let rows = panels.block(block);
                core::array::from_fn(|parity| rows[parity * panels.rows + other].each_ref())
            }
        }
    }
}

/// Fills `kernels` with those of a block of channels and one channel of the other side.
#[inline(always)]
fn side_by_side(
    kernels: &mut Kernels,
    weight: &[f32],
    g: &Geometry,
    direction: Direction,
    [block, other]: [usize; 2],
) {
    let [first, step] = match direction {
        Direction::Forward => [block * PANEL * g.in_channels + other, g.in_channels],
        Direction::InputGrad => [other * g.in_channels + block * PANEL, 1],
    };
    for lane in 0..PANEL {
        let kernel = &weight[(first + lane * step) * POSITIONS..][..POSITIONS];
        for (row, value) in kernels.iter_mut().zip(kernel) {
            row[lane] = *value;
        }
    }
}

#[inline(always)]
fn taps_of(kernels: &Kernels, parity: usize) -> [&PanelRow; TAPS] {
    core::array::from_fn(|tap| &kernels[position(parity, tap / 2, tap % 2)])
}

/// The kernel position of a parity's tap in row `a` and column `b`.
pub(super) fn position(parity: usize, a: usize, b: usize) -> usize {
    (2 * a + parity / 2) * 4 + 2 * b + parity % 2
}
