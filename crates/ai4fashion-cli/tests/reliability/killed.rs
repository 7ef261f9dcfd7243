//! What a killed command leaves is in nobody's way: the same command goes on, and so do others.

use std::{fs, path::Path, process::Stdio, thread, time::Duration};

use crate::{
    place::{Place, synthetic_dataset},
    program::{program, succeeds},
};

#[test]
fn half_written_page_is_swept_by_the_next() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let half = place.path("data/.partial-x7Hq2a");
    fs::write(&half, "<!doctype").unwrap();
    succeeds("review", &[&data]);
    assert!(!Path::new(&half).exists());
    assert!(Path::new(&place.path("data/review.html")).is_file());
}

#[test]
fn what_a_killed_correction_staged_is_swept_by_a_reader() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    for name in ["staged", "staged.undo"] {
        fs::create_dir_all(Path::new(&data).join("review").join(name)).unwrap();
    }
    place.write("data/review/staged/manifest.jsonl", "{");
    place.write("data/review/.partial-x7Hq2a", "{");
    succeeds("stats", &[&data]);
    let left: Vec<_> = fs::read_dir(place.path("data/review"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["lock"]);
}

/// Kills a command while it writes its outputs, and runs it again.
fn killed_goes_on(command: &str, args: &[&str], out: &str, last: &str) {
    let mut killed = program(command)
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while !Path::new(out).join(".unfinished").exists() && killed.try_wait().unwrap().is_none() {
        thread::sleep(Duration::from_millis(1));
    }
    killed.kill().unwrap();
    assert!(!killed.wait().unwrap().success(), "killed too late");
    assert!(Path::new(out).join(".unfinished").exists());
    succeeds(command, args);
    assert!(Path::new(out).join(last).is_file());
    assert!(!Path::new(out).join(".unfinished").exists());
}

#[test]
fn same_command_goes_on_after_a_kill() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let [plots, sheets, why] = ["plots", "sheets", "why"].map(|name| place.path(name));
    killed_goes_on("stats", &[&data, "--plots", &plots], &plots, "report.html");
    killed_goes_on("stats", &[&data, "--sheets", &sheets], &sheets, "index.html");
    let args = [&*data, "--method", "color", "--explain", &why];
    let first = fs::read_dir(place.path("data/images")).unwrap().next().unwrap();
    let first = Path::new(&first.unwrap().file_name()).with_extension("png");
    killed_goes_on("classify", &args, &why, first.to_str().unwrap());
}
