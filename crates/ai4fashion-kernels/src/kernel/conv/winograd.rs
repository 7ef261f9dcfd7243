//! Convolutions with a 4x4 kernel that halve the sides, by Winograd's minimal filtering.
//!
//! Such a convolution is the sum of four 2x2 convolutions with stride 1, one over each parity of
//! the padded input's rows and columns: kernel row `2a + p` meets row `i + a` of the plane of
//! parity `p` at output row `i`. Each of the four is computed tile by tile (A. Lavin, S. Gray, Fast
//! Algorithms for Convolutional Neural Networks, 2016) with the matrices in [`filter`]. They are
//! summed in the transformed domain, so that all of it is one matrix product for each of the N x N
//! points, whose depth is the channels of all four parities:
//!
//! | product | transforms | rows x depth x columns of the products |
//! |---|---|---|
//! | forward | input -> V, M = V U, M -> output | `tiles` x `4 in_channels` x `out_channels` |
//! | input gradient | output gradient -> M, V = M U', V -> input gradient | `tiles` x `out_channels` x `4 in_channels` |
//! | weight gradient | input -> V, output gradient -> M, U = V' M, U -> weight gradient | `4 in_channels` x `tiles` x `out_channels` |
//!
//! The gradients' transforms are the adjoints of the forward one's.

mod feature_map;
mod filter;
mod forward;
mod fused;
mod input_grad;
mod points;
mod products;
mod taps;
mod tiling;
mod weight;
mod weight_grad;

pub(super) use self::taps::{TapPanels, Weight};
use self::{
    filter::{F2, F4},
    tiling::Tiling,
};
use crate::{
    kernel::{geometry::Geometry, panel::PANEL},
    precision::Precision,
};

/// Tiles of an image from which the larger filter is the faster one: it takes fewer products, but
/// its transformed weight is larger. The batch has no say, so that an image comes out the same in
/// any batch.
const MANY_TILES: usize = 4;

/// A convolution of the kind that this module computes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Winograd {
    Small(Tiling<F2, 3>),
    Large(Tiling<F4, 5>),
}

impl Winograd {
    /// `None` where the kernel is not 4x4 with stride 2, the output's sides are odd, or the
    /// channels no multiple of [`PANEL`].
    pub(super) fn of(g: &Geometry, precision: Precision) -> Option<Self> {
        let halving = g.kernel == [4, 4] && g.window.stride == [2, 2];
        let whole = g.in_channels.is_multiple_of(PANEL) && g.out_channels.is_multiple_of(PANEL);
        let any = g.batch * g.input_len() > 0 && g.output_len() > 0;
        if !(halving && whole && any) {
            return None;
        }
        // The larger filter would triple what mixed precision rounds away.
        Tiling::<F4, 5>::of(g, precision)
            .filter(|tiling| tiling.per_image() >= MANY_TILES && precision == Precision::F32)
            .map(Self::Large)
            .or_else(|| Tiling::of(g, precision).map(Self::Small))
    }

    pub(super) fn forward(&self, input: &[f32], weight: Weight<'_>) -> Vec<f32> {
        match self {
            Self::Small(tiling) => tiling.forward(input, weight),
            Self::Large(tiling) => tiling.forward(input, weight),
        }
    }

    pub(super) fn input_grad(&self, output_grad: &[f32], weight: Weight<'_>) -> Vec<f32> {
        match self {
            Self::Small(tiling) => tiling.input_grad(output_grad, weight),
            Self::Large(tiling) => tiling.input_grad(output_grad, weight),
        }
    }

    pub(super) fn weight_grad(&self, input: &[f32], output_grad: &[f32]) -> Vec<f32> {
        match self {
            Self::Small(tiling) => tiling.weight_grad(input, output_grad),
            Self::Large(tiling) => tiling.weight_grad(input, output_grad),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]
mod tests {
    use super::*;
    use crate::kernel::geometry::Window;

    /// More panels than one on both sides; 16x16 to 8x8 pixels.
    pub(super) fn geometry(batch: usize) -> Geometry {
        let window = Window::new([2, 2], [1, 1]);
        Geometry::forward([batch, 2 * PANEL, 16, 16], [3 * PANEL, 2 * PANEL, 4, 4], window)
    }

    /// Calls `check` with batches in every precision, on few and on many threads.
    pub(super) fn in_every_way(check: impl Fn(usize, Precision) + Send + Sync) {
        for threads in [1, 3, 8] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.unwrap().install(|| {
                for precision in Precision::ALL.into_iter().filter(|it| it.is_available()) {
                    [1, 3, 20].into_iter().for_each(|batch| check(batch, precision));
                }
            });
        }
    }

    pub(super) fn values(count: usize) -> Vec<f32> {
        (0..count)
            .map(|place| (place as f32 * 0.618_034).fract() - 0.5)
            .collect()
    }
}
