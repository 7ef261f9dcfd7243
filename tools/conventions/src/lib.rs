//! Reads the workspace's own sources, so that tests can hold them to the rules of
//! `CONTRIBUTING.md`.

pub mod crates;
pub mod graph;
pub mod modules;
pub mod surface;
pub mod text;

use std::path::PathBuf;

/// The root of the workspace.
#[must_use]
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}
