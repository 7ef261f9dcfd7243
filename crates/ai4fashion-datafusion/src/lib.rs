#![doc = include_str!("../README.md")]

#[cfg(feature = "cluster")]
pub mod cluster;
mod error;
mod functions;
pub mod job;
mod session;
mod settings;
mod stores;
mod webdataset;

pub use error::innermost;
pub use functions::{LabelFunction, functions, register};
pub use job::{Job, JobOptions, Report, register_labels};
pub use session::{context, session_config};
pub use settings::LabelSettings;
pub use stores::Stores;

// Types of these crates are part of our signatures.
pub use ai4fashion_arrow as arrow;
pub use datafusion;
