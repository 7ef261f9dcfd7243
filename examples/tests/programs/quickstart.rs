//! The example `quickstart`, with a folder of the user's own.

use std::{fs, path::Path, process::Command, thread, time::Duration};

use ai4fashion_testkit::{jpeg, red_garment, write};

use crate::example;

fn quickstart() -> Command {
    example("quickstart")
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

/// `ai4fashion train` resumes what quickstart has begun.
fn resume(run: &Path, epochs: usize) {
    let tests = std::env::current_exe().unwrap();
    let path = tests.parent().unwrap().with_file_name("ai4fashion");
    assert!(
        path.is_file(),
        "`{}` is not built: run `cargo test --workspace`",
        path.display()
    );
    let mut command = Command::new(path);
    command
        .args(["train", "--resume"])
        .arg(run)
        .args(["--epochs", &epochs.to_string()]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", text(output.stderr));
}

#[test]
fn own_photos() {
    let folder = tempfile::tempdir().unwrap();
    let (photos, out) = (folder.path().join("photos"), folder.path().join("out"));
    write(photos.join("a.png"), red_garment());
    write(photos.join("b.jpg"), jpeg(60, 80));
    let start = || {
        let mut command = quickstart();
        command
            .arg("--data")
            .arg(&photos)
            .arg("--out")
            .arg(&out)
            .args(["--steps", "1"]);
        command.output().unwrap()
    };
    let first = start();
    let said = text(first.stdout);
    assert!(first.status.success(), "{said}");
    for file in [
        "dataset/plots/colors.png",
        "run/losses.svg",
        "run/real-vs-fake.png",
    ] {
        assert!(out.join(file).is_file(), "{file}: {said}");
    }
    let images = fs::read_dir(out.join("dataset/images")).unwrap();
    let names: Vec<String> = images
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.iter().any(|name| name.starts_with("red_a_")), "{names:?}");
    let again = start();
    assert_eq!(again.status.code(), Some(2));
    assert!(text(again.stderr).contains("is not empty"));
    resume(&out.join("run"), 2);
    let log = fs::read_to_string(out.join("run/log.jsonl")).unwrap();
    assert_eq!(log.lines().count(), 2, "{log}");
}

#[test]
fn bad_photos_leave_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path().join("bad/a.jpg"), "");
    let out = folder.path().join("out");
    for (photos, part) in [
        ("missing", "missing` does not exist"),
        ("bad", "`a.jpg`: file is empty"),
    ] {
        let mut command = quickstart();
        command
            .arg("--data")
            .arg(folder.path().join(photos))
            .arg("--out")
            .arg(&out);
        let output = command.output().unwrap();
        let errors = text(output.stderr);
        assert!(
            output.status.code() == Some(2) && errors.contains(part),
            "{errors}"
        );
        assert!(!out.exists());
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_saves() {
    let folder = tempfile::tempdir().unwrap();
    let (photos, out) = (folder.path().join("photos"), folder.path().join("out"));
    write(photos.join("a.png"), red_garment());
    let log = out.join("run/log.jsonl");
    let mut child = quickstart()
        .arg("--data")
        .arg(&photos)
        .arg("--out")
        .arg(&out)
        .args(["--steps", "100000"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    while fs::read_to_string(&log).unwrap_or_default().lines().count() < 30 {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        thread::sleep(Duration::from_millis(2));
    }
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(killed.unwrap().success());
    let output = child.wait_with_output().unwrap();
    let said = text(output.stdout);
    assert!(output.status.success() && said.contains("to resume: "), "{said}");
    let steps = fs::read_to_string(&log).unwrap().lines().count();
    let saved = out.join(format!("run/checkpoints/step-{steps:06}/state.json"));
    assert!(saved.is_file(), "{}", saved.display());
}
