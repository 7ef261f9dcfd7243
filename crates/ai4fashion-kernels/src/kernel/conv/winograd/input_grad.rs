//! The gradient to the input.

use core::ops::Range;

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::{
    feature_map::{Layout, TransformOutputGrad},
    filter::{Filter, apply_twice, unrolled},
    points::{load, load_points, store},
    products::Factor,
    taps::Weight,
    tiling::{PARITIES, TILES, Tiling},
    weight,
};
use crate::kernel::{
    blocks::in_blocks,
    conv::direction::Direction,
    panel::{PANEL, interleaved},
    scratch::Scratch,
};

impl<F: Filter<N>, const N: usize> Tiling<F, N> {
    pub(super) fn input_grad(&self, output_grad: &[f32], weight: Weight<'_>) -> Vec<f32> {
        if self.has_few_tiles() {
            self.input_grad_by_panels(output_grad, weight)
        } else {
            self.input_grad_by_tiles(output_grad, weight)
        }
    }

    /// Transforms the whole weight, and works on groups of images in parallel.
    pub(super) fn input_grad_by_tiles(&self, output_grad: &[f32], weight: Weight<'_>) -> Vec<f32> {
        let g = &self.g;
        let all = 0..g.in_channels / PANEL;
        let weight = Factor::Transformed(weight::for_inputs::<F, N>(weight, g, all, self.precision));
        let group = (TILES / self.per_image()).clamp(1, self.images_of_a_thread());
        let rows = TILES.div_ceil(self.columns);
        let block = group * g.input_len();
        in_blocks(g.batch * g.input_len(), block, |index, input_grad| {
            let images = input_grad.len() / g.input_len();
            let output_grad = &output_grad[index * group * g.output_len()..][..images * g.output_len()];
            // The tiles of a group overlap and are added in order.
            for (index, output_grad) in output_grad.chunks(rows * self.row_of_outputs()).enumerate() {
                let m = self.transformed_grad(output_grad);
                self.add_input_grads(input_grad, &m, index * rows * self.columns, &weight);
            }
        })
    }

    /// Works on panels of input channels in parallel, each with its part of the weight.
    fn input_grad_by_panels(&self, output_grad: &[f32], weight: Weight<'_>) -> Vec<f32> {
        let g = &self.g;
        // One group transforms a block of the weight once for all tiles.
        let images = if self.is_fused() {
            g.batch
        } else {
            self.images_of_a_thread()
        };
        let groups = output_grad.par_chunks(images * g.output_len());
        let groups: Vec<Scratch> = groups.map(|grad| self.transformed_grad(grad)).collect();
        let part = self.with_channels(PANEL, g.out_channels);
        let parts = (0..g.in_channels / PANEL).into_par_iter().map(|panel| {
            let weight = self.factor(weight, Direction::InputGrad, panel);
            let mut input_grads = Scratch::new(g.batch * part.g.input_len());
            input_grads.fill(0.0);
            for (input_grad, m) in input_grads.chunks_mut(images * part.g.input_len()).zip(&groups) {
                part.add_input_grads(input_grad, m, 0, &weight);
            }
            input_grads
        });
        interleaved(&parts.collect::<Vec<Scratch>>())
    }

    fn images_of_a_thread(&self) -> usize {
        self.g.batch.div_ceil(rayon::current_num_threads())
    }

    /// The gradients of rows of tiles, transformed.
    fn transformed_grad(&self, output_grad: &[f32]) -> Scratch {
        let channels = self.g.out_channels;
        let count = output_grad.len() / self.row_of_outputs() * self.columns;
        let mut m = Scratch::new(Self::POINTS * count * channels);
        Arch::new().dispatch(TransformOutputGrad {
            m: &mut m,
            layout: Layout::rows(count, channels),
            output_grad,
            tiling: self,
            tiles: 0..count,
            channels: 0..channels,
        });
        m
    }

    /// Adds the parts of tiles from `first` on to the gradients of their images.
    fn add_input_grads(&self, input_grad: &mut [f32], m: &[f32], first: usize, weight: &Factor<'_>) {
        let channels = self.g.out_channels;
        let count = m.len() / Self::POINTS / channels;
        let mut v = Scratch::new(Self::POINTS * count * self.depth());
        self.products(&mut v, m, [self.depth(), channels], weight);
        Arch::new().dispatch(AddInputGrad {
            input_grad,
            v: &v,
            tiling: self,
            tiles: first..first + count,
        });
    }
}

/// The adjoint of the input's transform, from rows: adds each tile's part to the images.
struct AddInputGrad<'a, F, const N: usize> {
    input_grad: &'a mut [f32],
    v: &'a [f32],
    tiling: &'a Tiling<F, N>,
    tiles: Range<usize>,
}

impl<F: Filter<N>, const N: usize> WithSimd for AddInputGrad<'_, F, N> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (channels, depth) = (self.tiling.g.in_channels, self.tiling.depth());
        let point = self.v.len() / (N * N);
        for (index, tile) in self.tiles.enumerate() {
            for parity in 0..PARITIES {
                let pixels = self.tiling.inputs(tile, parity);
                for channel in (0..channels).step_by(S::F32_LANES) {
                    let at = index * depth + parity * channels + channel;
                    let v = load_points::<S, N>(simd, self.v, at, point);
                    let d = apply_twice(simd, &F::INPUT_ADJOINT, v);
                    unrolled!(y in N => {
                        unrolled!(x in N => {
                            if let Some(pixel) = pixels[y][x] {
                                let before = load::<S>(self.input_grad, pixel + channel);
                                store::<S>(self.input_grad, pixel + channel, simd.add_f32s(before, d[y][x]));
                            }
                        });
                    });
                }
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
            let (grad, weight) = (values(batch * g.output_len()), values(g.out_channels * g.depth()));
            let packed = TapPanels::new(&weight, &g, Direction::InputGrad);
            let expected = tiling.input_grad_by_tiles(&grad, Weight::Plain(&weight));
            for weight in [Weight::Plain(&weight), Weight::Packed(&packed)] {
                assert_eq!(tiling.input_grad_by_panels(&grad, weight), expected);
                assert_eq!(tiling.input_grad_by_tiles(&grad, weight), expected);
            }
        }
        in_every_way(compare::<F2, 3>);
        in_every_way(compare::<F4, 5>);
    }
}
