//! What each published package has.

use std::fs;

use conventions::{crates::packages, root};

#[test]
fn published_packages_have_licences_and_show_all_features() {
    let mut missing = Vec::new();
    for package in packages(&root()).iter().filter(|package| package.is_published) {
        let folder = root().join(&package.folder);
        for file in ["LICENSE-APACHE", "LICENSE-MIT", "README.md"] {
            // Through the link: a broken one cannot be packed.
            if fs::read(folder.join(file)).is_err() {
                missing.push(format!("{}: {file}", package.name));
            }
        }
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let is_library = folder.join("src/lib.rs").is_file();
        let has_features = manifest.contains("\n[features]\n");
        if is_library && has_features && !manifest.contains("[package.metadata.docs.rs]") {
            missing.push(format!("{}: [package.metadata.docs.rs]", package.name));
        }
    }
    assert!(missing.is_empty(), "missing:\n{}", missing.join("\n"));
}
