//! Some of the images of a source.

use ai4fashion_files::sha256_hex;
use image::RgbImage;

use crate::{
    data::{image_source::ImageSource, labels::Labels},
    error::Error,
};

/// The images of a source whose labels pass a filter, in the source's order.
///
/// ```
/// # #[cfg(feature = "dataset")] {
/// use ai4fashion_dataset::BasicColor;
/// use ai4fashion_dcgan::{Error, ImageSource, Labels, data::Subset, image::RgbImage};
///
/// /// Ten images; every other one is red.
/// struct Striped;
///
/// impl ImageSource for Striped {
///     fn len(&self) -> usize {
///         10
///     }
///
///     fn image(&self, index: usize) -> Result<RgbImage, Error> {
///         Ok(RgbImage::new(8, 8))
///     }
///
///     fn labels(&self, index: usize) -> Labels {
///         let colors = [BasicColor::Red, BasicColor::White];
///         Labels::default().with_color(colors[index % 2])
///     }
/// }
///
/// let red = Subset::new(&Striped, |labels| labels.color == Some(BasicColor::Red));
/// assert_eq!((red.len(), red.filtered()), (5, 5));
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Subset<'a, S: ?Sized> {
    source: &'a S,
    places: Vec<usize>,
    filtered: usize,
}

impl<'a, S: ImageSource + ?Sized> Subset<'a, S> {
    /// Keeps the images of `source` whose labels are `wanted`.
    #[must_use]
    pub fn new(source: &'a S, wanted: impl Fn(Labels) -> bool) -> Self {
        let places = (0..source.len()).filter(|place| wanted(source.labels(*place)));
        let places: Vec<usize> = places.collect();
        Self {
            source,
            filtered: source.len() - places.len(),
            places,
        }
    }

    /// Keeps the first `limit` of these images alone; all with `None`.
    #[must_use]
    pub fn with_limit(mut self, limit: Option<usize>) -> Self {
        self.places.truncate(limit.unwrap_or(usize::MAX));
        self
    }

    /// The number of images that are filtered out; those beyond a limit are not.
    #[must_use]
    pub fn filtered(&self) -> usize {
        self.filtered
    }
}

impl<S: ImageSource + ?Sized> ImageSource for Subset<'_, S> {
    fn len(&self) -> usize {
        self.places.len()
    }

    fn image(&self, index: usize) -> Result<RgbImage, Error> {
        self.source.image(self.places[index])
    }

    fn labels(&self, index: usize) -> Labels {
        self.source.labels(self.places[index])
    }

    /// The source's fingerprint if nothing is left out.
    fn fingerprint(&self) -> String {
        let all = self.source.fingerprint();
        if self.places.len() == self.source.len() {
            return all;
        }
        sha256_hex(format!("{all} {:?}", self.places).as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use ai4fashion_color::BasicColor;
    use ai4fashion_dataset::ProductType;

    use super::*;

    /// Image `i` is `i` pixels wide; every second is red, every third a skirt.
    struct Labelled;

    impl ImageSource for Labelled {
        fn len(&self) -> usize {
            7
        }

        fn image(&self, index: usize) -> Result<RgbImage, Error> {
            Ok(RgbImage::new(index as u32, 1))
        }

        fn labels(&self, index: usize) -> Labels {
            let mut labels = Labels::default();
            if index.is_multiple_of(2) {
                labels = labels.with_color(BasicColor::Red);
            }
            if index.is_multiple_of(3) {
                labels = labels.with_product_type(ProductType::Skirt);
            }
            labels
        }
    }

    #[test]
    fn only_wanted_images_are_in_the_subset() {
        let red = Subset::new(&Labelled, |labels| labels.color == Some(BasicColor::Red));
        assert_eq!((red.len(), red.filtered()), (4, 3));
        assert_eq!(red.image(3).unwrap().width(), 6);
        assert_eq!(red.labels(3), Labelled.labels(6));
        let skirts = Subset::new(&red, |labels| labels.product_type.is_some());
        let widths: Vec<u32> = (0..2).map(|place| skirts.image(place).unwrap().width()).collect();
        assert_eq!((skirts.len(), widths), (2, vec![0, 6]));
    }

    #[test]
    fn fingerprint_differs_for_different_subsets() {
        let all = Subset::new(&Labelled, |_| true);
        assert_eq!(all.fingerprint(), Labelled.fingerprint());
        let red = Subset::new(&Labelled, |labels| labels.color.is_some());
        let skirts = Subset::new(&Labelled, |labels| labels.product_type.is_some());
        assert_ne!(red.fingerprint(), skirts.fingerprint());
        assert_ne!(red.fingerprint(), all.fingerprint());
    }

    #[test]
    fn limit_keeps_the_first_and_is_no_filter() {
        let red = || Subset::new(&Labelled, |labels| labels.color.is_some());
        let first = red().with_limit(Some(2));
        assert_eq!((first.len(), first.filtered()), (2, 3));
        assert_eq!(first.image(1).unwrap().width(), 2);
        assert_ne!(first.fingerprint(), red().fingerprint());
        for limit in [None, Some(4), Some(100)] {
            assert_eq!(red().with_limit(limit).fingerprint(), red().fingerprint());
        }
        let all = Subset::new(&Labelled, |_| true).with_limit(Some(6));
        assert_ne!(all.fingerprint(), Labelled.fingerprint());
    }
}
