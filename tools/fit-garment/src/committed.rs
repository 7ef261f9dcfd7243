//! The committed weights and their inputs.

use std::path::PathBuf;

use fit_common::{Provenance, Report, hash_path};

use crate::{painted, photos};

/// The crate's folder of fitted files.
const FOLDER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../crates/ai4fashion-garment/src/data"
);
const WEIGHTS: &str = "garment.safetensors";
const INPUTS: [&str; 4] = [photos::CATALOGUE, photos::LABELS, photos::LARGE, painted::SURVEY];

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

    /// Compares weights and inputs with their recorded hashes.
    pub(crate) fn check(&self) -> anyhow::Result<Report> {
        Provenance::read(&self.folder)?.check(&self.folder, |name| self.hash(name))
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
        hash_path(&self.data.join(name))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use fit_common::Finding;

    use super::*;

    #[test]
    fn committed_weights_are_the_recorded_ones() {
        let folder = Path::new(FOLDER);
        let report = Provenance::read(folder).unwrap().check_outputs(folder).unwrap();
        assert_eq!(report.items.len(), 1, "{report}");
        assert_eq!(report.items[0].finding, Finding::Equal, "{report}");
    }
}
