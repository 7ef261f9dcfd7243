//! Draws pictures from a trained generator: `cargo run --release --example generate -- --run RUN --out DIR`

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::{ProductType, write_png};
use ai4fashion_dcgan::{
    DcganConfig, Drawing, Generator, MAX_COUNT, SavedRun, generate, grid, interpolate, load_generator,
    write_film,
};
use ai4fashion_examples::{
    device::DeviceName,
    exit::{self, Outcome},
    output::check_free,
    say::say,
    training::read_settings,
};
use anyhow::Context;
use clap::{Parser, value_parser};

/// Draws pictures from the generator of a run.
///
/// Exit code: 0, or 2 if it failed.
#[derive(Debug, Parser)]
#[command(version)]
struct Args {
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
    /// Draw pictures of this colour, if the run has learnt colours (train --condition color)
    #[arg(long)]
    color: Option<BasicColor>,
    /// Draw pictures of this product type, by number or name, if the run has learnt types
    #[arg(long = "type")]
    product_type: Option<ProductType>,
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
    let (config, generator) = load(&args)?;
    let condition = config.condition;
    let drawing = Drawing::new(args.seed)
        .with_truncation(args.truncation)
        .with_labels(condition, condition.labels(args.color, args.product_type)?);
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

/// The generator that is asked for, and the settings that it was made with.
fn load(args: &Args) -> anyhow::Result<(DcganConfig, Generator)> {
    let device = args.device.open();
    if let Some(weights) = &args.weights {
        let config = args.config.as_deref().map(read_settings).transpose()?;
        let config = config.unwrap_or_else(DcganConfig::tutorial);
        let generator = load_generator(&config, &device, weights)?;
        return Ok((config, generator));
    }
    // The command line has either.
    let run = SavedRun::open(args.run.as_deref().unwrap_or(Path::new(".")))?;
    let generator = match &args.checkpoint {
        Some(name) => run.generator_of(run.find(name)?, &device)?,
        None => run.generator(&device)?,
    };
    Ok((run.config().clone(), generator))
}

fn pictures(args: &Args, generator: &Generator, drawing: &Drawing) -> anyhow::Result<()> {
    let mut shown = Vec::new();
    generate(generator, drawing, args.count as usize, |place, picture| {
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
