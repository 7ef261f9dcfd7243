//! Draws pictures from a trained generator: `cargo run --release --example generate -- --run RUN --out DIR`

use std::{fs, path::PathBuf, process::ExitCode};

use ai4fashion_dataset::write_png;
use ai4fashion_dcgan::{MAX_COUNT, SavedRun, generate, grid};
use ai4fashion_examples::{
    device::DeviceName,
    exit::{self, Outcome},
    output::check_free,
    say::say,
};
use anyhow::Context;
use clap::Parser;

/// Draws pictures from the generator of a run.
///
/// Exit code: 0, or 2 if it failed.
#[derive(Debug, Parser)]
#[command(version)]
struct Args {
    /// The run: a folder that `train` has written
    #[arg(long)]
    run: PathBuf,
    /// How many pictures, 1 to 1,000,000
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=MAX_COUNT as i64))]
    count: u32,
    /// The number that the noise is drawn from; picture I of a seed is the same whatever the count
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Where the pictures go, and a grid of the first 64: a folder that is not there yet, or empty
    #[arg(long)]
    out: PathBuf,
    /// What computes
    #[arg(long, value_enum, default_value_t)]
    device: DeviceName,
}

/// Pictures of the grid, and in a row of it.
const GRID: (usize, usize) = (64, 8);

fn main() -> ExitCode {
    exit::main(run)
}

fn run() -> anyhow::Result<Outcome> {
    let args = Args::parse();
    let run = SavedRun::open(&args.run)?;
    let device = args.device.open();
    let generator = run.generator(&device)?;
    check_free(&args.out, "--out")?;
    fs::create_dir_all(&args.out)
        .with_context(|| format!("cannot make the folder `{}`", args.out.display()))?;
    let mut shown = Vec::new();
    generate(&generator, args.count as usize, args.seed, |place, picture| {
        write_png(&args.out.join(format!("{place:06}.png")), &picture)?;
        if shown.len() < GRID.0 {
            shown.push(picture);
        }
        anyhow::Ok(())
    })?;
    let page = args.out.join("grid.png");
    write_png(&page, &grid(&shown, GRID.1))?;
    say(format_args!("{} pictures in {}", args.count, args.out.display()));
    say(format_args!(
        "the first {} on one page: {}",
        shown.len(),
        page.display()
    ));
    Ok(Outcome::Complete)
}
