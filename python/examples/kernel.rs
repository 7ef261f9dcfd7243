//! The bare kernel: labels the files of a folder in batches of 256, without Python.
//!
//! Prints images and seconds of this thread's CPU time; `bench.py` runs it.
#![allow(clippy::print_stdout, reason = "a program")]

use std::{env, error::Error, fs};

use ai4fashion_arrow::{LabelKernel, dataset::IngestOptions};
use arrow_array::BinaryArray;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args()
        .nth(1)
        .ok_or("which folder? expected: kernel FOLDER")?;
    let mut paths = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>, std::io::Error>>()?;
    paths.sort();
    let files = paths.iter().map(fs::read).collect::<Result<Vec<_>, _>>()?;
    let batches: Vec<BinaryArray> = files.chunks(256).map(BinaryArray::from_iter_values).collect();
    let kernel = LabelKernel::new(IngestOptions::default())?;
    let before = cpu_seconds()?;
    for batch in &batches {
        kernel.label(batch)?;
    }
    println!("{} {}", files.len(), cpu_seconds()? - before);
    Ok(())
}

/// CPU time of the main thread, by Linux.
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let text = fs::read_to_string("/proc/self/schedstat")?;
    let nanoseconds: f64 = text
        .split_whitespace()
        .next()
        .ok_or("an empty schedstat")?
        .parse()?;
    Ok(nanoseconds / 1e9)
}
