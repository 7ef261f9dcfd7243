//! Hashes of the logs in a checkpoint: whether their lines are still those that were written.

use std::{collections::BTreeMap, fs, path::Path};

use ai4fashion_files::sha256_hex;

use crate::{
    run::layout::{EPOCHS, STEPS, WARNINGS},
    train::checkpoint::LogHash,
};

/// The logs that are the same for the same seed.
const LOGS: [&str; 3] = [STEPS, EPOCHS, WARNINGS];

/// The hashes of the logs in the folder of a run; a log that is missing has none.
pub(super) fn of(run: &Path) -> BTreeMap<String, LogHash> {
    let hashes = LOGS.iter().filter_map(|name| {
        let text = fs::read(run.join(name)).ok()?;
        let (bytes, sha256) = (text.len() as u64, sha256_hex(&text));
        Some(((*name).to_owned(), LogHash { bytes, sha256 }))
    });
    hashes.collect()
}

/// The logs in the folder of a run that do not begin with what was hashed.
pub(super) fn changed<'a>(run: &Path, hashes: &'a BTreeMap<String, LogHash>) -> Vec<&'a str> {
    let is_changed = |(name, hash): &(&String, &LogHash)| {
        // A state from elsewhere must not make us read outside the folder.
        if !LOGS.contains(&name.as_str()) {
            return false;
        }
        let text = fs::read(run.join(name)).unwrap_or_default();
        let begin = usize::try_from(hash.bytes)
            .ok()
            .and_then(|bytes| text.get(..bytes));
        begin.is_none_or(|begin| sha256_hex(begin) != hash.sha256)
    };
    let changed = hashes.iter().filter(is_changed);
    changed.map(|(name, _)| name.as_str()).collect()
}
