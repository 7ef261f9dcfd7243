//! The committed weights and their inputs.

use std::{fs, path::PathBuf};

use fit_common::{Finding, Item, Provenance, Report, hash_images, hash_path};

use crate::photos::{self, Examples};

/// The crate's folder of fitted files.
const FOLDER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../crates/ai4fashion-dataset/src/ingest/garment"
);
const WEIGHTS: &str = "weights.bin";
/// Rendered garments: what the synthetic catalogue shows is an input as well.
const SYNTHETIC: &str = "synthetic garments";
const INPUTS: [&str; 3] = ["smallfashion/labels.csv", "smallfashion/images", SYNTHETIC];

/// The committed weights and the folder of their inputs.
#[derive(Debug)]
pub(crate) struct Committed {
    folder: PathBuf,
    data: PathBuf,
}

impl Committed {
    pub(crate) fn new(data: PathBuf) -> Self {
        Self {
            folder: FOLDER.into(),
            data,
        }
    }

    /// Reads the photos and renders synthetic ones.
    pub(crate) fn examples(&self) -> anyhow::Result<Examples> {
        Ok(Examples {
            photos: photos::read(&self.data.join("smallfashion"))?,
            synthetic: photos::synthetic(),
        })
    }

    /// Compares weights and inputs with their recorded hashes.
    pub(crate) fn check(&self) -> anyhow::Result<Report> {
        Provenance::read(&self.folder)?.check(&self.folder, |name| self.hash(name))
    }

    /// Compares weights with the committed ones.
    pub(crate) fn compare(&self, weights: &[u8]) -> Item {
        let is_equal = self.is_equal(weights);
        Item {
            name: format!("refitted {WEIGHTS}"),
            finding: if is_equal {
                Finding::Equal
            } else {
                Finding::Different
            },
        }
    }

    /// Returns `true` if the weights are the committed ones.
    pub(crate) fn is_equal(&self, weights: &[u8]) -> bool {
        fs::read(self.folder.join(WEIGHTS)).is_ok_and(|found| found == weights)
    }

    /// Writes the weights into the crate and records their inputs.
    pub(crate) fn write(&self, weights: Vec<u8>) -> anyhow::Result<()> {
        let outputs = [(WEIGHTS, weights)];
        Provenance::write(
            &self.folder,
            "fit-garment",
            &INPUTS,
            |name| self.hash(name),
            &outputs,
        )
    }

    fn hash(&self, name: &str) -> anyhow::Result<Option<String>> {
        match name {
            SYNTHETIC => Ok(Some(hash_images(photos::render().into_iter().flatten()))),
            _ => hash_path(&self.data.join(name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn committed_weights_are_the_recorded_ones() {
        let folder = Path::new(FOLDER);
        let report = Provenance::read(folder).unwrap().check_outputs(folder).unwrap();
        assert_eq!(report.items.len(), 1, "{report}");
        assert_eq!(report.items[0].finding, Finding::Equal, "{report}");
    }
}
