//! The gradient to the input.

use core::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::{
    feature_map::{Layout, TransformOutputGrad},
    filter::{Filter, apply_twice, unrolled},
    points::{load, load_points, store},
    tiling::{PARITIES, TILES, Tiling},
    weight,
};
use crate::kernel::{blocks::in_blocks, scratch::Scratch};

impl<F: Filter<N>, const N: usize> Tiling<F, N> {
    pub(super) fn input_grad(&self, output_grad: &[f32], weight: &[f32]) -> Vec<f32> {
        let g = &self.g;
        let panels = weight::for_inputs::<F, N>(weight, g, self.precision);
        let threads = rayon::current_num_threads();
        let group = (TILES / self.per_image()).clamp(1, g.batch.div_ceil(threads));
        let rows = TILES.div_ceil(self.columns);
        let block = group * g.input_len();
        in_blocks(g.batch * g.input_len(), block, |index, input_grad| {
            let images = input_grad.len() / g.input_len();
            let output_grad = &output_grad[index * group * g.output_len()..][..images * g.output_len()];
            // The tiles of a group overlap and are added in order.
            for (index, output_grad) in output_grad.chunks(rows * self.row_of_outputs()).enumerate() {
                let first = index * rows * self.columns;
                let count = output_grad.len() / self.row_of_outputs() * self.columns;
                let mut m = Scratch::new(Self::POINTS * count * g.out_channels);
                let mut v = Scratch::new(Self::POINTS * count * self.depth());
                Arch::new().dispatch(TransformOutputGrad {
                    m: &mut m,
                    layout: Layout::rows(count, g.out_channels),
                    output_grad,
                    tiling: self,
                    tiles: 0..count,
                    channels: 0..g.out_channels,
                });
                self.products(&mut v, &m, [self.depth(), g.out_channels], &panels);
                Arch::new().dispatch(AddInputGrad {
                    input_grad,
                    v: &v,
                    tiling: self,
                    tiles: first..first + count,
                });
            }
        })
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
