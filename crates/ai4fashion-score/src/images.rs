//! Checks of sets of images.

use image::RgbImage;

use crate::{
    error::{Error, ErrorKind},
    features::check_count,
};

/// The names of the sets in errors.
const SETS: [&str; 2] = ["real images", "generated images"];

/// Checks that the sets have `least` images, all of one size with sides of at least `side`.
pub(crate) fn check_images(sets: [&[RgbImage]; 2], least: usize, side: usize) -> Result<(), Error> {
    let mut expected = None;
    for (set, images) in SETS.into_iter().zip(sets) {
        check_count(set, images.len(), least)?;
        for (index, image) in images.iter().enumerate() {
            let size = *expected.get_or_insert(image.dimensions());
            if image.dimensions() != size {
                return Err(ErrorKind::ImageSize {
                    set,
                    index,
                    found: shown(image.dimensions()),
                    expected: shown(size),
                }
                .into());
            }
        }
    }
    match expected {
        Some(size) if size.0.min(size.1) < side as u32 => Err(ErrorKind::SmallImage {
            found: shown(size),
            least: side as u32,
        }
        .into()),
        _ => Ok(()),
    }
}

fn shown((width, height): (u32, u32)) -> String {
    format!("{width}x{height}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_of_one_size() {
        let images = |sides: &[u32]| sides.iter().map(|side| RgbImage::new(*side, *side)).collect();
        let error = |real: &[u32], fake: &[u32]| {
            let (real, fake): (Vec<RgbImage>, Vec<RgbImage>) = (images(real), images(fake));
            check_images([&real, &fake], 1, 16).map_err(|error| error.to_string())
        };
        assert_eq!(error(&[16], &[16, 16]), Ok(()));
        let found = error(&[16], &[16, 32]).unwrap_err();
        assert_eq!(
            found,
            "generated images: image 1 has 32x32 pixels, the first 16x16"
        );
        assert_eq!(
            error(&[8], &[8]).unwrap_err(),
            "images of 8x8 pixels are smaller than 16x16"
        );
        assert_eq!(error(&[8], &[]).unwrap_err(), "generated images: 0 of at least 1");
    }
}
