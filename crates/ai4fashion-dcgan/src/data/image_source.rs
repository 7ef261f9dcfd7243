//! Where pictures come from.

use std::sync::Arc;

use ai4fashion_dataset::{Dataset, Limits, decode, sha256};
use image::RgbImage;

use crate::{
    data::labels::Labels,
    error::{Error, ErrorKind},
};

/// Where a trainer takes its pictures from, by their place.
pub trait PictureSource: Sync {
    /// How many there are.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The picture at `index`, of any size.
    ///
    /// # Errors
    /// If it cannot be read.
    ///
    /// # Panics
    /// If `index` is not below the length; a source may also return an error.
    fn picture(&self, index: usize) -> Result<RgbImage, Error>;

    /// What is known of the picture at `index`; nothing, unless the source says more.
    ///
    /// # Panics
    /// If `index` is not below the length; a source may also say nothing.
    fn labels(&self, index: usize) -> Labels {
        let _ = index;
        Labels::default()
    }

    /// A text that is another one for other pictures, so that a run is not taken up on another data set. Unless the source
    /// says more it only tells how many there are.
    fn fingerprint(&self) -> String {
        format!("{} pictures", self.len())
    }
}

impl PictureSource for Dataset {
    fn len(&self) -> usize {
        Dataset::len(self)
    }

    /// # Errors
    /// If its file cannot be read, or is not the one that was written, by the hash in the manifest: a run would be taken
    /// up with another picture, unseen.
    ///
    /// # Panics
    /// If `index` is not below the length.
    fn picture(&self, index: usize) -> Result<RgbImage, Error> {
        let unusable = |source| ErrorKind::Picture { index, source };
        let bytes = self.read_file(index).map_err(unusable)?;
        if sha256(&bytes) != self.records()[index].image_sha256 {
            let path = self.path(index);
            return Err(ErrorKind::OtherPicture { path }.into());
        }
        let decoded = decode(&bytes, &Limits::default()).map_err(unusable)?;
        Ok(decoded.into_rgb())
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

impl PictureSource for [RgbImage] {
    fn len(&self) -> usize {
        <[RgbImage]>::len(self)
    }

    /// # Panics
    /// If `index` is not below the length.
    fn picture(&self, index: usize) -> Result<RgbImage, Error> {
        Ok(self[index].clone())
    }

    /// The SHA-256 of sizes and pixels.
    fn fingerprint(&self) -> String {
        let hashes: String = self
            .iter()
            .map(|picture| format!("{:?} {}\n", picture.dimensions(), sha256(picture.as_raw())))
            .collect();
        sha256(hashes.as_bytes())
    }
}

/// A source behind a pointer is one too.
macro_rules! behind {
    ($pointer:ty $(, $needed:path)?) => {
        impl<S: PictureSource $(+ $needed)? + ?Sized> PictureSource for $pointer {
            fn len(&self) -> usize {
                S::len(self)
            }

            fn is_empty(&self) -> bool {
                S::is_empty(self)
            }

            fn picture(&self, index: usize) -> Result<RgbImage, Error> {
                S::picture(self, index)
            }

            fn labels(&self, index: usize) -> Labels {
                S::labels(self, index)
            }

            fn fingerprint(&self) -> String {
                S::fingerprint(self)
            }
        }
    };
}

behind!(&S);
behind!(Box<S>);
behind!(Arc<S>, Send);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{device, on_each_device};

    fn gradient(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| {
            image::Rgb([x as u8 * 10, y as u8 * 10, 255])
        })
    }

    #[test]
    fn picture_file_that_was_changed_or_removed_is_named() {
        use ai4fashion_dataset::{Ingest, IngestOptions, SmallFashion, synthetic::Catalogue};
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
        assert_eq!(dataset.picture(7).unwrap(), dataset.load(7).unwrap());

        let cache = |name: &str| {
            let path = temp.path().join(name);
            crate::data::cache::PictureCache::open_or_build(&dataset, 8, path, &()).map(|_| ())
        };
        cache("before.bin").unwrap();
        let name = dataset.path(7).file_name().unwrap().display().to_string();
        std::fs::copy(dataset.path(8), dataset.path(7)).unwrap();
        for error in [dataset.picture(7).unwrap_err(), cache("after.bin").unwrap_err()] {
            assert!(matches!(error.kind(), ErrorKind::OtherPicture { .. }), "{error}");
            assert!(error.to_string().contains(&name), "{error}");
        }
        // What was decoded before is still what the manifest tells of.
        cache("before.bin").unwrap();
        std::fs::remove_file(dataset.path(7)).unwrap();
        let error = dataset.picture(7).unwrap_err();
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.contains(&name), "{source}");
    }

    #[test]
    fn source_behind_a_pointer_tells_the_same() {
        struct One;
        impl PictureSource for One {
            fn len(&self) -> usize {
                1
            }
            fn picture(&self, index: usize) -> Result<RgbImage, Error> {
                Ok(gradient(3 + index as u32, 5))
            }
            fn labels(&self, _: usize) -> Labels {
                Labels::default().with_color(ai4fashion_dataset::BasicColor::Red)
            }
            fn fingerprint(&self) -> String {
                "one".to_owned()
            }
        }
        fn told(source: impl PictureSource) -> (usize, bool, RgbImage, Labels, String) {
            let (len, is_empty) = (source.len(), source.is_empty());
            let picture = source.picture(0).unwrap();
            (len, is_empty, picture, source.labels(0), source.fingerprint())
        }
        let expected = told(One);
        assert_eq!(told(&One), expected);
        assert_eq!(told(Box::new(One) as Box<dyn PictureSource>), expected);
        assert_eq!(told(Arc::new(One) as Arc<dyn PictureSource + Send>), expected);
        let pictures: Arc<[RgbImage]> = Arc::new([gradient(4, 4)]);
        assert_eq!(told(pictures).0, 1);
    }

    #[test]
    fn fingerprint_is_another_one_for_other_pictures() {
        let pictures = [gradient(4, 4), gradient(5, 4)];
        let mut others = pictures.clone();
        assert_eq!(pictures[..].fingerprint(), others[..].fingerprint());
        others[1].put_pixel(0, 0, image::Rgb([1, 2, 3]));
        assert_ne!(pictures[..].fingerprint(), others[..].fingerprint());
        assert_ne!(pictures[..].fingerprint(), pictures[..1].fingerprint());
    }
}
