//! Seconds of one training step, as `dcgan_torch.py step` times them:
//! `cargo run --release --example bench_step -- --batch 128 --steps 8`

use std::{process::ExitCode, time::Instant};

use ai4fashion_dcgan::{
    DcganConfig, TrainState,
    burn::tensor::{Device, Distribution, Tensor},
};
use ai4fashion_examples::{
    device::DeviceName,
    exit::{self, Outcome},
    machine::peak_mib,
    say::say,
};
use clap::Parser;

/// Times one training step of the tutorial's networks on random pictures: two passes of the discriminator, one of the
/// generator, both updates.
///
/// Exit code: 0, or 2 if it failed.
#[derive(Debug, Parser)]
#[command(version)]
struct Args {
    /// Pictures of a step
    #[arg(long, default_value_t = DcganConfig::tutorial().batch_size)]
    batch: usize,
    /// Steps that are timed, at least 1, after two that are not
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..))]
    steps: u32,
    /// What computes
    #[arg(long, value_enum, default_value_t)]
    device: DeviceName,
    /// Print one line of JSON instead of words
    #[arg(long)]
    json: bool,
}

/// Steps that fill caches and memory pools.
const WARM_UP: u32 = 2;

fn main() -> ExitCode {
    exit::main(run)
}

fn run() -> anyhow::Result<Outcome> {
    let args = Args::parse();
    let config = DcganConfig::tutorial().with_batch_size(args.batch);
    let device = args.device.open();
    let mut state = TrainState::new(&config, &device)?;
    for _ in 0..WARM_UP {
        step(&mut state, &config, &device);
    }
    let mut seconds: Vec<f64> = (0..args.steps)
        .map(|_| step(&mut state, &config, &device))
        .collect();
    seconds.sort_by(f64::total_cmp);
    print(&args, &seconds);
    Ok(Outcome::Complete)
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
    let noise = Tensor::random(
        [config.batch_size, config.nz, 1, 1],
        Distribution::Normal(0.0, 1.0),
        device,
    );
    let losses = state.step(pictures, noise);
    std::hint::black_box(losses);
    start.elapsed().as_secs_f64()
}

fn print(args: &Args, sorted: &[f64]) {
    let (device, batch, min) = (args.device.as_str(), args.batch, sorted[0]);
    let middle = sorted.len() / 2;
    let median = if sorted.len().is_multiple_of(2) {
        f64::midpoint(sorted[middle - 1], sorted[middle])
    } else {
        sorted[middle]
    };
    let peak = peak_mib();
    if args.json {
        say(serde_json::json!({
            "device": device, "batch": batch, "median_s": median, "min_s": min, "peak_mib": peak,
        }));
    } else {
        let memory = peak.map_or(String::new(), |mib| format!(", {mib:.0} MiB at most"));
        let steps = sorted.len();
        say(format_args!(
            "{device}, batch {batch}: {median:.3} s a step (median of {steps}), {min:.3} s at best{memory}"
        ));
    }
}
