//! Images of a training run that are generated to be scored.

use std::path::{Path, PathBuf};

use ai4fashion_dataset::{Dataset, Record, Split};
use ai4fashion_dcgan::{Condition, Generator, Labels, SampleOptions, SavedRun, generate};
use ai4fashion_score::{ImageSet, choose};
use anyhow::{Context as _, ensure};
use clap::{Args, value_parser};

use crate::{
    device::DeviceName,
    score::{
        Sets,
        sets::{Set, SetReader, is_dataset},
    },
    train::{filter::Filter, program::Program},
    values::one_of,
};

/// Options that choose a training run.
#[derive(Debug, Args)]
pub(super) struct TrainedOptions {
    /// Score images of this training run, generated as its data set has them; --real defaults to
    /// its data set
    #[arg(long)]
    run: Option<PathBuf>,
    /// Checkpoint to use, such as step-000074 [default: the newest]
    #[arg(long, requires = "run")]
    checkpoint: Option<String>,
    /// Number of images to generate, 12 to 10,000
    #[arg(long, requires = "run", default_value_t = 2000, value_parser = value_parser!(u32).range(12..=10_000))]
    count: u32,
    /// Random seed of the noise
    #[arg(long, requires = "run", default_value_t = 0)]
    noise_seed: u64,
    /// Compute backend
    #[arg(long, requires = "run", value_parser = one_of(DeviceName::ALL.iter().copied()), default_value_t)]
    device: DeviceName,
}

/// A training run whose images are scored.
pub(super) struct Trained<'a> {
    options: &'a TrainedOptions,
    run: SavedRun,
    program: Program,
}

impl TrainedOptions {
    /// Opens the run, if one is named.
    pub(super) fn open(&self) -> anyhow::Result<Option<Trained<'_>>> {
        let Some(run) = &self.run else {
            return Ok(None);
        };
        let run = SavedRun::open(run)?;
        let program = if run.has_metadata() {
            run.metadata()?
        } else {
            Program::default()
        };
        Ok(Some(Trained {
            options: self,
            run,
            program,
        }))
    }
}

impl Trained<'_> {
    /// Generates images, and reads the real ones beside them.
    ///
    /// The real ones are those that were trained on, or those of another split. Where training left
    /// images of the data set out by their split, these are held out.
    pub(super) fn sets(
        &self,
        real: Option<&Path>,
        held_out: Option<&Path>,
        split: Option<Split>,
        reader: &mut SetReader,
    ) -> anyhow::Result<Sets> {
        let (filter, condition) = (&self.program.filter, self.run.config().condition);
        let path = real.unwrap_or(&self.program.data);
        ensure!(
            !path.as_os_str().is_empty(),
            "the run does not tell its data set; name it with --real"
        );
        // The generated ones first: they decide on the size.
        if !is_dataset(path) {
            return Ok(Sets {
                fake: Set::Images(self.generated(&[], reader)?),
                real: reader.read(path, split)?,
                training: None,
                held_out: held_out.map(|path| reader.read(path, None)).transpose()?,
            });
        }
        let dataset = Dataset::open(path)?;
        let any_split = Filter {
            split: None,
            ..filter.clone()
        };
        let is_wanted = |record: &Record| any_split.wants(labels(record), condition);
        let is_trained = |record: &Record| filter.split.is_none_or(|split| record.split == split);
        let trained: Vec<Labels> = dataset
            .records()
            .iter()
            .filter(|record| is_wanted(record) && is_trained(record))
            .map(labels)
            .collect();
        let fake = Set::Images(self.generated(&trained, reader)?);
        let is_real = |record: &Record| split.map_or(is_trained(record), |split| record.split == split);
        let real = reader.of_dataset(&dataset, |it| is_wanted(it) && is_real(it))?;
        let real = real.with_context(|| format!("no image of `{}` was trained on", path.display()))?;
        let training = if split.is_some() && split != filter.split {
            reader.of_dataset(&dataset, |it| is_wanted(it) && is_trained(it))?
        } else {
            None
        };
        let held_out = match held_out {
            Some(path) => Some(reader.read(path, None)?),
            None => reader.of_dataset(&dataset, |it| is_wanted(it) && !is_trained(it))?,
        };
        Ok(Sets {
            real,
            fake,
            training,
            held_out,
        })
    }

    /// Generates images, with labels as frequent as in `trained`.
    fn generated(&self, trained: &[Labels], reader: &mut SetReader) -> anyhow::Result<ImageSet> {
        let checkpoint = match &self.options.checkpoint {
            Some(name) => self.run.find(name)?,
            None => self.run.newest()?,
        };
        let generator: Generator = self.run.generator_of(checkpoint, &self.options.device.open())?;
        let condition = self.run.config().condition;
        let count = self.options.count as usize;
        let mut options = SampleOptions::new(self.options.noise_seed);
        if condition != Condition::Unconditional {
            ensure!(
                !trained.is_empty(),
                "the labels of the training images are not known"
            );
            let chosen = choose(trained.len(), count, self.options.noise_seed);
            let labels = chosen.into_iter().map(|index| trained[index]).collect();
            options = options.with_labels(condition, labels);
        }
        let mut images = ImageSet::default();
        generate(&generator, &options, count, |place, image| {
            let asked = options.labels_of(place);
            let color = asked.color.filter(|_| condition.has_color());
            let kind = asked.product_type.filter(|_| condition.has_type());
            images.push(reader.cropped(&image)?, color, kind);
            anyhow::Ok(())
        })?;
        Ok(images)
    }
}

fn labels(record: &Record) -> Labels {
    let known = Labels::default()
        .with_color(record.color)
        .with_split(record.split);
    match record.product_type {
        Some(kind) => known.with_product_type(kind),
        None => known,
    }
}
