//! Files of PyTorch's `torch.save`.
//!
//! Such a file is a pickle: a program that builds objects. It is parsed, not run: the reader knows
//! the few calls that stand for tensors, and takes all others as data (`pytorch-reader`, of the
//! Burn project).

use std::{fs::File, io::BufReader, path::Path};

use burn::store::pytorch_reader::{FileFormat, PickleValue, PytorchReader};
use zip::ZipArchive;

use super::{
    kind::Kind,
    tensors::{self, Tensors},
};
use crate::error::{WeightsError, first, shown};

/// Reads the names, types and shapes of the tensors in the file at `path`.
///
/// Those of nested dictionaries have their keys before them: `netG.main.0.weight`.
pub(super) fn read(path: &Path) -> Result<Tensors<'static>, WeightsError> {
    match PytorchReader::new(path) {
        Ok(reader) if reader.metadata().format_type != FileFormat::Pickle => Ok(tensors::of_pytorch(reader)),
        Ok(_) => Err(WeightsError::Kind(pickle(&keys(path)))),
        Err(error) => Err(other_kind(path).map_or_else(|| WeightsError::pytorch(error), WeightsError::Kind)),
    }
}

/// The keys of the dictionary in the file at `path`, with what is there; none if it has none.
pub(super) fn keys(path: &Path) -> Vec<String> {
    let Ok(PickleValue::Dict(entries)) = PytorchReader::read_pickle_data(path, None) else {
        return Vec::new();
    };
    let keys = entries.iter().map(|(key, value)| {
        let key = shown(key);
        match value {
            PickleValue::Dict(entries) => format!("{key} (dictionary of {})", entries.len()),
            PickleValue::List(items) => format!("{key} (list of {})", items.len()),
            PickleValue::Unsupported(name) => format!("{key} ({})", shown(name)),
            _ => key,
        }
    });
    let mut keys: Vec<String> = keys.collect();
    keys.sort_unstable();
    keys
}

/// What a file is that is not one of PyTorch with weights, in words.
fn other_kind(path: &Path) -> Option<String> {
    let mut file = File::open(path).ok()?;
    let is_pickle = super::head(&mut file).is_ok_and(|head| Kind::of(&head) == Kind::Pickle);
    let Ok(archive) = ZipArchive::new(BufReader::new(file)) else {
        return is_pickle.then(|| pickle(&[]));
    };
    let names = archive.file_names().filter_map(Result::ok);
    let names: Vec<String> = names.map(|name| shown(&name)).collect();
    let any = |found: fn(&str) -> bool| names.iter().any(|name| found(name));
    if any(|name| name.contains("/code/") || name.ends_with("/constants.pkl")) {
        return Some("a program of TorchScript".to_owned());
    }
    if any(|name| name == "data.pkl" || name.ends_with("/data.pkl")) {
        return None;
    }
    Some(if names.is_empty() {
        "an empty zip archive".to_owned()
    } else if names.iter().all(|name| name.ends_with(".npy")) {
        format!("an archive of NumPy with {}", first(&names, 3, ", "))
    } else {
        format!("a zip archive of something else, with {}", first(&names, 3, ", "))
    })
}

/// What a pickle is that `torch.save` has not written.
fn pickle(keys: &[String]) -> String {
    let what = "a pickle that `torch.save` has not written";
    match keys {
        [] => what.to_owned(),
        keys => format!("{what}, with the keys {}", first(keys, 8, ", ")),
    }
}

#[cfg(test)]
mod tests;
