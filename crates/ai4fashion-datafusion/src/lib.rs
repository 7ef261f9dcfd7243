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

pub use error::root_cause;
pub use functions::{LabelFunction, functions, register};
pub use job::{Job, JobOptions, Report, register_labels};
pub use session::{context, session_config};
pub use settings::LabelSettings;
pub use stores::ObjectStores;

// Types of these crates are part of our signatures.
pub use ai4fashion_dataset as dataset;
#[cfg(feature = "cluster")]
pub use ballista_executor;
#[cfg(feature = "cluster")]
pub use ballista_scheduler;
pub use datafusion;
