//! Folders and options that are refused.

use super::*;

#[test]
fn second_process_in_a_run_folder_is_refused() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        train(&path);
        let run = SavedRun::open(&path).unwrap();
        let trainer = Trainer::new(config(), device()).unwrap();
        let mut info = trainer.prepare(&images()).unwrap().info().clone();
        info.steps_done = 4;
        let (mut first, mut second) = (RunFolder::resume(&run), RunFolder::resume(&run));
        Observer::<crate::model::generator::Generator>::on_start(&mut first, &info).unwrap();
        let error = Observer::<crate::model::generator::Generator>::on_start(&mut second, &info).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InUse { .. }), "{error}");
        // Earlier than at its start, too; and the start takes what it has.
        assert!(matches!(
            second.lock().unwrap_err().kind(),
            ErrorKind::InUse { .. }
        ));
        drop(first);
        second.lock().unwrap();
        Observer::<crate::model::generator::Generator>::on_start(&mut second, &info).unwrap();
    });
}

#[test]
fn folder_with_files_is_refused() {
    let temp = tempfile::tempdir().unwrap();
    fs::write(temp.path().join("keep.txt"), "mine").unwrap();
    let error = RunFolder::create(temp.path()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Occupied { .. }));
    assert_eq!(fs::read_to_string(temp.path().join("keep.txt")).unwrap(), "mine");
}

#[test]
fn new_run_is_refused_in_a_folder_with_checkpoints() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        let mut folder = RunFolder::create(&path).unwrap();
        let trainer = Trainer::new(config(), device()).unwrap();
        trainer.fit(&images(), &mut [&mut folder]).unwrap();
        let before = files_below(&path);
        let other = Trainer::new(config().with_lr(0.01), device()).unwrap();
        let refused = |folder: &mut RunFolder| {
            let error = other.fit(&images(), &mut [folder]).unwrap_err();
            let ErrorKind::Occupied { path: found, .. } = error.kind() else {
                panic!("{error}")
            };
            assert_eq!(found, &path);
            assert!(error.to_string().contains("which can be resumed"), "{error}");
            assert!(files_below(&path) == before);
        };
        // The same folder again, and `fit` where `resume` was meant.
        refused(&mut folder);
        drop(folder);
        refused(&mut RunFolder::resume(&SavedRun::open(&path).unwrap()));
    });
}

#[test]
fn interval_and_number_of_checkpoints_of_0_are_refused() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        let folder = || RunFolder::create(&path).unwrap();
        for (folder, setting) in [
            (folder().with_interval(0), "interval"),
            (folder().with_checkpoints(KeepLast(0)), "keep"),
        ] {
            let mut folder = folder;
            let trainer = Trainer::new(config(), device()).unwrap();
            let error = trainer.fit(&images(), &mut [&mut folder]).unwrap_err();
            let ErrorKind::Setting { option, value, .. } = error.kind() else {
                panic!("{error}")
            };
            assert_eq!((*option, value.as_str()), (setting, "0"));
            assert!(!path.exists());
        }
    });
}

#[test]
fn missing_file_of_a_run_folder_is_named() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let error = SavedRun::open(temp.path()).unwrap_err();
        assert!(
            matches!(
                error.kind(),
                ErrorKind::NotARun {
                    missing: "config.json",
                    ..
                }
            ),
            "{error}"
        );
        fs::write(
            temp.path().join("config.json"),
            serde_json::to_string(&config()).unwrap(),
        )
        .unwrap();
        let error = SavedRun::open(temp.path())
            .unwrap()
            .generator(&device())
            .unwrap_err();
        assert!(
            error.to_string().contains("checkpoints/step-NNNNNN is missing"),
            "{error}"
        );
        fs::write(temp.path().join("config.json"), "{").unwrap();
        let error = SavedRun::open(temp.path()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Json { .. }), "{error}");
    });
}

#[test]
fn short_log_is_named() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        train(&path);
        let log = path.join("log.jsonl");
        let text = fs::read_to_string(&log).unwrap();
        // The last line is torn, as a power cut leaves it.
        fs::write(&log, &text[..text.len() - 5]).unwrap();
        let run = SavedRun::open(&path).unwrap();
        let checkpoint = run.load(run.newest().unwrap()).unwrap();
        let trainer = Trainer::new(config(), device()).unwrap();
        let mut folder = RunFolder::resume(&run);
        let error = trainer.resume(&checkpoint, &images(), &mut [&mut folder]);
        let error = error.unwrap_err();
        let ErrorKind::ShortLog { lines, needed, .. } = error.kind() else {
            panic!("{error}")
        };
        assert_eq!((*lines, *needed), (3, 4));
        assert!(error.to_string().contains("log.jsonl"), "{error}");
    });
}

#[test]
fn run_of_an_earlier_version_is_refused_by_its_format() {
    let temp = tempfile::tempdir().unwrap();
    let checkpoint = temp.path().join("checkpoints/step-000002");
    fs::create_dir_all(&checkpoint).unwrap();
    fs::write(
        temp.path().join("config.json"),
        r#"{"setting_of_that_version": 1.0}"#,
    )
    .unwrap();
    fs::write(checkpoint.join("state.json"), r#"{"format": 2}"#).unwrap();
    let error = SavedRun::open(temp.path()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the checkpoint has format 2, this version reads 3 to 4"
    );
    for format in 3..=4 {
        fs::write(
            checkpoint.join("state.json"),
            format!(r#"{{"format": {format}}}"#),
        )
        .unwrap();
        let error = SavedRun::open(temp.path()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Json { .. }), "{error}");
    }
    fs::write(checkpoint.join("state.json"), r#"{"format": 5}"#).unwrap();
    let error = SavedRun::open(temp.path()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Format { .. }), "{error}");
}
