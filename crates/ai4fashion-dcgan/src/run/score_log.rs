//! An observer that scores generated images.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError},
};

use ai4fashion_files::json_lines::Log;
use ai4fashion_score::{
    Comparison, FeatureScores, Features, Scorer, garment::GarmentClassifier, label_features,
};
use image::RgbImage;
use serde::{Deserialize, Serialize};

use crate::{
    data::{condition::Condition, labels::Labels},
    error::{Error, ErrorKind},
    model::generator::Generator,
    run::{
        interval::Interval,
        layout::SCORES,
        log_lines::Kept,
        score_name::ScoreName,
        strategy::keep_best_score::{KeepBestScore, Values},
    },
    sample::{SampleOptions, generate},
    train::{epoch_end::EpochEnd, observer::Observer, run_info::RunInfo},
};

/// Number of images that are generated for the scores by default.
const COUNT: usize = 1000;

/// Scores generated images at the end of epochs, as lines of `scores.jsonl`.
///
/// The scores are those of features of the label network ([`FeatureScores`]), each with its floor
/// and its spread. [`keep_best`](Self::keep_best) keeps the checkpoint that is best by one of them;
/// for that the observer comes before the one that writes checkpoints. With a condition the images
/// are generated with the labels of the run's first 64 images, in turn. A resumed run continues the
/// log; lines beyond its checkpoint are cut off.
///
/// ```
/// use ai4fashion_dcgan::{
///     DcganConfig, RunFolder, Trainer, cpu, image::{Rgb, RgbImage}, run::{KeepLast, ScoreLog, ScoreName},
/// };
///
/// let temp = tempfile::tempdir()?;
/// let path = temp.path().join("run");
/// let images: Vec<_> = (0..16).map(|i| RgbImage::from_pixel(16, 16, Rgb([i * 15, 80, 200]))).collect();
/// let config = DcganConfig::tutorial().with_image_size(16).with_ngf(4).with_ndf(4).with_epochs(2);
/// let mut scores = ScoreLog::new(&path, &images).with_count(12);
/// let best = scores.keep_best(ScoreName::KidOwn);
/// let mut folder = RunFolder::create(&path)?.with_checkpoints((KeepLast(1), best));
/// Trainer::new(config, cpu())?.fit(&images, &mut [&mut scores, &mut folder])?;
/// assert_eq!(std::fs::read_to_string(path.join("scores.jsonl"))?.lines().count(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct ScoreLog {
    path: PathBuf,
    scorer: Scorer,
    classifier: GarmentClassifier,
    real: Features,
    training: Option<Features>,
    count: usize,
    interval: Interval,
    best_by: ScoreName,
    values: Values,
    log: Option<Log>,
    condition: Condition,
    labels: Vec<Labels>,
    steps_done: usize,
    last: Option<FeatureScores>,
}

/// A line of `scores.jsonl`.
#[derive(Serialize, Deserialize)]
struct ScoreLine<T> {
    epoch: usize,
    steps_done: usize,
    #[serde(flatten)]
    scores: T,
}

/// The scores of a line that was read.
type Read = serde_json::Map<String, serde_json::Value>;

