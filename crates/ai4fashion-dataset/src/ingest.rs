//! Photos to a data set folder: options, progress and reports of an [`Ingest`], and its single
//! steps for images that are not files.
//!
//! ```no_run
//! use ai4fashion_dataset::{Ingest, IngestOptions, SmallFashion, ingest::Filter};
//!
//! let options = IngestOptions::default().with_image_size(128).with_filter(Filter::Typed);
//! let source = SmallFashion::open("photos")?;
//! let report = Ingest::new(options)?.run(&[&source], "dataset", &())?;
//! println!("{} images written", report.summary.written);
//! # Ok::<(), ai4fashion_dataset::Error>(())
//! ```

mod classifiers;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod groups;
mod id_list;
mod ingestion;
mod job;
mod jobs;
mod journal;
mod labeled;
mod labeler;
mod options;
mod outcomes;
mod output;
mod ownership;
mod pipeline;
mod progress;
mod report;
mod reuse;
mod session;
mod settings_check;
mod staging;
mod unique_stems;

pub use ai4fashion_image::Limits;

pub use crate::{
    dataset::{Dedup, Filter, LabelMethod, Settings, SourceSummary, Summary},
    labels::SplitOptions,
};
pub use groups::Groups;
pub use id_list::IdList;
pub use ingestion::Ingest;
pub use labeled::{Labeled, LabeledImage};
pub use labeler::{LabelWorkspace, Labeler};
pub use options::IngestOptions;
pub use progress::Progress;
pub use report::{IngestPlan, IngestReport};
