//! Pictures as the networks see them, and back.

use burn::tensor::{Device, Tensor, TensorData};
use image::RgbImage;

/// Colours of a picture: red, green, blue.
const RGB: usize = 3;

/// Appends a picture's values as the networks see them: channel after channel, 0 as -1, 255 as 1. One channel is its luma.
pub(crate) fn append_planes(values: &mut Vec<f32>, picture: &RgbImage, channels: usize) {
    let value = |byte: u8| f32::from(byte) / 127.5 - 1.0;
    if channels == 1 {
        values.extend(picture.pixels().map(|pixel| value(luma(pixel.0))));
        return;
    }
    for channel in 0..RGB {
        let bytes = picture.as_raw().iter().skip(channel).step_by(RGB);
        values.extend(bytes.map(|byte| value(*byte)));
    }
}

/// Rec. 601 luma, in the fixed point of Pillow's `convert("L")`.
fn luma([red, green, blue]: [u8; RGB]) -> u8 {
    let sum = u32::from(red) * 19595 + u32::from(green) * 38470 + u32::from(blue) * 7471 + 0x8000;
    (sum >> 16) as u8
}

/// A picture as a batch of one.
///
/// # Shapes
/// - returns: `[1, 3, height, width]`, in `[-1, 1]`
#[must_use]
pub fn to_tensor(picture: &RgbImage, device: &Device) -> Tensor<4> {
    let (width, height) = picture.dimensions();
    let mut values = Vec::with_capacity(picture.as_raw().len());
    append_planes(&mut values, picture, RGB);
    Tensor::from_data(
        TensorData::new(values, [1, RGB, height as usize, width as usize]),
        device,
    )
}

/// A batch as pictures: -1 is shown as 0, 1 as 255, what lies outside is cut off; nothing is
/// stretched. One channel is shown as grey.
///
/// # Shapes
/// - `batch`: `[batch, channels, height, width]`
///
/// # Panics
/// If there are neither three channels nor one.
#[must_use]
#[track_caller]
pub fn to_pictures(batch: Tensor<4>) -> Vec<RgbImage> {
    let [_, channels, height, width] = batch.dims();
    assert!([1, RGB].contains(&channels), "{channels} channels of pictures");
    let values: Vec<f32> = batch.into_data().iter::<f32>().collect();
    values
        .chunks_exact((channels * height * width).max(1))
        .map(|p| to_picture(p, width, height))
        .collect()
}

/// One picture of `[channels, height, width]` values, as [`to_pictures`] shows it.
///
/// # Panics
/// If there are neither as many values as pixels nor three times as many.
#[must_use]
#[track_caller]
pub fn to_picture(values: &[f32], width: usize, height: usize) -> RgbImage {
    let plane = width * height;
    assert!(
        [plane, RGB * plane].contains(&values.len()),
        "{} values for a picture of {width}x{height}",
        values.len()
    );
    let shown = |value: f32| ((value + 1.0) * 127.5).round().clamp(0.0, 255.0) as u8;
    let last = values.len() - plane;
    RgbImage::from_fn(width as u32, height as u32, |x, y| {
        let at = y as usize * width + x as usize;
        image::Rgb([0, plane, 2 * plane].map(|channel| shown(values[channel.min(last) + at])))
    })
}

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

    #[test]
    fn one_channel_is_luma_and_shown_as_grey() {
        let picture = RgbImage::from_raw(3, 1, vec![255, 0, 0, 0, 255, 0, 10, 20, 30]).unwrap();
        let mut values = Vec::new();
        append_planes(&mut values, &picture, 1);
        // Pillow's Image.convert("L") of these pixels.
        let shown = to_picture(&values, 3, 1);
        assert_eq!(shown.as_raw(), &[76, 76, 76, 150, 150, 150, 18, 18, 18]);
    }
}
