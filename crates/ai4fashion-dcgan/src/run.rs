//! What a run leaves on disk, and how it is found again.

pub(crate) mod apng;
mod checkpoints;
pub(crate) mod folder;
pub(crate) mod grid;
mod json;
mod layout;
mod logs;
mod loss_plot;
pub(crate) mod report;
mod samples;
mod samples_over_time;
pub(crate) mod saved;
pub(crate) mod warnings;
