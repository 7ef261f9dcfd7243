//! Runs that were ended before their first checkpoint, and are begun anew.

use super::*;

/// What the process of a run leaves that is killed after each of its first writes, oldest first:
/// all files that are there then.
const WRITTEN: [&str; 16] = [
    ".lock",
    ".partial-metadata",
    "metadata.json",
    ".partial-config",
    "config.json",
    "real.png",
    "log.jsonl",
    "timing.jsonl",
    "epochs.jsonl",
    "warnings.jsonl",
    "samples/.partial-page",
    "samples/epoch-001.png",
    "samples-over-time.png",
    "losses.svg",
    "real-vs-fake.png",
    "report.html",
];

/// Makes what is left of a run that was ended after the first `count` of its writes.
fn ended(path: &Path, whole: &BTreeMap<PathBuf, Vec<u8>>, count: usize) {
    for name in &WRITTEN[..count] {
        let lines = whole.get(Path::new(name)).map_or(&b"{\"half"[..], Vec::as_slice);
        // A line, and one that is torn.
        let end = if name.ends_with("jsonl") {
            lines.len() * 3 / 4
        } else {
            lines.len()
        };
        ai4fashion_testkit::write(path.join(name), &lines[..end]);
    }
}

fn create(path: &Path) -> Result<(), Error> {
    let mut folder = RunFolder::create(path)?;
    let trainer = Trainer::new(config(), device())?;
    trainer.fit(&images(), &mut [&mut folder]).map(|_| ())
}

#[test]
fn run_ended_before_its_first_checkpoint_is_begun_anew_to_the_same_bytes() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let whole = temp.path().join("whole");
        train(&whole);
        let expected = files(&whole);
        for count in 0..=WRITTEN.len() {
            let path = temp.path().join(format!("after {count}"));
            fs::create_dir(&path).unwrap();
            ended(&path, &files_below(&whole), count);
            if count == WRITTEN.len() {
                let half = path.join("checkpoints/.step-000002.partial/optimizer_g.safetensors");
                ai4fashion_testkit::write(half, "half");
                // A power cut may leave anything in a log that was not synced.
                fs::write(path.join("log.jsonl"), [0, 0xff, b'\n']).unwrap();
                fs::write(path.join(".DS_Store"), "").unwrap();
            }
            create(&path).unwrap();
            let mut found = files(&path);
            found.remove(Path::new(".DS_Store"));
            assert!(found == expected, "after {count}");
        }
    });
}

#[test]
fn run_that_was_killed_while_it_trained_is_begun_anew() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let (whole, path) = (temp.path().join("whole"), temp.path().join("killed"));
        train(&whole);
        let mut folder = RunFolder::create(&path).unwrap().with_metadata(&7).unwrap();
        let mut end = EndAfter { steps: 1, stop: None };
        let trainer = Trainer::new(config().with_lr(0.01), device()).unwrap();
        trainer.fit(&images(), &mut [&mut folder, &mut end]).unwrap_err();
        drop(folder);
        let run = SavedRun::open(&path).unwrap();
        assert!(!run.has_results() && run.logged_steps().unwrap() == 1);
        create(&path).unwrap();
        // Without the metadata of the first.
        assert!(files(&path) == files(&whole));
        assert!(SavedRun::open(&path).unwrap().has_results());
    });
}

#[test]
fn folder_with_anything_else_is_refused_and_left_as_it_is() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let whole = temp.path().join("whole");
        train(&whole);
        let whole = files_below(&whole);
        let kept = |name: &str, foreign: &[&str], content: &str| {
            let path = temp.path().join(name);
            ended(&path, &whole, WRITTEN.len());
            for file in foreign {
                ai4fashion_testkit::write(path.join(file), "mine");
            }
            let before = files_below(&path);
            let error = create(&path).unwrap_err();
            let ErrorKind::Occupied { path: found, .. } = error.kind() else {
                panic!("{name}: {error}")
            };
            assert_eq!(found, &path);
            assert!(error.to_string().contains(content), "{name}: {error}");
            assert!(files_below(&path) == before, "{name}");
        };
        kept("a file", &["notes.txt"], "other files, such as `notes.txt`");
        kept("a folder", &["drafts/one.txt"], "other files, such as `drafts`");
        kept(
            "among samples",
            &["samples/mine.png"],
            "other files, such as `samples`",
        );
        kept(
            "similar",
            &["samples/epoch-1.png"],
            "other files, such as `samples`",
        );
        let among = ["checkpoints/notes.txt"];
        kept("among checkpoints", &among, "other files, such as `checkpoints`");
        let a_checkpoint = ["checkpoints/step-000002/state.json"];
        kept(
            "a checkpoint",
            &a_checkpoint,
            "the checkpoints of a run, which can be resumed",
        );
        let replaced = ["checkpoints/.step-000002.replaced/state.json"];
        kept(
            "replaced",
            &replaced,
            "the checkpoints of a run, which can be resumed",
        );
        // Its checkpoints were removed.
        kept("two epochs", &["samples/epoch-002.png"], "the samples of a run");
        kept("stopped", &["samples/stopped.png"], "the samples of a run");

        // Somebody's settings, which no run has marked as its own.
        let path = temp.path().join("settings");
        ai4fashion_testkit::write(path.join("config.json"), "{}");
        let error = create(&path).unwrap_err();
        assert!(error.to_string().contains("`config.json`"), "{error}");
        assert_eq!(fs::read_to_string(path.join("config.json")).unwrap(), "{}");
    });
}

#[test]
fn begun_run_of_another_process_is_refused_at_once() {
    let temp = tempfile::tempdir().unwrap();
    fs::write(temp.path().join(".lock"), "").unwrap();
    let first = RunFolder::create(temp.path()).unwrap();
    let error = RunFolder::create(temp.path()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InUse { .. }), "{error}");
    drop(first);
    RunFolder::create(temp.path()).unwrap();
}
