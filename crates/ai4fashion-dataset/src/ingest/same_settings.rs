//! Whether what is there was made as it would be made now.

use std::{collections::BTreeMap, path::Path};

use crate::{
    dataset::{Settings, SourceSummary},
    error::{Error, ErrorKind},
};

/// Refuses to go on with what was made at `path` under other settings.
pub(super) fn check_same(now: &Settings, before: &Settings, path: &Path) -> Result<(), Error> {
    refuse(differences(before, now), |differences| {
        ErrorKind::SettingsChanged {
            path: path.to_owned(),
            differences,
        }
    })
}

/// Refuses to go on with what was begun at `path` under other settings.
pub(super) fn check_begun(now: &Settings, before: &Settings, path: &Path) -> Result<(), Error> {
    refuse(differences(before, now), |differences| {
        ErrorKind::BegunOtherwise {
            path: path.to_owned(),
            differences,
        }
    })
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
