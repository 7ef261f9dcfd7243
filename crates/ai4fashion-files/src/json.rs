//! Files that hold one JSON value.

use std::{fs, path::Path};

use serde::{Serialize, de::DeserializeOwned};

use crate::{atomic::write_atomic, error::Error};

/// Reads the value of a JSON file.
///
/// # Errors
/// If the file cannot be read, or is not such a value.
pub fn read<T: DeserializeOwned>(path: impl AsRef<Path>) -> Result<T, Error> {
    let path = path.as_ref();
    let text = fs::read(path).map_err(Error::io("read", path))?;
    serde_json::from_slice(&text).map_err(|error| Error::json(path, error.line())(error))
}

/// Writes a value as an indented JSON file that ends with a line break, whole or not at all.
///
/// # Errors
/// If the value has no form in JSON, or the file cannot be written.
///
/// ```
/// use ai4fashion_files::json;
///
/// let path = std::env::temp_dir().join(format!("pair-{}.json", std::process::id()));
/// json::write(&path, &(1, "two"))?;
/// assert_eq!(json::read::<(u8, String)>(&path)?, (1, "two".to_owned()));
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), ai4fashion_files::Error>(())
/// ```
pub fn write(path: impl AsRef<Path>, value: &impl Serialize) -> Result<(), Error> {
    let path = path.as_ref();
    let mut text = serde_json::to_vec_pretty(value).map_err(Error::encode(path))?;
    text.push(b'\n');
    write_atomic(path, &text)
}
