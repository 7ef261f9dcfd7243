//! Shared by the programs that fit constants to labelled photos.

mod adamw;
mod labels;
mod names;
mod provenance;
mod stand_in;
mod survey;

pub use adamw::{AdamW, STEPS};
pub use labels::{FOLDS, Label, fold, labels};
pub use names::NAMES;
pub use provenance::{Finding, Fit, Item, Provenance, Report, hash_images, hash_path};
pub use stand_in::write_stand_in;
pub use survey::{COLORFUL, Surveyed, read_survey};
