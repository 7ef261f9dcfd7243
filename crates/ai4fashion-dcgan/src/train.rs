//! The training: a step, the loop over steps, and what watches it.

mod adam;
pub(crate) mod checkpoint;
mod distance;
pub(crate) mod interrupter;
pub(crate) mod metrics;
pub(crate) mod observer;
pub(crate) mod run_info;
pub(crate) mod state_files;
pub(crate) mod step;
pub(crate) mod trainer;
