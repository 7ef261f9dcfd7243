//! JSON files.

use std::{fs, path::Path};

use ai4fashion_dataset::write_atomic;
use serde::{Serialize, de::DeserializeOwned};

use crate::error::Error;

pub(super) fn write_json(path: &Path, value: &impl Serialize) -> Result<(), Error> {
    let mut text = serde_json::to_string_pretty(value).map_err(Error::json(path))?;
    text.push('\n');
    Ok(write_atomic(path, text.as_bytes())?)
}

pub(super) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let text = fs::read(path).map_err(Error::io("read", path))?;
    serde_json::from_slice(&text).map_err(Error::json(path))
}
