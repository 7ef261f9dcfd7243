//! Checkpoints that are kept, and damaged ones.

use super::*;

#[test]
fn damaged_checkpoint_is_named_with_the_one_before_it() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        train(&path);
        let run = SavedRun::open(&path).unwrap();
        let newest = run.newest().unwrap();
        for (file, damage) in [
            ("optimizer_d.safetensors", Some(40)),
            ("generator.safetensors", None),
        ] {
            let file = newest.join(file);
            let whole = fs::read(&file).unwrap();
            match damage {
                Some(at) => {
                    let mut bytes = whole.clone();
                    bytes[at] ^= 1;
                    fs::write(&file, bytes).unwrap();
                }
                None => fs::remove_file(&file).unwrap(),
            }
            let error = run.load(newest).unwrap_err();
            let ErrorKind::Checkpoint {
                path,
                source,
                previous,
            } = error.kind()
            else {
                panic!("{error}")
            };
            assert_eq!(path, newest);
            let name = file.file_name().unwrap().to_str().unwrap();
            assert_eq!(source.to_string(), format!("`{name}` is missing or damaged"));
            assert_eq!(previous.as_deref(), Some(&*run.checkpoints()[0]));
            run.load(previous.as_ref().unwrap()).unwrap();
            fs::write(&file, whole).unwrap();
        }
        run.load(newest).unwrap();
        let state = newest.join("state.json");
        let text = fs::read_to_string(&state).unwrap();
        fs::write(&state, text.replace("\"format\": 4", "\"format\": 7")).unwrap();
        let error = run.load(newest).unwrap_err();
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(source, "the checkpoint has format 7, this version reads 3 to 4");
    });
}

#[test]
fn newest_checkpoints_and_the_best_are_kept() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        let mut folder = RunFolder::create(&path)
            .unwrap()
            .with_checkpoints((KeepLast(1), KeepBest));
        let config = config().with_epochs(6).with_lr(0.01);
        let trainer = Trainer::new(config, device()).unwrap();
        trainer.fit(&images(), &mut [&mut folder]).unwrap();
        let text = fs::read_to_string(path.join("epochs.jsonl")).unwrap();
        let distances: Vec<f64> = text
            .lines()
            .map(|line| {
                serde_json::from_str::<serde_json::Value>(line).unwrap()["distance"]
                    .as_f64()
                    .unwrap()
            })
            .collect();
        assert_eq!(distances.len(), 6);
        let best = (0..6)
            .min_by(|a, b| distances[*a].total_cmp(&distances[*b]))
            .unwrap();
        let mut expected = vec![2 * (best + 1), 12];
        expected.dedup();
        let kept: Vec<usize> = checkpoint_files::list(&path).unwrap().into_keys().collect();
        assert_eq!(kept, expected, "{distances:?}");
    });
}

/// Extends a finished run by an epoch.
fn extend(path: &Path) -> Result<(), Error> {
    let run = SavedRun::open(path).unwrap();
    let checkpoint = run.load(run.newest().unwrap()).unwrap();
    let epochs = checkpoint.state().epochs_done + 1;
    let trainer = Trainer::new(config().with_epochs(epochs), device()).unwrap();
    let mut folder = RunFolder::resume(&run).with_checkpoints((KeepLast(1), KeepBest));
    trainer
        .resume(&checkpoint, &images(), &mut [&mut folder])
        .map(|_| ())
}

fn names(path: &Path) -> Vec<String> {
    let entries = fs::read_dir(path.join("checkpoints")).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn what_a_killed_process_left_beside_checkpoints_is_swept_by_the_next_start() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        train(&path);
        for left in [
            ".step-000001.removed",
            ".step-000006.partial",
            ".step-000004.replaced",
        ] {
            let file = path.join("checkpoints").join(left).join("state.json");
            ai4fashion_testkit::write(file, "half");
        }
        // Whatever it is.
        fs::write(path.join("checkpoints/.step-000002.removed"), "").unwrap();
        // All epochs are done: nothing is written any more.
        let run = SavedRun::open(&path).unwrap();
        let checkpoint = run.load(run.newest().unwrap()).unwrap();
        let trainer = Trainer::new(config(), device()).unwrap();
        let mut folder = RunFolder::resume(&run);
        trainer
            .resume(&checkpoint, &images(), &mut [&mut folder])
            .unwrap();
        assert_eq!(names(&path), ["step-000002", "step-000004"]);
    });
}

