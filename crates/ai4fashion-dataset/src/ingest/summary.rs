//! The counts of an ingestion.

use std::{
    collections::{BTreeMap, HashSet},
    fmt,
    path::Path,
};

use ai4fashion_color::ClassifyOptions;
use serde::{Deserialize, Serialize};

use super::{Dedup, IngestOptions, Keep};
use crate::{Distribution, Error, ErrorKind, Flag, Record, Split, SplitOptions, sha256, words::count};

/// The version of the files in a data set folder; it is raised when a reader of the old ones would misread new ones.
const VERSION: u32 = 1;

/// The content of `summary.json`. It holds no times: the same sources and options give the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Summary {
    /// Version of the data set's files.
    pub version: u32,
    /// How the pictures were made.
    pub settings: Settings,
    /// Picture files in all sources: `written + skipped` and those left out.
    pub found: usize,
    /// Pictures in the data set.
    pub written: usize,
    /// Pictures that could not be used.
    pub skipped: usize,
    /// Pictures of each colour.
    pub colors: BTreeMap<String, usize>,
    /// Pictures of each product type, by number; 0 is not known.
    pub types: BTreeMap<u8, usize>,
    /// Pictures of each part, by name.
    pub splits: BTreeMap<String, usize>,
    /// Pictures that show what an earlier one shows, pixel by pixel.
    pub duplicates: usize,
    /// Pictures that only look like an earlier one.
    pub near_duplicates: usize,
    /// Pictures of each [`Flag`], by name.
    pub flags: BTreeMap<String, usize>,
    /// The same counts for each source.
    pub sources: Vec<SourceSummary>,
}

/// Counts of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SourceSummary {
    /// The kind of source.
    pub name: String,
    /// A hash of the settings and of `types`: with the same one, the same files become the same.
    pub settings_sha256: String,
    /// A hash of the table of types that was given for it.
    pub types: Option<String>,
    /// Picture files.
    pub found: usize,
    /// Pictures taken in.
    pub written: usize,
    /// Pictures that could not be used.
    pub skipped: usize,
    /// Pictures left out by the source's selection or by `keep`, by reason.
    pub left_out: BTreeMap<String, usize>,
    /// Rows of its table whose picture is not there.
    pub rows_without_picture: usize,
    /// Rows of its table that had commas without quotes, and could be used.
    #[serde(default)]
    pub rows_repaired: usize,
    /// Rows of its table that could not be used.
    pub rows_refused: usize,
    /// Folders that could not be looked into.
    pub folders_unreadable: usize,
    /// Pictures that no row tells of.
    pub pictures_without_row: usize,
}

/// On one line, for people; what there is none of is not mentioned. With `{:#}` as of what is still to be done.
impl fmt::Display for SourceSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = if f.alternate() { "to be written" } else { "written" };
        write!(
            f,
            "{}: {} found, {} {written}",
            self.name, self.found, self.written
        )?;
        for (reason, number) in &self.left_out {
            write!(f, ", {number} left out ({reason})")?;
        }
        for (number, what) in [
            (self.skipped, "skipped"),
            (self.pictures_without_row, "without a row"),
        ] {
            if number > 0 {
                write!(f, ", {number} {what}")?;
            }
        }
        for (number, thing, what) in [
            (self.rows_without_picture, "row", "without a picture"),
            (self.rows_repaired, "row", "repaired"),
            (self.rows_refused, "row", "refused"),
            (self.folders_unreadable, "folder", "unreadable"),
        ] {
            if number > 0 {
                write!(f, ", {} {what}", count(number, thing))?;
            }
        }
        Ok(())
    }
}

/// The options that decide what the pictures of a data set are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Settings {
    /// The version of this crate, which may name another colour than the one before.
    pub made_by: String,
    /// Side length in pixels.
    pub size: u32,
    /// JPEG quality.
    pub quality: u8,
    /// Which pictures were taken in.
    pub keep: Keep,
    /// A hash of the names of the only pictures that were.
    pub select: Option<String>,
    /// A hash of the names of those that were not.
    pub exclude: Option<String>,
    /// Colour of the bars, sRGB.
    pub fill: [u8; 3],
    /// Bits by which pictures differ that look alike.
    pub near: Option<u16>,
    /// What was done with those that show the same.
    pub dedup: Dedup,
    /// The most pixels of a source picture.
    pub max_pixels: u64,
    /// The most bytes of a source file.
    pub max_bytes: u64,
    /// How colours were named.
    pub classifier: ClassifyOptions,
    /// How the pictures were parted.
    pub split: SplitOptions,
}

impl Settings {
    pub(super) fn of(options: &IngestOptions) -> Self {
        Self {
            made_by: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned(),
            size: options.size,
            quality: options.quality,
            keep: options.keep,
            select: options.select.as_ref().map(super::IdList::fingerprint),
            exclude: options.exclude.as_ref().map(super::IdList::fingerprint),
            fill: options.fill,
            near: options.near,
            dedup: options.dedup,
            max_pixels: options.limits.max_pixels,
            max_bytes: options.limits.max_bytes,
            classifier: options.classifier.options(),
            split: options.split,
        }
    }

    /// Refuses to go on with what was made at `path` under other settings.
    pub(super) fn check_same(&self, before: &Self, path: &Path) -> Result<(), Error> {
        refuse(differences(before, self), |differences| {
            ErrorKind::SettingsChanged {
                path: path.to_owned(),
                differences,
            }
        })
    }

