//! `ai4fashion bench`: seconds of one training step, or of generating images.
//!
//! `benches/against_torch.py` runs it beside PyTorch.

use std::{path::PathBuf, time::Instant};

use ai4fashion_dcgan::{
    Condition, DcganConfig, Generator, TrainState,
    burn::tensor::{Device, Distribution, Tensor},
    model::{PackedGenerator, Precision},
};
use ai4fashion_files::numbers::median;
use anyhow::{Context as _, ensure};
use clap::{Args, Subcommand, value_parser};

use crate::{
    device::DeviceName,
    exit::Outcome,
    memory::{keep_freed_memory, peak_mib},
    precision,
    say::say,
    train::options::read_settings,
    values::one_of,
};

/// Times the networks of the tutorial on random images.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Times a training step: two passes of the discriminator, one of the generator, both updates
    #[command(allow_negative_numbers = true, after_help = EXAMPLES)]
    Step {
        /// Images in a step [default: 128]
        #[arg(long, alias = "batch-size")]
        batch: Option<usize>,
        #[command(flatten)]
        options: Options,
    },
    /// Times the generator
    #[command(allow_negative_numbers = true, after_help = EXAMPLES)]
    Sample {
        /// Images that are generated at once [default: 64]
        #[arg(long, alias = "batch-size")]
        batch: Option<usize>,
        #[command(flatten)]
        options: Options,
    },
}

#[derive(Debug, Args)]
struct Options {
    /// Side length of the images in pixels: 32, 64 or 128, for example [default: 64]
    #[arg(long, alias = "image-size")]
    size: Option<usize>,
    /// Timed steps, after two that are not timed
    #[arg(long, default_value_t = 8, value_parser = value_parser!(u32).range(1..))]
    steps: u32,
    /// Compute backend
    #[arg(long, value_parser = one_of(DeviceName::ALL.iter().copied()), default_value_t)]
    device: DeviceName,
    /// Precision of convolutions: f32, or factors in bfloat16 and sums in f32 [default: f32]
    #[arg(long, value_parser = one_of(Precision::ALL))]
    precision: Option<Precision>,
    /// JSON file of settings, like a run's config.json, to time what options cost; those it leaves
    /// out are the tutorial's
    #[arg(long, value_name = "JSON")]
    config: Option<PathBuf>,
    /// Print one line of JSON instead of words
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Exit code: 0, or 2 if it failed.

Examples:
  ai4fashion bench step --batch 128 --steps 8
  ai4fashion bench step --size 32 --device flex --json
  ai4fashion bench step --config runs/first/config.json
  ai4fashion bench sample --precision mixed";

/// Steps that fill caches and memory pools.
const WARM_UP: u32 = 2;

/// Images that are generated at once if it is not said how many.
const SAMPLES: usize = 64;

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    keep_freed_memory();
    let (What::Step { options, .. } | What::Sample { options, .. }) = &arguments.what;
    let config = arguments.what.settings()?;
    precision::check(config.precision)?;
    let device = options.device.open();
    let seconds = if let What::Step { .. } = arguments.what {
        let mut state = TrainState::new(&config, &device)?;
        timed(options.steps, || step(&mut state, &config, &device))
    } else {
        let generator = PackedGenerator::new(&Generator::new(&config, &device)?);
        timed(options.steps, || sample(&generator, &config, &device))
    };
    print(options, &config, seconds)?;
    Ok(Outcome::Complete)
}

impl What {
    /// The settings of the networks.
    ///
    /// # Errors
    /// If the file of --config cannot be read, or its networks take labels.
    fn settings(&self) -> anyhow::Result<DcganConfig> {
        let (Self::Step { batch, options } | Self::Sample { batch, options }) = self;
        let of_file = options.config.as_deref().map(read_settings).transpose()?;
        let samples = matches!(self, Self::Sample { .. }).then_some(SAMPLES);
        let mut config = of_file.unwrap_or_else(DcganConfig::tutorial);
        config.batch_size = batch.or(samples).unwrap_or(config.batch_size);
        config.image_size = options.size.unwrap_or(config.image_size);
        config.precision = options.precision.unwrap_or(config.precision);
        ensure!(
            config.condition == Condition::Unconditional,
            "condition is {} in --config, expected none: the images are random and have no labels",
            config.condition
        );
        Ok(config)
    }
}

fn timed(steps: u32, mut once: impl FnMut() -> f64) -> Vec<f64> {
    for _ in 0..WARM_UP {
        once();
    }
    (0..steps).map(|_| once()).collect()
}

/// Generates a batch; timed from noise to images.
fn sample(generator: &PackedGenerator, config: &DcganConfig, device: &Device) -> f64 {
    let noise = noise(config, device);
    let start = Instant::now();
    std::hint::black_box(generator.forward(noise, None));
    start.elapsed().as_secs_f64()
}

fn noise(config: &DcganConfig, device: &Device) -> Tensor<4> {
    let shape = [config.batch_size, config.nz, 1, 1];
    Tensor::random(shape, Distribution::Normal(0.0, 1.0), device)
}

/// Trains a step; timed from images in memory to the five numbers of the log line, noise included.
fn step(state: &mut TrainState, config: &DcganConfig, device: &Device) -> f64 {
    let size = config.image_size;
    let images = Tensor::random(
        [config.batch_size, config.channels, size, size],
        Distribution::Uniform(-1.0, 1.0),
        device,
    );
    let start = Instant::now();
    let losses = state.step(images, noise(config, device));
    std::hint::black_box(losses);
    start.elapsed().as_secs_f64()
}

/// Says how long the timed steps took.
///
/// # Errors
/// If there is none.
fn print(options: &Options, config: &DcganConfig, mut seconds: Vec<f64>) -> anyhow::Result<()> {
    let mean = seconds.iter().sum::<f64>() / seconds.len().max(1) as f64;
    let middle = median(&mut seconds).context("no step was timed")?;
    let (device, batch, size) = (options.device.as_str(), config.batch_size, config.image_size);
    let (steps, min) = (seconds.len(), seconds[0]);
    let peak = peak_mib();
    if options.json {
        say(serde_json::json!({
            "device": device, "batch": batch, "size": size, "median_s": middle, "mean_s": mean, "min_s": min,
            "peak_mib": peak,
        }));
    } else {
        let memory = peak.map_or(String::new(), |mib| format!(", peak memory {mib:.0} MiB"));
        let (scale, unit, digits) = if middle < 0.1 {
            (1e3, "ms", 2)
        } else {
            (1.0, "s", 3)
        };
        let time = |seconds: f64| format!("{:.digits$} {unit}", seconds * scale);
        let [middle, mean, min] = [middle, mean, min].map(time);
        say(format_args!(
            "{device}, batch {batch} of {size}x{size}: median {middle} of {steps}, mean {mean}, best {min}{memory}"
        ));
    }
    Ok(())
}
