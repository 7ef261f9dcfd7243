//! Sets of images and features, from data sets, folders and `.npy` files.

use std::path::{Path, PathBuf};

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::{Dataset, Folder, Record, Split, layout::MANIFEST, source::Source as _};
use ai4fashion_files::chain;
use ai4fashion_garment::ProductType;
use ai4fashion_image::{Limits, center_crop, decode_file, image::RgbImage};
use ai4fashion_score::{Features, ImageSet, NpyArray, choose, read_npy};
use anyhow::{Context as _, bail, ensure};
use rayon::prelude::*;

use crate::generated_name;

/// The page of the first images that `generate` writes beside them.
const PAGE: &str = "grid.png";

/// Images or features.
#[derive(Debug)]
pub(super) enum Set {
    /// Images of one size.
    Images(ImageSet),
    /// Rows of numbers.
    Features(Features),
}

impl Set {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Images(images) => images.len(),
            Self::Features(features) => features.len(),
        }
    }

    pub(super) fn images(&self) -> anyhow::Result<&ImageSet> {
        match self {
            Self::Images(images) => Ok(images),
            Self::Features(_) => bail!("the held-out images are features, the others are not"),
        }
    }

    pub(super) fn features(&self) -> anyhow::Result<&Features> {
        match self {
            Self::Features(features) => Ok(features),
            Self::Images(_) => bail!("the held-out features are images, the others are not"),
        }
    }
}

/// Reads sets of images of one size, and collects what was skipped.
pub(super) struct SetReader {
    most: usize,
    /// Side that all images are cropped and scaled to, once it is known.
    size: Option<u32>,
    seed: u64,
    skipped: Vec<String>,
}

/// An image that is still to be read.
struct Planned {
    path: PathBuf,
    color: Option<BasicColor>,
    product_type: Option<ProductType>,
}

impl SetReader {
    /// Reads at most `most` images of a set, and scales them to `size`, or else to the size of the
    /// first image.
    pub(super) fn new(most: usize, size: Option<u32>, seed: u64) -> Self {
        Self {
            most,
            size,
            seed,
            skipped: Vec::new(),
        }
    }

    /// What could not be read.
    pub(super) fn skipped(&self) -> &[String] {
        &self.skipped
    }

    /// Reads a data set, a folder or a `.npy` file; of a data set the split, if one is given.
    pub(super) fn read(&mut self, path: &Path, split: Option<Split>) -> anyhow::Result<Set> {
        ensure!(path.exists(), "`{}` does not exist", path.display());
        if is_dataset(path) {
            let dataset = Dataset::open(path)?;
            let found = self.of_dataset(&dataset, |it| split.is_none_or(|split| it.split == split))?;
            let which = split.map(|split| format!(" of split {split}"));
            return found.with_context(|| {
                format!(
                    "there is no image{} in `{}`",
                    which.unwrap_or_default(),
                    path.display()
                )
            });
        }
        if let Some(split) = split {
            bail!("`{}` is not a data set: it has no split {split}", path.display());
        }
        if path.is_dir() {
            let planned = self.of_folder(path)?;
            return self.images(path, planned);
        }
        match read_npy(path)? {
            NpyArray::Features(features) => {
                let some = choose(features.len(), self.most, self.seed);
                Ok(Set::Features(features.select(&some)))
            }
            NpyArray::Images(images) => {
                let some = choose(images.len(), self.most, self.seed);
                let cropped = some.into_iter().map(|index| self.cropped(&images[index]));
                let cropped = cropped.collect::<anyhow::Result<Vec<RgbImage>>>()?;
                Ok(Set::Images(ImageSet::new(cropped)))
            }
        }
    }

    /// Reads the images of a data set whose records are wanted; `None` if there are none.
    pub(super) fn of_dataset(
        &mut self,
        dataset: &Dataset,
        is_wanted: impl Fn(&Record) -> bool,
    ) -> anyhow::Result<Option<Set>> {
        let records = dataset.records().iter().enumerate();
        let planned = records
            .filter(|(_, record)| is_wanted(record))
            .map(|(index, record)| Planned {
                path: dataset.path(index),
                color: Some(record.color),
                product_type: record.product_type,
            });
        let planned: Vec<Planned> = planned.collect();
        if planned.is_empty() {
            return Ok(None);
        }
        self.images(dataset.root(), planned).map(Some)
    }

    fn of_folder(&mut self, path: &Path) -> anyhow::Result<Vec<Planned>> {
        let plan = Folder::open(path)?.plan()?;
        let unreadable = plan.unreadable.into_iter().chain(plan.unreadable_folders);
        self.skipped.extend(unreadable.map(|rejected| rejected.message));
        let files = plan.images.into_iter().map(|entry| entry.path);
        let planned = files.filter_map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let (color, product_type) = generated_name::labels(&name);
            (name != PAGE).then_some(Planned {
                path,
                color,
                product_type,
            })
        });
        Ok(planned.collect())
    }

    /// Reads images on all cores.
    fn images(&mut self, path: &Path, planned: Vec<Planned>) -> anyhow::Result<Set> {
        let some = choose(planned.len(), self.most, self.seed);
        let Some(first) = some.first() else {
            bail!("there is no image in `{}`", path.display());
        };
        if self.size.is_none() {
            let first = read_image(&planned[*first].path);
            self.size = first.ok().map(|image| image.width().min(image.height()));
        }
        let size = self.size;
        let read = some.par_iter().map(|index| {
            let image = read_image(&planned[*index].path)?;
            let size = size.unwrap_or(image.width().min(image.height()));
            center_crop(&image, size).with_context(|| planned[*index].path.display().to_string())
        });
        let read: Vec<anyhow::Result<RgbImage>> = read.collect();
        let mut set = ImageSet::default();
        for (index, image) in some.iter().zip(read) {
            let it = &planned[*index];
            match image {
                Ok(image) => set.push(image, it.color, it.product_type),
                Err(error) => self.skipped.push(chain(&*error)),
            }
        }
        ensure!(!set.is_empty(), "no image in `{}` could be read", path.display());
        Ok(Set::Images(set))
    }

    /// Crops and scales an image to the size of all, which the first one decides on.
    pub(super) fn cropped(&mut self, image: &RgbImage) -> anyhow::Result<RgbImage> {
        let size = *self.size.get_or_insert(image.width().min(image.height()));
        Ok(center_crop(image, size)?)
    }
}

fn read_image(path: &Path) -> anyhow::Result<RgbImage> {
    Ok(decode_file(path, &Limits::default())?.into_rgb8())
}

/// Whether a folder is a data set.
pub(super) fn is_dataset(path: &Path) -> bool {
    path.join(MANIFEST).is_file()
}