    /// Refuses to go on with what was begun at `path` under other settings.
    pub(super) fn check_begun(&self, before: &Self, path: &Path) -> Result<(), Error> {
        refuse(differences(before, self), |differences| {
            ErrorKind::BegunOtherwise {
                path: path.to_owned(),
                differences,
            }
        })
    }

    /// A hash of these and of a source's table of types.
    pub(super) fn fingerprint(&self, types: Option<&str>) -> String {
        let both = serde_json::to_vec(&(self, types)).unwrap_or_default();
        sha256(&both)
    }
}

fn refuse(differences: Vec<String>, kind: impl FnOnce(Vec<String>) -> ErrorKind) -> Result<(), Error> {
    if differences.is_empty() {
        return Ok(());
    }
    Err(kind(differences).into())
}

/// Refuses to go on with a data set at `path` some of whose sources were given other tables of types. Sources of a kind are
/// told from each other by their tables, wherever they stand; one that is gone altogether is found by its pictures.
pub(super) fn check_types(before: &[SourceSummary], now: &[SourceSummary], path: &Path) -> Result<(), Error> {
    let hash = |types: &Option<String>| {
        let types = types.as_deref();
        types
            .map_or("none", |hash| hash.get(..12).unwrap_or(hash))
            .to_owned()
    };
    let mut left: Vec<&SourceSummary> = now.iter().collect();
    let mut missing = Vec::new();
    for before in before {
        let same = |now: &&SourceSummary| (&now.name, &now.types) == (&before.name, &before.types);
        match left.iter().position(same) {
            Some(place) => {
                left.remove(place);
            }
            None => missing.push(before),
        }
    }
    let mut differences = Vec::new();
    for SourceSummary { name, types, .. } in missing {
        if let Some(place) = left.iter().position(|now| now.name == *name) {
            let (before, now) = (hash(types), hash(&left.remove(place).types));
            differences.push(format!("table of types of {name} {before}, now {now}"));
        }
    }
    refuse(differences, |differences| ErrorKind::SettingsChanged {
        path: path.to_owned(),
        differences,
    })
}

/// What is not the same in two settings, e.g. `size 256, now 128`.
fn differences(before: &Settings, now: &Settings) -> Vec<String> {
    let flat = |settings: &Settings| {
        let mut values = BTreeMap::new();
        if let Ok(value) = serde_json::to_value(settings) {
            flatten("", &value, &mut values);
        }
        values
    };
    let (before, now) = (flat(before), flat(now));
    let names: BTreeMap<&String, ()> = before.keys().chain(now.keys()).map(|name| (name, ())).collect();
    let value = |of: &BTreeMap<String, String>, name| of.get(name).cloned().unwrap_or_default();
    names
        .into_keys()
        .map(|name| (name, value(&before, name), value(&now, name)))
        .filter(|(_, before, now)| before != now)
        .map(|(name, before, now)| format!("{name} {before}, now {now}"))
        .collect()
}

fn flatten(prefix: &str, value: &serde_json::Value, into: &mut BTreeMap<String, String>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                let dot = if prefix.is_empty() { "" } else { "." };
                flatten(&format!("{prefix}{dot}{name}"), value, into);
            }
        }
        other => drop(into.insert(prefix.to_owned(), other.to_string())),
    }
}

impl Summary {
    pub(super) fn new(settings: Settings, sources: Vec<SourceSummary>, records: &[Record]) -> Self {
        let mut splits: BTreeMap<String, usize> = Split::ALL.map(|split| (split.to_string(), 0)).into();
        let mut flags: BTreeMap<String, usize> = Flag::ALL.map(|flag| (flag.to_string(), 0)).into();
        let (mut shown, mut groups) = (HashSet::new(), HashSet::new());
        for record in records {
            *splits.entry(record.split.to_string()).or_default() += 1;
            for flag in &record.flags {
                *flags.entry(flag.to_string()).or_default() += 1;
            }
            shown.insert(&*record.pixels_sha256);
            groups.insert(record.group.as_deref().unwrap_or(&record.pixels_sha256));
        }
        let sum = |count: fn(&SourceSummary) -> usize| sources.iter().map(count).sum();
        let mut summary = Self {
            version: VERSION,
            settings,
            found: sum(|source| source.found),
            written: sum(|source| source.written),
            skipped: sum(|source| source.skipped),
            colors: BTreeMap::new(),
            types: BTreeMap::new(),
            splits,
            duplicates: records.len() - shown.len(),
            near_duplicates: shown.len() - groups.len(),
            flags,
            sources,
        };
        summary.count_labels(records);
        summary
    }

    /// Counts the labels anew.
    pub(crate) fn count_labels(&mut self, records: &[Record]) {
        let labels = Distribution::of(records);
        let colors = labels.colors_by_name().into_iter();
        self.colors = colors.map(|(name, count)| (name.to_owned(), count)).collect();
        self.types = labels.types_by_number();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many_and_what_is_planned_is_not_done() {
        let counts = SourceSummary {
            name: "small-fashion".to_owned(),
            found: 2,
            written: 2,
            rows_without_picture: 1,
            rows_refused: 2,
            ..SourceSummary::default()
        };
        assert_eq!(
            counts.to_string(),
            "small-fashion: 2 found, 2 written, 1 row without a picture, 2 rows refused"
        );
        assert!(format!("{counts:#}").starts_with("small-fashion: 2 found, 2 to be written, 1 row"));
    }
}
