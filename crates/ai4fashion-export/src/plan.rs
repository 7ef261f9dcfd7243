//! Which images are written, and to which shard.

use ai4fashion_dataset::{Dataset, Record, Split, ingest::Progress};
use ai4fashion_files::{machine::is_of_machine, sha256_hex};
use rayon::prelude::*;

use crate::{
    error::{Error, ErrorKind},
    format::Format,
    options::ExportOptions,
    report::LeftOut,
};

/// The images of one shard, or of one split of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    pub(crate) split: Split,
    /// The number among the shards of the split, from 0.
    pub(crate) number: usize,
    /// Shards of the split.
    pub(crate) of: usize,
    /// Indices of the images in the data set.
    pub(crate) images: Vec<usize>,
    /// Bytes of these images.
    pub(crate) bytes: u64,
}

impl Shard {
    /// The file, below the export's folder; a folder for [`Format::ImageFolder`].
    pub(crate) fn path(&self, format: Format) -> String {
        let Self {
            split, number, of, ..
        } = self;
        match format {
            Format::Parquet => format!("data/{split}-{number:05}-of-{of:05}.parquet"),
            Format::WebDataset => format!("{split}-{number:06}.tar"),
            Format::ImageFolder => split.to_string(),
        }
    }
}

/// The shards of an export.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) shards: Vec<Shard>,
    pub(crate) left_out: Vec<LeftOut>,
}

impl Plan {
    /// Reads every image, and assigns those that are what the manifest says to shards, in its
    /// order.
    pub(crate) fn new(
        dataset: &Dataset,
        options: &ExportOptions,
        progress: &dyn Progress,
    ) -> Result<Self, Error> {
        let sizes = (0..dataset.len()).into_par_iter().map(|index| {
            if progress.should_stop() {
                let (done, total) = (0, dataset.len());
                return Err(ErrorKind::Stopped { done, total }.into());
            }
            size(dataset, index)
        });
        let sizes: Vec<Result<u64, String>> = sizes.collect::<Result<_, Error>>()?;
        let mut left_out = Vec::new();
        for (record, size) in dataset.records().iter().zip(&sizes) {
            if let Err(reason) = size {
                let (file, reason) = (record.file.clone(), reason.clone());
                left_out.push(LeftOut { file, reason });
            }
        }
        let shards: Vec<Shard> = Split::ALL
            .into_iter()
            .flat_map(|split| shards_of(split, dataset, &sizes, options))
            .collect();
        if shards.is_empty() {
            return Err(ErrorKind::Nothing {
                images: dataset.len(),
                left_out: left_out.len(),
                first: left_out.first().map(ToString::to_string),
            }
            .into());
        }
        Ok(Self { shards, left_out })
    }

    /// Images that are written.
    pub(crate) fn images(&self) -> usize {
        self.shards.iter().map(|shard| shard.images.len()).sum()
    }

    /// Bytes of the images that are written, for each of [`splits`](Self::splits).
    pub(crate) fn split_bytes(&self) -> Vec<u64> {
        let of = |split| {
            let of_split = self.shards.iter().filter(move |shard| shard.split == split);
            of_split.map(|shard| shard.bytes).sum()
        };
        self.splits().into_iter().map(|(split, _)| of(split)).collect()
    }

    /// Images of each split that has any.
    pub(crate) fn splits(&self) -> Vec<(Split, usize)> {
        let count = |split| {
            let of_split = self.shards.iter().filter(|shard| shard.split == split);
            (split, of_split.map(|shard| shard.images.len()).sum())
        };
        let all = Split::ALL.into_iter().map(count);
        all.filter(|(_, images)| *images > 0).collect()
    }
}

/// The length of an image's file, or why it is not the image of the manifest.
///
/// # Errors
/// If it is not the image's fault that it cannot be read.
fn size(dataset: &Dataset, index: usize) -> Result<Result<u64, String>, Error> {
    let bytes = match dataset.read_file(index) {
        Ok(bytes) => bytes,
        Err(error) if is_of_machine(&error) => return Err(error.into()),
        Err(error) => return Ok(Err(ai4fashion_files::chain(&error))),
    };
    if !is_unchanged(&dataset.records()[index], &bytes) {
        let reason = "it was changed: its bytes are not those of the manifest";
        return Ok(Err(reason.to_owned()));
    }
    Ok(Ok(bytes.len() as u64))
}

/// Whether the bytes of an image's file are those of the manifest.
pub(crate) fn is_unchanged(record: &Record, bytes: &[u8]) -> bool {
    sha256_hex(bytes) == record.image_sha256
}

fn shards_of(
    split: Split,
    dataset: &Dataset,
    sizes: &[Result<u64, String>],
    options: &ExportOptions,
) -> Vec<Shard> {
    let limit = match options.format {
        Format::ImageFolder => u64::MAX,
        Format::Parquet | Format::WebDataset => options.shard_bytes,
    };
    let mut shards: Vec<(Vec<usize>, u64)> = Vec::new();
    for (index, record) in dataset.records().iter().enumerate() {
        let Ok(size) = &sizes[index] else { continue };
        if record.split != split {
            continue;
        }
        match shards.last_mut() {
            Some((images, bytes)) if bytes.saturating_add(*size) <= limit => {
                images.push(index);
                *bytes += size;
            }
            _ => shards.push((vec![index], *size)),
        }
    }
    let of = shards.len();
    let numbered = shards.into_iter().enumerate();
    numbered
        .map(|(number, (images, bytes))| Shard {
            split,
            number,
            of,
            images,
            bytes,
        })
        .collect()
}
