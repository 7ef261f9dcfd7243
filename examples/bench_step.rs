//! Seconds of one training step, or of drawing pictures:
//! `cargo run --release --example bench_step -- --batch 128 --steps 8`
//!
//! `benches/against_torch.py` runs it beside PyTorch.

use std::{process::ExitCode, time::Instant};

use ai4fashion_dcgan::{
    DcganConfig, Generator, TrainState,
    burn::tensor::{Device, Distribution, Tensor},
};
use ai4fashion_examples::{
    device::DeviceName,
    exit::{self, Outcome},
    machine::{keep_freed_memory, peak_mib},
    precision::PrecisionName,
    say::say,
};
use clap::Parser;

/// Times one training step of the tutorial's networks on random pictures (two passes of the discriminator, one of the
/// generator, both updates), or drawing with the generator.
///
/// Exit code: 0, or 2 if it failed.
#[derive(Debug, Parser)]
#[command(version, allow_negative_numbers = true)]
struct Args {
    /// Pictures of a step
    #[arg(long, default_value_t = DcganConfig::tutorial().batch_size)]
    batch: usize,
    /// Side of the pictures, in pixels: 32, 64 or 128, for instance
    #[arg(long, default_value_t = DcganConfig::tutorial().image_size)]
    size: usize,
    /// Time drawing 64 pictures instead of a training step
    #[arg(long, conflicts_with = "batch")]
    generate: bool,
    /// Steps that are timed, at least 1, after two that are not
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..))]
    steps: u32,
    /// What computes
    #[arg(long, value_enum, default_value_t)]
    device: DeviceName,
    /// What the products of convolutions are made of
    #[arg(long, value_enum, default_value_t)]
    precision: PrecisionName,
    /// Print one line of JSON instead of words
    #[arg(long)]
    json: bool,
}

/// Steps that fill caches and memory pools.
const WARM_UP: u32 = 2;

fn main() -> ExitCode {
    exit::main(run)
}

/// Pictures that `--generate` draws.
const DRAWN: usize = 64;

fn run() -> anyhow::Result<Outcome> {
    let args = Args::parse();
    keep_freed_memory();
    args.precision.choose()?;
    let config = DcganConfig::tutorial()
        .with_batch_size(if args.generate { DRAWN } else { args.batch })
        .with_image_size(args.size);
    let device = args.device.open();
    let mut seconds = if args.generate {
        let generator = Generator::new(&config, &device)?;
        timed(&args, || draw(&generator, &config, &device))
    } else {
        let mut state = TrainState::new(&config, &device)?;
        timed(&args, || step(&mut state, &config, &device))
    };
    seconds.sort_by(f64::total_cmp);
    print(&args, &config, &seconds);
    Ok(Outcome::Complete)
}

fn timed(args: &Args, mut once: impl FnMut() -> f64) -> Vec<f64> {
    for _ in 0..WARM_UP {
        once();
    }
    (0..args.steps).map(|_| once()).collect()
}

/// Draws a batch of pictures; the time is that from noise to pictures.
fn draw(generator: &Generator, config: &DcganConfig, device: &Device) -> f64 {
    let noise = noise(config, device);
    let start = Instant::now();
    std::hint::black_box(generator.forward(noise));
    start.elapsed().as_secs_f64()
}

fn noise(config: &DcganConfig, device: &Device) -> Tensor<4> {
    let shape = [config.batch_size, config.nz, 1, 1];
    Tensor::random(shape, Distribution::Normal(0.0, 1.0), device)
}

/// One step; the time is that from pictures in memory to the five numbers of the log line, noise included.
fn step(state: &mut TrainState, config: &DcganConfig, device: &Device) -> f64 {
    let size = config.image_size;
    let pictures = Tensor::random(
        [config.batch_size, 3, size, size],
        Distribution::Uniform(-1.0, 1.0),
        device,
    );
    let start = Instant::now();
    let losses = state.step(pictures, noise(config, device));
    std::hint::black_box(losses);
    start.elapsed().as_secs_f64()
}

fn print(args: &Args, config: &DcganConfig, sorted: &[f64]) {
    let (device, batch, size, min) = (
        args.device.as_str(),
        config.batch_size,
        config.image_size,
        sorted[0],
    );
    let middle = sorted.len() / 2;
    let median = if sorted.len().is_multiple_of(2) {
        f64::midpoint(sorted[middle - 1], sorted[middle])
    } else {
        sorted[middle]
    };
    let peak = peak_mib();
    if args.json {
        say(serde_json::json!({
            "device": device, "batch": batch, "size": size, "median_s": median, "min_s": min, "peak_mib": peak,
        }));
    } else {
        let memory = peak.map_or(String::new(), |mib| format!(", {mib:.0} MiB at most"));
        let steps = sorted.len();
        say(format_args!(
            "{device}, batch {batch} of {size}x{size}: {median:.3} s (median of {steps}), {min:.3} s at best{memory}"
        ));
    }
}
