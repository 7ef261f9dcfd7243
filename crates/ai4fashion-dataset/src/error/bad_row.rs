//! Rows of corrections that cannot be applied.

use std::path::PathBuf;

/// A row of corrections that cannot be applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("row {row}: {problem}")]
#[non_exhaustive]
pub struct BadRow {
    /// The line in the table, from 1, the header included.
    pub row: u64,
    /// What is wrong with the row.
    pub problem: RowProblem,
}

/// What is wrong with a row of corrections.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RowProblem {
    /// The row is not CSV.
    #[error("the row is not CSV: {message}")]
    #[non_exhaustive]
    NotCsv {
        /// What the reader said.
        message: String,
    },
    /// The row has fewer fields than the header.
    #[error("row has {fields} of {expected} fields")]
    #[non_exhaustive]
    ShortRow {
        /// Number of fields of the row.
        fields: usize,
        /// Number of fields of the header.
        expected: usize,
    },
    /// A text is not a label.
    #[error("`{}` is not {what}; expected {legal}", text.escape_debug())]
    #[non_exhaustive]
    Label {
        /// What was expected.
        what: &'static str,
        /// The text that was found.
        text: String,
        /// The texts that are legal.
        legal: String,
    },
    /// The time is not a short text.
    #[error("time `{}` is longer than 64 bytes or holds control characters", text.escape_debug())]
    #[non_exhaustive]
    Time {
        /// The beginning of the text.
        text: String,
    },
    /// The data set has no image of that name.
    #[error("there is no image `{}`", file.escape_debug())]
    #[non_exhaustive]
    NoSuchImage {
        /// The file that the row names.
        file: String,
    },
    /// The image has other labels in its name now.
    #[error(
        "there is no image `{}`, but `{}`: the row is of another data set, or the labels were corrected since",
        file.escape_debug(), now.escape_debug()
    )]
    #[non_exhaustive]
    Renamed {
        /// The file that the row names.
        file: String,
        /// The file of the same stem in the data set.
        now: String,
    },
    /// The file of the image does not exist.
    #[error("image `{}` does not exist", path.display())]
    #[non_exhaustive]
    MissingFile {
        /// Where the file should be.
        path: PathBuf,
    },
    /// The name of the file does not carry labels.
    #[error("`{}` is not a labelled name", file.escape_debug())]
    #[non_exhaustive]
    NotALabeledName {
        /// The file.
        file: String,
    },
    /// The correction was made when the image had other labels.
    #[error("the current labels are {color} and type {product_type}, not the old ones of this row")]
    #[non_exhaustive]
    OtherLabels {
        /// The current colour.
        color: String,
        /// The number of the current type; 0 is unknown.
        product_type: u8,
    },
    /// An earlier row corrects the same image.
    #[error("row {row} corrects the same image")]
    #[non_exhaustive]
    Duplicate {
        /// The earlier row.
        row: u64,
    },
    /// The row changes neither label.
    #[error("neither new_color nor new_type has a value")]
    NoChange,
    /// Two images would get the same name.
    #[error("the image of row {row} becomes `{}`, too", file.escape_debug())]
    #[non_exhaustive]
    SameFile {
        /// The new file.
        file: String,
        /// The earlier row.
        row: u64,
    },
    /// The new name of the image is taken.
    #[error("`{}` exists already", path.display())]
    #[non_exhaustive]
    FileExists {
        /// The file that has the name.
        path: PathBuf,
    },
}