#[test]
fn checkpoint_that_was_about_to_be_replaced_is_not_lost() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        train(&path);
        let whole = path.join("checkpoints/step-000004");
        let replaced = path.join("checkpoints/.step-000004.replaced");
        fs::rename(&whole, &replaced).unwrap();
        let run = SavedRun::open(&path).unwrap();
        assert_eq!(run.newest().unwrap(), replaced);
        run.load(run.newest().unwrap()).unwrap();
        extend(&path).unwrap();
        assert!(!replaced.exists());
        // A damaged one is replaced by the same step.
        let run = SavedRun::open(&path).unwrap();
        let newest = run.newest().unwrap();
        let checkpoint = run.load(newest).unwrap();
        fs::write(newest.join("state.json"), "").unwrap();
        let before = names(&path);
        checkpoint_files::write(&path, &checkpoint).unwrap();
        assert_eq!(run.load(newest).unwrap().state(), checkpoint.state());
        assert_eq!(names(&path), before);
    });
}

#[test]
fn names_that_resemble_those_of_checkpoints_are_left_alone() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        train(&path);
        let folder = path.join("checkpoints");
        for file in ["step-1", "step-000002.zip", "step-", "step-2/a", "notes"] {
            ai4fashion_testkit::write(folder.join(file), "mine");
        }
        for file in [
            "samples/epoch-1.png",
            "samples/epoch-00009.png",
            "samples/epoch-008.png/a",
        ] {
            ai4fashion_testkit::write(path.join(file), "mine");
        }
        let run = SavedRun::open(&path).unwrap();
        assert_eq!(
            run.checkpoints(),
            ["step-000002", "step-000004"].map(|name| folder.join(name))
        );
        extend(&path).unwrap();
        extend(&path).unwrap();
        let left = names(&path);
        for file in ["step-1", "step-000002.zip", "step-", "step-2", "notes"] {
            assert!(left.contains(&file.to_owned()), "{file}: {left:?}");
        }
        assert!(path.join("samples/epoch-1.png").exists());
    });
}

#[test]
fn file_in_the_place_of_a_checkpoint_is_named_before_anything_is_trained() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        train(&path);
        let file = path.join("checkpoints/step-000006");
        fs::write(&file, "mine").unwrap();
        let before = files_below(&path);
        let error = extend(&path).unwrap_err();
        let text = ai4fashion_files::messages(&error).join(": ");
        assert!(
            text.contains("step-000006") && text.contains("it is no folder"),
            "{text}"
        );
        assert!(files_below(&path) == before);
    });
}

#[test]
fn run_that_ends_with_nan_keeps_its_last_checkpoint_and_resumes() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let (path, whole) = (temp.path().join("run"), temp.path().join("whole"));
        train(&path);
        let before = names(&path);
        let run = SavedRun::open(&path).unwrap();
        let checkpoint = run.load(run.newest().unwrap()).unwrap();
        let diverging = config().with_epochs(4).with_lr(1e39);
        let state = TrainState::new(&diverging, &device()).unwrap();
        let state = state.restore(&checkpoint).unwrap();
        let trainer = Trainer::new(diverging, device()).unwrap();
        let mut folder = RunFolder::resume(&run);
        let images = images();
        let training = trainer.prepare(&images).unwrap();
        let error = training.train(state, &mut [&mut folder]).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::NotFinite { .. }), "{error}");
        drop(folder);
        assert_eq!(names(&path), before);
        // With its own settings it ends as if nothing had been.
        train(&whole);
        for path in [&path, &whole] {
            extend(path).unwrap();
        }
        assert!(files(&path) == files(&whole));
    });
}
