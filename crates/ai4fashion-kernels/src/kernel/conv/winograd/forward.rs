//! The output.

use core::ops::Range;

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::{
    feature_map::{Layout, TransformInput},
    filter::{Filter, apply_twice, unrolled},
    points::{load_points, store},
    products::Factor,
    taps::Weight,
    tiling::{TILES, Tiling},
    weight,
};
use crate::kernel::{
    blocks::in_blocks,
    conv::direction::Direction,
    panel::{PANEL, interleaved},
    scratch::Scratch,
};

impl<F: Filter<N>, const N: usize> Tiling<F, N> {
    pub(super) fn forward(&self, input: &[f32], weight: Weight<'_>) -> Vec<f32> {
        if self.has_few_tiles() {
            self.forward_by_panels(input, weight)
        } else {
            self.forward_by_tiles(input, weight)
        }
    }

    /// Transforms the whole weight, and works on groups of tiles in parallel.
    pub(super) fn forward_by_tiles(&self, input: &[f32], weight: Weight<'_>) -> Vec<f32> {
        let g = &self.g;
        let all = 0..g.out_channels / PANEL;
        let weight = Factor::Transformed(weight::for_outputs::<F, N>(weight, g, all, self.precision));
        let group = TILES.div_ceil(self.columns);
        let block = group * self.row_of_outputs();
        in_blocks(g.batch * g.output_len(), block, |index, output| {
            let first = index * group * self.columns;
            let count = output.len() / self.row_of_outputs() * self.columns;
            let v = self.transformed(input, first..first + count);
            self.outputs_of(output, &v, &weight);
        })
    }

    /// Works on panels of output channels in parallel, each with its part of the weight.
    fn forward_by_panels(&self, input: &[f32], weight: Weight<'_>) -> Vec<f32> {
        let g = &self.g;
        let all = g.batch * self.per_image() / self.columns;
        // One group transforms a block of the weight once for all tiles.
        let rows = if self.is_fused() {
            all
        } else {
            all.div_ceil(rayon::current_num_threads())
        };
        let starts: Vec<usize> = (0..all).step_by(rows).collect();
        let groups = starts.into_par_iter().map(|start| {
            let tiles = start * self.columns..all.min(start + rows) * self.columns;
            self.transformed(input, tiles)
        });
        let groups: Vec<Scratch> = groups.collect();
        let panel = self.with_channels(g.in_channels, PANEL);
        let block = rows * panel.row_of_outputs();
        let parts = (0..g.out_channels / PANEL).into_par_iter().map(|index| {
            let weight = self.factor(weight, Direction::Forward, index);
            let mut outputs = Scratch::new(g.batch * panel.g.output_len());
            for (output, v) in outputs.chunks_mut(block).zip(&groups) {
                panel.outputs_of(output, v, &weight);
            }
            outputs
        });
        interleaved(&parts.collect::<Vec<Scratch>>())
    }

    /// The tiles of the input, transformed.
    fn transformed(&self, input: &[f32], tiles: Range<usize>) -> Scratch {
        let mut v = Scratch::new(Self::POINTS * tiles.len() * self.depth());
        Arch::new().dispatch(TransformInput {
            v: &mut v,
            layout: Layout::rows(tiles.len(), self.depth()),
            input,
            tiling: self,
            tiles,
            channels: 0..self.g.in_channels,
        });
        v
    }

    /// Writes the output of rows of tiles.
    fn outputs_of(&self, output: &mut [f32], v: &[f32], weight: &Factor<'_>) {
        let channels = self.g.out_channels;
        let mut m = Scratch::new(v.len() / self.depth() * channels);
        self.products(&mut m, v, [channels, self.depth()], weight);
        Arch::new().dispatch(Outputs {
            output,
            m: &mut m,
            tiling: self,
        });
    }
}

/// The outputs of consecutive rows of tiles, from the products at all points, in rows.
struct Outputs<'a, F, const N: usize> {
    output: &'a mut [f32],
    m: &'a [f32],
    tiling: &'a Tiling<F, N>,
}

impl<F: Filter<N>, const N: usize> WithSimd for Outputs<'_, F, N> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let channels = self.tiling.g.out_channels;
        let point = self.m.len() / (N * N);
        for tile in 0..point / channels {
            let outputs = self.tiling.outputs(tile);
            for channel in (0..channels).step_by(S::F32_LANES) {
                let m = load_points::<S, N>(simd, self.m, tile * channels + channel, point);
                let y = apply_twice(simd, &F::OUTPUT, m);
                unrolled!(row in N - 1 => {
                    unrolled!(column in N - 1 => {
                        store::<S>(self.output, outputs[row][column] + channel, y[row][column]);
                    });
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            TapPanels,
            filter::{F2, F4},
            tests::{geometry, in_every_way, values},
        },
        *,
    };
    use crate::precision::Precision;

    #[test]
    fn both_ways_give_the_same_bytes() {
        fn compare<F: Filter<N>, const N: usize>(batch: usize, precision: Precision) {
            let g = geometry(batch);
            let tiling = Tiling::<F, N>::of(&g, precision).unwrap();
            let (input, weight) = (values(batch * g.input_len()), values(g.out_channels * g.depth()));
            let packed = TapPanels::new(&weight, &g, Direction::Forward);
            let expected = tiling.forward_by_tiles(&input, Weight::Plain(&weight));
            for weight in [Weight::Plain(&weight), Weight::Packed(&packed)] {
                assert_eq!(tiling.forward_by_panels(&input, weight), expected);
                assert_eq!(tiling.forward_by_tiles(&input, weight), expected);
            }
        }
        in_every_way(compare::<F2, 3>);
        in_every_way(compare::<F4, 5>);
    }
}
