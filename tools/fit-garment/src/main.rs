//! Trains the weights of `ai4fashion-garment`, evaluates and checks them.
//!
//! ```sh
//! cargo run --release -p fit-garment              # trains without a block of ids, evaluates on it
//! cargo run --release -p fit-garment -- --write   # writes garment.safetensors, too
//! cargo run --release -p fit-garment -- --check   # is it what that command wrote?
//! ```

mod committed;
mod evaluation;
mod figures;
mod photos;

use std::{fs, path::PathBuf, process::ExitCode, time::Instant};

use ai4fashion_fit::{Example, FitConfig, fit};
use ai4fashion_garment::GarmentClassifier;
use ai4fashion_kernels::cpu;
use clap::Parser;

use committed::Committed;
use photos::Photo;

/// Trains, evaluates and checks the weights of ai4fashion-garment.
#[derive(Debug, Parser)]
struct Args {
    /// The block of ids that is evaluated on and not trained on, 0 to 7
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(0..8))]
    block: u32,
    /// Evaluate these weights instead of training
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// Write the weights into the crate and record their inputs
    #[arg(long)]
    write: bool,
    /// Compare the committed weights, and the inputs that are there, with the recorded hashes
    ///
    /// The exit code is 0 if all are equal, 1 if inputs are missing, 2 if anything is different.
    #[arg(long, conflicts_with_all = ["weights", "write"])]
    check: bool,
    /// Write the trained weights to this file, too
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Folder with smallfashion/ and kaggle-small/
    #[arg(long, value_name = "DIR", default_value = "../shared/data")]
    data: PathBuf,
    /// Passes over the photos
    #[arg(long, default_value_t = FitConfig::default().epochs)]
    epochs: usize,
    /// Seed of the training
    #[arg(long, default_value_t = FitConfig::default().seed)]
    seed: u64,
}

fn main() -> anyhow::Result<ExitCode> {
    let args = Args::parse();
    let committed = Committed::new(args.data.clone());
    if args.check {
        return print_check(&committed);
    }
    let (unseen, seen): (Vec<Photo>, Vec<Photo>) = photos::read(&args.data)?
        .into_iter()
        .partition(|photo| photo.block() == args.block);
    let unseen = photos::without_near_duplicates(unseen, &seen);
    let weights = match &args.weights {
        Some(path) => fs::read(path)?,
        None => train(&args, &seen, &unseen)?,
    };
    if let Some(path) = &args.out {
        fs::write(path, &weights)?;
    }
    evaluation::report(&GarmentClassifier::from_bytes(&weights)?, &unseen);
    if args.write {
        committed.write(weights)?;
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
fn train(args: &Args, seen: &[Photo], unseen: &[Photo]) -> anyhow::Result<Vec<u8>> {
    let mut examples: Vec<Example> = seen.iter().map(|photo| photo.example.clone()).collect();
    examples.extend(photos::synthetic());
    println!("{} examples, {} photos held out", examples.len(), unseen.len());
    let config = FitConfig::default().with_epochs(args.epochs).with_seed(args.seed);
    let start = Instant::now();
    let fitted = fit(&examples, &config, &cpu(), |epoch| {
        let seconds = start.elapsed().as_secs_f32();
        println!("epoch {}: loss {:.4}, {seconds:.0} s", epoch.number, epoch.loss);
    });
    let weights = fitted.to_bytes(&examples);
    println!("{} bytes", weights.len());
    Ok(weights)
}
