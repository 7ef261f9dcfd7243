//! Photos to a data set: `cargo run --release --example ingest_a_folder -- PHOTOS DATASET`
#![allow(clippy::print_stdout, reason = "a program prints")]

use ai4fashion_dataset::{BasicColor, Dataset, Folder, Ingest, IngestOptions};
use anyhow::Context as _;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let photos = arguments.next().context("name a folder of photos")?;
    let out = arguments.next().context("name a folder for the data set")?;

    let options = IngestOptions::default().with_image_size(128);
    let report = Ingest::new(options)?.run(&[&Folder::open(photos)?], &out, &())?;
    for rejected in &report.rejected {
        println!("rejected: {rejected}");
    }

    // Images, labels and a manifest are in the folder now.
    let dataset = Dataset::open(&out)?;
    println!(
        "{} of {} photos are in {out}",
        dataset.len(),
        report.summary.found
    );
    let labels = dataset.distribution();
    for color in BasicColor::ALL {
        println!("{color:<7} {}", labels.color(color));
    }
    let least_sure = dataset
        .records()
        .iter()
        .min_by(|a, b| a.confidence.total_cmp(&b.confidence));
    if let Some(record) = least_sure {
        println!("least confident: {} with {:.2}", record.file, record.confidence);
    }
    Ok(())
}
