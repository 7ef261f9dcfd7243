//! What committed files were fitted from: hashes of inputs and outputs in `provenance.json`.

use std::{
    collections::BTreeMap,
    fmt, fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use ai4fashion_files::{hex, sha256_hex};
use ai4fashion_image::image::RgbImage;
use anyhow::Context;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

const FILE: &str = "provenance.json";

/// The fits that wrote the files of a folder, as recorded beside them.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// Fits by command.
    pub fits: BTreeMap<String, Fit>,
}

/// One fit: SHA-256 of inputs and outputs by name.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fit {
    /// Hashes of the inputs.
    pub inputs: BTreeMap<String, String>,
    /// Hashes of the files in the folder.
    pub outputs: BTreeMap<String, String>,
}

/// What a check found about one input or output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The hash is as recorded.
    Equal,
    /// It is not there.
    Missing,
    /// It is there with another hash.
    Different,
}

/// An input or output that was checked.
#[derive(Debug, PartialEq, Eq)]
pub struct Item {
    /// Input or output, command and name.
    pub name: String,
    /// What was found.
    pub finding: Finding,
}

/// The result of a check.
#[derive(Debug, Default)]
pub struct Report {
    /// All inputs and outputs.
    pub items: Vec<Item>,
}

impl Provenance {
    /// Reads the record of a folder.
    ///
    /// # Errors
    /// If it is missing or not valid.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(FILE);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("cannot read `{}`", path.display()))
    }

    /// Writes the outputs of a fit into `folder` and records the hashes of outputs and inputs.
    ///
    /// # Errors
    /// If an input is missing or a file cannot be written.
    pub fn write(
        folder: &Path,
        command: &str,
        inputs: &[&str],
        hash: impl Fn(&str) -> anyhow::Result<Option<String>>,
        outputs: &[(&str, Vec<u8>)],
    ) -> anyhow::Result<()> {
        let mut fit = Fit::default();
        for name in inputs {
            let hash = hash(name)?.with_context(|| format!("input `{name}` is missing"))?;
            fit.inputs.insert((*name).to_owned(), hash);
        }
        for (name, bytes) in outputs {
            write(&folder.join(name), bytes)?;
            fit.outputs.insert((*name).to_owned(), sha256_hex(bytes));
        }
        let mut all = match folder.join(FILE).is_file() {
            true => Self::read(folder)?,
            false => Self::default(),
        };
        all.fits.insert(command.to_owned(), fit);
        let text = serde_json::to_string_pretty(&all)? + "\n";
        write(&folder.join(FILE), text.as_bytes())
    }

    /// Compares all hashes with the files in `folder` and the inputs that `hash` finds.
    ///
    /// # Errors
    /// If a file is there and cannot be read.
    pub fn check(
        &self,
        folder: &Path,
        hash: impl Fn(&str) -> anyhow::Result<Option<String>>,
    ) -> anyhow::Result<Report> {
        let mut report = self.check_outputs(folder)?;
        for (command, fit) in &self.fits {
            for (name, recorded) in &fit.inputs {
                let finding = compare(recorded, hash(name)?);
                let name = format!("input {name} of {command}");
                report.items.push(Item { name, finding });
            }
        }
        Ok(report)
    }

    /// Compares the hashes of outputs with the files in `folder`.
    ///
    /// # Errors
    /// If a file is there and cannot be read.
    pub fn check_outputs(&self, folder: &Path) -> anyhow::Result<Report> {
        let mut report = Report::default();
        for (command, fit) in &self.fits {
            for (name, recorded) in &fit.outputs {
                // A fitted file that is missing is as wrong as a changed one.
                let finding = match compare(recorded, hash_path(&folder.join(name))?) {
                    Finding::Missing => Finding::Different,
                    other => other,
                };
                let name = format!("output {name} of {command}");
                report.items.push(Item { name, finding });
            }
        }
        Ok(report)
    }
}

