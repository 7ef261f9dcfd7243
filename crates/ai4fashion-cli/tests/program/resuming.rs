//! Runs that are resumed where that is not as simple as it looks.

use std::{fs, path::Path};

use ai4fashion_synthetic::Catalogue;

use crate::{
    place::{Place, synthetic_dataset},
    program::{SMALL, fails, program, said, succeeds},
};

/// A run of one epoch, of two steps.
fn run(place: &Place, data: &str) -> String {
    let run = place.path("run");
    let args = [
        "--data",
        data,
        "--run",
        &run,
        "--epochs",
        "1",
        "--batch-size",
        "66",
    ];
    succeeds("train", &[&args[..], &SMALL].concat());
    run
}

/// The file of the data set's decoded images.
fn cache(data: &str) -> String {
    let mut files = fs::read_dir(Path::new(data).join("cache")).unwrap();
    files.next().unwrap().unwrap().path().to_str().unwrap().to_owned()
}

#[test]
fn run_whose_checkpoints_were_removed_starts_over_only_by_force() {
    let place = Place::new();
    let run = run(&place, &synthetic_dataset(&place));
    succeeds("train", &["--resume", &run, "--epochs", "2"]);
    fs::remove_dir_all(Path::new(&run).join("checkpoints")).unwrap();
    let error = fails("train", &["--resume", &run]);
    assert!(
        error.contains("samples but no checkpoint, so its 4 logged steps would be lost"),
        "{error}"
    );
    assert!(error.contains("--force"), "{error}");
    let error = fails("train", &["--resume", &run, "--lr", "0.1"]);
    assert!(error.contains("lr was 0.0002 and is 0.1 now"), "{error}");
    let log = Path::new(&run).join("log.jsonl");
    let before = fs::read(&log).unwrap();
    // Its epochs count, too.
    fs::write(&log, "").unwrap();
    let error = fails("train", &["--resume", &run]);
    assert!(error.contains("its 4 logged steps"), "{error}");
    let said = succeeds("train", &["--resume", &run, "--force"]);
    assert!(said.contains("no checkpoint, starting over"), "{said}");
    assert!(fs::read(&log).unwrap() == before);
}

#[test]
fn run_in_use_is_left_alone() {
    let place = Place::new();
    let run = run(&place, &synthetic_dataset(&place));
    // As before its first checkpoint.
    fs::remove_dir_all(Path::new(&run).join("checkpoints")).unwrap();
    let lock = fs::File::create(Path::new(&run).join(".lock")).unwrap();
    lock.lock().unwrap();
    let error = fails("train", &["--resume", &run]);
    assert!(
        error.contains("another process trains in `") && !error.contains("--force"),
        "{error}"
    );
}

#[test]
fn damaged_only_checkpoint() {
    let place = Place::new();
    let run = run(&place, &synthetic_dataset(&place));
    let checkpoints = Path::new(&run).join("checkpoints");
    fs::write(checkpoints.join("step-000002/generator.safetensors"), "").unwrap();
    let error = fails("train", &["--resume", &run]);
    assert!(error.contains("it is the run's only checkpoint"), "{error}");
    assert!(!error.contains("name another"), "{error}");
}

#[test]
fn refused_run_keeps_its_cache() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let run = run(&place, &data);
    let (photos, other) = (place.path("other-photos"), place.path("other"));
    Catalogue::new(2)
        .with_per_label(1)
        .write_small_fashion(&photos)
        .unwrap();
    succeeds("ingest", &["small-fashion", &photos, "--out", &other]);
    let cache = cache(&data);
    let before = fs::read(&cache).unwrap();
    let error = fails("train", &["--resume", &run, "--data", &other, "--cache", &cache]);
    assert!(error.contains("fingerprint of the images was"), "{error}");
    assert!(fs::read(&cache).unwrap() == before);
    // What it holds is all that is needed.
    fs::remove_dir_all(place.path("data/images")).unwrap();
    succeeds("train", &["--resume", &run, "--epochs", "2"]);
}

#[test]
fn changed_number_of_threads_is_mentioned() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let run = place.path("run");
    let train = |args: &[&str], threads: &str| {
        let output = program("train")
            .args(args)
            .env("RAYON_NUM_THREADS", threads)
            .output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    let args = [
        "--data",
        &*data,
        "--run",
        &*run,
        "--epochs",
        "1",
        "--batch-size",
        "66",
    ];
    train(&[&args[..], &SMALL].concat(), "1");
    let same = train(&["--resume", &run, "--epochs", "2"], "1");
    assert!(
        same.contains("resuming after step 2") && !same.contains("threads"),
        "{same}"
    );
    let other = train(&["--resume", &run, "--epochs", "3"], "2");
    assert!(other.contains("threads were 1 and are 2 now"), "{other}");
}

#[test]
fn later_checkpoints_are_removed_with_a_warning() {
    let place = Place::new();
    let run = run(&place, &synthetic_dataset(&place));
    succeeds("train", &["--resume", &run, "--epochs", "2"]);
    let (code, _, err) = said("train", &["--resume", &run, "--checkpoint", "step-000002"]);
    assert_eq!(code, 0, "{err}");
    for line in [
        "warn: removing checkpoints beyond step 2: step-000004",
        "warn: removed samples beyond epoch 1: samples/epoch-002.png",
    ] {
        assert!(err.contains(line), "{err}");
    }
}

#[test]
fn run_with_a_space_in_its_name_is_quoted() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let run = place.path("two words");
    let args = ["--data", &data, "--run", &run, "--epochs", "1", "--limit", "1"];
    let said = succeeds("train", &[&args[..], &SMALL].concat());
    assert!(
        said.contains("training on 1 image, 1 step of batch 128 in each of 1 epoch\n"),
        "{said}"
    );
    assert!(said.contains(&format!("--run '{run}' --out DIR")), "{said}");
    let page = fs::read_to_string(Path::new(&run).join("report.html")).unwrap();
    for row in [
        "<td>keep_checkpoints</td><td>2</td>",
        "<td>checkpoint_every</td><td>1</td>",
        "-8.bin</td>",
        "<td>device</td><td>ndarray</td>",
        "<td>precision</td><td>f32</td>",
        "<td>threads</td><td>",
    ] {
        assert!(page.contains(row), "{row}");
    }
    assert!(page.contains("1 step done"));
}

#[test]
fn high_learning_rate_is_warned_of() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let run = place.path("run");
    let args = [
        "--data",
        &data,
        "--run",
        &run,
        "--epochs",
        "6",
        "--batch-size",
        "11",
        "--lr",
        "1000",
    ];
    let (_, _, err) = said("train", &[&args[..], &SMALL].concat());
    assert!(
        err.contains(": a loss is ") && err.contains("a lower learning rate"),
        "{err}"
    );
}
