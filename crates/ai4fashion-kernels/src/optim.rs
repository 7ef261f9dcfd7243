//! Adam and the moving average of weights.

mod moving_average;
mod optimizer;
mod state;

pub use crate::{
    adam::Adam,
    ops::{AdamOutput, adam_step},
};
pub use moving_average::moving_average;
pub use state::AdamState;
