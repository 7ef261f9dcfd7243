//! Adam for whole modules.

mod optimizer;
mod state;

pub use state::AdamState;
