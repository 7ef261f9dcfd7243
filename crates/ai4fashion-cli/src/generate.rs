//! `ai4fashion generate`: images from a trained generator.

use std::{fs, path::PathBuf, time::Duration};

use ai4fashion_dcgan::{
    Generator, SampleOptions, generate,
    run::{image_grid, write_apng},
    sample::{MAX_COUNT, interpolate},
};
use ai4fashion_files::count;
use anyhow::Context as _;
use clap::{Args, value_parser};

use crate::{
    device::DeviceName,
    exit::Outcome,
    output::{check_free, write_png},
    say::say,
    values::one_of,
};

mod chosen;

use chosen::{Chosen, ChosenGenerator, file_name};

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
    check_free(&arguments.out, "--out")?;
    fs::create_dir_all(&arguments.out)
        .with_context(|| format!("cannot create the folder `{}`", arguments.out.display()))?;
    match arguments.interpolate.as_deref() {
        Some([from, to]) => write_interpolation(arguments, &generator, &options, [*from, *to])?,
        _ => write_images(arguments, &generator, &options)?,
    }
    Ok(Outcome::Complete)
}

fn write_images(arguments: &Arguments, generator: &Generator, options: &SampleOptions) -> anyhow::Result<()> {
    let mut shown = Vec::new();
    generate(generator, options, arguments.count as usize, |place, image| {
        let name = file_name(place, options.labels_of(place));
        write_png(&arguments.out.join(name), &image)?;
        if shown.len() < GRID.0 {
            shown.push(image);
        }
        anyhow::Ok(())
    })?;
    let page = arguments.out.join("grid.png");
    write_png(&page, &image_grid(&shown, GRID.1))?;
    let images = count(arguments.count as usize, "image");
    say(format_args!("{images} in {}", arguments.out.display()));
    say(format_args!(
        "grid of the first {}: {}",
        shown.len(),
        page.display()
    ));
    Ok(())
}

fn write_interpolation(
    arguments: &Arguments,
    generator: &Generator,
    options: &SampleOptions,
    ends: [usize; 2],
) -> anyhow::Result<()> {
    let frames = interpolate(generator, options, ends, arguments.frames as usize)?;
    let (strip, animation) = (
        arguments.out.join("strip.png"),
        arguments.out.join("interpolation.png"),
    );
    write_png(&strip, &image_grid(&frames, frames.len()))?;
    write_apng(&frames, DELAY, &animation)?;
    let [from, to] = ends;
    say(format_args!("from image {from} to {to}: {}", strip.display()));
    say(format_args!("as an APNG: {}", animation.display()));
    Ok(())
}
