//! The Arrow kernel beside the bare loop on one thread: `cargo bench --bench arrow`
//!
//! Of real photos if there are any (`AI4FASHION_SHARED`), otherwise of synthetic ones.
#![allow(clippy::unwrap_used, reason = "a bench that cannot be set up must not pass")]
#![allow(clippy::print_stdout, reason = "a bench that prints figures")]

mod photos;

use std::{fs, hint::black_box, path::Path, time::Instant};

use ai4fashion_arrow::{LabelKernel, arrow_array::BinaryViewArray};
use ai4fashion_dataset::{
    IngestOptions,
    garment::TypeHint,
    ingest::{LabelWorkspace, Labeler},
};
use ai4fashion_files::numbers::median;
use ai4fashion_synthetic::Catalogue;

/// Rows of a batch, as the docs advise.
const BATCH: usize = 256;
/// Rounds, in each of which both are timed.
const ROUNDS: usize = 9;

fn main() {
    let temp = tempfile::tempdir().unwrap();
    let files = files(temp.path());
    let views: Vec<BinaryViewArray> = files
        .chunks(BATCH)
        .map(BinaryViewArray::from_iter_values)
        .collect();
    let labeler = Labeler::new(IngestOptions::default()).unwrap();
    let kernel = LabelKernel::new(IngestOptions::default()).unwrap();
    let mut bare = || {
        let mut workspace = LabelWorkspace::new();
        for file in &files {
            black_box(labeler.label(&mut workspace, file, TypeHint::Unknown)).unwrap();
        }
    };
    let mut arrow = || {
        views
            .iter()
            .for_each(|batch| _ = black_box(kernel.label(batch)).unwrap())
    };
    let (mut of_bare, mut of_arrow) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        of_bare.push(rate(files.len(), &mut bare));
        of_arrow.push(rate(files.len(), &mut arrow));
    }
    let [bare, arrow] = [&mut of_bare, &mut of_arrow].map(|rates| median(rates).unwrap());
    println!(
        "| {} images, one thread, medians of {ROUNDS} rounds | images/s |",
        files.len()
    );
    println!("|---|---|");
    println!("| `Labeler` in a loop | {bare:.0} |");
    println!("| `LabelKernel` on batches of {BATCH} | {arrow:.0} |");
    println!("\nkernel/loop: {:.3}", arrow / bare);
}

fn rate(images: usize, work: &mut dyn FnMut()) -> f64 {
    let start = Instant::now();
    work();
    images as f64 / start.elapsed().as_secs_f64()
}

/// The contents of some photos.
fn files(temp: &Path) -> Vec<Vec<u8>> {
    let folder = photos::folder().unwrap_or_else(|| {
        Catalogue::new(1)
            .with_per_label(4)
            .write_small_fashion(temp)
            .unwrap();
        temp.to_owned()
    });
    let paths = photos::files(&folder.join("images"));
    paths
        .iter()
        .step_by(5)
        .map(|path| fs::read(path).unwrap())
        .collect()
}