impl ScoreLog {
    /// Creates an observer that writes into `folder` and compares with `real` images, which are
    /// best such that the networks are not trained on. They have the size of the generated ones.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>, real: &[RgbImage]) -> Self {
        let classifier = GarmentClassifier::new();
        Self {
            path: folder.into().join(SCORES),
            scorer: Scorer::new(),
            real: label_features(&classifier, real),
            classifier,
            training: None,
            count: COUNT,
            interval: Interval(1),
            best_by: ScoreName::default(),
            values: Values::default(),
            log: None,
            condition: Condition::default(),
            labels: Vec::new(),
            steps_done: 0,
            last: None,
        }
    }

    /// Sets images that the networks are trained on, where the real ones are not: novelty compares
    /// generated images with both.
    #[must_use]
    pub fn with_training(mut self, images: &[RgbImage]) -> Self {
        self.training = Some(label_features(&self.classifier, images));
        self
    }

    /// Sets the number of images that are generated, at least 12; default 1,000.
    #[must_use]
    pub fn with_count(mut self, count: usize) -> Self {
        self.count = count;
        self
    }

    /// Sets the number of epochs from one score to the next, at least 1; default 1. The last epoch
    /// always has one.
    #[must_use]
    pub fn with_interval(mut self, epochs: usize) -> Self {
        self.interval = Interval(epochs);
        self
    }

    /// Returns a strategy that keeps the checkpoint that is best by `score`.
    #[must_use]
    pub fn keep_best(&mut self, score: ScoreName) -> KeepBestScore {
        self.best_by = score;
        KeepBestScore::new(score, Arc::clone(&self.values))
    }

    /// Returns the scores of the last epoch that was scored in this process.
    #[must_use]
    pub fn last(&self) -> Option<&FeatureScores> {
        self.last.as_ref()
    }

    /// Refuses options that are outside their intervals.
    fn check(&self) -> Result<(), Error> {
        self.interval.check()?;
        let least = self.scorer.least();
        let is_enough = |option, count: usize| {
            let legal = || format!("at least {least}");
            (count >= least)
                .then_some(())
                .ok_or_else(|| Error::setting(option, count, legal()))
        };
        is_enough("number of real images for scores", self.real.len())?;
        is_enough("number of generated images for scores", self.count)
    }

    /// Reads the lines that the run keeps.
    fn kept(&self) -> Result<Kept, Error> {
        let steps_done = self.steps_done;
        Kept::filtered(self.path.clone(), |line: &ScoreLine<Read>| {
            line.steps_done <= steps_done
        })
    }

    fn generated(&self, generator: &Generator) -> Result<Features, Error> {
        let mut options = SampleOptions::new(0);
        if self.condition != Condition::Unconditional {
            options = options.with_labels(self.condition, self.labels.clone());
        }
        let mut images = Vec::with_capacity(self.count);
        generate(generator, &options, self.count, |_, image| {
            images.push(image);
            Ok::<(), Error>(())
        })?;
        Ok(label_features(&self.classifier, &images))
    }

    fn scores(&self, generator: &Generator) -> Result<FeatureScores, Error> {
        let fake = self.generated(generator)?;
        let held_out = self.training.is_some().then_some(&self.real);
        let sets = Comparison::new(&self.real, &fake)
            .with_training(self.training.as_ref())
            .with_held_out(held_out);
        let scores = self.scorer.score_features(&sets);
        scores.map_err(|source| ErrorKind::Other(Box::new(source)).into())
    }

    fn keep(&self, steps_done: usize, value: f64) {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        values.insert(steps_done, value);
    }
}

impl Observer<Generator> for ScoreLog {
    /// Nothing is written before the end of the first epoch that is scored: the run may be refused.
    fn on_start(&mut self, info: &RunInfo) -> Result<(), Error> {
        self.check()?;
        self.condition = info.config.condition;
        self.labels.clone_from(&info.labels);
        self.steps_done = info.steps_done;
        self.log = None;
        for line in self.kept()?.values::<ScoreLine<Read>>()? {
            if let Some(value) = self.best_by.read(&line.scores) {
                self.keep(line.steps_done, value);
            }
        }
        Ok(())
    }

    fn on_epoch(&mut self, end: &EpochEnd<'_, Generator>, _: &[RgbImage]) -> Result<(), Error> {
        self.last = None;
        if !self.interval.is_due(end) {
            return Ok(());
        }
        let scores = self.scores(end.generator)?;
        let line = ScoreLine {
            epoch: end.epochs_done,
            steps_done: end.steps_done,
            scores,
        };
        if self.log.is_none() {
            self.log = Some(self.kept()?.open()?);
        }
        if let Some(log) = &mut self.log {
            log.append(&line).map_err(Error::file)?;
            log.sync().map_err(Error::file)?;
        }
        self.keep(end.steps_done, self.best_by.of(&scores).value);
        self.last = Some(scores);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
