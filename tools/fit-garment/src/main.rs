//! Writes the weights by which `ai4fashion-dataset` tells a garment alone from other photos, and says how often they are
//! right on photos that they were not fitted to:
//! `cargo run --release -p fit-garment -- SHARED/data/smallfashion crates/ai4fashion-dataset/src/ingest/garment/weights.bin`

mod fit;
mod photos;

use std::{fs, path::PathBuf};

use anyhow::Context;
use clap::Parser;

use fit::Model;
use fit_common::FOLDS;
use photos::Photo;

/// Writes the weights by which ai4fashion-dataset tells a garment alone from other photos.
#[derive(Debug, Parser)]
struct Args {
    /// A folder with images/ID.jpg and labels.csv (id,garment_only)
    data: PathBuf,
    /// Where the weights go [default: nowhere]
    out: Option<PathBuf>,
    /// Decay of the weights
    #[arg(long, default_value_t = 0.003)]
    decay: f32,
}

#[expect(clippy::print_stdout, reason = "this is what the program is for")]
fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let photos = photos::read(&args.data)?;
    let drawn = photos::drawn();
    let [mut right, mut found, mut alone] = [0; 3];
    for fold in 0..FOLDS {
        let (left_out, seen): (Vec<&Photo>, Vec<&Photo>) =
            photos.iter().partition(|photo| photo.fold() == fold);
        let model = Model::fit(&seen, &drawn, args.decay);
        for photo in left_out {
            let says = model.score(&photo.features[0]) > 0.0;
            found += usize::from(says);
            alone += usize::from(photo.alone);
            right += usize::from(says && photo.alone);
        }
    }
    let share = |of: usize| right as f64 / of.max(1) as f64;
    println!("{} photos, {alone} show a garment alone", photos.len());
    println!(
        "precision {:.3} ({right} of {found}), recall {:.3}",
        share(found),
        share(alone)
    );
    let Some(out) = args.out else { return Ok(()) };
    let all: Vec<&Photo> = photos.iter().collect();
    let bytes = Model::fit(&all, &drawn, args.decay).to_bytes();
    fs::write(&out, bytes).with_context(|| format!("cannot write `{}`", out.display()))
}
