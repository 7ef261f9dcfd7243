//! Tells the program which commit and compiler it is made of, for reports of faults.

use std::{env, fs, path::Path, process::Command};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let rustc = env::var("RUSTC").unwrap_or_default();
    for (name, text) in [
        ("AI4FASHION_COMMIT", commit()),
        ("AI4FASHION_RUSTC", output(&rustc, &["--version"])),
    ] {
        println!("cargo:rustc-env={name}={}", text.unwrap_or_default());
    }
}

/// The commit of the checkout, or that of which the package was made.
fn commit() -> Option<String> {
    let folder = env::var("CARGO_MANIFEST_DIR").ok()?;
    if let Ok(json) = fs::read_to_string(format!("{folder}/.cargo_vcs_info.json")) {
        let hash = json.split("\"sha1\": \"").nth(1)?;
        return Some(hash.chars().take(12).collect());
    }
    // HEAD itself names a branch, and does not change with a commit; its log does.
    let head = output("git", &["-C", &folder, "rev-parse", "--git-path", "logs/HEAD"])?;
    let head = Path::new(&folder).join(head);
    // A file that is missing would be a change at each build.
    if head.exists() {
        println!("cargo:rerun-if-changed={}", head.display());
    }
    output("git", &["-C", &folder, "rev-parse", "--short=12", "HEAD"])
}

fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let done = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(done.stdout).ok()?;
    done.status.success().then(|| text.trim().to_owned())
}
