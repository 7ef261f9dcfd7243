//! Labels corrected by hand: a table that is checked, applied and undone as a whole.
//!
//! 1. Every row is checked before anything changes. If one is bad, none is applied, and all bad
//!    rows are listed.
//! 2. An application is one transaction: killed at any point, it is finished or undone by the next
//!    [`Dataset::open`](crate::Dataset::open) or [`LabelEditor::open`].
//! 3. The old files are kept in the data set's folder `review`, so that [`LabelEditor::undo`] gives
//!    back the same bytes.
//! 4. One process at a time: a [`LabelEditor`] holds a lock on the folder.
//!
//! ```
//! use ai4fashion_dataset::{
//!     BasicColor, ProductType,
//!     corrections::{Correction, CorrectionTable, LabelChange},
//! };
//!
//! let dress = Some(ProductType::Dress);
//! let correction = Correction::new("images/red_a_1.jpg", BasicColor::Red, dress)
//!     .with_color(LabelChange::Set(BasicColor::Pink));
//! let csv = CorrectionTable::write([&correction]);
//! assert!(csv.contains("images/red_a_1.jpg,red,pink,1,,"));
//! # Ok::<(), ai4fashion_dataset::Error>(())
//! ```

mod check;
mod correction;
mod editor;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod human_labels;
mod plan;
mod rewrite;
mod table;
#[cfg(test)]
mod tests;

pub use crate::error::{BadRow, RowProblem};
pub use check::{check, is_applied};
pub use correction::{Correction, LabelChange, OldLabel};
pub use editor::LabelEditor;
pub use human_labels::HumanLabels;
pub use plan::CorrectionPlan;
pub use table::CorrectionTable;
