//! JSON files.

use std::{fs, path::Path};

use ai4fashion_dataset::write_atomic;
use serde::{Serialize, de::DeserializeOwned};

use crate::{Error, ErrorKind};

pub(super) fn write_json(path: &Path, value: &impl Serialize) -> Result<(), Error> {
    let json = |source| ErrorKind::Json {
        path: path.to_owned(),
        source,
    };
    let mut text = serde_json::to_string_pretty(value).map_err(json)?;
    text.push('\n');
    Ok(write_atomic(path, text.as_bytes())?)
}

pub(super) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let text = fs::read(path).map_err(Error::io("read", path))?;
    serde_json::from_slice(&text).map_err(|source| {
        ErrorKind::Json {
            path: path.to_owned(),
            source,
        }
        .into()
    })
}
