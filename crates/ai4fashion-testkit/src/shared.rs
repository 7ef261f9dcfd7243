//! The way to the real photos, where there are any.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// The folder with real photos and reference programs: `AI4FASHION_SHARED`, by default `../shared` beside the project.
/// Where it lacks `needed`, a line says that `test` is skipped.
#[must_use]
#[expect(
    clippy::print_stderr,
    reason = "whoever reads the test log must see what was not tested"
)]
pub fn shared(test: &str, needed: &str) -> Option<PathBuf> {
    let root = std::env::var_os("AI4FASHION_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = root.join(needed);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {test} needs `{needed}` in AI4FASHION_SHARED");
    None
}

/// The interpreter that the environment variable `variable` names (`TORCH_PYTHON`: has torch and numpy; `PEER_PYTHON`:
/// has pillow and colorthief, for one test datasets). Where it is not set, a line says that `test` is skipped.
#[must_use]
#[expect(
    clippy::print_stderr,
    reason = "whoever reads the test log must see what was not tested"
)]
pub fn python(test: &str, variable: &str) -> Option<PathBuf> {
    let found = std::env::var_os(variable).map(PathBuf::from);
    if found.is_none() {
        eprintln!("skipped: {test} needs an interpreter in {variable}");
    }
    found
}

/// The interpreter that the environment variable `variable` names (`TORCH_PYTHON`: has torch and numpy; `PEER_PYTHON`: has
/// colorthief, pillow, datasets and pyarrow). A test that asks for it is marked `#[ignore]`.
///
/// # Panics
/// If it is not set.
#[must_use]
pub fn interpreter(variable: &str) -> PathBuf {
    match std::env::var_os(variable) {
        Some(path) => path.into(),
        None => panic!("{variable} is not set: it names a Python interpreter, see CONTRIBUTING.md"),
    }
}

/// What lies at `needed` in the folder with real photos: `AI4FASHION_SHARED`, by default `../shared` beside the project. A
/// test that asks for it is marked `#[ignore]`.
///
/// # Panics
/// If it is missing.
#[must_use]
pub fn shared_path(needed: &str) -> PathBuf {
    let root = std::env::var_os("AI4FASHION_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = root.join(needed);
    assert!(
        path.exists(),
        "`{}` is missing: AI4FASHION_SHARED names the folder, see CONTRIBUTING.md",
        path.display()
    );
    path
}

/// What a program prints.
///
/// # Panics
/// If it cannot be started or fails; with what it says of that.
#[must_use]
pub fn printed(command: &mut Command) -> Vec<u8> {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
    let problem = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {problem}");
    output.stdout
}
