//! Shared by the programs that fit constants to labelled photos.

mod adamw;
mod labels;
mod provenance;

pub use adamw::{AdamW, STEPS};
pub use labels::{FOLDS, Label, fold, labels};
pub use provenance::{Finding, Fit, Item, Provenance, Report, hash_images, hash_path};
