//! Adam and the moving average for whole modules.

mod moving_average;
mod optimizer;
mod state;

pub use moving_average::moving_average;
pub use state::AdamState;
