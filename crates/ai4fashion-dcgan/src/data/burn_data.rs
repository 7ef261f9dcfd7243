//! Burn's data sets as our pictures, and ours as Burn's.

use std::{fmt, marker::PhantomData};

use ai4fashion_dataset::sha256;
use burn_dataset::{Dataset, DatasetError};
use image::RgbImage;

use crate::{
    data::{image_source::PictureSource, labels::Labels},
    error::Error,
};

/// An item of a data set of Burn: a picture, and what is known of it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LabeledPicture {
    /// The picture, of any size.
    pub picture: RgbImage,
    /// Its labels.
    pub labels: Labels,
}

impl LabeledPicture {
    /// A picture with labels.
    #[must_use]
    pub fn new(picture: RgbImage, labels: Labels) -> Self {
        Self { picture, labels }
    }
}

/// Nothing is known of it.
impl From<RgbImage> for LabeledPicture {
    fn from(picture: RgbImage) -> Self {
        Self::new(picture, Labels::default())
    }
}

/// The pictures of a source, e.g. of a [`Dataset`](ai4fashion_dataset::Dataset) of `ai4fashion-dataset`, as Burn's
/// [`Dataset`]; its transforms and loaders take it.
///
/// ```
/// use ai4fashion_dcgan::{AsBurn, LabeledPicture, burn_dataset::{Dataset, transform::{Mapper, MapperDataset}}};
/// # use ai4fashion_dcgan::dataset::{Ingest, IngestOptions, SmallFashion, synthetic::Catalogue};
/// # let temp = tempfile::tempdir()?;
/// # let (photos, path) = (temp.path().join("photos"), temp.path().join("data"));
/// # Catalogue::new(1).with_per_label(1).write_small_fashion(&photos)?;
/// # Ingest::new(IngestOptions::default())?.run(&[&SmallFashion::open(photos)?], &path, &())?;
///
/// struct Width;
///
/// impl Mapper<LabeledPicture, u32> for Width {
///     fn map(&self, item: &LabeledPicture) -> u32 {
///         item.picture.width()
///     }
/// }
///
/// let pictures = AsBurn::new(ai4fashion_dcgan::dataset::Dataset::open(path)?);
/// let widths = MapperDataset::new(pictures, Width);
/// assert_eq!((widths.len(), widths.get(0)?), (132, 256));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct AsBurn<S>(S);

impl<S: PictureSource> AsBurn<S> {
    /// The pictures of `source`.
    #[must_use]
    pub fn new(source: S) -> Self {
        Self(source)
    }
}

impl<S: PictureSource + Send> Dataset<LabeledPicture> for AsBurn<S> {
    fn get(&self, index: usize) -> Result<LabeledPicture, DatasetError> {
        let picture = self.0.picture(index).map_err(DatasetError::new)?;
        Ok(LabeledPicture::new(picture, self.0.labels(index)))
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

/// A data set of Burn as pictures to train on. Its items are pictures, or become [`LabeledPicture`]s; Burn's own
/// transforms make them of others.
///
/// ```
/// use ai4fashion_dcgan::{
///     DcganConfig, FromBurn, Trainer, burn::tensor::Device, burn_dataset::InMemDataset, image::{Rgb, RgbImage},
/// };
///
/// let pictures = (0..8).map(|i| RgbImage::from_pixel(8, 8, Rgb([i * 30, 80, 200])));
/// let pictures = FromBurn::new(InMemDataset::new(pictures.collect()))?;
/// let config = DcganConfig::tutorial().with_image_size(8).with_ngf(4).with_ndf(4).with_epochs(1);
/// Trainer::new(config, Device::flex())?.fit(&pictures, &mut [])?;
/// # Ok::<(), ai4fashion_dcgan::Error>(())
/// ```
pub struct FromBurn<D, I> {
    dataset: D,
    labels: Vec<Labels>,
    fingerprint: String,
    item: PhantomData<fn() -> I>,
}

impl<D: Dataset<I>, I: Into<LabeledPicture>> FromBurn<D, I> {
    /// Reads every item once, for its labels and for the fingerprint that tells a run whether it goes on with the same
    /// pictures. A [`PictureCache`](crate::PictureCache) around it keeps them from being made again in each epoch.
    ///
    /// # Errors
    /// [`ErrorKind::Other`](crate::ErrorKind::Other) with the error of the first item that cannot be read.
    pub fn new(dataset: D) -> Result<Self, Error> {
        let (mut labels, mut hashes) = (Vec::new(), String::new());
        for index in 0..dataset.len() {
            let item: LabeledPicture = dataset.get(index).map_err(Error::other)?.into();
            let (size, pixels) = (item.picture.dimensions(), sha256(item.picture.as_raw()));
            hashes.push_str(&format!("{size:?} {pixels} {:?}\n", item.labels));
            labels.push(item.labels);
        }
        Ok(Self {
            dataset,
            labels,
            fingerprint: sha256(hashes.as_bytes()),
            item: PhantomData,
        })
    }
}

impl<D: Dataset<I>, I: Into<LabeledPicture>> PictureSource for FromBurn<D, I> {
    fn len(&self) -> usize {
        self.labels.len()
    }

    fn picture(&self, index: usize) -> Result<RgbImage, Error> {
        Ok(self.dataset.get(index).map_err(Error::other)?.into().picture)
    }

    fn labels(&self, index: usize) -> Labels {
        self.labels[index]
    }

    fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }
}

impl<D, I> fmt::Debug for FromBurn<D, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromBurn")
            .field("pictures", &self.labels.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use ai4fashion_dataset::BasicColor;
    use burn_dataset::InMemDataset;

    use super::*;
    use crate::error::ErrorKind;

    fn item(level: u8) -> LabeledPicture {
        let picture = RgbImage::from_pixel(4, 4, image::Rgb([level; 3]));
        LabeledPicture::new(picture, Labels::default().with_color(BasicColor::Grey))
    }

    #[test]
    fn there_and_back_is_the_same_pictures_and_labels() {
        let items = vec![item(1), item(2)];
        let ours = FromBurn::new(InMemDataset::new(items.clone())).unwrap();
        let burns = AsBurn::new(ours);
        let back: Vec<LabeledPicture> = (0..burns.len()).map(|index| burns.get(index).unwrap()).collect();
        assert_eq!(back, items);
    }

    #[test]
    fn fingerprint_is_another_one_for_other_pictures_or_labels() {
        let of = |items: Vec<LabeledPicture>| FromBurn::new(InMemDataset::new(items)).unwrap().fingerprint();
        let first = of(vec![item(1), item(2)]);
        assert_eq!(first, of(vec![item(1), item(2)]));
        assert_ne!(first, of(vec![item(1), item(3)]));
        assert_ne!(first, of(vec![item(1), item(2).picture.into()]));
    }

    #[test]
    fn item_that_cannot_be_read_is_an_error_of_the_data_set() {
        struct Broken;
        impl Dataset<RgbImage> for Broken {
            fn get(&self, _: usize) -> Result<RgbImage, DatasetError> {
                Err(DatasetError::new(std::io::Error::other("no such disk")))
            }
            fn len(&self) -> usize {
                1
            }
        }
        let error = FromBurn::new(Broken).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Other(_)), "{error:?}");
        assert_eq!(error.to_string(), "no such disk");
    }
}
