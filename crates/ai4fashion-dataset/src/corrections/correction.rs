//! What a person says of one picture.

use ai4fashion_color::BasicColor;

use crate::labels::ProductType;

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
