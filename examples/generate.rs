//! Generates images from a run: `cargo run --release --example generate -- RUN OUT [SEED]`
#![allow(clippy::print_stdout, reason = "a program prints")]

use std::{fs, path::Path};

use ai4fashion_dcgan::{SampleOptions, SavedRun, cpu, generate, run::image_grid, sample::interpolate};
use anyhow::Context as _;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let run = arguments.next().context("name the folder of a run")?;
    let out = arguments.next().context("name a folder for the images")?;
    let seed = arguments.next().map_or(Ok(0), |seed| seed.parse())?;
    let out = Path::new(&out);
    fs::create_dir_all(out)?;

    let generator = SavedRun::open(run)?.generator(&cpu())?;
    // Truncated noise gives more typical images, which are less diverse.
    let options = SampleOptions::new(seed).with_truncation(Some(1.5));
    let mut images = Vec::new();
    generate(&generator, &options, 16, |number, image| {
        image.save(out.join(format!("{number:03}.png")))?;
        images.push(image);
        anyhow::Ok(())
    })?;
    image_grid(&images, 4).save(out.join("grid.png"))?;

    let between = interpolate(&generator, &options, [0, 1], 8)?;
    image_grid(&between, between.len()).save(out.join("interpolation.png"))?;
    println!("16 images, a grid and an interpolation in {}", out.display());
    Ok(())
}
