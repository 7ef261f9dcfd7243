//! The generator that is chosen, and the labels that it generates.

use std::path::PathBuf;

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::ProductType;
use ai4fashion_dcgan::{
    DcganConfig, Generator, Labels, SavedRun, burn::tensor::Device, model::load_generator,
};
use clap::Args;

use crate::train::options::read_settings;

/// Options that choose a generator and labels.
#[derive(Debug, Args)]
pub(super) struct ChosenGenerator {
    /// Folder of the run, as `train` writes it
    #[arg(long, required_unless_present = "weights")]
    run: Option<PathBuf>,
    /// Checkpoint to use, such as step-000074 [default: the newest]
    #[arg(long, conflicts_with = "weights")]
    checkpoint: Option<String>,
    /// Instead of a run, a file of a generator's weights: safetensors, or the tutorial's netG.pth
    #[arg(long, conflicts_with = "run")]
    weights: Option<PathBuf>,
    /// Settings of that generator: a JSON file like a run's config.json [default: the tutorial's]
    #[arg(long, requires = "weights", conflicts_with = "run")]
    config: Option<PathBuf>,
    /// Generate images of this colour, one that the run was trained on by --condition color
    /// [default: each in turn]
    #[arg(long)]
    color: Option<BasicColor>,
    /// Generate images of this product type, by number or name, one that the run was trained on by
    /// --condition type [default: each in turn]
    #[arg(long = "type")]
    product_type: Option<ProductType>,
}

/// A generator, and what it generates.
#[derive(Debug)]
pub(super) struct Chosen {
    /// Settings of the run.
    pub(super) config: DcganConfig,
    /// Labels to generate, in turn.
    pub(super) labels: Vec<Labels>,
    /// The network.
    pub(super) generator: Generator,
}

impl ChosenGenerator {
    /// Reads the generator.
    ///
    /// # Errors
    /// If it cannot be read, or was not trained on the labels.
    pub(super) fn load(&self, device: &Device) -> anyhow::Result<Chosen> {
        let (color, kind) = (self.color, self.product_type);
        let Some(run) = &self.run else {
            let config = self.config.as_deref().map(read_settings).transpose()?;
            let config = config.unwrap_or_else(DcganConfig::tutorial);
            return Ok(Chosen {
                // The file does not tell which of them it was trained on.
                labels: config.condition.labels(color, kind)?,
                // The command line has a run or this.
                generator: load_generator(&config, device, self.weights.clone().unwrap_or_default())?,
                config,
            });
        };
        let run = SavedRun::open(run)?;
        let checkpoint = match &self.checkpoint {
            Some(name) => run.find(name)?,
            None => run.newest()?,
        };
        let generator = run.generator_of(checkpoint, device)?;
        let state = run.state_of(checkpoint)?;
        let labels = state.resolve_labels(color, kind)?;
        if let (Some(color), Some(kind), [pair]) = (color, kind, &labels[..])
            && !state.was_trained_on(*pair)
        {
            log::warn!(
                "the run was trained on {color} and on {kind}, but never on both at once: expect less of them"
            );
        }
        Ok(Chosen {
            config: state.config,
            labels,
            generator,
        })
    }
}
