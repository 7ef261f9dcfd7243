//! The products that a weight is packed for.

/// The product that a weight is packed for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Direction {
    /// [`forward`](super::forward).
    Forward,
    /// [`input_grad`](super::input_grad).
    InputGrad,
}
