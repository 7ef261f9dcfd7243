mod resuming;

use std::collections::BTreeMap;

use ai4fashion_testkit::files_below;

use super::*;
use crate::{
    config::{DcganConfig, tiny},
    run::{checkpoint_files, sample_files},
    sample::{SampleOptions, generate},
    testing::{device, on_each_device},
    train::{interrupter::Interrupter, state::TrainState, trainer::Trainer},
};

fn config() -> DcganConfig {
    tiny().with_batch_size(5)
}

fn images() -> Vec<RgbImage> {
    (0..10_u8)
        .map(|i| RgbImage::from_pixel(8, 8, image::Rgb([i * 25, 90, 200])))
        .collect()
}

fn train(path: &Path) {
    let mut folder = RunFolder::create(path).unwrap();
    Trainer::new(config(), device())
        .unwrap()
        .fit(&images()[..], &mut [&mut folder])
        .unwrap();
}

/// Every file below a run's folder but those that hold clock times or the folder's name.
fn files(path: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = files_below(path);
    files.retain(|path, _| !path.ends_with("timing.jsonl") && !path.ends_with("report.html"));
    files
}

/// Stops a training after a number of steps; `killed` ends it by an error previous, with nothing saved.
struct EndAfter {
    steps: usize,
    stop: Option<Interrupter>,
}

impl Observer for EndAfter {
    fn on_step(&mut self, step: &StepMetrics, _: StepTiming) -> Result<(), Error> {
        match &self.stop {
            _ if step.step + 1 < self.steps => {}
            Some(stop) => stop.stop(),
            None => return Err(ErrorKind::Worker.into()),
        }
        Ok(())
    }
}

#[test]
fn run_that_was_stopped_or_killed_ends_with_the_same_bytes_as_an_undisturbed_one() {
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
                .fit(&images()[..], &mut [&mut folder, &mut end]);
            assert_eq!(interrupted.is_ok(), stop.is_some());
            drop(folder);

            let run = SavedRun::open(&path).unwrap();
            let mut folder = RunFolder::resume(&run);
            match run.newest() {
                Ok(newest) => {
                    let checkpoint = run.load(newest).unwrap();
                    trainer.resume(&checkpoint, &images()[..], &mut [&mut folder])
                }
                Err(_) => trainer.fit(&images()[..], &mut [&mut folder]),
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
fn damaged_checkpoint_is_named_and_the_one_before_it_offered() {
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
        fs::write(&state, text.replace("\"format\": 3", "\"format\": 7")).unwrap();
        let error = run.load(newest).unwrap_err();
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(source, "the checkpoint has format 7, this version reads 3");
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
        trainer.fit(&images()[..], &mut [&mut folder]).unwrap();
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

#[test]
fn run_that_goes_on_from_an_earlier_checkpoint_leaves_nothing_of_its_other_future() {
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
            .prepare(&images()[..])
            .unwrap()
            .train(state, &mut [&mut folder, &mut end])
            .unwrap();
        let steps: Vec<usize> = checkpoint_files::list(&path).unwrap().into_keys().collect();
        assert_eq!(steps, [2, 3]);
        assert_eq!(sample_files::epochs(&path), [1]);
        assert_eq!(
            fs::read_to_string(path.join("log.jsonl"))
                .unwrap()
                .lines()
                .count(),
            3
        );
    });
}

#[test]
fn second_process_in_a_run_folder_is_refused() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        train(&path);
        let run = SavedRun::open(&path).unwrap();
        let trainer = Trainer::new(config(), device()).unwrap();
        let mut info = trainer.prepare(&images()[..]).unwrap().info().clone();
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
fn run_leaves_every_file_and_its_generator_draws() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        train(&path);
        for file in [
            "config.json",
            "real.png",
            "losses.svg",
            "losses.png",
            "samples/epoch-001.png",
            "samples/epoch-002.png",
            "real-vs-fake.png",
            "checkpoints/step-000002/state.json",
            "checkpoints/step-000004/generator.safetensors",
            "checkpoints/step-000004/discriminator.safetensors",
            "checkpoints/step-000004/optimizer_g.safetensors",
            "checkpoints/step-000004/optimizer_d.safetensors",
            "epochs.jsonl",
            "samples-over-time.png",
            "report.html",
        ] {
            assert!(path.join(file).is_file(), "{file} is missing");
        }
        let log = fs::read_to_string(path.join("log.jsonl")).unwrap();
        let steps: Vec<StepMetrics> = log
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(steps.iter().map(|s| s.step).collect::<Vec<_>>(), [0, 1, 2, 3]);
        assert_eq!(
            fs::read_to_string(path.join("timing.jsonl"))
                .unwrap()
                .lines()
                .count(),
            4
        );

        let run = SavedRun::open(&path).unwrap();
        assert_eq!(run.config(), &config());
        let state = run.state().unwrap();
        assert_eq!((state.epochs_done, state.steps_done), (2, 4));
        assert_eq!(run.checkpoints().len(), 2);
        let generator = run.generator(&device()).unwrap();
        let mut drawn = 0;
        let count = |_, image: RgbImage| {
            assert_eq!(image.dimensions(), (8, 8));
            drawn += 1;
            Ok::<(), Error>(())
        };
        generate(&generator, &SampleOptions::new(1), 3, count).unwrap();
        assert_eq!(drawn, 3);
    });
}

#[test]
fn same_seed_leaves_the_same_bytes() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let files = [
            "log.jsonl",
            "losses.png",
            "samples/epoch-002.png",
            "checkpoints/step-000004/generator.safetensors",
        ];
        let read = |name: &str| {
            let path = temp.path().join(name);
            train(&path);
            files.map(|file| fs::read(path.join(file)).unwrap())
        };
        assert!(read("one") == read("two"));
    });
}

#[test]
fn folder_in_use_is_refused() {
    let temp = tempfile::tempdir().unwrap();
    fs::write(temp.path().join("keep.txt"), "mine").unwrap();
    let error = RunFolder::create(temp.path()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Occupied { .. }));
    assert_eq!(fs::read_to_string(temp.path().join("keep.txt")).unwrap(), "mine");
}

#[test]
fn run_does_not_begin_in_a_folder_with_checkpoints() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        let mut folder = RunFolder::create(&path).unwrap();
        let trainer = Trainer::new(config(), device()).unwrap();
        trainer.fit(&images()[..], &mut [&mut folder]).unwrap();
        let before = files_below(&path);
        let other = Trainer::new(config().with_lr(0.01), device()).unwrap();
        let refused = |folder: &mut RunFolder| {
            let error = other.fit(&images()[..], &mut [folder]).unwrap_err();
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
fn interval_and_number_of_checkpoints_of_0_are_refused_before_anything_is_written() {
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
            let error = trainer.fit(&images()[..], &mut [&mut folder]).unwrap_err();
            let ErrorKind::Setting { option, value, .. } = error.kind() else {
                panic!("{error}")
            };
            assert_eq!((*option, value.as_str()), (setting, "0"));
            assert!(!path.exists());
        }
    });
}

#[test]
fn folder_that_is_no_run_says_what_is_missing() {
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
fn log_that_lacks_lines_is_named_and_nothing_is_made_up() {
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
        let error = trainer.resume(&checkpoint, &images()[..], &mut [&mut folder]);
        let error = error.unwrap_err();
        let ErrorKind::ShortLog { lines, needed, .. } = error.kind() else {
            panic!("{error}")
        };
        assert_eq!((*lines, *needed), (3, 4));
        assert!(error.to_string().contains("log.jsonl"), "{error}");
    });
}
