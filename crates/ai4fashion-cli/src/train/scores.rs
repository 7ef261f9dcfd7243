//! Scores of generated images during training.

use std::path::Path;

use ai4fashion_dataset::Dataset;
use ai4fashion_dcgan::{
    DcganConfig, Error, ImageSource, Observer,
    data::Subset,
    run::{ScoreLog, ScoreName},
    train::{EpochEnd, RunInfo},
};
use ai4fashion_files::count;
use ai4fashion_image::{center_crop, image::RgbImage};
use ai4fashion_score::{Score, choose};
use anyhow::Context as _;
use rayon::prelude::*;

use crate::train::{filter::Filter, progress::Printer, settings::Job};

/// The most real images that are compared with.
const MOST: usize = 2000;

/// The log of scores in the folder `run`, if it is asked for.
///
/// The real images are those that `--split` leaves out; if there are none, those in `images`.
///
/// # Errors
/// If an image cannot be read.
pub(super) fn score_log(
    run: &Path,
    job: &Job,
    dataset: &Dataset,
    images: &dyn ImageSource,
) -> anyhow::Result<Option<ScoreLog>> {
    if job.program.score.is_none() {
        return Ok(None);
    }
    let any_split = Filter {
        split: None,
        ..job.program.filter.clone()
    };
    let held_out = Subset::new(dataset, |labels| {
        any_split.wants(labels, job.config.condition) && !job.wants(labels)
    });
    let training = read(images, &job.config)?;
    let log = match held_out.is_empty() {
        true => ScoreLog::new(run, &training),
        false => ScoreLog::new(run, &read(&held_out, &job.config)?).with_training(&training),
    };
    let every = job.program.checkpoint_every.unwrap_or(1) as usize;
    Ok(Some(log.with_interval(every)))
}

/// Reads some of the images as the networks see them, on all cores.
fn read(images: &dyn ImageSource, config: &DcganConfig) -> anyhow::Result<Vec<RgbImage>> {
    let chosen = choose(images.len(), MOST, 0);
    let read = chosen.into_par_iter().map(|index| {
        let image = images.image(index)?;
        center_crop(&image, config.image_size as u32).map_err(Error::other)
    });
    let read: Result<Vec<RgbImage>, Error> = read.collect();
    read.context("cannot read the real images that generated ones are scored beside")
}

/// Scores generated images, and prints a line of each epoch.
pub(super) struct ScoreLines {
    log: ScoreLog,
    score: ScoreName,
    printer: Printer,
}

impl ScoreLines {
    pub(super) fn new(log: ScoreLog, score: ScoreName, printer: Printer) -> Self {
        Self { log, score, printer }
    }
}

impl Observer for ScoreLines {
    fn on_start(&mut self, info: &RunInfo) -> Result<(), Error> {
        self.log.on_start(info)
    }

    fn on_epoch(&mut self, end: &EpochEnd<'_>, samples: &[RgbImage]) -> Result<(), Error> {
        self.log.on_epoch(end, samples)?;
        if let Some(scores) = self.log.last() {
            let Score {
                value, floor, spread, ..
            } = self.score.of(scores);
            let (name, epochs) = (self.score, count(end.epochs_done, "epoch"));
            self.printer.print(&format_args!(
                "{name} {value:.4} after {epochs} (real images {floor:.4}, spread {spread:.4})"
            ));
        }
        Ok(())
    }
}
