//! Draws pictures from a trained generator: `cargo run --release --example generate -- --run RUN --out DIR`

use std::{fs, path::PathBuf, process::ExitCode, time::Duration};

use ai4fashion_dataset::write_png;
use ai4fashion_dcgan::{Drawing, Generator, MAX_COUNT, generate, grid, interpolate, write_film};
use ai4fashion_examples::{
    chosen::{Chosen, ChosenGenerator, file_name},
    device::DeviceName,
    exit::{self, Outcome},
    output::check_free,
    say::{count, say},
};
use anyhow::Context;
use clap::{Parser, value_parser};

/// Draws pictures from the generator of a run.
///
/// Exit code: 0, or 2 if it failed.
#[derive(Debug, Parser)]
#[command(version, allow_negative_numbers = true)]
struct Args {
    #[command(flatten)]
    chosen: ChosenGenerator,
    /// How many pictures, 1 to 1,000,000
    #[arg(
        long,
        default_value_t = 64,
        conflicts_with = "interpolate",
        value_parser = value_parser!(u32).range(1..=MAX_COUNT as i64)
    )]
    count: u32,
    /// The number that the noise is drawn from; picture I of a seed is the same whatever the count
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Noise no farther from 0 than this, at least 0.05; 1 gives more usual pictures that are more alike
    #[arg(long)]
    truncation: Option<f32>,
    /// Draw the way from picture FROM to picture TO of the seed instead, as a strip and a film
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"])]
    interpolate: Option<Vec<usize>>,
    /// Pictures of that way, 2 to 1000
    #[arg(long, default_value_t = 16, requires = "interpolate", value_parser = value_parser!(u32).range(2..=1000))]
    frames: u32,
    /// Where the pictures go, and a grid of the first 64: a folder that is not there yet, or empty
    #[arg(long)]
    out: PathBuf,
    /// What computes
    #[arg(long, value_enum, default_value_t)]
    device: DeviceName,
}

/// Pictures of the grid, and in a row of it.
const GRID: (usize, usize) = (64, 8);
/// How long a frame of the film is shown.
const DELAY: Duration = Duration::from_millis(120);

fn main() -> ExitCode {
    exit::main(run)
}

fn run() -> anyhow::Result<Outcome> {
    let args = Args::parse();
    let Chosen {
        config,
        labels,
        generator,
    } = args.chosen.load(&args.device.open())?;
    let drawing = Drawing::new(args.seed)
        .with_truncation(args.truncation)
        .with_labels(config.condition, labels);
    drawing.check(&generator)?;
    check_free(&args.out, "--out")?;
    fs::create_dir_all(&args.out)
        .with_context(|| format!("cannot make the folder `{}`", args.out.display()))?;
    match args.interpolate.as_deref() {
        Some([from, to]) => way(&args, &generator, &drawing, [*from, *to])?,
        _ => pictures(&args, &generator, &drawing)?,
    }
    Ok(Outcome::Complete)
}

fn pictures(args: &Args, generator: &Generator, drawing: &Drawing) -> anyhow::Result<()> {
    let mut shown = Vec::new();
    generate(generator, drawing, args.count as usize, |place, picture| {
        write_png(
            args.out.join(file_name(place, drawing.labels_of(place))),
            &picture,
        )?;
        if shown.len() < GRID.0 {
            shown.push(picture);
        }
        anyhow::Ok(())
    })?;
    let page = args.out.join("grid.png");
    write_png(&page, &grid(&shown, GRID.1))?;
    let drawn = count(args.count as usize, "picture");
    say(format_args!("{drawn} in {}", args.out.display()));
    say(format_args!(
        "the first {} on one page: {}",
        shown.len(),
        page.display()
    ));
    Ok(())
}

fn way(args: &Args, generator: &Generator, drawing: &Drawing, ends: [usize; 2]) -> anyhow::Result<()> {
    let frames = interpolate(generator, drawing, ends, args.frames as usize)?;
    let (strip, film) = (args.out.join("strip.png"), args.out.join("film.png"));
    write_png(&strip, &grid(&frames, frames.len()))?;
    write_film(&frames, DELAY, &film)?;
    say(format_args!(
        "the way from picture {} to {}: {}",
        ends[0],
        ends[1],
        strip.display()
    ));
    say(format_args!("as a film: {}", film.display()));
    Ok(())
}
