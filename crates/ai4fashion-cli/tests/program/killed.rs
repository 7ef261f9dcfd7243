//! Training runs that are killed before their first checkpoint, and data sets that are corrected
//! while they are trained on.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use ai4fashion_dataset::{
    BasicColor, LabelEditor,
    corrections::{Correction, CorrectionTable, LabelChange},
};
use ai4fashion_testkit::files_below;

use crate::{
    place::{Place, synthetic_dataset},
    program::{SMALL, fails, program, said, succeeds},
};

fn arguments<'a>(data: &'a str, run: &'a str) -> Vec<&'a str> {
    let run = [
        "--data",
        data,
        "--run",
        run,
        "--epochs",
        "2",
        "--batch-size",
        "11",
    ];
    [&run[..], &SMALL].concat()
}

/// Files of a run without those that hold clock times or paths.
fn files(run: &str) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = files_below(Path::new(run));
    let others = ["timing.jsonl", "report.html"];
    files.retain(|path, _| !others.iter().any(|other| path.ends_with(other)));
    files
}

#[test]
fn run_that_is_killed_goes_on_by_the_same_command_or_by_resume() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let whole = place.path("whole");
    succeeds("train", &arguments(&data, &whole));
    let expected = files(&whole);
    for moment in 0..12 {
        let run = place.path(&format!("killed-{moment}"));
        // The same folder for the decoded images, cold at first.
        let cold = moment % 6 == 0;
        if cold {
            fs::remove_dir_all(place.path("data/cache")).unwrap();
        }
        let mut child = program("train")
            .args(arguments(&data, &run))
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_millis(15 + moment * 40));
        child.kill().unwrap();
        child.wait().unwrap();
        let has_checkpoint = fs::read_dir(Path::new(&run).join("checkpoints")).is_ok_and(|mut entries| {
            entries.any(|it| it.unwrap().file_name().into_encoded_bytes()[0] != b'.')
        });
        if has_checkpoint {
            let error = fails("train", &arguments(&data, &run));
            assert!(
                error.contains("the checkpoints of a run, which can be resumed"),
                "{error}"
            );
            succeeds("train", &["--resume", &run]);
        } else if moment % 2 == 1 && Path::new(&run).join("config.json").exists() {
            succeeds("train", &["--resume", &run]);
        } else {
            succeeds("train", &arguments(&data, &run));
        }
        assert!(files(&run) == expected, "{moment}");
        let cache = fs::read_dir(place.path("data/cache")).unwrap().count();
        assert_eq!(cache, 1, "{moment}");
    }
}

#[test]
fn folder_without_a_run_tells_how_to_begin_it() {
    let place = Place::new();
    place.write("begun/.lock", "");
    place.write("other/notes.txt", "mine");
    for name in ["missing", "begun"] {
        let (code, _, err) = said("train", &["--resume", &place.path(name)]);
        assert_eq!(code, 2, "{err}");
        assert!(err.contains("config.json is missing"), "{err}");
        assert!(err.contains("hint: nothing of a run is there yet"), "{err}");
    }
    let (_, _, err) = said("train", &["--resume", &place.path("other")]);
    assert!(!err.contains("hint"), "{err}");
    let data = synthetic_dataset(&place);
    succeeds("train", &arguments(&data, &place.path("begun")));
    let error = fails("train", &arguments(&data, &place.path("other")));
    assert!(error.contains("other files, such as `notes.txt`"), "{error}");
}

/// Gives every image another colour, and undoes it, until it is told to end.
fn correct_and_undo(data: &str, is_done: &AtomicBool) {
    while !is_done.load(Ordering::Relaxed) {
        // The training run may be about to read it.
        let Ok(mut editor) = LabelEditor::open(data) else {
            continue;
        };
        let corrections = editor.dataset().records().iter().map(|record| {
            let color = match record.color {
                BasicColor::Red => BasicColor::Blue,
                _ => BasicColor::Red,
            };
            Correction::new(&record.file, record.color, record.product_type)
                .with_color(LabelChange::Set(color))
                .with_time("2026-11-29T00:00:00Z")
        });
        let corrections: Vec<Correction> = corrections.collect();
        let table = CorrectionTable::write(&corrections);
        let table = CorrectionTable::read(table.as_bytes(), "corrections.csv").unwrap();
        editor.apply(&table).unwrap();
        assert!(editor.undo().unwrap());
    }
}

#[test]
fn training_goes_on_while_labels_are_corrected() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        let corrector = scope.spawn(|| correct_and_undo(&data, &is_done));
        for (name, more) in [("cached", None), ("uncached", Some("--no-cache"))] {
            let run = place.path(name);
            let args: Vec<&str> = arguments(&data, &run).into_iter().chain(more).collect();
            let (code, _, err) = said("train", &args);
            is_done.store(code != 0 || more.is_some(), Ordering::Relaxed);
            assert_eq!(code, 0, "{err}");
        }
        corrector.join().unwrap();
    });
}

#[test]
fn image_that_was_taken_out_meanwhile_is_no_damaged_one() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let run = place.path("run");
    // Without a cache the images are read in each epoch.
    let args = [
        "--data",
        &*data,
        "--run",
        &*run,
        "--epochs",
        "100000",
        "--no-cache",
    ];
    let child = program("train")
        .args(args)
        .args(SMALL)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    while !Path::new(&run).join("checkpoints").exists() {
        thread::sleep(Duration::from_millis(5));
    }
    let manifest = Path::new(&data).join("manifest.jsonl");
    let lines = fs::read_to_string(&manifest).unwrap();
    let (first, rest) = lines.split_once('\n').unwrap();
    let first: serde_json::Value = serde_json::from_str(first).unwrap();
    fs::write(&manifest, rest).unwrap();
    // Its hash of the manifest would refuse this one.
    fs::remove_file(Path::new(&data).join("summary.json")).unwrap();
    fs::remove_file(Path::new(&data).join(first["file"].as_str().unwrap())).unwrap();
    let output = child.wait_with_output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("was in the data set when it was opened"), "{err}");
    assert!(err.contains("hint: the data set was changed meanwhile"), "{err}");
}
