//! Images from anywhere become a data set: `cargo run --release --example own_source -- DATASET`
#![allow(clippy::print_stdout, reason = "a program prints")]

use ai4fashion_dataset::{
    Dataset, Error, Ingest, IngestOptions,
    source::{Entry, Source, SourcePlan},
};
use ai4fashion_image::{Limits, encode_png, image::Rgb, image::RgbImage};

/// A shop that renders its photos; they could come from a database or a server as well.
#[derive(Debug)]
struct Shop;

const PHOTOS: [(&str, [u8; 3]); 3] = [
    ("sunset.png", [235, 120, 20]),
    ("sea.png", [20, 60, 190]),
    ("coal.png", [20, 20, 20]),
];

impl Source for Shop {
    fn name(&self) -> &str {
        "shop"
    }

    fn plan(&self) -> Result<SourcePlan, Error> {
        let mut plan = SourcePlan::default();
        plan.images = PHOTOS.map(|(name, _)| Entry::new(name, name)).into();
        Ok(plan)
    }

    /// Called from many threads.
    fn read(&self, image: &Entry, _: &Limits) -> Result<Vec<u8>, Error> {
        let found = PHOTOS.iter().find(|(name, _)| *name == image.source_path);
        let (_, color) = found.ok_or_else(|| Error::other("the shop has no such photo"))?;
        Ok(encode_png(&garment(*color))?)
    }
}

fn main() -> anyhow::Result<()> {
    let out = std::env::args().nth(1).unwrap_or("target/own-source".into());
    Ingest::new(IngestOptions::default())?.run(&[&Shop], &out, &())?;
    for record in Dataset::open(&out)?.records() {
        println!("{} is {}: {}", record.source_path, record.color, record.file);
    }
    Ok(())
}

fn garment(color: [u8; 3]) -> RgbImage {
    let is_garment = |x, y| (20..108).contains(&x) && (20..108).contains(&y);
    RgbImage::from_fn(128, 128, |x, y| {
        Rgb(if is_garment(x, y) { color } else { [255; 3] })
    })
}
