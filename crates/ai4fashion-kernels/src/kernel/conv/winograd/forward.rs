//! The output.

use pulp::{Arch, Simd, WithSimd};

use super::{
    feature_map::{Layout, TransformInput},
    filter::{Filter, apply_twice, unrolled},
    points::{load_points, store},
    tiling::{TILES, Tiling},
    weight,
};
use crate::kernel::{blocks::in_blocks, scratch::Scratch};

impl<F: Filter<N>, const N: usize> Tiling<F, N> {
    pub(super) fn forward(&self, input: &[f32], weight: &[f32]) -> Vec<f32> {
        let g = &self.g;
        let panels = weight::for_outputs::<F, N>(weight, g, self.precision);
        let group = TILES.div_ceil(self.columns);
        let block = group * self.row_of_outputs();
        in_blocks(g.batch * g.output_len(), block, |index, output| {
            let first = index * group * self.columns;
            let count = output.len() / self.row_of_outputs() * self.columns;
            let mut v = Scratch::new(Self::POINTS * count * self.depth());
            let mut m = Scratch::new(Self::POINTS * count * g.out_channels);
            Arch::new().dispatch(TransformInput {
                v: &mut v,
                layout: Layout::rows(count, self.depth()),
                input,
                tiling: self,
                tiles: first..first + count,
                channels: 0..g.in_channels,
            });
            self.products(&mut m, &v, [g.out_channels, self.depth()], &panels);
            Arch::new().dispatch(Outputs {
                output,
                m: &mut m,
                tiling: self,
            });
        })
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
