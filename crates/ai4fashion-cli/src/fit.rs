//! `ai4fashion fit`: teaches the garment classifier by a data set's own labels.

use std::{fs, path::PathBuf};

use ai4fashion_dataset::{
    Dataset, Record,
    record::{ColorSource, TypeSource},
};
use ai4fashion_files::{chain, count, sha256_hex};
use ai4fashion_fit::{AdaptConfig, Example, SHIPPED_WEIGHTS, adapt};
use ai4fashion_garment::{GarmentClassifier, GarmentWorkspace, TypeHint};
use ai4fashion_image::{Limits, decode_file, image::RgbImage};

use anyhow::{Context as _, ensure};
use burn::tensor::Device;
use clap::Args;
use rayon::prelude::*;

use crate::{
    device::DeviceName,
    exit::Outcome,
    output::{check_replaceable_if, write_file},
    say::say,
    skips,
    values::one_of,
};

/// One of this many images with a human label is not learned in the trial, but compared with.
const HELD_OUT: u32 = 5;

/// Teaches the garment classifier by the human labels of a data set.
///
/// It learns the colours and types that a person has set or confirmed, and on these images the
/// types of the source. On at most 4,096 images without a human label its answers are held to what
/// they were. Some hundred corrections teach types; colours hardly change. Afterwards, agreement
/// with these labels says nothing about other images.
#[derive(Debug, Args)]
#[command(allow_negative_numbers = true, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Data set with human labels, see `ai4fashion review`
    dataset: PathBuf,
    /// Weights to write, for --weights of `ai4fashion ingest`, `classify` and `evaluate`
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Weights to begin with; default those of the program
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// Steps of training, 1 to 100000; default half as many as images with a human label, at least
    /// 300
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    steps: Option<u32>,
    /// Seed of the order of the images
    #[arg(long, default_value_t = AdaptConfig::default().seed)]
    seed: u64,
    /// Compute backend
    #[arg(long, value_parser = one_of(DeviceName::ALL.iter().copied()), default_value_t)]
    device: DeviceName,
    /// Print one line of JSON instead of words
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Exit code: 0 if every image could be read, 1 if some were skipped, 2 if it failed.

Examples:
  ai4fashion fit dataset --out own.safetensors
  ai4fashion ingest photos/ --out relabelled --weights own.safetensors";

/// The most images without a human label that are read: they hold the answers to what they were.
const UNLABELLED: usize = 4096;

/// An image of the data set, and its labels.
struct Labelled<'a> {
    record: &'a Record,
    example: Example,
    /// The trial does not learn it.
    is_held_out: bool,
    /// The image itself, if it is compared with.
    image: Option<RgbImage>,
}

impl<'a> Labelled<'a> {
    /// Scales an image, so that tens of thousands of them fit into memory.
    fn new(record: &'a Record, image: RgbImage) -> Self {
        let color = (record.color_source() == ColorSource::Human).then_some(record.color);
        let example = Example::new(&image).with_color(color);
        let example = match record.type_source {
            None | Some(TypeSource::Classifier) => example,
            Some(_) => example.with_type(record.product_type),
        };
        let is_held_out = is_held_out(record);
        Self {
            record,
            example,
            is_held_out,
            image: Some(image).filter(|_| is_held_out && record.annotation.is_some()),
        }
    }
}

/// Returns `true` if the trial does not learn it. The photo decides: it may occur twice, or nearly.
fn is_held_out(record: &Record) -> bool {
    let photo = record
        .group
        .clone()
        .unwrap_or_else(|| record.pixels_blake3.to_string());
    let hash = sha256_hex(photo.as_bytes());
    let number = hash
        .get(..8)
        .and_then(|digits| u32::from_str_radix(digits, 16).ok());
    number.is_some_and(|number| number % HELD_OUT == 0)
}

