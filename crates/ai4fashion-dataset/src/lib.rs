#![doc = include_str!("../README.md")]

mod agreement;
mod base_color;
mod center_crop;
mod checked;
mod corrections;
mod dataset;
mod decode;
mod distribution;
mod error;
mod escape;
mod files;
#[cfg(not(feature = "_fitting"))]
#[expect(unreachable_pub, reason = "`tools/fit-garment` looks into it")]
mod garment;
#[cfg(feature = "_fitting")]
#[doc(hidden)]
pub mod garment;
mod grid;
mod ingest;
mod labeled_name;
mod letterbox;
#[cfg(feature = "parquet")]
mod parquet;
mod perceptual;
#[cfg(feature = "plot")]
pub mod plot;
mod product_type;
mod quality;
mod record;
#[cfg(feature = "review")]
pub mod review;
mod scale;
mod source;
mod split;
pub mod synthetic;
mod table;
mod transaction;
mod words;

pub use agreement::Agreement;
pub use base_color::meanings;
pub use center_crop::center_crop;
pub use checked::{Checked, ColorSource, TypeBefore};
pub use corrections::{BadRow, Carried, Change, Correction, CorrectionPlan, CorrectionTable, Editor};
pub use dataset::Dataset;
pub use decode::{DEFAULT_MAX_BYTES, DEFAULT_MAX_PIXELS, Decoded, Limits, decode, decode_file, read_file};
pub use distribution::Distribution;
pub use error::{Error, ErrorKind};
pub use files::{PARTIAL, fill_atomic, jpeg, sha256, write_atomic, write_png};
pub use ingest::{
    DEFAULT_NEAR, DEFAULT_QUALITY, DEFAULT_SIZE, Dedup, IdList, Ingest, IngestOptions, Keep, Plan, Progress,
    Report, Settings, SourceSummary, Summary,
};
pub use labeled_name::{LabeledName, MAX_NAME, MAX_STEM, clean_stem};
pub use letterbox::letterbox;
pub use perceptual::PerceptualHash;
pub use product_type::ProductType;
pub use quality::Flag;
pub use record::{LeftOut, Record, Skip};
pub use source::{
    Entry, FileList, Folder, LookBook, SmallFashion, Source, SourceKind, SourcePlan, TypeSource, TypeTable,
};
pub use split::{Split, SplitOptions};

// Types of these crates are part of our signatures.
pub use ai4fashion_color as color;
pub use ai4fashion_color::{BasicColor, ColorClassifier};
pub use image;
