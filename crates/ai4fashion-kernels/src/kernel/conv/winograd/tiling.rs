//! A convolution's tiles, and where their values lie.

use core::marker::PhantomData;

use super::filter::Filter;
use crate::{kernel::geometry::Geometry, precision::Precision};

/// Parities of rows and columns.
pub(super) const PARITIES: usize = 4;

/// Tiles of one matrix product, for outputs and input gradients: the transformed values stay in the
/// second-level cache.
pub(super) const TILES: usize = 64;

/// Tiles of a batch up to which the weight is transformed panel by panel, right where it is used:
/// the whole of it would go to memory and back, which takes longer than products with few tiles.
const FEW_TILES: usize = 128;

/// Tiles of a batch up to which the weight is transformed step by step.
const FUSED_TILES: usize = 32;

/// A convolution and its tiles.
#[derive(Clone, Copy, Debug)]
pub(in crate::kernel::conv) struct Tiling<F, const N: usize> {
    filter: PhantomData<F>,
    pub(super) g: Geometry,
    /// Tiles in a row, and rows of tiles, of one image.
    pub(super) columns: usize,
    rows: usize,
    pub(super) precision: Precision,
}

impl<F: Filter<N>, const N: usize> Tiling<F, N> {
    pub(super) const POINTS: usize = N * N;

    /// `None` where the output is not made up of whole tiles.
    pub(super) fn of(g: &Geometry, precision: Precision) -> Option<Self> {
        let sides = [g.out_width, g.out_height];
        sides
            .iter()
            .all(|side| side.is_multiple_of(F::OUTPUTS))
            .then(|| Self {
                filter: PhantomData,
                g: *g,
                columns: g.out_width / F::OUTPUTS,
                rows: g.out_height / F::OUTPUTS,
                precision,
            })
    }

    /// The tiles of a part of the channels.
    pub(super) fn with_channels(&self, in_channels: usize, out_channels: usize) -> Self {
        let g = Geometry {
            in_channels,
            out_channels,
            ..self.g
        };
        Self { g, ..*self }
    }

    /// Whether a product of few tiles transforms its weight step by step.
    pub(super) fn is_fused(&self) -> bool {
        self.precision == Precision::F32 && self.g.batch * self.per_image() <= FUSED_TILES
    }

    pub(super) fn has_few_tiles(&self) -> bool {
        self.g.batch * self.per_image() <= FEW_TILES
    }

    /// Tiles of one image.
    pub(super) fn per_image(&self) -> usize {
        self.columns * self.rows
    }

    /// Output values of a row of tiles.
    pub(super) fn row_of_outputs(&self) -> usize {
        F::OUTPUTS * self.g.out_width * self.g.out_channels
    }

    /// The depth of the forward product: channels of all parities.
    pub(super) fn depth(&self) -> usize {
        PARITIES * self.g.in_channels
    }

    /// The output positions of a tile, as the indices of their first values, in the first N - 1
    /// rows and columns.
    pub(super) fn outputs(&self, tile: usize) -> [[usize; N]; N] {
        let (row, column) = (tile / self.columns, tile % self.columns);
        let mut outputs = [[0; N]; N];
        for (y, outputs) in outputs.iter_mut().enumerate() {
            for (x, output) in outputs.iter_mut().enumerate() {
                let pixel = (F::OUTPUTS * row + y) * self.g.out_width + F::OUTPUTS * column + x;
                *output = pixel * self.g.out_channels;
            }
        }
        outputs
    }

    /// The pixels of a tile in the plane of a parity, as the indices of their first values; `None`
    /// in the padding.
    pub(super) fn inputs(&self, tile: usize, parity: usize) -> [[Option<usize>; N]; N] {
        let g = &self.g;
        let (image, tile) = (tile / self.per_image(), tile % self.per_image());
        let (row, column) = (tile / self.columns, tile % self.columns);
        let mut pixels = [[None; N]; N];
        for (y, pixels) in pixels.iter_mut().enumerate() {
            // Below the padding this wraps around to a number that no image has.
            let y = (2 * (F::OUTPUTS * row + y) + parity / 2).wrapping_sub(g.window.padding[0]);
            for (x, pixel) in pixels.iter_mut().enumerate() {
                let x = (2 * (F::OUTPUTS * column + x) + parity % 2).wrapping_sub(g.window.padding[1]);
                if y < g.height && x < g.width {
                    *pixel = Some(((image * g.height + y) * g.width + x) * g.in_channels);
                }
            }
        }
        pixels
    }
}
