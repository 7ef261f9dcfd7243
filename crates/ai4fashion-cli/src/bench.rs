//! `ai4fashion bench`: seconds of one training step, or of generating images.
//!
//! `benches/against_torch.py` runs it beside PyTorch.

use std::time::Instant;

use ai4fashion_dcgan::{
    DcganConfig, Generator, TrainState,
    burn::tensor::{Device, Distribution, Tensor},
    model::Precision,
};
use ai4fashion_files::median;
use anyhow::Context as _;
use clap::{Args, Subcommand, value_parser};

use crate::{
    device::DeviceName,
    exit::Outcome,
    memory::{keep_freed_memory, peak_mib},
    precision,
    say::say,
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
        /// Images in a step
        #[arg(long, alias = "batch-size", default_value_t = DcganConfig::tutorial().batch_size)]
        batch: usize,
        #[command(flatten)]
        options: Options,
    },
    /// Times the generator
    #[command(allow_negative_numbers = true, after_help = EXAMPLES)]
    Sample {
        /// Images that are generated at once
        #[arg(long, alias = "batch-size", default_value_t = 64)]
        batch: usize,
        #[command(flatten)]
        options: Options,
    },
}

#[derive(Debug, Args)]
struct Options {
    /// Side length of the images in pixels: 32, 64 or 128, for example
    #[arg(long, alias = "image-size", default_value_t = DcganConfig::tutorial().image_size)]
    size: usize,
    /// Timed steps, after two that are not timed
    #[arg(long, default_value_t = 8, value_parser = value_parser!(u32).range(1..))]
    steps: u32,
    /// Compute backend
    #[arg(long, value_parser = one_of(DeviceName::ALL.iter().copied()), default_value_t)]
    device: DeviceName,
    /// Precision of convolutions: f32, or factors in bfloat16 and sums in f32
    #[arg(long, value_parser = one_of(Precision::ALL), default_value_t)]
    precision: Precision,
    /// Print one line of JSON instead of words
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Exit code: 0, or 2 if it failed.

Examples:
  ai4fashion bench step --batch 128 --steps 8
  ai4fashion bench step --size 32 --device flex --json
  ai4fashion bench sample --precision mixed";

/// Steps that fill caches and memory pools.
const WARM_UP: u32 = 2;

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    keep_freed_memory();
    let (What::Step { batch, options } | What::Sample { batch, options }) = &arguments.what;
    precision::check(options.precision)?;
    let config = DcganConfig::tutorial()
        .with_batch_size(*batch)
        .with_image_size(options.size)
        .with_precision(options.precision);
    let device = options.device.open();
    let mut seconds = if let What::Step { .. } = arguments.what {
        let mut state = TrainState::new(&config, &device)?;
        timed(options.steps, || step(&mut state, &config, &device))
    } else {
        let generator = Generator::new(&config, &device)?;
        timed(options.steps, || sample(&generator, &config, &device))
    };
    let middle = median(&mut seconds).context("no step was timed")?;
    print(options, &config, middle, &seconds);
    Ok(Outcome::Complete)
}

fn timed(steps: u32, mut once: impl FnMut() -> f64) -> Vec<f64> {
    for _ in 0..WARM_UP {
        once();
    }
    (0..steps).map(|_| once()).collect()
}

/// Generates a batch; timed from noise to images.
fn sample(generator: &Generator, config: &DcganConfig, device: &Device) -> f64 {
    let noise = noise(config, device);
    let start = Instant::now();
    std::hint::black_box(generator.forward(noise));
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
        [config.batch_size, 3, size, size],
        Distribution::Uniform(-1.0, 1.0),
        device,
    );
    let start = Instant::now();
    let losses = state.step(images, noise(config, device));
    std::hint::black_box(losses);
    start.elapsed().as_secs_f64()
}

fn print(options: &Options, config: &DcganConfig, median: f64, sorted: &[f64]) {
    let (device, batch, size, min) = (
        options.device.as_str(),
        config.batch_size,
        config.image_size,
        sorted[0],
    );
    let peak = peak_mib();
    if options.json {
        say(serde_json::json!({
            "device": device, "batch": batch, "size": size, "median_s": median, "min_s": min, "peak_mib": peak,
        }));
    } else {
        let memory = peak.map_or(String::new(), |mib| format!(", peak memory {mib:.0} MiB"));
        let steps = sorted.len();
        say(format_args!(
            "{device}, batch {batch} of {size}x{size}: median {median:.3} s of {steps}, best {min:.3} s{memory}"
        ));
    }
}
