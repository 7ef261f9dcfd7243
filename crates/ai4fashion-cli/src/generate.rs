//! `ai4fashion generate`: images from a trained generator.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use ai4fashion_dcgan::{
    Generator, SampleOptions, generate,
    run::{image_grid, write_apng},
    sample::{MAX_COUNT, interpolate},
};
use ai4fashion_files::count;
use clap::{Args, value_parser};

use crate::{
    device::DeviceName,
    exit::Outcome,
    generated_name::file_name,
    output::write_png,
    output_folder::{Earlier, OutputFolder},
    say::say,
    values::one_of,
};

mod chosen;

use chosen::{Chosen, ChosenGenerator};

/// Generates images from a trained generator.
#[derive(Debug, Args)]
#[command(allow_negative_numbers = true, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    chosen: ChosenGenerator,
    /// Number of images, 1 to 1,000,000
    #[arg(
        long,
        default_value_t = 64,
        conflicts_with = "interpolate",
        value_parser = value_parser!(u32).range(1..=MAX_COUNT as i64)
    )]
    count: u32,
    /// Random seed of the noise; image I of a seed is the same for every count
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Largest absolute value of the noise, at least 0.05; 1 gives more typical, less diverse
    /// images
    #[arg(long, value_name = "LIMIT")]
    truncation: Option<f32>,
    /// Latent interpolation from image FROM to image TO of the seed instead, as an image strip and
    /// an APNG
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"])]
    interpolate: Option<Vec<usize>>,
    /// Images of the interpolation, 2 to 1000
    #[arg(
        long,
        default_value_t = 16,
        requires = "interpolate",
        conflicts_with = "count",
        value_parser = value_parser!(u32).range(2..=1000)
    )]
    frames: u32,
    /// Folder for the images and a grid of the first 64, new or empty
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Compute backend
    #[arg(long, value_parser = one_of(DeviceName::ALL.iter().copied()), default_value_t)]
    device: DeviceName,
}

const EXAMPLES: &str = "\
Exit code: 0, or 2 if it failed.

Examples:
  ai4fashion generate --run runs/first --out generated
  ai4fashion generate --run runs/by-label --color red --count 9 --truncation 0.8 --out red
  ai4fashion generate --run runs/first --interpolate 0 5 --out between
  ai4fashion generate --weights netG.pth --out faces";

/// Images in the grid, and in a row of it.
const GRID: (usize, usize) = (64, 8);
/// The file of the grid.
const PAGE: &str = "grid.png";
/// The files of an interpolation: all frames in a row, and one after another.
const STRIP: &str = "strip.png";
const ANIMATION: &str = "interpolation.png";
/// How long a frame of the APNG is shown.
const DELAY: Duration = Duration::from_millis(120);

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let Chosen {
        config,
        labels,
        generator,
    } = arguments.chosen.load(&arguments.device.open())?;
    let options = SampleOptions::new(arguments.seed)
        .with_truncation(arguments.truncation)
        .with_labels(config.condition, labels);
    options.check(&generator)?;
    let folder = OutputFolder::begin(&arguments.out, "--out", Earlier::Kept)?;
    match arguments.interpolate.as_deref() {
        Some([from, to]) => {
            write_interpolation(arguments, &generator, &options, [*from, *to], &folder.path())?;
            let strip = folder.finish(STRIP)?;
            let animation = strip.with_file_name(ANIMATION);
            say(format_args!("from image {from} to {to}: {}", strip.display()));
            say(format_args!("as an APNG: {}", animation.display()));
        }
        _ => {
            let shown = write_images(arguments, &generator, &options, &folder.path())?;
            let grid = folder.finish(PAGE)?;
            let images = count(arguments.count as usize, "image");
            say(format_args!("{images} in {}", arguments.out.display()));
            say(format_args!("grid of the first {shown}: {}", grid.display()));
        }
    }
    Ok(Outcome::Complete)
}

/// Writes all images, and a grid of the first; returns how many are in the grid.
fn write_images(
    arguments: &Arguments,
    generator: &Generator,
    options: &SampleOptions,
    folder: &Path,
) -> anyhow::Result<usize> {
    let mut shown = Vec::new();
    generate(generator, options, arguments.count as usize, |place, image| {
        let labels = options.labels_of(place);
        let name = file_name(place, labels.color, labels.product_type);
        write_png(&folder.join(name), &image)?;
        if shown.len() < GRID.0 {
            shown.push(image);
        }
        anyhow::Ok(())
    })?;
    write_png(&folder.join(PAGE), &image_grid(&shown, GRID.1))?;
    Ok(shown.len())
}

fn write_interpolation(
    arguments: &Arguments,
    generator: &Generator,
    options: &SampleOptions,
    ends: [usize; 2],
    folder: &Path,
) -> anyhow::Result<()> {
    let frames = interpolate(generator, options, ends, arguments.frames as usize)?;
    write_png(&folder.join(STRIP), &image_grid(&frames, frames.len()))?;
    write_apng(&frames, DELAY, folder.join(ANIMATION))?;
    Ok(())
}