fn compare(recorded: &str, found: Option<String>) -> Finding {
    match found {
        None => Finding::Missing,
        Some(found) if found == recorded => Finding::Equal,
        Some(_) => Finding::Different,
    }
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    fs::write(path, bytes).with_context(|| format!("cannot write `{}`", path.display()))
}

impl Report {
    /// Returns `true` if anything was found as stated.
    #[must_use]
    pub fn has(&self, finding: Finding) -> bool {
        self.items.iter().any(|item| item.finding == finding)
    }

    /// Returns the exit code: 0 if all is equal, 1 if inputs are missing, 2 if anything is
    /// different.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            _ if self.has(Finding::Different) => 2,
            _ if self.has(Finding::Missing) => 1,
            _ => 0,
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Item { name, finding } in &self.items {
            let finding = match finding {
                Finding::Equal => "equal",
                Finding::Missing => "missing",
                Finding::Different => "DIFFERENT",
            };
            writeln!(f, "{finding:9} {name}")?;
        }
        Ok(())
    }
}

/// Hashes a file, or all files of a folder with their names; `None` if there is neither.
///
/// # Errors
/// If it cannot be read.
pub fn hash_path(path: &Path) -> anyhow::Result<Option<String>> {
    let read = |path: &Path| fs::read(path).with_context(|| format!("cannot read `{}`", path.display()));
    if path.is_file() {
        return Ok(Some(sha256_hex(&read(path)?)));
    }
    if !path.is_dir() {
        return Ok(None);
    }
    let entries = fs::read_dir(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let mut all = Sha256::new();
    for file in files {
        let name = file.file_name().unwrap_or_default().display().to_string();
        all.update(format!("{name} {}\n", sha256_hex(&read(&file)?)));
    }
    Ok(Some(hex(&all.finalize())))
}

/// Hashes the size and pixels of images.
#[must_use]
pub fn hash_images(images: impl Iterator<Item = RgbImage>) -> String {
    let mut all = Sha256::new();
    for image in images {
        all.update(format!("{}x{} ", image.width(), image.height()));
        all.update(image.as_raw());
    }
    hex(&all.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_and_missing_files_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let input = |name: &str| Ok((name == "photos").then(|| "abc".to_owned()));
        let outputs = [("weights.bin", vec![1, 2, 3])];
        Provenance::write(folder.path(), "fit", &["photos"], input, &outputs).unwrap();
        let recorded = Provenance::read(folder.path()).unwrap();

        let report = recorded.check(folder.path(), input).unwrap();
        assert!(report.items.iter().all(|item| item.finding == Finding::Equal));
        let report = recorded.check(folder.path(), |_| Ok(None)).unwrap();
        assert!(report.has(Finding::Missing) && !report.has(Finding::Different));
        assert_eq!(
            report.to_string(),
            "equal     output weights.bin of fit\nmissing   input photos of fit\n"
        );

        fs::write(folder.path().join("weights.bin"), [1, 2, 4]).unwrap();
        let report = recorded.check(folder.path(), input).unwrap();
        assert!(report.has(Finding::Different));
    }

    #[test]
    fn hash_of_a_folder_depends_on_names_and_contents() {
        let folder = tempfile::tempdir().unwrap();
        let hash = || hash_path(folder.path()).unwrap().unwrap();
        fs::write(folder.path().join("a"), "1").unwrap();
        let first = hash();
        fs::write(folder.path().join("a"), "2").unwrap();
        let second = hash();
        fs::rename(folder.path().join("a"), folder.path().join("b")).unwrap();
        assert!(first != second && second != hash());
        assert_eq!(hash_path(&folder.path().join("c")).unwrap(), None);
    }

    #[test]
    fn input_that_is_missing_is_not_recorded() {
        let folder = tempfile::tempdir().unwrap();
        let error = Provenance::write(folder.path(), "fit", &["photos"], |_| Ok(None), &[]).unwrap_err();
        assert_eq!(error.to_string(), "input `photos` is missing");
    }
}
