//! `ai4fashion classify`: the colour names of images.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

use ai4fashion_dataset::ingest::Progress as _;
use ai4fashion_files::numbers::median;
use ai4fashion_garment::TypeHint;
use clap::Args;
use rayon::prelude::*;

use crate::{
    exit::Outcome,
    method::{Method, Namer},
    output_folder::{Earlier, OutputFolder},
    progress::ImageBar,
    say::{Out, remark},
    skips,
    values::{self, one_of},
};

mod explanations;
mod images;
mod rows;

use images::Images;
use rows::Row;

/// Names the dominant colour and the product type of garments.
///
/// A colour is one of black, blue, brown, green, grey, orange, pink, purple, red, white and yellow,
/// a type one of twelve, or none of them.
#[derive(Debug, Args)]
#[command(allow_negative_numbers = true, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Images, folders and .zip archives of images; - reads one image from standard input
    #[arg(required = true, value_name = "FILE|DIR|ZIP|-")]
    paths: Vec<PathBuf>,
    /// Classifier: colour and type on a model or alone, colour of a garment alone, or the hue rule
    /// of one of the original notebooks
    #[arg(long, value_parser = one_of(Method::ALL), default_value_t = Method::Garment)]
    method: Method,
    /// Weights of the garment classifier, as `ai4fashion fit` writes them
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// Render an explanation of each name to DIR/NAME.png: outline of the garment, name of each
    /// pixel, fractions; the folder must be new or empty
    #[arg(long, value_name = "DIR")]
    explain: Option<PathBuf>,
    /// Look at one image at a time, and tell how long one takes on standard error
    #[arg(long)]
    time: bool,
    /// Print CSV instead of a table
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Print a line of JSON for each image instead of a table
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Exit code: 0 if every image could be read, 1 if some were skipped, 2 if none could be read.

Examples:
  ai4fashion classify shirt.jpg
  ai4fashion classify photos.zip --json
  ai4fashion classify photos/ --csv > colors.csv
  ai4fashion classify shirt.jpg --explain explained/
  ai4fashion classify photos/ --method color --time > /dev/null";

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let garment =
        values::garment_classifier(arguments.weights.as_deref(), arguments.method == Method::Garment)?;
    let mut images = Images::find(&arguments.paths);
    let mut skipped = std::mem::take(&mut images.skipped);
    let explained = match &arguments.explain {
        Some(folder) => {
            anyhow::ensure!(
                matches!(arguments.method, Method::Garment | Method::Color),
                "a hue rule has nothing to explain: omit --explain or --method"
            );
            Some(OutputFolder::begin(folder, "--explain", Earlier::Kept)?)
        }
        None => None,
    };
    let explanations = explained.as_ref().map_or_else(Vec::new, |folder| {
        explanations::paths(&folder.path(), images.paths())
    });
    let (bar, done) = (ImageBar::new("looking at"), AtomicUsize::new(0));
    bar.start(images.len());
    let namer = || Namer::new(arguments.method, garment.clone());
    let look = |namer: &mut Namer, index| {
        let named = look(namer, &images, index, explanations.get(index));
        bar.advance(done.fetch_add(1, Ordering::Relaxed) + 1);
        named
    };
    let named: anyhow::Result<Vec<Result<Named, String>>> = if arguments.time {
        let mut namer = namer();
        (0..images.len()).map(|index| look(&mut namer, index)).collect()
    } else {
        let indices = (0..images.len()).into_par_iter();
        indices.map_init(namer, look).collect()
    };
    let named = named?;
    drop(bar);
    let (mut rows, mut seconds) = (Vec::new(), Vec::new());
    for result in named {
        match result {
            Ok(named) => {
                rows.push(named.row);
                seconds.push(named.seconds);
            }
            Err(message) => skipped.push(message),
        }
    }
    skipped.iter().for_each(skips::skipped);
    anyhow::ensure!(!rows.is_empty(), "no image could be read");
    if let Some(folder) = explained {
        folder.finish("")?;
    }
    if arguments.csv {
        rows::print_csv(Out, &rows)?;
    } else if arguments.json {
        rows::print_json(Out, &rows)?;
    } else {
        rows::print_table(Out, &rows)?;
    }
    if let Some(seconds) = median(&mut seconds).filter(|_| arguments.time) {
        let microseconds = seconds * 1e6;
        remark(format_args!(
            "median time {microseconds:.0} us an image, without decoding"
        ));
    }
    Ok(Outcome::of_skips(skipped.len()))
}

/// A name, and how long it took without decoding.
struct Named {
    row: Row,
    seconds: f64,
}

/// Classifies an image, or tells why it cannot be read.
///
/// # Errors
/// If its explanation cannot be written, which is no fault of the image.
fn look(
    namer: &mut Namer,
    images: &Images,
    index: usize,
    explained: Option<&PathBuf>,
) -> anyhow::Result<Result<Named, String>> {
    let file = images.path(index);
    let image = match images.decode(index) {
        Ok(image) => image,
        Err(message) => return Ok(Err(message)),
    };
    let buffer = namer.buffer(image);
    let start = Instant::now();
    let answer = namer.name(&buffer, TypeHint::Unknown);
    let seconds = start.elapsed().as_secs_f64();
    if let Some(path) = explained {
        explanations::write(path, file, &namer.explain(&buffer), answer.garment.as_ref())?;
    }
    Ok(Ok(Named {
        row: Row::new(file, &answer),
        seconds,
    }))
}
