//! Settings of an ingestion as options of a program.

use std::path::PathBuf;

use ai4fashion_dataset::{
    DEFAULT_NEAR, DEFAULT_QUALITY, DEFAULT_SIZE, Dedup, Error, IdList, IngestOptions, Keep, Source,
    SourceKind, SplitOptions, TypeTable,
};
use anyhow::{anyhow, bail};
use clap::{Args, ValueEnum, value_parser};

use crate::sources::KindName;

/// Where pictures come from.
#[derive(Debug, Args)]
pub struct SourceArgs {
    /// The kind of source
    pub kind: KindName,
    /// Its folder or .zip; for a list its file, or - for standard input
    pub dir: PathBuf,
    /// Another source for the same data set, as often as you like
    #[arg(long, num_args = 2, value_names = ["KIND", "DIR"])]
    pub and: Vec<String>,
    /// Product types for the sources lookbook, folder and list: a CSV table with the columns stem and type
    #[arg(long)]
    pub types: Option<PathBuf>,
}

impl SourceArgs {
    /// Opens the sources, in their order.
    ///
    /// # Errors
    /// If one of them cannot be opened, or types are given that none takes.
    pub fn open(&self) -> anyhow::Result<Vec<Box<dyn Source>>> {
        let mut named = vec![(self.kind, self.dir.clone())];
        for pair in self.and.chunks_exact(2) {
            let kind = KindName::from_str(&pair[0], true);
            let legal = KindName::legal();
            let kind = kind.map_err(|_| anyhow!("`{}` is no kind of source; legal are {legal}", pair[0]))?;
            named.push((kind, PathBuf::from(&pair[1])));
        }
        let kinds: Vec<(SourceKind, PathBuf)> = named
            .into_iter()
            .map(|(kind, dir)| Ok((kind.of(&dir)?, dir)))
            .collect::<Result<_, Error>>()?;
        let types = match &self.types {
            Some(_) if !kinds.iter().any(|(kind, _)| kind.takes_types()) => {
                bail!("--types goes with lookbook, folder and list; small-fashion has its own types")
            }
            Some(path) => TypeTable::open(path)?,
            None => TypeTable::default(),
        };
        let sources = kinds.iter().map(|(kind, dir)| kind.open(dir, &types));
        Ok(sources.collect::<Result<_, Error>>()?)
    }
}

/// What is done with the pictures.
#[derive(Debug, Args)]
pub struct OptionArgs {
    /// Which pictures to keep
    #[arg(long, value_enum, default_value_t = KeepName::All)]
    keep: KeepName,
    /// Only the pictures that this file names, one a line: file names without extension (ids), or paths below the source
    #[arg(long, value_name = "FILE")]
    select: Option<PathBuf>,
    /// Not the pictures that this file names
    #[arg(long, value_name = "FILE")]
    exclude: Option<PathBuf>,
    /// Side length of the pictures in pixels, 16 to 4096
    #[arg(long, default_value_t = DEFAULT_SIZE, value_parser = value_parser!(u32).range(16..=4096))]
    size: u32,
    /// Colour of the bars beside what is not square: red,green,blue, each 0 to 255
    #[arg(long, default_value = "255,255,255", value_parser = rgb)]
    fill: [u8; 3],
    /// JPEG quality, 1 to 100
    #[arg(long, default_value_t = DEFAULT_QUALITY, value_parser = value_parser!(u8).range(1..=100))]
    quality: u8,
    /// Pictures count as the same that look alike: how many of 256 bits may be others
    #[arg(long, value_name = "BITS", default_value_t = DEFAULT_NEAR, value_parser = value_parser!(u16).range(0..=256))]
    near: u16,
    /// Only pictures with equal pixels count as the same
    #[arg(long, conflicts_with = "near")]
    exact: bool,
    /// What to do with those that show the same
    #[arg(long, value_enum, default_value_t = DedupName::Report)]
    dedup: DedupName,
    /// Of a hundred pictures, about how many are for validation and for the test; equal pictures stay together
    #[arg(long, num_args = 2, value_names = ["VALIDATION", "TEST"], default_values_t = [10, 10], value_parser = value_parser!(u8).range(0..=100))]
    split: Vec<u8>,
    /// Another number parts them in another way
    #[arg(long, default_value_t = 0)]
    split_seed: u64,
    /// End when more pictures and rows than this cannot be used
    #[arg(long, value_name = "N")]
    max_skips: Option<usize>,
    /// Make anew what is at OUT
    #[arg(long)]
    overwrite: bool,
}

impl OptionArgs {
    /// The options that they stand for.
    ///
    /// # Errors
    /// If a list cannot be read.
    pub fn options(&self) -> Result<IngestOptions, Error> {
        let list = |path: &Option<PathBuf>| path.as_ref().map(IdList::open).transpose();
        let split = SplitOptions::default()
            .with_seed(self.split_seed)
            .with_percent(self.split[0], self.split[1]);
        Ok(IngestOptions::default()
            .with_size(self.size)
            .with_fill(self.fill)
            .with_quality(self.quality)
            .with_keep(self.keep.into())
            .with_select(list(&self.select)?)
            .with_exclude(list(&self.exclude)?)
            .with_near((!self.exact).then_some(self.near))
            .with_dedup(self.dedup.into())
            .with_split(split)
            .with_max_skips(self.max_skips)
            .with_overwrite(self.overwrite))
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum KeepName {
    /// All pictures
    All,
    /// Those that the source says are clothing
    Apparel,
    /// Those whose product type is known
    Typed,
    /// Those that show a garment alone, by what they show
    GarmentOnly,
}

impl From<KeepName> for Keep {
    fn from(name: KeepName) -> Self {
        match name {
            KeepName::All => Self::All,
            KeepName::Apparel => Self::Apparel,
            KeepName::Typed => Self::Typed,
            KeepName::GarmentOnly => Self::GarmentOnly,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DedupName {
    /// Take all, and say in the manifest which belong together
    Report,
    /// Take the first, leave the others out
    KeepFirst,
}

impl From<DedupName> for Dedup {
    fn from(name: DedupName) -> Self {
        match name {
            DedupName::Report => Self::Report,
            DedupName::KeepFirst => Self::KeepFirst,
        }
    }
}

fn rgb(text: &str) -> Result<[u8; 3], String> {
    let parts: Vec<u8> = text
        .split(',')
        .map(|part| part.trim().parse())
        .collect::<Result<_, _>>()
        .unwrap_or_default();
    parts
        .try_into()
        .map_err(|_| "legal are three numbers from 0 to 255, e.g. 255,255,255".to_owned())
}
