#![doc = include_str!("../README.md")]

mod about;
mod card;
mod columns;
mod croissant;
mod error;
mod export;
mod format;
mod image_folder;
mod job;
mod options;
mod parquet;
mod place;
mod plan;
mod report;
mod webdataset;
mod work_folder;

pub use error::{Error, ErrorKind};
pub use export::Export;
pub use format::{Class, Format};
pub use options::ExportOptions;
pub use report::{ExportReport, LeftOut};

// Its types are part of our signatures.
pub use ai4fashion_dataset as dataset;
