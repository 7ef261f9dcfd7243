//! Labels corrected by hand: a table of what a person says, checked as a whole, applied as a whole, taken back as a
//! whole.
//!
//! 1. Every row is checked before anything is changed; if one is bad, nothing is applied and all that are bad are listed.
//! 2. An application is one transaction (`transaction.rs`): killed at any point, it is finished or undone by the next
//!    [`Dataset::open`](crate::Dataset::open) or [`Editor::open`].
//! 3. What was before is kept in the data set's folder `review`, so that [`Editor::undo`] gives back the same bytes.
//! 4. One process at a time: an [`Editor`] holds a lock on the folder.

mod carry;
mod check;
mod correction;
mod editor;
mod plan;
mod rewrite;
mod table;
#[cfg(test)]
mod tests;

pub use carry::Carried;
pub use correction::{Change, Correction};
pub use editor::Editor;
pub use plan::CorrectionPlan;
pub use table::CorrectionTable;
