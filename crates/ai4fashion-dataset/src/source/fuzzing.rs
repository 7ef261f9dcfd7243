//! The bodies of the fuzz targets of archives and of tables of types.

use std::{fs, path::Path};

use ai4fashion_image::Limits;

pub use super::small_fashion::fuzzing::styles_table;
use super::{archive::Archive, entry::Entry, plan::SourcePlan, type_table::TypeTable};

/// The most bytes of a file that are unpacked.
const MAX_BYTES: u64 = 1 << 16;
/// The most images that a table is matched with.
const MAX_IMAGES: usize = 32;

/// Every image that an archive lists is read within the limit or refused, under a name that stays
/// inside.
pub fn zip_source(bytes: &[u8], root: &Path) {
    let path = root.join("source.zip");
    if fs::write(&path, bytes).is_err() {
        return;
    }
    let Ok(archive) = Archive::open(&path) else {
        return;
    };
    let limits = Limits::default().with_max_bytes(MAX_BYTES);
    let found = archive.images("", "");
    for image in found.images.iter().take(MAX_IMAGES) {
        let name = &image.source_path;
        assert!(is_inside(name), "{name:?}");
        if let Ok(bytes) = archive.read(image, &limits) {
            assert!(bytes.len() as u64 <= MAX_BYTES, "{name:?}: {} bytes", bytes.len());
        }
    }
    if archive.folder_of("styles.csv").is_some() {
        let _ = archive.read_name("styles.csv", &limits);
    }
}

/// Whether no beginning of a path leads out of where it starts.
fn is_inside(path: &str) -> bool {
    let mut depth = 0_i32;
    path.split('/').all(|part| {
        depth += match part {
            "" | "." => 0,
            ".." => -1,
            _ => 1,
        };
        depth >= 0
    })
}

/// Every row of a table fits images, is rejected or counted, whatever its names are.
pub fn type_table(bytes: &[u8], root: &Path) {
    let path = root.join("types.csv");
    if fs::write(&path, bytes).is_err() {
        return;
    }
    let Ok(table) = TypeTable::open(&path) else {
        return;
    };
    let names = table.names().take(MAX_IMAGES);
    let images = names.enumerate().map(|(place, name)| {
        let name = match place % 3 {
            0 => format!("{name}.jpg"),
            1 => format!("a/{name}.JPG"),
            _ => name.to_owned(),
        };
        Entry::new(root.join(&name), name)
    });
    let mut plan = SourcePlan {
        images: images.collect(),
        ..SourcePlan::default()
    };
    let images = plan.images.len();
    table.apply(&mut plan);
    assert_eq!(plan.images.len(), images);
    let typed = plan.images.iter().filter(|image| image.product_type.is_some());
    assert!(typed.count() + plan.images_without_row <= images);
    assert!(plan.rows_without_image + plan.rejected_rows.len() <= table.len() + 1);
}
