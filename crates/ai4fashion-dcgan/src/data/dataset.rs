//! A data set of `ai4fashion-dataset` as a source of training images.

use std::path::PathBuf;

use ai4fashion_dataset::Dataset;
use ai4fashion_files::sha256_hex;
use ai4fashion_image::{Limits, decode};
use image::RgbImage;

use crate::{
    data::{image_source::ImageSource, labels::Labels},
    error::Error,
};

/// A file that is not the one that the manifest lists.
#[derive(Debug, thiserror::Error)]
#[error("`{}` is not the image that the manifest lists", .0.display())]
struct ChangedFile(PathBuf);

impl ImageSource for Dataset {
    fn len(&self) -> usize {
        Dataset::len(self)
    }

    /// # Errors
    /// If its file cannot be read, or its hash differs from the manifest's: a run would be resumed
    /// with another image unnoticed.
    ///
    /// # Panics
    /// If `index` is not below the length.
    fn image(&self, index: usize) -> Result<RgbImage, Error> {
        let bytes = self.read_file(index).map_err(Error::image(index))?;
        if sha256_hex(&bytes) != self.records()[index].image_sha256 {
            return Err(Error::image(index)(Box::new(ChangedFile(self.path(index)))));
        }
        let decoded = decode(&bytes, &Limits::default()).map_err(Error::image(index))?;
        Ok(decoded.into_rgb8())
    }

    fn labels(&self, index: usize) -> Labels {
        let record = &self.records()[index];
        let known = Labels::default()
            .with_color(record.color)
            .with_split(record.split);
        record
            .product_type
            .map_or(known, |kind| known.with_product_type(kind))
    }

    fn fingerprint(&self) -> String {
        Dataset::fingerprint(self)
    }
}

#[cfg(test)]
mod tests {
    use ai4fashion_dataset::{Ingest, IngestOptions, SmallFashion};
    use ai4fashion_synthetic::Catalogue;

    use super::*;
    use crate::{data::cache::ImageCache, error::ErrorKind};

    #[test]
    fn file_that_was_changed_or_removed_is_named() {
        let temp = tempfile::tempdir().unwrap();
        let (photos, root) = (temp.path().join("photos"), temp.path().join("data"));
        Catalogue::new(1)
            .with_per_label(1)
            .write_small_fashion(&photos)
            .unwrap();
        let source = SmallFashion::open(photos).unwrap();
        let ingest = Ingest::new(IngestOptions::default()).unwrap();
        ingest.run(&[&source], &root, &()).unwrap();
        let dataset = Dataset::open(root).unwrap();
        assert_eq!(dataset.image(7).unwrap(), dataset.load(7).unwrap());

        let cache = |name: &str| {
            let path = temp.path().join(name);
            ImageCache::open_or_build(&dataset, 8, path, &|_, _| {}).map(|_| ())
        };
        let cause = |error: &Error| std::error::Error::source(error).unwrap().to_string();
        cache("before.bin").unwrap();
        let name = dataset.path(7).file_name().unwrap().display().to_string();
        std::fs::copy(dataset.path(8), dataset.path(7)).unwrap();
        for error in [dataset.image(7).unwrap_err(), cache("after.bin").unwrap_err()] {
            assert!(
                matches!(error.kind(), ErrorKind::Image { index: 7, .. }),
                "{error}"
            );
            assert!(cause(&error).contains(&name), "{}", cause(&error));
        }
        // The cached images are still those of the manifest.
        cache("before.bin").unwrap();
        std::fs::remove_file(dataset.path(7)).unwrap();
        let error = dataset.image(7).unwrap_err();
        assert!(cause(&error).contains(&name), "{}", cause(&error));
    }
}
