//! `ai4fashion export`: a data set for other programs.

use std::{collections::BTreeMap, path::PathBuf};

use ai4fashion_dataset::Dataset;
use ai4fashion_export::{Class, Export, ExportOptions, Format};
use ai4fashion_files::count;
use anyhow::ensure;
use clap::Args;
use serde_json::json;

use crate::{
    exit::Outcome,
    interrupt::stop_on_ctrl_c,
    progress::ImageBar,
    say::{remark, say},
    skips::skipped,
    values::one_of,
};

/// Exports a data set for other programs, with its splits: Hugging Face's `datasets`, `webdataset`,
/// `torchvision`, polars.
///
/// A data card, README.md, and croissant.json are written beside the images. An export that was
/// killed goes on when it is run again.
#[derive(Debug, Args)]
#[command(allow_negative_numbers = true, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Folder of the data set
    dataset: PathBuf,
    /// Files to write: Parquet shards with the images in them, tar shards, or a folder for each
    /// split and class
    #[arg(long, value_name = "FORMAT", value_parser = one_of(Format::ALL))]
    format: Format,
    /// Folder to write to, new or empty
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Megabytes of images in a shard, a whole number from 1 to 1000000 [default: 500]
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    shard_size: Option<u64>,
    /// Label that names the folders of imagefolder [default: color]
    #[arg(long, value_name = "LABEL", value_parser = one_of(Class::ALL))]
    class: Option<Class>,
    /// Print one line of JSON instead of words
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Exit code: 0, 1 if images were left out, or 2 if it failed.

Examples:
  ai4fashion export dataset --format parquet --out exported
  ai4fashion export dataset --format webdataset --out shards --shard-size 100
  ai4fashion export dataset --format imagefolder --class type --out folders";

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let export = Export::new(options(arguments)?)?;
    let dataset = Dataset::open(&arguments.dataset)?;
    let bar = ImageBar::new("exporting").stopping(stop_on_ctrl_c()?);
    let report = export.run(&dataset, &arguments.out, &bar)?;
    drop(bar);
    report.left_out.iter().for_each(skipped);
    let images: BTreeMap<&str, usize> = report
        .splits
        .iter()
        .map(|(split, images)| (split.as_str(), *images))
        .collect();
    if arguments.json {
        say(json!({
            "images": report.written(),
            "splits": images,
            "shards": report.shards,
            "kept": report.kept,
            "image_bytes": report.image_bytes,
            "skipped": report.left_out.len(),
        }));
        return Ok(Outcome::of_skips(report.left_out.len()));
    }
    let part = if arguments.format == Format::ImageFolder {
        "folder"
    } else {
        "shard"
    };
    let splits = report
        .splits
        .iter()
        .map(|(split, images)| format!("{images} {split}"));
    say(format_args!(
        "{} exported, {}: {}",
        count(report.written(), "image"),
        count(report.shards, part),
        splits.collect::<Vec<_>>().join(", ")
    ));
    if report.kept == report.shards {
        remark("all of it was there already");
    } else if report.kept > 0 {
        remark(format_args!("{} were there already", count(report.kept, part)));
    }
    say(format_args!(
        "data card  {}",
        arguments.out.join("README.md").display()
    ));
    Ok(Outcome::of_skips(report.left_out.len()))
}

fn options(arguments: &Arguments) -> anyhow::Result<ExportOptions> {
    let is_folder = arguments.format == Format::ImageFolder;
    ensure!(
        is_folder || arguments.class.is_none(),
        "--class is for --format imagefolder alone"
    );
    ensure!(
        !is_folder || arguments.shard_size.is_none(),
        "--shard-size is for --format parquet and webdataset: imagefolder has no shards"
    );
    let mut options = ExportOptions::new(arguments.format);
    if let Some(class) = arguments.class {
        options = options.with_class(class);
    }
    if let Some(megabytes) = arguments.shard_size {
        options = options.with_shard_bytes(megabytes * 1_000_000);
    }
    Ok(options)
}
