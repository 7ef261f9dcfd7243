//! The correction of one image.

use ai4fashion_color::BasicColor;

use crate::labels::ProductType;

/// A change of one label, or none.
///
/// There is nothing else to do with a label, so the enum is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum LabelChange<T> {
    /// The label stays, and where it comes from.
    #[default]
    Keep,
    /// The label becomes this human label, which may be equal to the current one.
    Set(T),
    /// The human label goes, and the classifier's or the source's comes back.
    Reset,
}

/// What a label must be for a correction of it to be made.
///
/// There is nothing else to ask of a label, so the enum is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum OldLabel<T> {
    /// Whatever it is.
    #[default]
    Any,
    /// This one: otherwise somebody has changed it since the image was reviewed.
    Is(T),
}

impl<T: PartialEq> OldLabel<T> {
    /// Whether a label may be corrected.
    pub(super) fn allows(&self, label: &T) -> bool {
        match self {
            Self::Any => true,
            Self::Is(expected) => expected == label,
        }
    }
}

/// The correction of one image: a row of `corrections.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Correction {
    /// The image's file, as in the manifest.
    pub file: String,
    /// The colour when the image was reviewed.
    pub old_color: OldLabel<BasicColor>,
    /// The change of the colour.
    pub new_color: LabelChange<BasicColor>,
    /// The type when the image was reviewed.
    pub old_type: OldLabel<Option<ProductType>>,
    /// The change of the type; `Set(None)` makes it unknown.
    pub new_type: LabelChange<Option<ProductType>>,
    /// The time of the correction, as text without control characters, at most 64 bytes.
    pub annotated_at: String,
}

impl Correction {
    /// Creates a correction of an image with these labels that keeps both.
    #[must_use]
    pub fn new(file: impl Into<String>, old_color: BasicColor, old_type: Option<ProductType>) -> Self {
        Self {
            old_color: OldLabel::Is(old_color),
            old_type: OldLabel::Is(old_type),
            ..Self::of_any(file)
        }
    }

    /// Creates a correction of an image, whatever its labels are, that keeps both.
    #[must_use]
    pub fn of_any(file: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            old_color: OldLabel::Any,
            new_color: LabelChange::Keep,
            old_type: OldLabel::Any,
            new_type: LabelChange::Keep,
            annotated_at: String::new(),
        }
    }

    /// Sets [`new_color`](Self::new_color).
    #[must_use]
    pub fn with_color(mut self, change: LabelChange<BasicColor>) -> Self {
        self.new_color = change;
        self
    }

    /// Sets [`new_type`](Self::new_type).
    #[must_use]
    pub fn with_type(mut self, change: LabelChange<Option<ProductType>>) -> Self {
        self.new_type = change;
        self
    }

    /// Sets [`annotated_at`](Self::annotated_at).
    #[must_use]
    pub fn with_time(mut self, annotated_at: impl Into<String>) -> Self {
        self.annotated_at = annotated_at.into();
        self
    }
}
