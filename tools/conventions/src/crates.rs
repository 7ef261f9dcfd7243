//! The packages of the workspace and which of them each one depends on.

use std::{fs, path::Path};

/// A package of the workspace.
#[derive(Clone, Debug)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its folder below the root of the workspace.
    pub folder: String,
    /// Whether it is published.
    pub is_published: bool,
    /// Dependencies of a build, those for tests left out; all names, ours and others'.
    pub dependencies: Vec<String>,
}

/// Reads all members of the workspace at `root`.
///
/// # Panics
/// If a manifest is missing, or is not that of a workspace or a package.
#[must_use]
pub fn packages(root: &Path) -> Vec<Package> {
    let workspace = manifest(&root.join("Cargo.toml"));
    let members = workspace["workspace"]["members"].as_array();
    let members = members.unwrap_or_else(|| panic!("the workspace lists no members"));
    let folders = members.iter().map(|member| {
        member
            .as_str()
            .unwrap_or_else(|| panic!("{member:?} is no folder"))
    });
    folders.map(|folder| package(root, folder)).collect()
}

fn package(root: &Path, folder: &str) -> Package {
    let manifest = manifest(&root.join(folder).join("Cargo.toml"));
    let package = &manifest["package"];
    let name = package["name"].as_str();
    let name = name
        .unwrap_or_else(|| panic!("`{folder}` has no name"))
        .to_owned();
    let is_published = package
        .get("publish")
        .and_then(toml::Value::as_bool)
        .unwrap_or(true);
    let tables = ["dependencies", "build-dependencies"];
    let tables = tables
        .into_iter()
        .filter_map(|table| manifest.get(table)?.as_table());
    let dependencies = tables.flat_map(|table| table.keys().cloned()).collect();
    Package {
        name,
        folder: folder.to_owned(),
        is_published,
        dependencies,
    }
}

fn manifest(path: &Path) -> toml::Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
