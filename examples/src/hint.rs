//! What to do about a failure: it is said last, below what has failed and why.

use std::{error::Error as StdError, fmt};

use ai4fashion_dataset::ErrorKind as DatasetError;
use ai4fashion_dcgan::ErrorKind as TrainingError;

/// A data set whose manifest cannot be understood is neither read nor overwritten: what was said by hand stands there.
const MANIFEST: &str = "mend that line; or take out the line and its picture and ingest again, which makes that picture anew without \
                        what was said of it by hand; or ingest into another folder";
const PICTURE: &str =
    "ingesting the photos again makes the pictures of a data set anew that are damaged or missing";

/// An error, and what helps.
#[derive(Debug)]
struct Hinted {
    error: anyhow::Error,
    hint: &'static str,
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl StdError for Hinted {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.error.source()
    }
}

/// `error`, with what helps against it.
#[must_use]
pub fn hinted(error: impl Into<anyhow::Error>, hint: &'static str) -> anyhow::Error {
    let error = error.into();
    Hinted { error, hint }.into()
}

/// What helps against an error, if it is known.
pub(crate) fn hint_of(error: &anyhow::Error) -> Option<&'static str> {
    error.chain().find_map(|cause| {
        let hinted = cause.downcast_ref::<Hinted>().map(|hinted| hinted.hint);
        let of_dataset = || of_dataset(cause.downcast_ref::<ai4fashion_dataset::Error>()?.kind());
        let of_training = || of_training(cause.downcast_ref::<ai4fashion_dcgan::Error>()?.kind());
        hinted.or_else(of_dataset).or_else(of_training)
    })
}

fn of_dataset(kind: &DatasetError) -> Option<&'static str> {
    match kind {
        DatasetError::Json { path, .. } if path.ends_with("manifest.jsonl") => Some(MANIFEST),
        _ => None,
    }
}

fn of_training(kind: &TrainingError) -> Option<&'static str> {
    match kind {
        TrainingError::Picture { .. } | TrainingError::OtherPicture { .. } => Some(PICTURE),
        TrainingError::Dataset(error) => of_dataset(error.kind()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    #[test]
    fn hint_is_found_below_what_was_added_and_changes_no_message() {
        let cause = std::io::Error::other("read-only");
        let error = hinted(
            anyhow::Error::new(cause).context("cannot write"),
            "write elsewhere",
        );
        let said: Vec<String> = error.chain().map(ToString::to_string).collect();
        assert_eq!(said, ["cannot write", "read-only"]);
        let error = Err::<(), _>(error).context("cannot train").unwrap_err();
        assert_eq!(hint_of(&error), Some("write elsewhere"));
        assert_eq!(hint_of(&anyhow::anyhow!("another one")), None);
    }
}
