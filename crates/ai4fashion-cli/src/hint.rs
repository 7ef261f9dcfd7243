//! Hints: what to do about a failure, printed last.

use std::{error::Error as StdError, fmt};

use ai4fashion_dataset::{ErrorKind as DatasetError, layout::MANIFEST as MANIFEST_FILE};
#[cfg(feature = "train")]
use ai4fashion_dcgan::{ErrorKind as TrainingError, model::WeightsError};
use ai4fashion_review::ErrorKind as ReviewError;

/// A data set whose manifest cannot be parsed is neither read nor overwritten: it has human labels.
const MANIFEST: &str =
    "put the manifest back as it was written; or ingest into another folder, and apply corrections there";
const OVERWRITE: &str = "--overwrite writes the data set anew; human labels of the same images stay";
const IN_USE: &str =
    "let that process end, or end it: what it has begun is finished when the data set is opened next";
const TYPED: &str = "--filter typed takes the source's word, from styles.csv or --types; suggested types do \
                     not count";
const APPAREL: &str = "--filter apparel takes the word of styles.csv, which other sources do not have";
const INGEST: &str = "`ai4fashion ingest PHOTOS --out DATASET` makes a data set of photos";
#[cfg(feature = "train")]
const WEIGHTS: &str =
    "weights that are not of the tutorial's sizes need their settings: --config RUN/config.json";
#[cfg(feature = "train")]
const CONDITION: &str =
    "`ai4fashion train --condition color`, type or both, trains a run that generates by label";
#[cfg(feature = "train")]
const IMAGE: &str =
    "ingesting the photos again restores the images of a data set that are damaged or missing";

/// An error with a hint.
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

/// `error` with a hint.
pub(crate) fn hinted(error: impl Into<anyhow::Error>, hint: &'static str) -> anyhow::Error {
    let error = error.into();
    Hinted { error, hint }.into()
}

/// The hint for an error, if there is one.
pub(crate) fn hint_of(error: &anyhow::Error) -> Option<&'static str> {
    error.chain().find_map(|cause| {
        let hinted = cause.downcast_ref::<Hinted>().map(|hinted| hinted.hint);
        let of_dataset = || of_dataset(dataset_error(cause)?.kind());
        #[cfg(feature = "train")]
        let of_training = || of_training(cause.downcast_ref::<ai4fashion_dcgan::Error>()?.kind());
        #[cfg(not(feature = "train"))]
        let of_training = || None;
        hinted.or_else(of_dataset).or_else(of_training)
    })
}

/// The error of a data set, which that of a page or server may hold.
fn dataset_error<'a>(cause: &'a (dyn StdError + 'static)) -> Option<&'a ai4fashion_dataset::Error> {
    let held = || match cause.downcast_ref::<ai4fashion_review::Error>()?.kind() {
        ReviewError::Dataset { source, .. } => source.downcast_ref(),
        _ => None,
    };
    cause.downcast_ref().or_else(held)
}

fn of_dataset(kind: &DatasetError) -> Option<&'static str> {
    match kind {
        DatasetError::Malformed { path, .. } if path.ends_with(MANIFEST_FILE) => Some(MANIFEST),
        DatasetError::OtherSettings {
            is_unfinished: false, ..
        }
        | DatasetError::WouldLose { .. } => Some(OVERWRITE),
        DatasetError::NotADataset { .. } => Some(INGEST),
        DatasetError::InUse { .. } => Some(IN_USE),
        DatasetError::NothingWritten { filtered, .. } if filtered.contains_key("not-typed") => Some(TYPED),
        DatasetError::NothingWritten { filtered, .. } if filtered.contains_key("not-apparel") => {
            Some(APPAREL)
        }
        _ => None,
    }
}

#[cfg(feature = "train")]
fn of_training(kind: &TrainingError) -> Option<&'static str> {
    match kind {
        TrainingError::Image { .. } => Some(IMAGE),
        // A label where the run has none.
        TrainingError::Setting {
            option: "color" | "type",
            legal,
            ..
        } if legal.starts_with("none") => Some(CONDITION),
        TrainingError::Weights {
            source: WeightsError::NotFinite(_),
            ..
        } => None,
        TrainingError::Weights { .. } => Some(WEIGHTS),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    #[test]
    fn hint_is_found_below_added_context() {
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

    #[test]
    #[cfg(feature = "train")]
    fn label_that_a_run_does_not_have_says_how_to_train_one() {
        let coat = Some(ai4fashion_dataset::ProductType::Coat);
        let error = ai4fashion_dcgan::Condition::Color.labels(None, coat).unwrap_err();
        assert_eq!(hint_of(&error.into()), Some(CONDITION));
    }
}
