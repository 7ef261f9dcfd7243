//! Writes the weights by which `ai4fashion-dataset` tells garment-only photos from others, and
//! checks them.
//!
//! ```sh
//! cargo run --release -p fit-garment -- --write   # weights.bin
//! cargo run --release -p fit-garment -- --check   # is it what that command wrote?
//! ```
//!
//! Without `--check` it prints precision and recall on photos that the weights were not fitted to,
//! and whether the result equals the committed weights.

mod committed;
mod fit;
mod photos;

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use fit_common::FOLDS;

use committed::Committed;
use fit::Model;
use photos::{Examples, Photo};

/// Decay of the committed weights.
const DECAY: f32 = 0.003;

/// Writes and checks the weights by which ai4fashion-dataset tells garment-only photos from others.
#[derive(Debug, Parser)]
struct Args {
    /// Compare the committed weights, and the inputs that are there, with the recorded hashes
    ///
    /// The exit code is 0 if all are equal, 1 if inputs are missing, 2 if anything is different.
    #[arg(long, conflicts_with_all = ["write", "decay"])]
    check: bool,
    /// With --check: also fit again and compare the result
    #[arg(long, requires = "check")]
    refit: bool,
    /// Write the weights into the crate and record their inputs
    #[arg(long)]
    write: bool,
    /// Folder with smallfashion/
    #[arg(long, value_name = "DIR", default_value = "../shared/data")]
    data: PathBuf,
    /// Weight decay
    #[arg(long, default_value_t = DECAY)]
    decay: f32,
}

#[expect(clippy::print_stdout, reason = "a program that reports")]
fn main() -> anyhow::Result<ExitCode> {
    let args = Args::parse();
    let committed = Committed::new(args.data);
    if args.check {
        let mut report = committed.check()?;
        if args.refit {
            let weights = fit(&committed.examples()?, DECAY).to_bytes();
            report.items.push(committed.compare(&weights));
        }
        print!("{report}");
        return Ok(report.exit_code());
    }
    let examples = committed.examples()?;
    print_accuracy(&examples, args.decay);
    let weights = fit(&examples, args.decay).to_bytes();
    let equality = if committed.is_equal(&weights) {
        "equal to"
    } else {
        "different from"
    };
    println!("the weights are {equality} the committed ones");
    if args.write {
        committed.write(weights)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn fit(Examples { photos, synthetic }: &Examples, decay: f32) -> Model {
    let photos: Vec<&Photo> = photos.iter().collect();
    Model::fit(&photos, synthetic, decay)
}

/// Prints precision and recall of a cross-validation.
#[expect(clippy::print_stdout, reason = "a program that reports")]
fn print_accuracy(Examples { photos, synthetic }: &Examples, decay: f32) {
    let [mut right, mut found, mut garments] = [0; 3];
    for fold in 0..FOLDS {
        let (unseen, seen): (Vec<&Photo>, Vec<&Photo>) =
            photos.iter().partition(|photo| photo.fold() == fold);
        let model = Model::fit(&seen, synthetic, decay);
        for photo in unseen {
            let is_found = model.score(&photo.features[0]) > 0.0;
            found += usize::from(is_found);
            garments += usize::from(photo.is_garment_only);
            right += usize::from(is_found && photo.is_garment_only);
        }
    }
    let ratio = |all: usize| right as f64 / all.max(1) as f64;
    println!("{} photos, {garments} of them garment-only", photos.len());
    println!(
        "precision {:.3} ({right} of {found}), recall {:.3}",
        ratio(found),
        ratio(garments)
    );
}
