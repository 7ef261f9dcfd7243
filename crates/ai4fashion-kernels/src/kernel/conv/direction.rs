//! The products that a weight is packed for.

use crate::kernel::geometry::Geometry;

/// The product that a weight is packed for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Direction {
    /// [`forward`](super::forward).
    Forward,
    /// [`input_grad`](super::input_grad).
    InputGrad,
}

impl Direction {
    /// Channels that the product gives, and channels of the other side, which it sums over.
    pub(super) fn channels(self, g: &Geometry) -> [usize; 2] {
        match self {
            Self::Forward => [g.out_channels, g.in_channels],
            Self::InputGrad => [g.in_channels, g.out_channels],
        }
    }
}
