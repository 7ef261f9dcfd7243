//! Whether a data set was made with the settings of today.

use std::{collections::BTreeMap, path::Path};

use crate::{
    dataset::{Settings, SourceSummary},
    error::{Error, ErrorKind},
};

/// Refuses to add to the data set at `path` if it was made with other settings.
pub(super) fn check_same(now: &Settings, before: &Settings, path: &Path) -> Result<(), Error> {
    refuse(differences(before, now), path, false)
}

/// Refuses to resume the ingestion at `path` if it was begun with other settings.
pub(super) fn check_begun(now: &Settings, before: &Settings, path: &Path) -> Result<(), Error> {
    refuse(differences(before, now), path, true)
}

fn refuse(differences: Vec<String>, path: &Path, is_unfinished: bool) -> Result<(), Error> {
    if differences.is_empty() {
        return Ok(());
    }
    Err(ErrorKind::OtherSettings {
        path: path.to_owned(),
        differences,
        is_unfinished,
    }
    .into())
}

/// Refuses to add to the data set at `path` if some of its sources had other tables of types.
///
/// Sources of a kind are told apart by their tables, in any order. A source that is gone altogether
/// is found by its images.
pub(super) fn check_types(before: &[SourceSummary], now: &[SourceSummary], path: &Path) -> Result<(), Error> {
    let hash = |types: &Option<String>| {
        let types = types.as_deref();
        let short = types.map(|hash| hash.get(..12).unwrap_or(hash));
        short.unwrap_or("none").to_owned()
    };
    let mut left: Vec<&SourceSummary> = now.iter().collect();
    let mut missing = Vec::new();
    for before in before {
        let same =
            |now: &&SourceSummary| (&now.name, &now.types_sha256) == (&before.name, &before.types_sha256);
        match left.iter().position(same) {
            Some(index) => {
                left.remove(index);
            }
            None => missing.push(before),
        }
    }
    let mut differences = Vec::new();
    for SourceSummary {
        name, types_sha256, ..
    } in missing
    {
        if let Some(index) = left.iter().position(|now| now.name == *name) {
            let (before, now) = (hash(types_sha256), hash(&left.remove(index).types_sha256));
            differences.push(format!("table of types of {name} {before}, now {now}"));
        }
    }
    refuse(differences, path, false)
}

/// Each setting that differs, such as `image_size 256, now 128`.
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
