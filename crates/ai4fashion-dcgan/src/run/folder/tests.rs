mod begun;
mod checkpoints;
mod logs;
mod refusals;
mod resuming;

use std::{collections::BTreeMap, fs};

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
        .fit(&images(), &mut [&mut folder])
        .unwrap();
}

/// Every file below a run's folder but those that hold clock times or the folder's name.
fn files(path: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = files_below(path);
    files.retain(|path, _| !path.ends_with("timing.jsonl") && !path.ends_with("report.html"));
    files
}

/// Stops a training run after a number of steps; `killed` ends it by an error previous, with
/// nothing saved.
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
fn run_writes_every_file_and_its_generator_generates() {
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
        let mut generated = 0;
        let count = |_, image: RgbImage| {
            assert_eq!(image.dimensions(), (8, 8));
            generated += 1;
            Ok::<(), Error>(())
        };
        generate(&generator, &SampleOptions::new(1), 3, count).unwrap();
        assert_eq!(generated, 3);
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
