//! Runs that are stopped, damaged or forced, and resumed.

use super::*;
use crate::train::StopReason;

/// Resumes a run from its newest checkpoint until `steps` are done.
fn resume(path: &Path, config: DcganConfig, steps: usize) -> StopReason {
    let run = SavedRun::open(path).unwrap();
    let checkpoint = run.load(run.newest().unwrap()).unwrap();
    let stop = Interrupter::new();
    let mut end = EndAfter {
        steps,
        stop: Some(stop.clone()),
    };
    let trainer = Trainer::new(config, device()).unwrap().with_interrupter(stop);
    let mut folder = RunFolder::resume(&run);
    let trained = trainer.resume(&checkpoint, &images(), &mut [&mut folder, &mut end]);
    trained.unwrap().stop_reason
}

fn kept(path: &Path) -> Vec<usize> {
    checkpoint_files::list(path).unwrap().into_keys().collect()
}

#[test]
fn state_that_was_edited_or_moved_is_refused() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        train(&path);
        let run = SavedRun::open(&path).unwrap();
        let newest = run.newest().unwrap().to_owned();
        let file = newest.join("state.json");
        let whole = fs::read_to_string(&file).unwrap();
        let refused = |checkpoint: &Path| {
            let error = run.load(checkpoint).unwrap_err();
            assert!(run.state_of(checkpoint).is_err());
            std::error::Error::source(&error).unwrap().to_string()
        };
        assert!(whole.contains("\"steps_done\": 4"));
        for (from, to) in [("\"steps_done\": 4", "\"steps_done\": 3"), ("0.0002", "0.0003")] {
            fs::write(&file, whole.replace(from, to)).unwrap();
            assert_eq!(refused(&newest), "`state.json` is missing or damaged");
        }
        fs::write(&file, &whole).unwrap();
        run.load(&newest).unwrap();
        let moved = newest.with_file_name("step-000009");
        fs::rename(&newest, &moved).unwrap();
        assert_eq!(refused(&moved), "`state.json` is of another step than its folder");
        fs::rename(&moved, &newest).unwrap();
        fs::remove_file(newest.join("state.json.sha256")).unwrap();
        assert_eq!(refused(&newest), "`state.json.sha256` is missing or damaged");
    });
}

#[test]
fn every_stop_writes_samples_and_keeps_no_extra_checkpoints() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        // Ten steps in an epoch.
        let config = config().with_batch_size(1).with_epochs(1).with_limit(Some(10));
        let stop = Interrupter::new();
        let mut end = EndAfter {
            steps: 1,
            stop: Some(stop.clone()),
        };
        let mut folder = RunFolder::create(&path).unwrap();
        let trainer = Trainer::new(config.clone(), device()).unwrap();
        let stopping = trainer.with_interrupter(stop);
        stopping.fit(&images(), &mut [&mut folder, &mut end]).unwrap();
        drop(folder);
        for steps in 2..=6 {
            assert_eq!(resume(&path, config.clone(), steps), StopReason::Interrupted);
            assert!(
                kept(&path).len() <= 2 && kept(&path).contains(&steps),
                "{:?}",
                kept(&path)
            );
            let run = SavedRun::open(&path).unwrap();
            // Nothing to choose the best by.
            assert_eq!(run.state().unwrap().distance, None);
            for file in [
                "samples/stopped.png",
                "real-vs-fake.png",
                "losses.png",
                "report.html",
            ] {
                assert!(path.join(file).is_file(), "{file}");
            }
        }
        assert_eq!(resume(&path, config, 100), StopReason::Finished);
        assert!(!path.join("samples/stopped.png").exists());
        assert!(SavedRun::open(&path).unwrap().state().unwrap().distance.is_some());
    });
}

