#![doc = include_str!("../README.md")]

mod center_crop;
mod corrections;
mod dataset;
mod decode;
mod error;
mod escape;
mod files;
mod grid;
mod ingest;
mod labels;
mod letterbox;
mod perceptual;
#[cfg(feature = "plot")]
pub mod plot;
mod quality;
mod record;
#[cfg(feature = "review")]
pub mod review;
mod scale;
mod source;
mod stats;
pub mod synthetic;
mod table;

pub use center_crop::center_crop;
pub use corrections::{Carried, Change, Correction, CorrectionPlan, CorrectionTable, Editor};
pub use dataset::{Dataset, Dedup, Keep, Settings, SourceSummary, Summary};
pub use decode::{DEFAULT_MAX_BYTES, DEFAULT_MAX_PIXELS, Decoded, Limits, decode, decode_file, read_file};
pub use error::{BadRow, Error, ErrorKind};
pub use files::{PARTIAL, fill_atomic, jpeg, sha256, write_atomic, write_png};
#[cfg(feature = "_fitting")]
#[doc(hidden)]
pub use ingest::garment;
pub use ingest::{
    DEFAULT_NEAR, DEFAULT_QUALITY, DEFAULT_SIZE, IdList, Ingest, IngestOptions, Plan, Progress, Report,
};
pub use labels::{
    LabeledName, MAX_NAME, MAX_STEM, ProductType, Split, SplitOptions, TypeSource, clean_stem, meanings,
};
pub use letterbox::letterbox;
pub use perceptual::PerceptualHash;
pub use quality::Flag;
pub use record::{Checked, ColorSource, LeftOut, Record, Skip, TypeBefore};
pub use source::{
    Entry, FileList, Folder, LookBook, SmallFashion, Source, SourceKind, SourcePlan, TypeTable,
};
pub use stats::{Agreement, Distribution};

// Types of these crates are part of our signatures.
pub use ai4fashion_color as color;
pub use ai4fashion_color::{BasicColor, ColorClassifier};
pub use image;
