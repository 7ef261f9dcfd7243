//! Sources of training images.

use std::sync::Arc;

use ai4fashion_files::sha256_hex;
use image::RgbImage;

use crate::{data::labels::Labels, error::Error};

/// A source of training images, by index.
///
/// A vector, an array or a slice of images is one; so is a
/// [`Dataset`](ai4fashion_dataset::Dataset) with the feature `dataset`, and an
/// [`ImageFolder`](crate::data::ImageFolder). The trait may gain methods with a default.
///
/// ```
/// use ai4fashion_dcgan::{Error, ImageSource, image::{Rgb, RgbImage}};
///
/// /// Images that are made when they are asked for.
/// struct Stripes;
///
/// impl ImageSource for Stripes {
///     fn len(&self) -> usize {
///         8
///     }
///
///     fn image(&self, index: usize) -> Result<RgbImage, Error> {
///         Ok(RgbImage::from_fn(8, 8, |x, _| Rgb([if x as usize == index { 255 } else { 0 }; 3])))
///     }
/// }
///
/// assert_eq!(Stripes.image(3)?.get_pixel(3, 0).0, [255; 3]);
/// assert_eq!(Stripes.fingerprint(), "8 images");
/// # Ok::<(), Error>(())
/// ```
pub trait ImageSource: Sync {
    /// Returns the number of images.
    fn len(&self) -> usize;

    /// Returns whether there are no images.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads the image at `index`, of any size.
    ///
    /// # Errors
    /// If it cannot be read.
    ///
    /// # Panics
    /// If `index` is not below the length; a source may return an error instead.
    fn image(&self, index: usize) -> Result<RgbImage, Error>;

    /// Returns the labels of the image at `index`; none, unless the source knows some.
    ///
    /// # Panics
    /// If `index` is not below the length; a source may return no labels instead.
    fn labels(&self, index: usize) -> Labels {
        let _ = index;
        Labels::default()
    }

    /// Returns a text that differs for different images, such as a hash of their content.
    ///
    /// Resuming a run compares it, so that a run is not resumed on another data set. The default
    /// tells the number of images only.
    fn fingerprint(&self) -> String {
        format!("{} images", self.len())
    }
}

impl ImageSource for [RgbImage] {
    fn len(&self) -> usize {
        <[RgbImage]>::len(self)
    }

    /// # Panics
    /// If `index` is not below the length.
    fn image(&self, index: usize) -> Result<RgbImage, Error> {
        Ok(self[index].clone())
    }

    /// The SHA-256 of sizes and pixels.
    fn fingerprint(&self) -> String {
        let hashes: String = self
            .iter()
            .map(|image| format!("{:?} {}\n", image.dimensions(), sha256_hex(image.as_raw())))
            .collect();
        sha256_hex(hashes.as_bytes())
    }
}

/// Makes a collection of images a source, as its slice is one.
macro_rules! by_slice {
    ($collection:ty $(, $size:ident)?) => {
        impl $(<const $size: usize>)? ImageSource for $collection {
            fn len(&self) -> usize {
                <[RgbImage]>::len(self)
            }

            /// # Panics
            /// If `index` is not below the length.
            fn image(&self, index: usize) -> Result<RgbImage, Error> {
                <[RgbImage] as ImageSource>::image(self, index)
            }

            /// The SHA-256 of sizes and pixels.
            fn fingerprint(&self) -> String {
                <[RgbImage] as ImageSource>::fingerprint(self)
            }
        }
    };
}

by_slice!(Vec<RgbImage>);
by_slice!([RgbImage; N], N);

/// Makes a pointer to a source a source.
macro_rules! behind {
    ($pointer:ty $(, $needed:path)?) => {
        impl<S: ImageSource $(+ $needed)? + ?Sized> ImageSource for $pointer {
            fn len(&self) -> usize {
                S::len(self)
            }

            fn is_empty(&self) -> bool {
                S::is_empty(self)
            }

            fn image(&self, index: usize) -> Result<RgbImage, Error> {
                S::image(self, index)
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

    fn gradient(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| {
            image::Rgb([x as u8 * 10, y as u8 * 10, 255])
        })
    }

    #[test]
    fn source_behind_a_pointer_answers_as_the_source() {
        struct One;
        impl ImageSource for One {
            fn len(&self) -> usize {
                1
            }
            fn image(&self, index: usize) -> Result<RgbImage, Error> {
                Ok(gradient(3 + index as u32, 5))
            }
            fn labels(&self, _: usize) -> Labels {
                Labels::default().with_color(ai4fashion_color::BasicColor::Red)
            }
            fn fingerprint(&self) -> String {
                "one".to_owned()
            }
        }
        fn answers(source: impl ImageSource) -> (usize, bool, RgbImage, Labels, String) {
            let (len, is_empty) = (source.len(), source.is_empty());
            let image = source.image(0).unwrap();
            (len, is_empty, image, source.labels(0), source.fingerprint())
        }
        let expected = answers(One);
        assert_eq!(answers(&One), expected);
        assert_eq!(answers(Box::new(One) as Box<dyn ImageSource>), expected);
        assert_eq!(answers(Arc::new(One) as Arc<dyn ImageSource + Send>), expected);
        let images: Arc<[RgbImage]> = Arc::new([gradient(4, 4)]);
        assert_eq!(answers(images).0, 1);
    }

    #[test]
    fn vector_and_array_answer_as_their_slice() {
        fn answers(source: &(impl ImageSource + ?Sized)) -> (usize, RgbImage, String) {
            (source.len(), source.image(1).unwrap(), source.fingerprint())
        }
        let images = [gradient(4, 4), gradient(5, 4)];
        let expected = answers(&images[..]);
        assert_eq!((expected.0, expected.1.width()), (2, 5));
        assert_eq!(answers(&images), expected);
        assert_eq!(answers(&images.to_vec()), expected);
    }

    #[test]
    fn fingerprint_differs_for_different_images() {
        let images = [gradient(4, 4), gradient(5, 4)];
        let mut others = images.clone();
        assert_eq!(images.fingerprint(), others.fingerprint());
        others[1].put_pixel(0, 0, image::Rgb([1, 2, 3]));
        assert_ne!(images.fingerprint(), others.fingerprint());
        assert_ne!(images.fingerprint(), images[..1].fingerprint());
    }
}
