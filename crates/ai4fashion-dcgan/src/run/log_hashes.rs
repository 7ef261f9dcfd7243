//! Hashes of the logs in a checkpoint: whether their lines are still those that were written.

use std::{collections::BTreeMap, fs, io::ErrorKind as IoKind, path::Path};

use ai4fashion_files::sha256_hex;

use crate::{
    error::Error,
    run::layout::{EPOCHS, STEPS, WARNINGS},
    train::checkpoint::LogHash,
};

/// The logs that are the same for the same seed.
const LOGS: [&str; 3] = [STEPS, EPOCHS, WARNINGS];

/// The hashes of the logs in the folder of a run; a log that is missing has none.
pub(super) fn of(run: &Path) -> Result<BTreeMap<String, LogHash>, Error> {
    let mut hashes = BTreeMap::new();
    for name in LOGS {
        if let Some(text) = read(&run.join(name))? {
            let (bytes, sha256) = (text.len() as u64, sha256_hex(&text));
            hashes.insert(name.to_owned(), LogHash { bytes, sha256 });
        }
    }
    Ok(hashes)
}

fn read(log: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(log) {
        Err(error) if error.kind() == IoKind::NotFound => Ok(None),
        text => text.map(Some).map_err(Error::io("read", log)),
    }
}

/// The names of the logs in the folder of a run that do not begin with what was hashed.
pub(super) fn changed(run: &Path, hashes: &BTreeMap<String, LogHash>) -> Result<Vec<&'static str>, Error> {
    let mut changed = Vec::new();
    for name in LOGS {
        let Some(hash) = hashes.get(name) else {
            continue;
        };
        let text = read(&run.join(name))?.unwrap_or_default();
        let begin = usize::try_from(hash.bytes)
            .ok()
            .and_then(|bytes| text.get(..bytes));
        if begin.is_none_or(|begin| sha256_hex(begin) != hash.sha256) {
            changed.push(name);
        }
    }
    Ok(changed)
}
