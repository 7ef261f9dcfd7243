//! The committed files, their inputs, and the commands that write them.

use std::path::{Path, PathBuf};

use ai4fashion_color::{__private::TEMPERATURE, ClassifyOptions};
use anyhow::Context;
use clap::Parser;
use fit_common::{Finding, Item, Provenance, Report, hash_images, hash_path};

use crate::{
    anchors, calibration,
    cross_validation::{self, Answer},
    fit::{self, FitOptions, Model, OtherExamples},
    photos, report, table,
};

/// The crate's folder of fitted files.
const FOLDER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../crates/ai4fashion-color/src/naming/data"
);

/// The published table of colour names, as it was found.
const PUBLISHED: &str = "color-naming/w2c.csv";
/// Names that people gave to colours in the xkcd survey.
const SURVEY: &str = "color-naming/xkcd_c3_basic11.csv";
/// Rendered garments: what the synthetic catalogue shows is an input as well.
const SYNTHETIC: &str = "synthetic garments";

const TABLE_FILE: &str = "published.bin";
const MODEL_FILE: &str = "model.bin";
const SINGLE_COLOR_FILE: &str = "single_color.bin";

const TABLE_INPUTS: [&str; 1] = [PUBLISHED];
const MODEL_INPUTS: [&str; 5] = [
    TABLE_FILE,
    "smallfashion/labels.csv",
    "smallfashion/images",
    SURVEY,
    SYNTHETIC,
];

/// The committed files and the folder of their inputs.
#[derive(Debug)]
pub(crate) struct Committed {
    folder: PathBuf,
    data: PathBuf,
}

/// A file's name and contents.
type File = (&'static str, Vec<u8>);

impl Committed {
    pub(crate) fn new(data: PathBuf) -> Self {
        Self {
            folder: FOLDER.into(),
            data,
        }
    }

    /// Returns the folder of the labelled photos.
    pub(crate) fn photos(&self) -> PathBuf {
        self.data.join("smallfashion")
    }

    /// Compares outputs and inputs with their recorded hashes.
    pub(crate) fn check(&self) -> anyhow::Result<Report> {
        Provenance::read(&self.folder)?.check(&self.folder, |name| self.hash(name))
    }

    /// Fits again with default options and compares the results with the committed files.
    pub(crate) fn refit(&self) -> anyhow::Result<Vec<Item>> {
        let options = DefaultOptions::parse_from(["fit-color"]).options;
        let (answers, model) = self.fit_model(&options, ClassifyOptions::default())?;
        let files = self.fit_table()?.into_iter().chain(model);
        let compare = |(name, bytes): File| item(name, is_equal(&self.folder.join(name), &bytes));
        let mut items: Vec<Item> = files.map(compare).collect();
        let temperature = calibration::temperature(&answers.iter().collect::<Vec<_>>());
        // The crate has two decimals.
        items.push(item("temperature", (temperature - TEMPERATURE).abs() < 0.0051));
        Ok(items)
    }

    /// Converts the published table.
    pub(crate) fn table(&self, write: bool) -> anyhow::Result<()> {
        self.finish("fit-color table", &TABLE_INPUTS, &self.fit_table()?, write)
    }

    /// Fits the model and reports its cross-validation.
    pub(crate) fn model(
        &self,
        options: &FitOptions,
        classifier: ClassifyOptions,
        write: bool,
    ) -> anyhow::Result<()> {
        let (answers, files) = self.fit_model(options, classifier)?;
        report::print(&answers);
        self.finish("fit-color model", &MODEL_INPUTS, &files, write)
    }

    fn fit_table(&self) -> anyhow::Result<Vec<File>> {
        let path = self.data.join(PUBLISHED);
        let table = table::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        Ok(vec![(TABLE_FILE, table)])
    }

    fn fit_model(
        &self,
        options: &FitOptions,
        classifier: ClassifyOptions,
    ) -> anyhow::Result<(Vec<Answer>, Vec<File>)> {
        let photos = photos::read(&self.photos(), classifier)?;
        let survey = self.data.join(SURVEY);
        let unread = || format!("cannot read `{}`", survey.display());
        let others = OtherExamples {
            synthetic: photos::synthetic(classifier)?,
            greys: anchors::greys(),
            survey: anchors::survey(&survey).with_context(unread)?,
            pale: anchors::pale(&survey).with_context(unread)?,
        };
        let answers = cross_validation::run(&photos, &others, options);
        let model: Model = fit::fit(photos.iter(), &others, options);
        let files = vec![
            (MODEL_FILE, model.to_bytes()),
            (SINGLE_COLOR_FILE, model.single_color_table()),
        ];
        Ok((answers, files))
    }

    #[expect(clippy::print_stdout, reason = "a program that reports")]
    fn finish(&self, command: &str, inputs: &[&str], files: &[File], write: bool) -> anyhow::Result<()> {
        for (name, bytes) in files {
            let is_equal = is_equal(&self.folder.join(name), bytes);
            let equality = if is_equal { "equal to" } else { "different from" };
            println!("{name}: {equality} the committed file");
        }
        if !write {
            return Ok(());
        }
        Provenance::write(&self.folder, command, inputs, |name| self.hash(name), files)
    }

    fn hash(&self, name: &str) -> anyhow::Result<Option<String>> {
        match name {
            SYNTHETIC => Ok(Some(hash_images(photos::render().into_iter()))),
            TABLE_FILE => hash_path(&self.folder.join(name)),
            _ => hash_path(&self.data.join(name)),
        }
    }
}

fn item(name: &str, is_equal: bool) -> Item {
    Item {
        name: format!("refitted {name}"),
        finding: match is_equal {
            true => Finding::Equal,
            false => Finding::Different,
        },
    }
}

fn is_equal(path: &Path, bytes: &[u8]) -> bool {
    std::fs::read(path).is_ok_and(|found| found == bytes)
}

/// Parses no arguments, for the defaults of the command line.
#[derive(Debug, Parser)]
struct DefaultOptions {
    #[command(flatten)]
    options: FitOptions,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn committed_files_are_the_recorded_ones() {
        let report = recorded().check_outputs(Path::new(FOLDER)).unwrap();
        assert_eq!(report.items.len(), 3, "{report}");
        assert!(
            report.items.iter().all(|item| item.finding == Finding::Equal),
            "{report}"
        );
    }

    #[test]
    fn every_fitted_file_is_recorded() {
        let mut outputs: Vec<String> = recorded()
            .fits
            .into_values()
            .flat_map(|fit| fit.outputs.into_keys())
            .collect();
        let mut files: Vec<String> = std::fs::read_dir(FOLDER)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".bin"))
            .collect();
        outputs.sort();
        files.sort();
        assert_eq!(files, outputs);
    }

    #[test]
    fn inputs_are_the_recorded_ones() {
        let fits = recorded().fits;
        let inputs = |command: &str| fits[command].inputs.keys().map(String::as_str).collect();
        let (mut table, mut model): (Vec<&str>, Vec<&str>) = (TABLE_INPUTS.into(), MODEL_INPUTS.into());
        table.sort_unstable();
        model.sort_unstable();
        assert_eq!(
            (table, model),
            (inputs("fit-color table"), inputs("fit-color model"))
        );
    }

    fn recorded() -> Provenance {
        Provenance::read(Path::new(FOLDER)).unwrap()
    }
}
