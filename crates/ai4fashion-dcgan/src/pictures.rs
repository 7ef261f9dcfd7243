//! Pictures as the networks see them, and back.

use ai4fashion_dataset::Dataset;
use burn::tensor::{Device, Tensor, TensorData};
use image::RgbImage;

use crate::{Error, ErrorKind, networks::CHANNELS};

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
    fn picture(&self, index: usize) -> Result<RgbImage, Error>;
}

impl PictureSource for Dataset {
    fn len(&self) -> usize {
        Dataset::len(self)
    }

    fn picture(&self, index: usize) -> Result<RgbImage, Error> {
        self.load(index)
            .map_err(|source| ErrorKind::Picture { index, source }.into())
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
}

/// Appends a picture's values as the networks see them: channel after channel, 0 as -1, 255 as 1.
pub(crate) fn append_planes(values: &mut Vec<f32>, picture: &RgbImage) {
    for channel in 0..CHANNELS {
        let bytes = picture.as_raw().iter().skip(channel).step_by(CHANNELS);
        values.extend(bytes.map(|byte| f32::from(*byte) / 127.5 - 1.0));
    }
}

/// A picture as a batch of one.
///
/// # Shapes
/// - returns: `[1, 3, height, width]`, in `[-1, 1]`
#[must_use]
pub fn to_tensor(picture: &RgbImage, device: &Device) -> Tensor<4> {
    let (width, height) = picture.dimensions();
    let mut values = Vec::with_capacity(picture.as_raw().len());
    append_planes(&mut values, picture);
    Tensor::from_data(
        TensorData::new(values, [1, CHANNELS, height as usize, width as usize]),
        device,
    )
}

/// A batch as pictures: -1 is shown as 0, 1 as 255, what lies outside is cut off; nothing is
/// stretched.
///
/// # Shapes
/// - `batch`: `[batch, 3, height, width]`
///
/// # Panics
/// If there are not three channels.
#[must_use]
pub fn to_pictures(batch: Tensor<4>) -> Vec<RgbImage> {
    let [_, channels, height, width] = batch.dims();
    assert_eq!(channels, CHANNELS, "channels of the pictures");
    let values: Vec<f32> = batch.into_data().iter::<f32>().collect();
    values
        .chunks_exact((CHANNELS * height * width).max(1))
        .map(|p| to_picture(p, width, height))
        .collect()
}

/// One picture of `[3, height, width]` values, as [`to_pictures`] shows it.
///
/// # Panics
/// If the number of values does not fit.
#[must_use]
pub fn to_picture(values: &[f32], width: usize, height: usize) -> RgbImage {
    assert_eq!(
        values.len(),
        CHANNELS * height * width,
        "values of a picture of {width}x{height}"
    );
    let shown = |value: f32| ((value + 1.0) * 127.5).round().clamp(0.0, 255.0) as u8;
    let plane = width * height;
    RgbImage::from_fn(width as u32, height as u32, |x, y| {
        let at = y as usize * width + x as usize;
        image::Rgb([
            shown(values[at]),
            shown(values[plane + at]),
            shown(values[2 * plane + at]),
        ])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::tests::{device, on_each_device};

    fn gradient(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| {
            image::Rgb([x as u8 * 10, y as u8 * 10, 255])
        })
    }

    #[test]
    fn picture_to_tensor_and_back_is_the_same() {
        on_each_device(|| {
            let picture = gradient(7, 5);
            let tensor = to_tensor(&picture, &device());
            assert_eq!(tensor.dims(), [1, 3, 5, 7]);
            assert_eq!(to_pictures(tensor), [picture]);
        });
    }

    #[test]
    fn values_outside_the_range_are_cut_off_and_nothing_is_stretched() {
        let shown = to_picture(&[-5.0, 0.0, 5.0], 1, 1);
        assert_eq!(shown.as_raw(), &[0, 128, 255]);
    }
}
