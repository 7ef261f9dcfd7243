//! Help, version and completions.

use std::{io::Write as _, process::Stdio};

use ai4fashion_testkit::{ZipFile, zip};

use crate::{
    place::{Place, red, synthetic_photos},
    program::{fails, program, said, succeeds},
};

#[test]
fn help_names_every_command() {
    let help = succeeds("--help", &[]);
    for command in [
        "ingest",
        "classify",
        "evaluate",
        "review",
        "stats",
        "fit",
        "train",
        "generate",
        "bench",
        "completions",
        "man",
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
fn manual_has_a_page_for_each_command_and_is_replaced() {
    let place = Place::new();
    for _ in 0..2 {
        succeeds("man", &["--out", &place.path("man1")]);
        let page = |name| std::fs::read_to_string(place.path(&format!("man1/{name}.1"))).unwrap();
        assert!(page("ai4fashion").contains("ai4fashion\\-ingest(1)"));
        assert!(page("ai4fashion-ingest").contains("\\-\\-max\\-hash\\-distance"));
    }
}

#[test]
fn unknown_command_exits_with_2() {
    let (code, out, err) = said("inges", &[]);
    assert_eq!((code, &*out), (2, ""));
    assert!(err.contains("ingest"), "{err}");
}

#[test]
fn option_that_would_have_no_effect_is_refused() {
    for (command, args) in [
        ("review", "data --undo --dry-run"),
        ("review", "data --serve --dry-run"),
        ("review", "data --dry-run"),
        ("review", "data --undo --port 5"),
        ("review", "data --apply table.csv --port 5"),
        ("generate", "--run run --config settings.json --out out"),
        ("generate", "--run run --frames 3 --out out"),
        ("generate", "--run run --frames 3 --count 1 --out out"),
        ("train", "--data data --run run --force"),
        ("train", "--data data --run run --checkpoint step-000003"),
        ("train", "--data data --dry-run --force"),
    ] {
        let args: Vec<&str> = args.split(' ').collect();
        let error = fails(command, &args);
        assert!(
            error.contains("cannot be used with") || error.contains("were not provided"),
            "{command} {args:?}: {error}"
        );
    }
}

#[test]
fn negative_number_is_refused_with_its_option() {
    for option in ["--batch", "--size", "--steps"] {
        let error = fails("bench", &["step", option, "-1"]);
        assert!(error.contains(&format!("'-1' for '{option} ")), "{error}");
    }
}

#[test]
fn images_of_an_archive_and_of_standard_input_are_classified() {
    let place = Place::new();
    let files = [
        ZipFile::new("in/a.png", red()),
        ZipFile::new("in/b.jpg", "no image"),
    ];
    place.write("photos.zip", zip(&files).bytes);
    let archive = place.path("photos.zip");
    let (code, printed, err) = said("classify", &[&archive, "--json"]);
    assert_eq!(code, 1);
    assert!(
        printed.contains("photos.zip/in/a.png\"") && printed.contains("\"red\""),
        "{printed}"
    );
    assert!(
        err.starts_with("skipped: cannot use image `") && err.contains("in/b.jpg"),
        "{err}"
    );
    let mut child = program("classify")
        .args(["-", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&red()).unwrap();
    let output = child.wait_with_output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success() && printed.contains("\"file\":\"-\""),
        "{printed}"
    );
}

#[test]
fn kaggle_is_a_kind_and_a_photo_is_no_source() {
    let place = Place::new();
    let photos = synthetic_photos(&place);
    let plan = succeeds("ingest", &["kaggle", &photos, "--out", "data", "--dry-run"]);
    assert!(plan.contains("132 images would be written"), "{plan}");
    place.write("a.jpg", red());
    let (code, _, err) = said("ingest", &[&place.path("a.jpg"), "--out", &place.path("data")]);
    assert_eq!(code, 2);
    assert!(err.contains("hint: a source is a folder or a .zip"), "{err}");
}