#[test]
fn missing_times_keep_no_run_from_resuming() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        train(&path);
        let times = path.join("timing.jsonl");
        let first = fs::read_to_string(&times).unwrap();
        let first = first.lines().next().unwrap().to_owned();
        fs::remove_file(&times).unwrap();
        resume(&path, config().with_epochs(3), 100);
        assert_eq!(fs::read_to_string(&times).unwrap().lines().count(), 2);
        fs::write(&times, format!("{first}\n{{\"st\n")).unwrap();
        resume(&path, config().with_epochs(4), 100);
        let lines = fs::read_to_string(&times).unwrap();
        assert!(lines.starts_with(&first) && lines.lines().count() == 3, "{lines}");
    });
}

#[test]
fn last_line_without_its_end_is_no_beginning_of_the_next() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        train(&path);
        let names = ["timing.jsonl", "epochs.jsonl"];
        for name in names {
            let text = fs::read_to_string(path.join(name)).unwrap();
            fs::write(path.join(name), text.trim_end()).unwrap();
        }
        resume(&path, config().with_epochs(3), 100);
        for (name, lines) in names.into_iter().zip([5, 2]) {
            let text = fs::read_to_string(path.join(name)).unwrap();
            let values = text.lines().map(serde_json::from_str::<serde_json::Value>);
            assert_eq!(values.filter(Result::is_ok).count(), lines, "{text}");
            assert_eq!(text.lines().count(), lines, "{text}");
        }
    });
}

#[test]
fn what_a_killed_process_left_half_written_is_swept() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        train(&path);
        let left = [".partial-a", "samples/.partial-b"].map(|name| path.join(name));
        left.iter().for_each(|path| fs::write(path, "half").unwrap());
        resume(&path, config().with_epochs(3), 100);
        assert!(left.iter().all(|path| !path.exists()));
    });
}

#[test]
fn run_forced_onto_other_images_has_each_epoch_once() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        let mut folder = RunFolder::create(&path)
            .unwrap()
            .with_checkpoints((KeepLast(1), KeepBest));
        let trainer = Trainer::new(config(), device()).unwrap();
        trainer.fit(&images(), &mut [&mut folder]).unwrap();
        drop(folder);
        // A line that no trainer writes must not trip what reads it.
        let epochs = path.join("epochs.jsonl");
        let text = fs::read_to_string(&epochs).unwrap();
        let none = r#"{"epoch":0,"steps_done":0,"distance":null,"diversity":0.5}"#;
        fs::write(&epochs, format!("{none}\n{text}")).unwrap();

        // Four steps an epoch instead of two.
        let more: Vec<RgbImage> = images().into_iter().chain(images()).collect();
        let run = SavedRun::open(&path).unwrap();
        let checkpoint = run.load(run.newest().unwrap()).unwrap();
        let state = TrainState::new(&config(), &device()).unwrap();
        let state = state.restore(&checkpoint).unwrap();
        let mut folder = RunFolder::resume(&run).with_checkpoints((KeepLast(1), KeepBest));
        trainer
            .prepare(&more[..])
            .unwrap()
            .train(state, &mut [&mut folder])
            .unwrap();
        let text = fs::read_to_string(&epochs).unwrap();
        let epochs: Vec<u64> = text
            .lines()
            .map(|line| {
                serde_json::from_str::<serde_json::Value>(line).unwrap()["epoch"]
                    .as_u64()
                    .unwrap()
            })
            .collect();
        assert_eq!(epochs, [0, 1, 2]);
        assert_eq!(sample_files::epochs(&path).unwrap(), [1, 2]);
        // However near the old images were to other real ones.
        assert_eq!(kept(&path), [8]);
    });
}

