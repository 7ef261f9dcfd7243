//! Some of the pictures of a source.

use ai4fashion_dataset::sha256;
use image::RgbImage;

use crate::{
    data::{image_source::PictureSource, labels::Labels},
    error::Error,
};

/// Those pictures of a source whose labels are wanted, in the source's order.
#[derive(Clone, Debug)]
pub struct Selection<'a, S: ?Sized> {
    source: &'a S,
    places: Vec<usize>,
}

impl<'a, S: PictureSource + ?Sized> Selection<'a, S> {
    /// The pictures of `source` whose labels are `wanted`.
    #[must_use]
    pub fn new(source: &'a S, wanted: impl Fn(Labels) -> bool) -> Self {
        let places = (0..source.len()).filter(|place| wanted(source.labels(*place)));
        Self {
            source,
            places: places.collect(),
        }
    }

    /// How many pictures are left out.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.source.len() - self.places.len()
    }
}

impl<S: PictureSource + ?Sized> PictureSource for Selection<'_, S> {
    fn len(&self) -> usize {
        self.places.len()
    }

    fn picture(&self, index: usize) -> Result<RgbImage, Error> {
        self.source.picture(self.places[index])
    }

    fn labels(&self, index: usize) -> Labels {
        self.source.labels(self.places[index])
    }

    /// That of the source where nothing is left out.
    fn fingerprint(&self) -> String {
        let all = self.source.fingerprint();
        if self.left_out() == 0 {
            return all;
        }
        sha256(format!("{all} {:?}", self.places).as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use ai4fashion_dataset::{BasicColor, ProductType};

    use super::*;

    /// Picture `i` is `i` pixels wide; every second is red, every third a skirt.
    struct Labelled;

    impl PictureSource for Labelled {
        fn len(&self) -> usize {
            7
        }

        fn picture(&self, index: usize) -> Result<RgbImage, Error> {
            Ok(RgbImage::new(index as u32, 1))
        }

        fn labels(&self, index: usize) -> Labels {
            let mut labels = Labels::default();
            if index.is_multiple_of(2) {
                labels = labels.with_color(BasicColor::Red);
            }
            if index.is_multiple_of(3) {
                labels = labels.with_product_type(ProductType::Skirts);
            }
            labels
        }
    }

    #[test]
    fn only_what_is_wanted_is_seen() {
        let red = Selection::new(&Labelled, |labels| labels.color == Some(BasicColor::Red));
        assert_eq!((red.len(), red.left_out()), (4, 3));
        assert_eq!(red.picture(3).unwrap().width(), 6);
        assert_eq!(red.labels(3), Labelled.labels(6));
        let skirts = Selection::new(&red, |labels| labels.product_type.is_some());
        let widths: Vec<u32> = (0..2)
            .map(|place| skirts.picture(place).unwrap().width())
            .collect();
        assert_eq!((skirts.len(), widths), (2, vec![0, 6]));
    }

    #[test]
    fn fingerprint_is_another_one_for_another_selection() {
        let all = Selection::new(&Labelled, |_| true);
        assert_eq!(all.fingerprint(), Labelled.fingerprint());
        let red = Selection::new(&Labelled, |labels| labels.color.is_some());
        let skirts = Selection::new(&Labelled, |labels| labels.product_type.is_some());
        assert_ne!(red.fingerprint(), skirts.fingerprint());
        assert_ne!(red.fingerprint(), all.fingerprint());
    }
}
