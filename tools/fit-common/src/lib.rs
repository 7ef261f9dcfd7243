//! What the programs share that fit constants to labelled photos.

mod adamw;
mod labels;

pub use adamw::{AdamW, STEPS};
pub use labels::{FOLDS, Label, fold, labels};
