//! The bodies of fuzz targets: each takes any bytes and asserts what holds of all of them.

use std::{fs, path::Path};

use crate::npy::{NpyArray, read_npy};

/// An array has no more values than its file, and all its images have one size.
///
/// # Panics
/// If that is not so, or the file cannot be written.
pub fn npy(bytes: &[u8], folder: &Path) {
    let path = folder.join("fuzz.npy");
    let written = fs::write(&path, bytes);
    assert!(written.is_ok(), "{written:?}");
    match read_npy(&path) {
        Ok(NpyArray::Images(images)) => {
            let pixels: usize = images.iter().map(|image| image.as_raw().len()).sum();
            assert!(pixels <= bytes.len());
            let mut sizes = images.iter().map(|image| image.dimensions());
            let first = sizes.next();
            assert!(sizes.all(|size| Some(size) == first));
        }
        Ok(NpyArray::Features(features)) => {
            assert!(4 * features.len() * features.dimensions() <= bytes.len());
        }
        Err(error) => {
            let said = error.to_string();
            assert!(
                said.contains("fuzz.npy") && !said.contains(char::is_control),
                "{said}"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use ai4fashion_testkit::corpus;

    use super::*;

    #[test]
    fn inputs_that_fuzzing_has_found_hold_what_is_asserted() {
        let temp = tempfile::tempdir().unwrap();
        corpus("npy").iter().for_each(|input| npy(input, temp.path()));
    }
}
