//! The generator that is drawn from, and what is asked of it.

use std::path::PathBuf;

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::ProductType;
use ai4fashion_dcgan::{DcganConfig, Generator, Labels, SavedRun, burn::tensor::Device, load_generator};
use clap::Args;

use crate::training::read_settings;

/// Where it is, as options.
#[derive(Debug, Args)]
pub struct ChosenGenerator {
    /// The run: a folder that `train` has written
    #[arg(long, required_unless_present = "weights")]
    run: Option<PathBuf>,
    /// The checkpoint to draw from, e.g. step-000074 [default: the newest]
    #[arg(long, conflicts_with = "weights")]
    checkpoint: Option<String>,
    /// Draw from a generator in a file instead: safetensors, or the tutorial's netG.pth
    #[arg(long, conflicts_with = "run")]
    weights: Option<PathBuf>,
    /// The settings of that generator, a JSON file like a run's config.json [default: the tutorial's]
    #[arg(long, requires = "weights")]
    config: Option<PathBuf>,
    /// Draw pictures of this colour, one that the run has seen (train --condition color) [default: each in turn]
    #[arg(long)]
    color: Option<BasicColor>,
    /// Draw pictures of this product type, by number or name, one that the run has seen (train --condition type)
    /// [default: each in turn]
    #[arg(long = "type")]
    product_type: Option<ProductType>,
}

/// A generator that was read.
#[derive(Debug)]
pub struct Chosen {
    /// The settings that it was made with.
    pub config: DcganConfig,
    /// The labels to draw, one after the other.
    pub labels: Vec<Labels>,
    /// Itself.
    pub generator: Generator,
}

impl ChosenGenerator {
    /// Reads it.
    ///
    /// # Errors
    /// If it cannot be read, or has not learnt what is asked for.
    pub fn load(&self, device: &Device) -> anyhow::Result<Chosen> {
        let (color, kind) = (self.color, self.product_type);
        let Some(run) = &self.run else {
            let config = self.config.as_deref().map(read_settings).transpose()?;
            let config = config.unwrap_or_else(DcganConfig::tutorial);
            return Ok(Chosen {
                // The file does not tell which of them it has seen.
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
        let labels = state.labels_to_draw(color, kind)?;
        if let (Some(color), Some(kind), [pair]) = (color, kind, &labels[..])
            && !state.has_seen(*pair)
        {
            log::warn!(
                "the run has seen {color} and {kind}, but never both at once: it puts them together as it can"
            );
        }
        Ok(Chosen {
            config: state.config,
            labels,
            generator,
        })
    }
}

/// The name of a picture's file: its number, and the labels that were asked for.
#[must_use]
pub fn file_name(place: usize, labels: Labels) -> String {
    let color = labels.color.map(|color| format!("_{color}"));
    let kind = labels.product_type.map(|kind| format!("_{kind}"));
    format!(
        "{place:06}{}{}.png",
        color.unwrap_or_default(),
        kind.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_is_named_after_what_it_should_show() {
        let red = Labels::default().with_color(BasicColor::Red);
        assert_eq!(file_name(7, Labels::default()), "000007.png");
        assert_eq!(file_name(7, red), "000007_red.png");
        let coat = red.with_product_type(ProductType::Coats);
        assert_eq!(file_name(12, coat), "000012_red_Coats.png");
    }
}
