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
mod editor;
mod rewrite;
mod table;
#[cfg(test)]
mod tests;

use std::{fmt, sync::Arc};

use ai4fashion_color::BasicColor;

pub use carry::Carried;
pub use check::CorrectionPlan;
pub use editor::Editor;
pub use table::CorrectionTable;

use crate::{Error, ProductType};

/// What a person says of one label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Change<T> {
    /// Nothing: the label stays, and whoever gave it.
    #[default]
    Keep,
    /// That it is this one, which may be the one in force.
    Say(T),
    /// That a person's word does not count any more: the classifier's or the source's label comes back.
    Withdraw,
}

/// What a person says of one picture: a row of `corrections.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Correction {
    /// The picture's file, as in the manifest.
    pub file: String,
    /// The colour that was in force when the person looked.
    pub old_color: BasicColor,
    /// What the person says of it.
    pub new_color: Change<BasicColor>,
    /// The type that was in force when the person looked.
    pub old_type: Option<ProductType>,
    /// What the person says of it; none is that it is none of the twelve.
    pub new_type: Change<Option<ProductType>>,
    /// When, as text without control characters, at most 64 bytes.
    pub when: String,
}

impl Correction {
    /// A correction of a picture with these labels that says nothing yet.
    #[must_use]
    pub fn new(file: impl Into<String>, old_color: BasicColor, old_type: Option<ProductType>) -> Self {
        Self {
            file: file.into(),
            old_color,
            new_color: Change::Keep,
            old_type,
            new_type: Change::Keep,
            when: String::new(),
        }
    }

    /// Sets [`new_color`](Self::new_color).
    #[must_use]
    pub fn with_color(mut self, change: Change<BasicColor>) -> Self {
        self.new_color = change;
        self
    }

    /// Sets [`new_type`](Self::new_type).
    #[must_use]
    pub fn with_type(mut self, change: Change<Option<ProductType>>) -> Self {
        self.new_type = change;
        self
    }

    /// Sets [`when`](Self::when).
    #[must_use]
    pub fn with_when(mut self, when: impl Into<String>) -> Self {
        self.when = when.into();
        self
    }
}

/// A row of corrections that cannot be applied.
#[derive(Debug)]
#[non_exhaustive]
pub struct BadRow {
    /// Its line in the table, from 1, the header included.
    pub row: u64,
    /// Why.
    pub error: Arc<Error>,
}

/// On one line, for people.
impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}: {}", self.row, self.error.chain())
    }
}
