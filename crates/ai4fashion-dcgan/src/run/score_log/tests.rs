use std::fs;

use super::*;
use crate::{
    config::{DcganConfig, tiny},
    device::cpu,
    run::{KeepLast, RunFolder, SavedRun, StoredCheckpoint, strategy::CheckpointStrategy},
    train::{
        interrupter::Interrupter,
        metrics::{StepMetrics, StepTiming},
        trainer::Trainer,
    },
};

fn images(count: u8) -> Vec<RgbImage> {
    let image = |i: u8| RgbImage::from_fn(16, 16, |x, _| image::Rgb([i * 9, x as u8 * 12, 140]));
    (0..count).map(image).collect()
}

fn config() -> DcganConfig {
    tiny().with_image_size(16).with_batch_size(8).with_epochs(4)
}

struct StopAfter(usize, Interrupter);

impl Observer<Generator> for StopAfter {
    fn on_step(&mut self, step: &StepMetrics, _: StepTiming) -> Result<(), Error> {
        if step.step + 1 == self.0 {
            self.1.stop();
        }
        Ok(())
    }
}

fn lines(run: &std::path::Path) -> Vec<ScoreLine<Read>> {
    let text = fs::read_to_string(run.join(SCORES)).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn best_checkpoint_by_score_is_kept_and_a_resumed_run_has_the_same_lines() {
    let temp = tempfile::tempdir().unwrap();
    let paths = ["whole", "resumed"].map(|name| temp.path().join(name));
    let (real, seen) = (images(14), images(16));
    let scores = |path: &PathBuf| {
        let scores = ScoreLog::new(path, &real).with_training(&seen);
        scores.with_count(12).with_interval(2)
    };

    let mut whole = scores(&paths[0]);
    let best = whole.keep_best(ScoreName::FdOwn);
    let mut folder = RunFolder::create(&paths[0])
        .unwrap()
        .with_checkpoints((KeepLast(1), best));
    let trainer = Trainer::new(config(), cpu()).unwrap();
    trainer.fit(&seen, &mut [&mut whole, &mut folder]).unwrap();
    let written = lines(&paths[0]);
    let places: Vec<_> = written.iter().map(|line| (line.epoch, line.steps_done)).collect();
    assert_eq!(places, [(2, 4), (4, 8)]);
    let values = written
        .iter()
        .map(|line| ScoreName::FdOwn.read(&line.scores).unwrap());
    let values: Vec<f64> = values.collect();
    assert_eq!(whole.last().unwrap().fd_own.value, values[1]);
    assert!(whole.last().unwrap().novelty.has_held_out);
    let kept: Vec<String> = SavedRun::open(&paths[0])
        .unwrap()
        .checkpoints()
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    let expected: &[&str] = match values[0] < values[1] {
        true => &["step-000004", "step-000008"],
        false => &["step-000008"],
    };
    assert_eq!(kept, expected);

    // Stopped within the third epoch, and resumed.
    let stop = Interrupter::new();
    let mut stopping = StopAfter(5, stop.clone());
    let mut part = scores(&paths[1]);
    let mut folder = RunFolder::create(&paths[1]).unwrap();
    let stopped = trainer.clone().with_interrupter(stop);
    stopped
        .fit(&seen, &mut [&mut part, &mut folder, &mut stopping])
        .unwrap();
    assert_eq!(lines(&paths[1]).len(), 1);
    drop(folder);
    let run = SavedRun::open(&paths[1]).unwrap();
    let checkpoint = run.load(run.newest().unwrap()).unwrap();
    let mut rest = scores(&paths[1]);
    let best = rest.keep_best(ScoreName::FdOwn);
    let mut folder = RunFolder::resume(&run);
    trainer
        .resume(&checkpoint, &seen, &mut [&mut rest, &mut folder])
        .unwrap();
    let [one, other] = [&paths[0], &paths[1]].map(|path| fs::read(path.join(SCORES)).unwrap());
    assert_eq!(one, other);

    // The strategy of the resumed run knows the scores before it, too.
    let state = SavedRun::open(&paths[1]).unwrap().state().unwrap();
    let all = [4, 8].map(|steps| StoredCheckpoint::new(steps, Some(state.clone())));
    let keeps = [0, 1].map(|place| best.keeps(place, &all));
    assert_eq!(keeps, [values[0] < values[1], values[0] >= values[1]]);
}

#[test]
fn too_few_images_are_refused_before_the_run_starts() {
    let temp = tempfile::tempdir().unwrap();
    let seen = images(16);
    let refused = |mut scores: ScoreLog| {
        let trainer = Trainer::new(config(), cpu()).unwrap();
        trainer.fit(&seen, &mut [&mut scores]).unwrap_err().to_string()
    };
    assert_eq!(
        refused(ScoreLog::new(temp.path(), &images(11))),
        "number of real images for scores is 11, expected at least 12"
    );
    assert_eq!(
        refused(ScoreLog::new(temp.path(), &seen).with_count(5)),
        "number of generated images for scores is 5, expected at least 12"
    );
    assert_eq!(
        refused(ScoreLog::new(temp.path(), &seen).with_interval(0)),
        "interval is 0, expected 1 or more"
    );
    assert!(!temp.path().join(SCORES).exists());
}

#[test]
fn higher_coverage_is_better() {
    let values = Values::default();
    values
        .lock()
        .unwrap()
        .extend([(4, 0.2), (8, 0.5), (12, 0.5), (16, 0.1)]);
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("run");
    let trainer = Trainer::new(config().with_epochs(1), cpu()).unwrap();
    trainer
        .fit(&images(4), &mut [&mut RunFolder::create(&path).unwrap()])
        .unwrap();
    let state = SavedRun::open(&path).unwrap().state().unwrap();
    let mut all: Vec<_> = [4, 8, 12, 16, 20]
        .map(|steps| StoredCheckpoint::new(steps, Some(state.clone())))
        .into();
    all[1].state = None;
    let kept = |score| {
        let strategy = KeepBestScore::new(score, Arc::clone(&values));
        (0..5)
            .filter(|place| strategy.keeps(*place, &all))
            .collect::<Vec<_>>()
    };
    assert_eq!(kept(ScoreName::Coverage), [2]);
    assert_eq!(kept(ScoreName::KidOwn), [3]);
}
