//! The body of the fuzz target of the manifest.

use std::{fs, path::Path};

use super::{
    layout::{MANIFEST, image_name},
    manifest as reader, tables,
};
use crate::record::Record;

/// Records that are read stay in the folder of images, and are read again from what is written.
pub fn manifest(bytes: &[u8], root: &Path) {
    if fs::write(root.join(MANIFEST), bytes).is_err() {
        return;
    }
    let Ok(records) = reader::read(root, None) else {
        return;
    };
    for record in &records {
        let name = image_name(&record.file);
        assert!(name != record.file && !name.contains(['/', '\\']), "{name}");
        let line = serde_json::to_string(record).unwrap_or_default();
        let again = serde_json::from_str::<Record>(&line);
        assert_eq!(again.as_ref().ok(), Some(record), "{line}");
    }
    let _ = tables::has_metadata(root, &records);
}
