//! What the programs share: exit codes, progress bars, peak memory, the choice of a device.

pub mod device;
pub mod exit;
pub mod machine;
pub mod progress;
