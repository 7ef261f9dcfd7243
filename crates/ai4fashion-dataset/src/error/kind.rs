//! The kinds of error, sorted by who can fix them.

use std::{collections::BTreeMap, io, path::PathBuf};

use ai4fashion_files::count;

use super::{
    bad_row::BadRow,
    reject_reason::RejectReason,
    text::{none_of, reasons},
};

/// The kinds of [`Error`](crate::Error).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    // The caller can fix these.
    /// An option is outside its interval.
    #[error("{option} is {value}, expected {legal}")]
    #[non_exhaustive]
    Setting {
        /// The option.
        option: &'static str,
        /// The value that was given.
        value: String,
        /// The values that are legal.
        legal: String,
    },
    /// A text cannot be read as a value of this crate.
    #[error("`{}` is not {what}; expected {legal}", text.escape_debug())]
    #[non_exhaustive]
    Parse {
        /// What was expected.
        what: &'static str,
        /// The text that was found.
        text: String,
        /// The texts that are legal.
        legal: String,
    },
    /// A folder or file to read does not exist.
    #[error("{what} `{}` does not exist", path.display())]
    #[non_exhaustive]
    Missing {
        /// What it should be.
        what: &'static str,
        /// Where it should be.
        path: PathBuf,
    },
    /// A source or a list names no image.
    #[error(
        "no image in `{}`; expected {expected}{}",
        path.display(), left_out.as_deref().map(|words| format!("; {words}")).unwrap_or_default()
    )]
    #[non_exhaustive]
    NoImages {
        /// The source or the list.
        path: PathBuf,
        /// What would have been an image.
        expected: &'static str,
        /// What programs have left there, in words.
        left_out: Option<String>,
    },
    /// Every image was filtered or rejected.
    #[error("{}: {}", none_of(*found), reasons(filtered, rejected))]
    #[non_exhaustive]
    NothingWritten {
        /// Number of images in all sources.
        found: usize,
        /// Number of images that were filtered, by reason.
        filtered: BTreeMap<String, usize>,
        /// Images, folders and rows that were rejected, each in words.
        rejected: Vec<String>,
    },
    /// The data set, or an unfinished ingestion, was made with other settings.
    #[error(
        "`{}` was {} with other settings: {}; use those, or {}",
        path.display(),
        if *is_unfinished { "begun" } else { "made" },
        differences.join("; "),
        if *is_unfinished { "delete that folder" } else { "ask to overwrite it" },
    )]
    #[non_exhaustive]
    OtherSettings {
        /// The data set, or the folder of the unfinished ingestion.
        path: PathBuf,
        /// Each setting that differs, with its old and its new value.
        differences: Vec<String>,
        /// Whether an ingestion was interrupted there.
        is_unfinished: bool,
    },
    /// The data set has images that the sources do not have any more.
    #[error(
        "{} of `{}` would be lost (the first: `{}`), missing in the sources or changed; name another folder, or ask to overwrite it",
        count(*lost, "image"), path.display(), first.escape_debug()
    )]
    #[non_exhaustive]
    WouldLose {
        /// The data set.
        path: PathBuf,
        /// Number of images that would be lost.
        lost: usize,
        /// The first of them, by its path below its source.
        first: String,
    },
    /// The output folder and a source overlap.
    #[error("output folder `{}` overlaps the source `{}`; name a folder elsewhere", out.display(), source_folder.display())]
    #[non_exhaustive]
    Overlap {
        /// The output folder.
        out: PathBuf,
        /// The source.
        source_folder: PathBuf,
    },
    /// The ingestion was asked to stop.
    #[error("stopped after {done} of {}; running again resumes there", count(*total, "image"))]
    #[non_exhaustive]
    Stopped {
        /// Images that are done.
        done: usize,
        /// Images that were to be done.
        total: usize,
    },
    /// More images and rows were rejected than the caller allows.
    #[error("more than {limit} images and rows were rejected; running again resumes there")]
    #[non_exhaustive]
    TooManyRejected {
        /// The most that are allowed.
        limit: usize,
    },

    // The data is at fault.
    /// A folder or file is not what a data set has there.
    #[error("`{}` is not an ai4fashion data set: {found}", path.display())]
    #[non_exhaustive]
    NotADataset {
        /// The folder or file.
        path: PathBuf,
        /// What was found, or is missing.
        found: String,
    },
    /// Corrections that cannot be applied; none was.
    #[error("{} of {} cannot be applied, so none was{}", bad.len(), count(*rows, "correction"), bad.first().map(|row| format!("; the first: {row}")).unwrap_or_default())]
    #[non_exhaustive]
    Corrections {
        /// Number of rows of the table.
        rows: usize,
        /// All rows that cannot be applied.
        bad: Vec<BadRow>,
    },
    /// A table lacks a column.
    #[error("`{}` has no column `{column}`; its columns are {found}", path.display())]
    #[non_exhaustive]
    Column {
        /// The table.
        path: PathBuf,
        /// The column that is missing.
        column: &'static str,
        /// The columns that were found.
        found: String,
    },
    /// A file is damaged, or not of its format.
    #[error("cannot parse {}`{}`", line.map(|line| format!("line {line} of ")).unwrap_or_default(), path.display())]
    #[non_exhaustive]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1, if it is known.
        line: Option<u64>,
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An image or row cannot be used, for a reason that is not in the image's bytes.
    #[error("{message}")]
    #[non_exhaustive]
    Rejected {
        /// The code of the reason.
        reason: RejectReason,
        /// The reason in words.
        message: String,
    },
    /// An image cannot be decoded, scaled or encoded.
    #[error(transparent)]
    Image(ai4fashion_image::Error),

    // The machine, or another process.
    /// Another process is at work on the folder.
    #[error("`{}` is in use: another process is {activity}", path.display())]
    #[non_exhaustive]
    InUse {
        /// The folder.
        path: PathBuf,
        /// What the other process is doing.
        activity: &'static str,
    },
    /// Another process has changed the file or folder meanwhile.
    #[error("`{}` was changed by another process; {outcome}", path.display())]
    #[non_exhaustive]
    Changed {
        /// The file or folder.
        path: PathBuf,
        /// What has become of the call.
        outcome: &'static str,
    },
    /// A file or folder could not be read or written.
    #[error("cannot {action} `{}`", path.display())]
    #[non_exhaustive]
    Io {
        /// What was tried: a verb such as `read`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A failure of code outside this crate, such as a source of the caller's own.
    #[error(transparent)]
    Other(Box<dyn std::error::Error + Send + Sync>),
}
