#![doc = include_str!("../README.md")]

pub mod corrections;
mod dataset;
mod error;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
pub mod ingest;
mod labels;
pub mod record;
pub mod source;
mod stats;
mod table;

pub use corrections::LabelEditor;
pub use dataset::{Dataset, Sidecar, layout};
pub use error::{Error, ErrorKind, RejectReason};
pub use ingest::{Ingest, IngestOptions};
pub use labels::{LabeledName, Split};
pub use record::Record;
pub use source::{Folder, LookBook, SmallFashion};
pub use stats::{ConfusionMatrix, Distribution};

// Types of these crates are part of our signatures.
pub use ai4fashion_color::BasicColor;
pub use ai4fashion_garment as garment;
pub use ai4fashion_garment::ProductType;
pub use image;