#[test]
fn run_refused_for_its_log_keeps_all_files() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        train(&path);
        assert_eq!(kept(&path), [2, 4]);
        let log = path.join("log.jsonl");
        let whole = fs::read_to_string(&log).unwrap();
        let lines: Vec<&str> = whole.split_inclusive('\n').collect();
        let from_the_first = |config: DcganConfig| {
            let run = SavedRun::open(&path).unwrap();
            let first = run.load(&run.checkpoints()[0]).unwrap();
            let state = TrainState::new(&config, &device()).unwrap();
            let state = state.restore(&first).unwrap();
            let mut folder = RunFolder::resume(&run);
            let trainer = Trainer::new(config, device()).unwrap();
            trainer
                .prepare(&images())
                .unwrap()
                .train(state, &mut [&mut folder])
        };
        let cut = lines[0].to_owned();
        let damaged = format!("{}{{\n{}{}", lines[0], lines[2], lines[3]);
        for (text, is_short) in [(&cut, true), (&damaged, false)] {
            fs::write(&log, text).unwrap();
            let before = files(&path);
            let error = from_the_first(config().with_lr(0.01)).unwrap_err();
            match error.kind() {
                ErrorKind::ShortLog {
                    lines: 1, needed: 2, ..
                } if is_short => {}
                ErrorKind::Json { path, .. } if !is_short => assert_eq!(path, &log),
                _ => panic!("{error}"),
            }
            assert!(files(&path) == before, "{text}");
        }
        fs::write(&log, &whole).unwrap();
        from_the_first(config().with_epochs(1)).unwrap();
        assert_eq!(kept(&path), [2]);
    });
}

#[test]
fn interrupted_run_ends_with_the_same_bytes_as_an_uninterrupted_one() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let whole = temp.path().join("whole");
        train(&whole);
        for (name, steps, stop) in [
            ("stopped", 3, Some(Interrupter::new())),
            ("stopped at an epoch's end", 2, Some(Interrupter::new())),
            ("killed", 3, None),
            ("killed before the first checkpoint", 1, None),
        ] {
            let path = temp.path().join(name);
            let mut folder = RunFolder::create(&path).unwrap();
            let mut end = EndAfter {
                steps,
                stop: stop.clone(),
            };
            let trainer = Trainer::new(config(), device()).unwrap();
            let interrupted = trainer
                .clone()
                .with_interrupter(stop.clone().unwrap_or_default())
                .fit(&images(), &mut [&mut folder, &mut end]);
            assert_eq!(interrupted.is_ok(), stop.is_some());
            drop(folder);

            let run = SavedRun::open(&path).unwrap();
            let mut folder = RunFolder::resume(&run);
            match run.newest() {
                Ok(newest) => {
                    let checkpoint = run.load(newest).unwrap();
                    trainer.resume(&checkpoint, &images(), &mut [&mut folder])
                }
                Err(_) => trainer.fit(&images(), &mut [&mut folder]),
            }
            .unwrap();
            let (expected, found) = (files(&whole), files(&path));
            let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
            let mut kept = names(&found);
            // The one that was written where it stopped.
            kept.retain(|file| !file.starts_with("checkpoints/step-000003"));
            let mut wanted = names(&expected);
            if stop.is_some() && steps == 3 {
                wanted.retain(|file| !file.starts_with("checkpoints/step-000002") || kept.contains(file));
            }
            assert_eq!(kept, wanted, "{name}");
            for (file, bytes) in found.iter().filter(|(file, _)| kept.contains(file)) {
                assert!(*bytes == expected[file], "{name}: {}", file.display());
            }
        }
    });
}

#[test]
fn run_resumed_from_an_earlier_checkpoint_removes_later_files() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        train(&path);
        let run = SavedRun::open(&path).unwrap();
        let first = run.load(&run.checkpoints()[0]).unwrap();
        let trainer = Trainer::new(config().with_lr(0.01), device()).unwrap();
        let state = TrainState::new(&config().with_lr(0.01), &device()).unwrap();
        let state = state.restore(&first).unwrap();
        let (stop, mut folder) = (Interrupter::new(), RunFolder::resume(&run));
        let mut end = EndAfter {
            steps: 3,
            stop: Some(stop.clone()),
        };
        let trainer = trainer.with_interrupter(stop);
        trainer
            .prepare(&images())
            .unwrap()
            .train(state, &mut [&mut folder, &mut end])
            .unwrap();
        let steps: Vec<usize> = checkpoint_files::list(&path).unwrap().into_keys().collect();
        assert_eq!(steps, [2, 3]);
        assert_eq!(sample_files::epochs(&path).unwrap(), [1]);
        assert_eq!(
            fs::read_to_string(path.join("log.jsonl"))
                .unwrap()
                .lines()
                .count(),
            3
        );
    });
}
