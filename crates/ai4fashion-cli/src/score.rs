//! `ai4fashion score`: how good generated images are.

use std::path::PathBuf;

use ai4fashion_dataset::{Dataset, Split};
use ai4fashion_score::{Comparison, Scorer};
use anyhow::bail;
use clap::{Args, value_parser};

use crate::{
    exit::Outcome,
    memory::keep_freed_memory,
    say::Out,
    score::{
        sets::{Set, SetReader, is_dataset},
        tables::Scores,
    },
    skips,
    values::{self, one_of},
};

mod sets;
mod tables;
#[cfg(feature = "train")]
mod trained;

/// Scores generated images beside real ones.
///
/// Each score comes with its floor, which is the score of real beside other real images, and its
/// spread over five draws. Scores named `-own` compare features of our own label network: they
/// cannot be compared with FID and KID of Inception.
#[derive(Debug, Args)]
#[command(allow_negative_numbers = true, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Real images: a data set, a folder of images, or a .npy file of images or features
    #[cfg_attr(
        feature = "train",
        arg(long, value_name = "PATH", required_unless_present = "run")
    )]
    #[cfg_attr(not(feature = "train"), arg(long, value_name = "PATH", required = true))]
    real: Option<PathBuf>,
    /// Generated images, likewise
    #[cfg_attr(
        feature = "train",
        arg(
            long,
            value_name = "PATH",
            required_unless_present = "run",
            conflicts_with = "run"
        )
    )]
    #[cfg_attr(not(feature = "train"), arg(long, value_name = "PATH", required = true))]
    fake: Option<PathBuf>,
    #[cfg(feature = "train")]
    #[command(flatten)]
    trained: trained::TrainedOptions,
    /// Real images that the generator was not trained on, likewise: novelty compares with them
    #[arg(long, value_name = "PATH")]
    held_out: Option<PathBuf>,
    /// Use only this split of real images that are a data set; with train, the other splits are
    /// held out
    #[arg(long, value_parser = one_of(Split::ALL))]
    split: Option<Split>,
    /// Use at most this many images of each set, drawn at random, 12 to 10,000
    #[arg(long, value_name = "N", default_value_t = 5000, value_parser = value_parser!(u32).range(12..=10_000))]
    max_images: u32,
    /// Side in pixels that all images are cropped and scaled to, as in training, 16 to 512
    /// [default: that of the first generated image]
    #[arg(long, value_parser = value_parser!(u32).range(16..=512))]
    size: Option<u32>,
    /// Random seed of the draws
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Weights of the label network, a safetensors file as `fit` writes it [default: built in]
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// Print one line of JSON instead of a table
    #[arg(long)]
    json: bool,
}

#[cfg(feature = "train")]
const EXAMPLES: &str = "\
Exit code: 0, 1 if images were skipped, or 2 if it failed.

Examples:
  ai4fashion score --real dataset --fake generated/
  ai4fashion score --run runs/first --count 2000 --json
  ai4fashion score --real real.npy --fake fake.npy";
#[cfg(not(feature = "train"))]
const EXAMPLES: &str = "\
Exit code: 0, 1 if images were skipped, or 2 if it failed.

Examples:
  ai4fashion score --real dataset --fake generated/
  ai4fashion score --real real.npy --fake fake.npy";

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    keep_freed_memory();
    let classifier = values::garment_classifier(arguments.weights.as_deref(), true)?;
    let scorer = Scorer::new()
        .with_classifier(classifier)
        .with_seed(arguments.seed);
    let mut reader = SetReader::new(arguments.max_images as usize, arguments.size, arguments.seed);
    let sets = read(arguments, &mut reader)?;
    reader.skipped().iter().for_each(skips::skipped);
    let scores = match (&sets.real, &sets.fake) {
        (Set::Images(real), Set::Images(fake)) => {
            let training = sets.training.as_ref().map(Set::images).transpose()?;
            let held_out = sets.held_out.as_ref().map(Set::images).transpose()?;
            let comparison = Comparison::new(real, fake)
                .with_training(training)
                .with_held_out(held_out);
            Scores::of_images(&scorer.score(&comparison)?)
        }
        (Set::Features(real), Set::Features(fake)) => {
            let held_out = sets.held_out.as_ref().map(Set::features).transpose()?;
            let comparison = Comparison::new(real, fake).with_held_out(held_out);
            Scores::of_features(&scorer.score_features(&comparison)?)
        }
        _ => bail!("one of --real and --fake has images, the other features: compare the same"),
    };
    if arguments.json {
        scores.print_json(Out)?;
    } else {
        scores.print_table(Out, [sets.real.len(), sets.fake.len()])?;
    }
    Ok(Outcome::of_skips(reader.skipped().len()))
}

/// What is compared.
struct Sets {
    real: Set,
    fake: Set,
    training: Option<Set>,
    held_out: Option<Set>,
}

fn read(arguments: &Arguments, reader: &mut SetReader) -> anyhow::Result<Sets> {
    let held_out = arguments.held_out.as_deref();
    #[cfg(feature = "train")]
    if let Some(run) = arguments.trained.open()? {
        return run.sets(arguments.real.as_deref(), held_out, arguments.split, reader);
    }
    let (Some(real), Some(fake)) = (&arguments.real, &arguments.fake) else {
        bail!("name both --real and --fake");
    };
    // The generated ones first: they decide on the size.
    let fake = reader.read(fake, None)?;
    let is_train = arguments.split == Some(Split::Train) && held_out.is_none();
    Ok(Sets {
        held_out: match held_out {
            Some(path) => Some(reader.read(path, None)?),
            None if is_train && is_dataset(real) => {
                reader.of_dataset(&Dataset::open(real)?, |record| record.split != Split::Train)?
            }
            None => None,
        },
        real: reader.read(real, arguments.split)?,
        fake,
        training: None,
    })
}
