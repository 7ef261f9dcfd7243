//! The bodies of fuzz targets: each takes any bytes and asserts what holds of all of them.
//!
//! Targets that read a file get a folder for it. Tests replay the inputs in `fuzz/corpus`.

use std::{ffi::OsString, path::Path};

use ai4fashion_color::BasicColor;
use ai4fashion_garment::ProductType;

use crate::labels::LabeledName;

pub use crate::{
    corrections::fuzzing::corrections_table,
    dataset::fuzzing::manifest,
    dataset::transaction::fuzzing::change_journal,
    ingest::fuzzing::ingest_journal,
    source::fuzzing::{styles_table, type_table, zip_source},
};

/// A name that is read is written the same, and every file name has a legal stem.
pub fn labeled_name(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(name) = text.parse::<LabeledName>() {
        assert_eq!(name.to_string(), text);
        for product_type in [None, Some(ProductType::Coat)] {
            let other = name
                .clone()
                .with_color(BasicColor::Purple)
                .with_type(product_type);
            let written = other.to_string();
            assert!(written.len() <= LabeledName::MAX_LEN, "{written}");
            assert_eq!(written.parse::<LabeledName>().ok(), Some(other));
        }
    }
    let stem = LabeledName::clean_stem(Path::new(&file_name(bytes)));
    let name = LabeledName::new(BasicColor::Purple, stem, Some(ProductType::Coat));
    let written = name.map(|name| name.to_string()).unwrap_or_default();
    assert!(written.parse::<LabeledName>().is_ok(), "{written}");
}

#[cfg(unix)]
fn file_name(bytes: &[u8]) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes.to_vec())
}

#[cfg(not(unix))]
fn file_name(bytes: &[u8]) -> OsString {
    String::from_utf8_lossy(bytes).into_owned().into()
}

#[cfg(test)]
mod tests {
    use ai4fashion_testkit::corpus;

    use super::*;

    fn replay(target: &str, body: impl Fn(&[u8])) {
        corpus(target).iter().for_each(|input| body(input));
    }

    fn replay_files(target: &str, body: impl Fn(&[u8], &Path)) {
        let folder = tempfile::tempdir().unwrap();
        replay(target, |input| body(input, folder.path()));
    }

    #[test]
    fn inputs_that_fuzzing_has_found_hold_what_is_asserted() {
        replay("labeled_name", labeled_name);
        replay("styles_table", styles_table);
        replay("corrections_table", corrections_table);
        replay_files("type_table", type_table);
        replay_files("manifest", manifest);
        replay_files("change_journal", change_journal);
        replay_files("ingest_journal", ingest_journal);
        replay_files("zip_source", zip_source);
    }
}
