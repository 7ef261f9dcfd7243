//! What the networks minimize.

pub(crate) mod augment;
pub(crate) mod loss;
pub(crate) mod penalty;
