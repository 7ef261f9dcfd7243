//! The way to Python and to real photos, for tests that are `#[ignore]`d because few machines have
//! them.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// The interpreter that the environment variable `variable` names (`TORCH_PYTHON`: has torch, numpy
/// and safetensors; `PEER_PYTHON`: has colorthief, numpy, pillow, datasets, pandas, pyarrow and
/// what loads exports, see CONTRIBUTING.md). A test that asks for it is marked `#[ignore]`.
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

/// What lies at `needed` in the folder with real photos: `AI4FASHION_SHARED`, by default
/// `../shared` beside the project. A test that asks for it is marked `#[ignore]`.
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
