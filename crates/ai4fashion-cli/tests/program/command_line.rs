//! Help, version and completions.

use crate::program::{said, succeeds};

#[test]
fn help_names_every_command() {
    let help = succeeds("--help", &[]);
    for command in [
        "ingest",
        "classify",
        "evaluate",
        "review",
        "stats",
        "train",
        "generate",
        "bench",
        "completions",
    ] {
        assert!(help.contains(&format!("\n  {command} ")), "{help}");
    }
}

#[test]
fn version_of_program_and_commands() {
    let version = format!(" {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(succeeds("--version", &[]), format!("ai4fashion{version}"));
    assert!(succeeds("train", &["--version"]).ends_with(&version));
}

#[test]
fn completions_know_commands_and_values() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = succeeds("completions", &[shell]);
        assert!(script.contains("max-hash-distance"), "{shell}");
        // Values are more than these two complete.
        let has_values = script.contains("garment-only");
        assert!(has_values || ["elvish", "powershell"].contains(&shell), "{shell}");
    }
}

#[test]
fn unknown_command_exits_with_2() {
    let (code, out, err) = said("inges", &[]);
    assert_eq!((code, &*out), (2, ""));
    assert!(err.contains("ingest"), "{err}");
}
