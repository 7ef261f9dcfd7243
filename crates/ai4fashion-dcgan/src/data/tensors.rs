//! Conversions between images and tensors.

use ai4fashion_kernels::to_data;
use burn::tensor::{Device, Tensor, TensorData};
use image::RgbImage;

/// Channels of a colour image: red, green, blue.
const RGB: usize = 3;

/// Appends an image's values in the networks' range: channel after channel, 0 becomes -1, 255
/// becomes 1.
///
/// A single channel is the luma.
pub(crate) fn append_planes(values: &mut Vec<f32>, image: &RgbImage, channels: usize) {
    let value = |byte: u8| f32::from(byte) / 127.5 - 1.0;
    if channels == 1 {
        values.extend(image.pixels().map(|pixel| value(luma(pixel.0))));
        return;
    }
    for channel in 0..RGB {
        let bytes = image.as_raw().iter().skip(channel).step_by(RGB);
        values.extend(bytes.map(|byte| value(*byte)));
    }
}

/// Rec. 601 luma, in the fixed point of Pillow's `convert("L")`.
fn luma([red, green, blue]: [u8; RGB]) -> u8 {
    let sum = u32::from(red) * 19595 + u32::from(green) * 38470 + u32::from(blue) * 7471 + 0x8000;
    (sum >> 16) as u8
}

/// Converts an image to a batch of one.
///
/// # Shapes
/// - returns: `[1, 3, height, width]`, in `[-1, 1]`
///
/// ```
/// use ai4fashion_dcgan::{cpu, data::{to_images, to_tensor}, image::{Rgb, RgbImage}};
///
/// let image = RgbImage::from_pixel(4, 2, Rgb([255, 0, 128]));
/// let tensor = to_tensor(&image, &cpu());
/// assert_eq!(tensor.dims(), [1, 3, 2, 4]);
/// assert_eq!(to_images(tensor), [image]);
/// ```
#[must_use]
pub fn to_tensor(image: &RgbImage, device: &Device) -> Tensor<4> {
    let (width, height) = image.dimensions();
    let mut values = Vec::with_capacity(image.as_raw().len());
    append_planes(&mut values, image, RGB);
    Tensor::from_data(
        TensorData::new(values, [1, RGB, height as usize, width as usize]),
        device,
    )
}

/// Converts a batch to images: -1 becomes 0, 1 becomes 255.
///
/// Values outside are clipped, and contrast is not stretched. A single channel becomes grey. See
/// [`to_tensor`] for an example.
///
/// # Shapes
/// - `batch`: `[batch, channels, height, width]`
///
/// # Panics
/// If there are neither three channels nor one.
#[must_use]
#[track_caller]
pub fn to_images(batch: Tensor<4>) -> Vec<RgbImage> {
    let [_, channels, height, width] = batch.dims();
    assert!([1, RGB].contains(&channels), "{channels} channels of images");
    let values = to_data(&batch).convert::<f32>();
    let values = values.as_slice::<f32>().unwrap_or_default();
    values
        .chunks_exact((channels * height * width).max(1))
        .map(|p| to_image(p, width, height))
        .collect()
}

/// Converts the values of one image, `[channels, height, width]`, as [`to_images`] does.
///
/// ```
/// use ai4fashion_dcgan::data::to_image;
///
/// let image = to_image(&[-1.0, 0.0, 5.0], 1, 1);
/// assert_eq!(image.as_raw(), &[0, 128, 255]);
/// ```
///
/// # Panics
/// If there are neither as many values as pixels nor three times as many.
#[must_use]
#[track_caller]
pub fn to_image(values: &[f32], width: usize, height: usize) -> RgbImage {
    let plane = width * height;
    assert!(
        [plane, RGB * plane].contains(&values.len()),
        "{} values for an image of {width}x{height}",
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
    fn image_to_tensor_and_back_is_the_same() {
        on_each_device(|| {
            let image = gradient(7, 5);
            let tensor = to_tensor(&image, &device());
            assert_eq!(tensor.dims(), [1, 3, 5, 7]);
            assert_eq!(to_images(tensor), [image]);
        });
    }

    #[test]
    fn values_outside_the_range_are_clipped() {
        let shown = to_image(&[-5.0, 0.0, 5.0], 1, 1);
        assert_eq!(shown.as_raw(), &[0, 128, 255]);
    }

    #[test]
    fn one_channel_is_luma_and_becomes_grey() {
        let image = RgbImage::from_raw(3, 1, vec![255, 0, 0, 0, 255, 0, 10, 20, 30]).unwrap();
        let mut values = Vec::new();
        append_planes(&mut values, &image, 1);
        // Pillow's Image.convert("L") of these pixels.
        let shown = to_image(&values, 3, 1);
        assert_eq!(shown.as_raw(), &[76, 76, 76, 150, 150, 150, 18, 18, 18]);
    }
}
