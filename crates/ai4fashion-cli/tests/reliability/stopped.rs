//! A process that corrects labels and is stopped: readers say what they wait for, and end.

use std::{
    fs,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use ai4fashion_files::FileLock;

use crate::{
    place::{Place, synthetic_dataset},
    program::program,
};

/// A change that is decided on and does not go on, in whose lock another process is.
fn stopped(data: &str) -> FileLock {
    fs::create_dir_all(format!("{data}/review/undo")).unwrap();
    let journal = r#"{"renames":[],"files":[],"removed":[],"undo":{"pop":"000001"}}"#;
    fs::write(format!("{data}/review/journal.json"), journal).unwrap();
    FileLock::try_acquire(format!("{data}/review/lock")).unwrap()
}

#[test]
fn every_reader_says_what_it_waits_for_and_ends() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let lock = stopped(&data);
    let (begin, out) = (Instant::now(), place.path("photos"));
    let readers = [
        ("stats", vec![&*data]),
        ("review", vec![&data]),
        ("review", vec![&data, "--serve", "--port", "0"]),
        ("evaluate", vec!["--dataset", &data]),
        ("ingest", vec!["small-fashion", &out, "--out", &data]),
    ];
    let readers = readers.map(|(command, args)| {
        let mut reader = program(command);
        reader.args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
        (command, reader.spawn().unwrap())
    });
    for (command, reader) in readers {
        let output = reader.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{command}: {err}");
        for words in [
            "warn: waiting for another process, which is correcting the labels of `",
            "is in use: another process is correcting its labels, and does not go on",
            "  hint: ",
        ] {
            assert!(err.contains(words) && err.contains(&data), "{command}: {err}");
        }
    }
    assert!(begin.elapsed() < Duration::from_secs(30), "{:?}", begin.elapsed());

    // It goes on, and a reader with it.
    let reader = program("stats").arg(&data).stdout(Stdio::null()).spawn();
    let mut reader = reader.unwrap();
    thread::sleep(Duration::from_millis(500));
    fs::remove_file(format!("{data}/review/journal.json")).unwrap();
    assert!(reader.wait().unwrap().success());
    drop(lock);
}
