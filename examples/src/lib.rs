//! What the programs share: exit codes, progress bars, peak memory, the choice of a device and of sources.

pub mod device;
pub mod exit;
pub mod machine;
pub mod output;
pub mod progress;
pub mod skips;
pub mod sources;
