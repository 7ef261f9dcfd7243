//! Draws pictures from a trained generator: `cargo run --release --example generate -- --run RUN --out DIR`

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use ai4fashion_dcgan::{MAX_COUNT, SavedRun, generate, grid};
use ai4fashion_examples::{
    device::DeviceName,
    exit::{self, Outcome},
    output::check_free,
};
use anyhow::Context;
use clap::Parser;
use image::RgbImage;

/// Draws pictures from the generator of a run.
///
/// Exit code: 0, or 2 if it failed.
#[derive(Debug, Parser)]
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

#[expect(clippy::print_stdout, reason = "this is what the program has to say")]
fn run() -> anyhow::Result<Outcome> {
    let args = Args::parse();
    let run = SavedRun::open(&args.run)?;
    let device = args.device.open();
    let generator = run.generator(&device)?;
    check_free(&args.out)?;
    fs::create_dir_all(&args.out)
        .with_context(|| format!("cannot make the folder `{}`", args.out.display()))?;
    let mut shown = Vec::new();
    generate(
        &generator,
        run.config().nz,
        &device,
        args.count as usize,
        args.seed,
        |place, picture| {
            save(&picture, &args.out.join(format!("{place:06}.png")))?;
            if shown.len() < GRID.0 {
                shown.push(picture);
            }
            anyhow::Ok(())
        },
    )?;
    let page = args.out.join("grid.png");
    save(&grid(&shown, GRID.1), &page)?;
    println!("{} pictures in {}", args.count, args.out.display());
    println!("the first {} on one page: {}", shown.len(), page.display());
    Ok(Outcome::Complete)
}

fn save(picture: &RgbImage, path: &Path) -> anyhow::Result<()> {
    picture
        .save(path)
        .with_context(|| format!("cannot write `{}`", path.display()))
}
