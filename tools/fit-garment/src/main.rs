//! Trains the weights of `ai4fashion-garment`, evaluates and checks them.
//!
//! ```sh
//! cargo run --release -p fit-garment              # trains without some blocks of ids, evaluates
//! cargo run --release -p fit-garment -- --write   # then on all, and writes garment.safetensors
//! cargo run --release -p fit-garment -- --check   # is it what that command wrote?
//! ```
//!
//! Photos whose ids begin alike are one shoot, so whole blocks of ids are left out: the test blocks
//! for the figures, the validation block for choices and the temperatures of the confidences. The
//! weights that are written have learned all blocks, with these temperatures.

mod committed;
mod corrections;
mod evaluation;
mod figures;
mod garments_alone;
mod painted;
mod photos;

use std::{fs, path::PathBuf, process::ExitCode, time::Instant};

use ai4fashion_fit::{Example, FitConfig, calibrate, fit, with_temperatures_of};
use ai4fashion_garment::GarmentClassifier;
use ai4fashion_kernels::cpu;
use clap::Parser;

use committed::Committed;
use photos::Photo;

/// Blocks of ids that no fit and no choice has seen before they are evaluated on.
const TEST: [u32; 2] = [3, 5];
/// Block of ids for choices and temperatures.
const VALIDATION: u32 = 6;

/// Trains, evaluates and checks the weights of ai4fashion-garment.
#[derive(Debug, Parser)]
struct Args {
    /// Evaluate these weights instead of training; they must not have seen the test blocks
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// Evaluate on the validation block, for choices
    #[arg(long)]
    validation: bool,
    /// Print how much the corrections of a simulated reviewer teach the weights
    #[arg(long)]
    corrections: bool,
    /// Train on all photos, too, write these weights into the crate and record their inputs
    #[arg(long, conflicts_with = "weights")]
    write: bool,
    /// Compare the committed weights, and the inputs that are there, with the recorded hashes
    ///
    /// The exit code is 0 if all are equal, 1 if inputs are missing, 2 if anything is different.
    #[arg(long, conflicts_with_all = ["weights", "write"])]
    check: bool,
    /// Write the weights that are evaluated to this file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Folder with smallfashion/, kaggle-small/ and color-naming/
    #[arg(long, value_name = "DIR", default_value = "../shared/data")]
    data: PathBuf,
    /// Passes over the photos; what --write commits has the default
    #[arg(long, conflicts_with = "write", default_value_t = FitConfig::default().epochs)]
    epochs: usize,
    /// Number of the last epochs, which show each photo twice; what --write commits has the default
    #[arg(long, conflicts_with = "write", default_value_t = FitConfig::default().consistent_epochs)]
    consistent_epochs: usize,
    /// Seed of the training; what --write commits has the default
    #[arg(long, conflicts_with = "write", default_value_t = FitConfig::default().seed)]
    seed: u64,
}

#[expect(clippy::print_stdout, reason = "a program that reports")]
fn main() -> anyhow::Result<ExitCode> {
    let args = Args::parse();
    let committed = Committed::new(args.data.clone());
    if args.check {
        return print_check(&committed);
    }
    let photos = photos::read(&args.data)?;
    let blocks = |blocks: &[u32]| -> Vec<Photo> {
        let chosen = photos.iter().filter(|photo| blocks.contains(&photo.block()));
        chosen.cloned().collect()
    };
    let others: Vec<u32> = (0..photos::BLOCKS)
        .filter(|block| !TEST.contains(block) && *block != VALIDATION)
        .collect();
    let training = blocks(&others);
    let [validation, test] =
        [&[VALIDATION][..], &TEST].map(|chosen| photos::without_near_duplicates(blocks(chosen), &training));
    let weights = match &args.weights {
        Some(path) => fs::read(path)?,
        None => {
            // Colours of garments should be sure; other articles are of other kinds in each shop.
            let examples = validation.iter().map(|photo| match photo.product_type {
                Some(_) => photo.example.clone(),
                None => photo.example.clone().with_color(None),
            });
            let examples: Vec<Example> = examples.collect();
            calibrate(&train(&args, &training)?, &examples)?
        }
    };
    if let Some(path) = &args.out {
        fs::write(path, &weights)?;
    }
    let unseen = if args.validation {
        println!("temperatures are from these photos: calibration errors are too small");
        validation
    } else {
        test
    };
    evaluation::report(&GarmentClassifier::from_bytes(&weights)?, &unseen);
    if args.corrections {
        corrections::report(&weights, &unseen)?;
    }
    if args.write {
        committed.write(with_temperatures_of(&train(&args, &photos)?, &weights)?)?;
    }
    Ok(ExitCode::SUCCESS)
}

#[expect(clippy::print_stdout, reason = "a program that reports")]
fn print_check(committed: &Committed) -> anyhow::Result<ExitCode> {
    let report = committed.check()?;
    print!("{report}");
    Ok(report.exit_code())
}

#[expect(clippy::print_stdout, reason = "a program that reports")]
fn train(args: &Args, photos: &[Photo]) -> anyhow::Result<Vec<u8>> {
    let mut examples: Vec<Example> = photos.iter().flat_map(Photo::examples).collect();
    examples.extend(painted::synthetic());
    examples.extend(painted::surveyed(&args.data)?);
    println!("{} photos, {} examples", photos.len(), examples.len());
    let config = FitConfig::default()
        .with_epochs(args.epochs)
        .with_consistent_epochs(args.consistent_epochs)
        .with_seed(args.seed);
    let start = Instant::now();
    let fitted = fit(&examples, &config, &cpu(), |epoch| {
        let seconds = start.elapsed().as_secs_f32();
        println!("epoch {}: loss {:.4}, {seconds:.0} s", epoch.number, epoch.loss);
    });
    let weights = fitted.to_bytes(&examples);
    println!("{} bytes", weights.len());
    Ok(weights)
}
