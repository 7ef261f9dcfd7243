//! Burn's data sets as image sources, and image sources as Burn's data sets.

use std::{fmt, marker::PhantomData};

use ai4fashion_files::sha256_hex;
use burn_dataset::{Dataset, DatasetError};
use image::RgbImage;

use crate::{
    data::{image_source::ImageSource, labels::Labels},
    error::Error,
};

/// An item of a data set of Burn: an image and its labels.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LabeledImage {
    /// The image, of any size.
    pub image: RgbImage,
    /// The labels.
    pub labels: Labels,
}

impl LabeledImage {
    /// Joins an image and its labels.
    #[must_use]
    pub fn new(image: RgbImage, labels: Labels) -> Self {
        Self { image, labels }
    }
}

/// An image without labels.
impl From<RgbImage> for LabeledImage {
    fn from(image: RgbImage) -> Self {
        Self::new(image, Labels::default())
    }
}

/// An image source as a [`Dataset`] of Burn, for its transforms and loaders.
///
/// ```
/// use ai4fashion_dcgan::{data::{IntoBurnDataset, LabeledImage}, image::RgbImage};
/// use burn_dataset::{Dataset, transform::{Mapper, MapperDataset}};
///
/// struct Width;
///
/// impl Mapper<LabeledImage, u32> for Width {
///     fn map(&self, item: &LabeledImage) -> u32 {
///         item.image.width()
///     }
/// }
///
/// let images = [RgbImage::new(3, 5), RgbImage::new(4, 5)];
/// let widths = MapperDataset::new(IntoBurnDataset::new(&images), Width);
/// assert_eq!((widths.len(), widths.get(1)?), (2, 4));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct IntoBurnDataset<S>(S);

impl<S: ImageSource> IntoBurnDataset<S> {
    /// Wraps an image source.
    #[must_use]
    pub fn new(source: S) -> Self {
        Self(source)
    }
}

impl<S: ImageSource + Send> Dataset<LabeledImage> for IntoBurnDataset<S> {
    fn get(&self, index: usize) -> Result<LabeledImage, DatasetError> {
        let image = self.0.image(index).map_err(DatasetError::new)?;
        Ok(LabeledImage::new(image, self.0.labels(index)))
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

/// A [`Dataset`] of Burn as an image source.
///
/// Its items are images or become [`LabeledImage`]s; Burn's own transforms convert others.
///
/// ```
/// use ai4fashion_dcgan::{
///     DcganConfig, Trainer, cpu, data::FromBurnDataset, image::{Rgb, RgbImage},
/// };
/// use burn_dataset::InMemDataset;
///
/// let images = (0..8).map(|i| RgbImage::from_pixel(8, 8, Rgb([i * 30, 80, 200])));
/// let images = FromBurnDataset::new(InMemDataset::new(images.collect()))?;
/// let config = DcganConfig::tutorial().with_image_size(8).with_ngf(4).with_ndf(4).with_epochs(1);
/// Trainer::new(config, cpu())?.fit(&images, &mut [])?;
/// # Ok::<(), ai4fashion_dcgan::Error>(())
/// ```
pub struct FromBurnDataset<D, I> {
    dataset: D,
    labels: Vec<Labels>,
    fingerprint: String,
    item: PhantomData<fn() -> I>,
}

impl<D: Dataset<I>, I: Into<LabeledImage>> FromBurnDataset<D, I> {
    /// Reads every item once, for its labels and for the fingerprint.
    ///
    /// An [`ImageCache`](crate::data::ImageCache) around the source keeps items from being made
    /// again in each epoch.
    ///
    /// # Errors
    /// [`ErrorKind::Other`](crate::ErrorKind::Other) with the error of the first item that cannot
    /// be read.
    pub fn new(dataset: D) -> Result<Self, Error> {
        let (mut labels, mut hashes) = (Vec::new(), String::new());
        for index in 0..dataset.len() {
            let item: LabeledImage = dataset.get(index).map_err(Error::other)?.into();
            let (size, pixels) = (item.image.dimensions(), sha256_hex(item.image.as_raw()));
            hashes.push_str(&format!("{size:?} {pixels} {:?}\n", item.labels));
            labels.push(item.labels);
        }
        Ok(Self {
            dataset,
            labels,
            fingerprint: sha256_hex(hashes.as_bytes()),
            item: PhantomData,
        })
    }
}

impl<D: Dataset<I>, I: Into<LabeledImage>> ImageSource for FromBurnDataset<D, I> {
    fn len(&self) -> usize {
        self.labels.len()
    }

    fn image(&self, index: usize) -> Result<RgbImage, Error> {
        Ok(self.dataset.get(index).map_err(Error::other)?.into().image)
    }

    fn labels(&self, index: usize) -> Labels {
        self.labels[index]
    }

    fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }
}

impl<D, I> fmt::Debug for FromBurnDataset<D, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromBurnDataset")
            .field("images", &self.labels.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use ai4fashion_color::BasicColor;
    use burn_dataset::InMemDataset;

    use super::*;
    use crate::error::ErrorKind;

    fn item(level: u8) -> LabeledImage {
        let image = RgbImage::from_pixel(4, 4, image::Rgb([level; 3]));
        LabeledImage::new(image, Labels::default().with_color(BasicColor::Grey))
    }

    #[test]
    fn conversion_there_and_back_keeps_images_and_labels() {
        let items = vec![item(1), item(2)];
        let ours = FromBurnDataset::new(InMemDataset::new(items.clone())).unwrap();
        let burns = IntoBurnDataset::new(ours);
        let back: Vec<LabeledImage> = (0..burns.len()).map(|index| burns.get(index).unwrap()).collect();
        assert_eq!(back, items);
    }

    #[test]
    fn fingerprint_differs_for_different_images_or_labels() {
        let of = |items: Vec<LabeledImage>| {
            FromBurnDataset::new(InMemDataset::new(items))
                .unwrap()
                .fingerprint()
        };
        let first = of(vec![item(1), item(2)]);
        assert_eq!(first, of(vec![item(1), item(2)]));
        assert_ne!(first, of(vec![item(1), item(3)]));
        assert_ne!(first, of(vec![item(1), item(2).image.into()]));
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
        let error = FromBurnDataset::new(Broken).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Other(_)), "{error:?}");
        assert_eq!(error.to_string(), "no such disk");
    }
}
