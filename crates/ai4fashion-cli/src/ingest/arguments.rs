//! Arguments of `ai4fashion ingest`.

use std::path::PathBuf;

use ai4fashion_dataset::{
    IngestOptions,
    ingest::{Dedup, Filter, IdList, LabelMethod, SplitOptions},
};
use clap::{Args, value_parser};

use super::sources::SourceArguments;
use crate::values::{garment_classifier, one_of};

/// Turns folders of fashion photos into one colour-labelled data set.
///
/// It can be stopped at any moment; the same command resumes it. To a data set that exists already
/// it adds what is new.
#[derive(Debug, Args)]
#[command(allow_missing_positional = true, allow_negative_numbers = true, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(super) sources: SourceArguments,
    /// Folder of the data set, new or to be added to
    #[arg(long, value_name = "DATASET")]
    pub(super) out: PathBuf,
    #[command(flatten)]
    pub(super) options: OptionArguments,
    /// Say what would be done, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Print one line of JSON instead of words
    #[arg(long)]
    pub(super) json: bool,
    /// Show no progress
    #[arg(long)]
    pub(super) quiet: bool,
}

const EXAMPLES: &str = "\
Exit code: 0 if every image and row could be used, 1 if some were skipped or a table fits few images, 2 if it failed or was stopped.

Examples:
  ai4fashion ingest photos/ --out dataset
  ai4fashion ingest small-fashion archive.zip --out dataset --filter typed --dry-run
  ai4fashion ingest lookbook shop/ --source folder=more/ --types types.csv --out dataset
  find photos -name '*.jpg' | ai4fashion ingest list - --out dataset";

/// What is done with the images.
#[derive(Debug, Args)]
pub(super) struct OptionArguments {
    /// Images to take: all, those that the source calls apparel, those with a known product type,
    /// or those that show a garment alone
    #[arg(long, value_parser = one_of(Filter::ALL), default_value_t = Filter::All)]
    filter: Filter,
    /// What labels the images: garment names the colour on a model or alone and suggests a type
    /// where the source has none; color names the colour of garments alone
    #[arg(long, value_parser = one_of(LabelMethod::ALL), default_value_t = LabelMethod::Garment)]
    labels: LabelMethod,
    /// Weights of the garment classifier, as `ai4fashion fit` writes them
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// Only the images that this file names, one a line: file names, with or without extension, or
    /// paths
    #[arg(long, value_name = "FILE")]
    select: Option<PathBuf>,
    /// Not the images that this file names
    #[arg(long, value_name = "FILE")]
    exclude: Option<PathBuf>,
    /// Side length of the images in pixels, 16 to 4096
    #[arg(
        long,
        alias = "size",
        value_name = "PIXELS",
        default_value_t = IngestOptions::default().image_size,
        value_parser = value_parser!(u32).range(16..=4096)
    )]
    image_size: u32,
    /// Colour of the bars beside an image that is not square: red,green,blue, each 0 to 255
    #[arg(long, value_name = "RGB", default_value = "255,255,255", value_parser = rgb)]
    pad_color: [u8; 3],
    /// JPEG quality, 1 to 100
    #[arg(
        long,
        value_name = "QUALITY",
        default_value_t = IngestOptions::default().jpeg_quality,
        value_parser = value_parser!(u8).range(1..=100)
    )]
    jpeg_quality: u8,
    /// Images are near duplicates if at most this many of the 256 bits of their perceptual hashes
    /// differ
    #[arg(
        long,
        value_name = "BITS",
        default_value_t = IngestOptions::default().max_hash_distance.unwrap_or_default(),
        value_parser = value_parser!(u16).range(0..=256)
    )]
    max_hash_distance: u16,
    /// Only images with equal pixels are duplicates
    #[arg(long, conflicts_with = "max_hash_distance")]
    exact_duplicates_only: bool,
    /// What to do with duplicates: take all and list them in the manifest, or take only the first
    #[arg(long, value_parser = one_of(Dedup::ALL), default_value_t = Dedup::Report)]
    dedup: Dedup,
    /// Percentage of images for validation; duplicates stay together
    #[arg(long, value_name = "PERCENT", default_value_t = 10, value_parser = value_parser!(u8).range(0..=100))]
    validation: u8,
    /// Percentage of images for the test
    #[arg(long, value_name = "PERCENT", default_value_t = 10, value_parser = value_parser!(u8).range(0..=100))]
    test: u8,
    /// Seed of the split
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    split_seed: u64,
    /// Stop when more images and rows than this cannot be used
    #[arg(long, value_name = "N")]
    max_skips: Option<usize>,
    /// Write the data set anew
    #[arg(long)]
    overwrite: bool,
}

impl OptionArguments {
    /// The options that the arguments stand for.
    ///
    /// # Errors
    /// If a list or the weights cannot be read.
    pub(super) fn options(&self) -> anyhow::Result<IngestOptions> {
        let list = |path: &Option<PathBuf>| path.as_ref().map(IdList::open).transpose();
        let split = SplitOptions::default()
            .with_seed(self.split_seed)
            .with_percent(self.validation, self.test);
        let is_used = self.labels == LabelMethod::Garment || self.filter == Filter::GarmentOnly;
        let garment = garment_classifier(self.weights.as_deref(), is_used)?;
        Ok(IngestOptions::default()
            .with_image_size(self.image_size)
            .with_pad_color(self.pad_color)
            .with_jpeg_quality(self.jpeg_quality)
            .with_filter(self.filter)
            .with_labels(self.labels)
            .with_garment_classifier(garment)
            .with_select(list(&self.select)?)
            .with_exclude(list(&self.exclude)?)
            .with_max_hash_distance((!self.exact_duplicates_only).then_some(self.max_hash_distance))
            .with_dedup(self.dedup)
            .with_split(split)
            .with_max_rejected(self.max_skips)
            .with_overwrite(self.overwrite))
    }
}

fn rgb(text: &str) -> Result<[u8; 3], String> {
    let channels: Vec<u8> = text
        .split(',')
        .map(|channel| channel.trim().parse::<u8>())
        .collect::<Result<Vec<u8>, _>>()
        .unwrap_or_default();
    channels
        .try_into()
        .map_err(|_| "expected three numbers from 0 to 255, for example 255,255,255".to_owned())
}
