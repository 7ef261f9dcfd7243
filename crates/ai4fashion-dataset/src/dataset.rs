//! A data set folder: its files, its summary and changes to it.

mod folder;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod label_method;
pub mod layout;
mod manifest;
#[cfg(feature = "parquet")]
mod parquet;
mod settings;
mod sidecar;
mod summary;
pub(crate) mod tables;
pub(crate) mod transaction;

pub use folder::Dataset;
pub use label_method::LabelMethod;
pub use settings::{Dedup, Filter, Settings};
pub use sidecar::Sidecar;
pub(crate) use sidecar::Sidecars;
pub use summary::{SourceSummary, Summary};
