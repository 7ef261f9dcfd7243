//! Where images come from: folders, archives, lists and sources of your own.
//!
//! A [`Source`] is planned first, by names and tables only. Its images are read later, one by one:
//!
//! ```
//! use ai4fashion_dataset::source::{Entry, Source, SourcePlan};
//! use ai4fashion_dataset::{Error, ingest::Limits};
//!
//! #[derive(Debug)]
//! struct Bucket {
//!     name: String,
//! }
//!
//! impl Source for Bucket {
//!     fn name(&self) -> &str {
//!         &self.name
//!     }
//!
//!     fn plan(&self) -> Result<SourcePlan, Error> {
//!         let mut plan = SourcePlan::default();
//!         plan.images.push(Entry::new("a.jpg", "shirts/a.jpg"));
//!         Ok(plan)
//!     }
//!
//!     fn read(&self, image: &Entry, _limits: &Limits) -> Result<Vec<u8>, Error> {
//!         Err(Error::other(format!("`{}` is not in the bucket", image.source_path)))
//!     }
//! }
//! ```

mod archive;
mod entry;
mod folder;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod kind;
mod leavings;
mod list;
mod lookbook;
mod matching;
mod place;
mod plan;
mod rows;
mod small_fashion;
mod source_trait;
mod table_fit;
mod type_table;
mod walk;

pub use crate::labels::base_color_candidates;
pub use entry::Entry;
pub use folder::Folder;
pub use kind::SourceKind;
pub(crate) use leavings::is_of_system;
pub use list::FileList;
pub use lookbook::LookBook;
pub(crate) use matching::{Fit, Matching};
pub use plan::SourcePlan;
pub use small_fashion::SmallFashion;
pub use source_trait::Source;
pub(crate) use table_fit::TableFit;
pub use type_table::TypeTable;
