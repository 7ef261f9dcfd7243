//! The products of few tiles, whose weight is transformed step by step.
//!
//! A transformed weight is 2.25 or 6.25 times as large as the weight, and a product of few tiles
//! waits for it to come from memory. Here the taps alone come from there: those of a few steps are
//! transformed in the first-level cache, right before they are used.

use core::marker::PhantomData;

use pulp::{Arch, Simd, WithSimd};

use super::{
    filter::{Filter, apply_row, unrolled},
    points::{load, store},
    taps::Taps,
    tiling::Tiling,
};
use crate::kernel::{
    panel::{PANEL, PanelRow},
    product::{DEPTH, Tile, tile},
    scratch::Scratch,
};

/// Steps that are transformed at a time: the taps and a row of points stay in the first-level
/// cache.
const STEPS: usize = 32;

impl<F: Filter<N>, const N: usize> Tiling<F, N> {
    /// At each point, `out` = `left` times the weight of a block of channels, with `columns`
    /// columns of `out` and of `left`; `taps` has `columns[1]` rows for each panel of columns.
    ///
    /// It gives the same bytes as a product with the transformed weight.
    pub(super) fn products_of_taps(out: &mut [f32], left: &[f32], columns: [usize; 2], taps: &[Taps]) {
        let [width, depth] = columns;
        let tiles = out.len() / Self::POINTS / width;
        let mut sums = Scratch::new(Self::POINTS * tiles * PANEL);
        for (panel, taps) in taps.chunks_exact(depth).enumerate() {
            for (block, taps) in taps.chunks(DEPTH).enumerate() {
                sums.fill(0.0);
                Arch::new().dispatch(AddProducts::<F, N> {
                    filter: PhantomData,
                    sums: &mut sums,
                    left,
                    depth,
                    first: block * DEPTH,
                    taps,
                });
                for (out, sums) in out.chunks_exact_mut(width).zip(sums.chunks_exact(PANEL)) {
                    let out = out[panel * PANEL..][..PANEL].iter_mut().zip(sums);
                    if block == 0 {
                        out.for_each(|(out, sum)| *out = *sum);
                    } else {
                        out.for_each(|(out, sum)| *out += sum);
                    }
                }
            }
        }
    }
}

/// Adds the products with a block of one panel to the sums of all points and tiles.
struct AddProducts<'a, F, const N: usize> {
    filter: PhantomData<F>,
    /// A row for each point and tile.
    sums: &'a mut [f32],
    left: &'a [f32],
    /// Columns of `left`, and the one that the block begins with.
    depth: usize,
    first: usize,
    taps: &'a [Taps],
}

impl<F: Filter<N>, const N: usize> WithSimd for AddProducts<'_, F, N> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        if S::REGISTER_COUNT >= 32 {
            self.steps::<S, 8>(simd);
        } else {
            self.steps::<S, 4>(simd);
        }
    }
}

impl<F: Filter<N>, const N: usize> AddProducts<'_, F, N> {
    #[inline(always)]
    fn steps<S: Simd, const R: usize>(mut self, simd: S) {
        let mut weights = [[[0.0; PANEL]; STEPS]; N];
        for (index, taps) in self.taps.chunks(STEPS).enumerate() {
            let first = self.first + index * STEPS;
            unrolled!(index in N => {
                // Row 1 first, which reads all taps: so they come from memory in order.
                let y = [1, 0, 2, 3, 4][index];
                transform::<S, F, N>(simd, y, taps, &mut weights);
                for (x, weights) in weights.iter().enumerate() {
                    self.point::<S, R>(simd, N * y + x, first, &weights[..taps.len()]);
                }
            });
        }
    }

    /// Adds the products of all tiles at a point, `R` at a time.
    #[inline(always)]
    fn point<S: Simd, const R: usize>(&mut self, simd: S, point: usize, first: usize, panel: &[PanelRow]) {
        let (depth, tiles) = (self.depth, self.sums.len() / (N * N) / PANEL);
        let sums = &mut self.sums[point * tiles * PANEL..][..tiles * PANEL];
        let left = &self.left[point * tiles * depth..][..tiles * depth];
        let whole = tiles / R * R;
        let (sums, rest) = sums.split_at_mut(whole * PANEL);
        let (left, left_of_rest) = left.split_at(whole * depth);
        for (sums, left) in sums.chunks_exact_mut(R * PANEL).zip(left.chunks_exact(R * depth)) {
            let mut rows = [&[][..]; R];
            for (row, left) in rows.iter_mut().zip(left.chunks_exact(depth)) {
                *row = &left[first..][..panel.len()];
            }
            let sums = Tile::of_sums(sums);
            tile::<S, R>(simd, sums, panel, |r, step| rows[r][step]);
        }
        for (sums, left) in rest.chunks_exact_mut(PANEL).zip(left_of_rest.chunks_exact(depth)) {
            let left = &left[first..][..panel.len()];
            let sums = Tile::of_sums(sums);
            tile::<S, 1>(simd, sums, panel, |_, step| left[step]);
        }
    }
}

/// Transforms taps for the points in row `y`: a panel for each of them.
#[inline(always)]
fn transform<S: Simd, F: Filter<N>, const N: usize>(
    simd: S,
    y: usize,
    taps: &[Taps],
    weights: &mut [[PanelRow; STEPS]; N],
) {
    for (step, taps) in taps.iter().enumerate() {
        for lane in (0..PANEL).step_by(S::F32_LANES) {
            let mut half = [simd.splat_f32s(0.0); 2];
            unrolled!(b in 2 => {
                let column = [load::<S>(&taps[b], lane), load::<S>(&taps[2 + b], lane)];
                half[b] = apply_row(simd, &F::KERNEL[y], column);
            });
            unrolled!(x in N => {
                store::<S>(&mut weights[x][step], lane, apply_row(simd, &F::KERNEL[x], half));
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            TapPanels, Weight,
            filter::{F2, F4},
            tests::values,
        },
        *,
    };
    use crate::{
        kernel::{
            conv::direction::Direction,
            geometry::{Geometry, Window},
        },
        precision::Precision,
    };

    /// Deeper than a block in both directions, and a number of tiles that leaves a rest.
    #[test]
    fn deep_products_equal_those_of_the_transformed_weight() {
        fn compare<F: Filter<N>, const N: usize>() {
            let channels = if cfg!(miri) {
                [PANEL; 2]
            } else {
                [3 * PANEL, 9 * PANEL]
            };
            let weight_shape = [channels[1], channels[0], 4, 4];
            // 27 tiles of the smaller filter, 9 of the larger one.
            let size = if N == 3 { [4, 12] } else { [8, 8] };
            let input = [9, channels[0], size[0], size[1]];
            let g = Geometry::forward(input, weight_shape, Window::new([2, 2], [1, 1]));
            let tiling = Tiling::<F, N>::of(&g, Precision::F32).unwrap();
            assert!(tiling.is_fused());
            let weight = values(g.out_channels * g.depth());
            let [input, grad] = [g.input_len(), g.output_len()].map(|len| values(g.batch * len));
            let packed = [Direction::Forward, Direction::InputGrad]
                .map(|direction| TapPanels::new(&weight, &g, direction));
            let [forward, input_grad] = packed.each_ref().map(Weight::Packed);
            let plain = Weight::Plain(&weight);
            assert_eq!(
                tiling.forward(&input, forward),
                tiling.forward_by_tiles(&input, plain)
            );
            assert_eq!(
                tiling.input_grad(&grad, input_grad),
                tiling.input_grad_by_tiles(&grad, plain)
            );
        }
        compare::<F2, 3>();
        compare::<F4, 5>();
    }
}