/// Human labels of held-out images that a classifier agrees with.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
struct Agreement {
    labels: usize,
    agreed: usize,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let before = match &arguments.weights {
        Some(path) => {
            // A pipe can be read once.
            let bytes = fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
            GarmentClassifier::from_bytes(&bytes)
                .with_context(|| format!("cannot use the weights `{}`", path.display()))?;
            bytes
        }
        None => SHIPPED_WEIGHTS.to_vec(),
    };
    check_replaceable_if(&arguments.out, "--out", || {
        Ok(GarmentClassifier::open(&arguments.out).is_ok())
    })?;
    let dataset = Dataset::open(&arguments.dataset)?;
    let (images, skipped) = read(&dataset);
    skipped.iter().for_each(skips::skipped);
    let labelled = images
        .iter()
        .filter(|image| image.record.annotation.is_some())
        .count();
    ensure!(
        labelled > 0 || skipped.is_empty(),
        "no image of `{}` with a human label could be read",
        dataset.root().display()
    );
    ensure!(
        labelled > 0,
        "no image of `{}` has a human label yet: see `ai4fashion review`",
        dataset.root().display()
    );
    let device = arguments.device.open();
    let config = AdaptConfig::default()
        .with_steps(
            arguments
                .steps
                .map_or(default_steps(labelled), |steps| steps as usize),
        )
        .with_seed(arguments.seed);
    let (held_out, seen): (Vec<&Labelled<'_>>, Vec<&Labelled<'_>>) =
        images.iter().partition(|image| image.is_held_out);
    let trial = taught(&before, &seen, &config, &device)?;
    let [was, is] = [&before, &trial].map(|weights| agreement(weights, &held_out));
    let (was, is) = (was?, is?);
    let all: Vec<&Labelled<'_>> = images.iter().collect();
    write_file(&arguments.out, &taught(&before, &all, &config, &device)?)?;
    if arguments.json {
        say(serde_json::json!({
            "images": images.len(),
            "labelled": labelled,
            "skipped": skipped.len(),
            "held_out": was.labels,
            "agreed_before": was.agreed,
            "agreed_after": is.agreed,
        }));
    } else {
        say(format_args!("{} with a human label", count(labelled, "image")));
        if was.labels > 0 {
            say(format_args!(
                "agreement {:.3} before, {:.3} after, on {} that a trial did not learn",
                was.agreed as f64 / was.labels as f64,
                is.agreed as f64 / is.labels as f64,
                count(was.labels, "label")
            ));
            if is.agreed <= was.agreed {
                say("          no better on these: correct more images, or keep the weights of before");
            }
        }
        say(format_args!("weights   {}", arguments.out.display()));
    }
    Ok(Outcome::of_skips(skipped.len()))
}

/// Many labels need more steps: of 3,068, 300 steps taught less than 1,500 (`docs/label-model.md`).
fn default_steps(labelled: usize) -> usize {
    AdaptConfig::default().steps.max(labelled / 2)
}

/// The images that can be read, and why others cannot: all with a human label, and others evenly
/// chosen.
fn read(dataset: &Dataset) -> (Vec<Labelled<'_>>, Vec<String>) {
    let (mut chosen, others): (Vec<&Record>, Vec<&Record>) = dataset
        .records()
        .iter()
        .partition(|record| record.annotation.is_some());
    let step = others.len().div_ceil(UNLABELLED).max(1);
    chosen.extend(others.into_iter().step_by(step));
    let limits = Limits::default();
    let read = chosen.into_par_iter().map(|record| {
        let path = dataset.root().join(&record.file);
        let image = decode_file(&path, &limits).map_err(|error| chain(&error))?;
        Ok(Labelled::new(record, image.into_rgb8()))
    });
    let all: Vec<Result<_, String>> = read.collect();
    let (mut images, mut skipped) = (Vec::new(), Vec::new());
    for image in all {
        match image {
            Ok(image) => images.push(image),
            Err(message) => skipped.push(message),
        }
    }
    (images, skipped)
}

fn taught(
    weights: &[u8],
    images: &[&Labelled<'_>],
    config: &AdaptConfig,
    device: &Device,
) -> anyhow::Result<Vec<u8>> {
    let examples: Vec<Example> = images.iter().map(|image| image.example.clone()).collect();
    Ok(adapt(weights, &examples, config, device)?)
}

fn agreement(weights: &[u8], images: &[&Labelled<'_>]) -> anyhow::Result<Agreement> {
    let classifier = GarmentClassifier::from_bytes(weights)?;
    let workspace = &mut GarmentWorkspace::new();
    let mut all = Agreement::default();
    for image in images {
        let Some(pixels) = &image.image else {
            continue;
        };
        let found = classifier.classify_with(workspace, pixels, TypeHint::Unknown);
        let record = image.record;
        let is_human = record.color_source() == ColorSource::Human;
        let color = is_human.then(|| found.color().name() == record.color);
        let is_typed = record.type_source == Some(TypeSource::Human);
        let known = is_typed.then(|| found.product_type() == record.product_type);
        for is_right in color.into_iter().chain(known) {
            all.labels += 1;
            all.agreed += usize::from(is_right);
        }
    }
    Ok(all)
}
