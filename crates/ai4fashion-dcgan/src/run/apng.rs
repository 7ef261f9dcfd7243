//! Animated PNG.

use std::{path::Path, time::Duration};

use ai4fashion_files::write_atomic;
use image::RgbImage;
use png::{BitDepth, ColorType, Compression, Encoder, EncodingError};

use crate::error::Error;

/// The last frame is shown this many times as long as the others.
const REST: u32 = 6;

/// Writes images of one size as an animated PNG that plays in a loop.
///
/// Programs that cannot play it show the first frame. An existing file is replaced as a whole.
///
/// # Errors
/// If there are no images, they differ in size, or the file cannot be written.
///
/// ```
/// use std::time::Duration;
/// use ai4fashion_dcgan::{image::{Rgb, RgbImage}, run::write_apng};
///
/// let temp = tempfile::tempdir()?;
/// let frames = [0, 128, 255].map(|level| RgbImage::from_pixel(8, 8, Rgb([level; 3])));
/// write_apng(&frames, Duration::from_millis(200), temp.path().join("fade.png"))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_apng(frames: &[RgbImage], delay: Duration, path: impl AsRef<Path>) -> Result<(), Error> {
    let path = path.as_ref();
    let bytes = encode(frames, delay).map_err(Error::encode(path))?;
    write_atomic(path, &bytes).map_err(Error::file)
}

fn encode(frames: &[RgbImage], delay: Duration) -> Result<Vec<u8>, EncodingError> {
    let (width, height) = frames.first().map_or((0, 0), RgbImage::dimensions);
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Balanced);
    encoder.set_animated(u32::try_from(frames.len()).unwrap_or(u32::MAX), 0)?;
    let thousandths = u16::try_from(delay.as_millis()).unwrap_or(u16::MAX);
    encoder.set_frame_delay(thousandths, 1000)?;
    let mut writer = encoder.write_header()?;
    for (place, frame) in frames.iter().enumerate() {
        if place + 1 == frames.len() {
            let rest = u32::from(thousandths) * REST;
            writer.set_frame_delay(u16::try_from(rest).unwrap_or(u16::MAX), 1000)?;
        }
        writer.write_image_data(frame.as_raw())?;
    }
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use image::{AnimationDecoder as _, codecs::png::PngDecoder};

    use super::*;

    #[test]
    fn frames_are_read_back_in_order_and_the_last_one_rests() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("fade.png");
        let frames: Vec<_> = (0..3_u8)
            .map(|i| RgbImage::from_pixel(5, 4, image::Rgb([i * 90; 3])))
            .collect();
        write_apng(&frames, Duration::from_millis(200), &path).unwrap();
        let file = std::io::BufReader::new(std::fs::File::open(&path).unwrap());
        let found = PngDecoder::new(file)
            .unwrap()
            .apng()
            .unwrap()
            .into_frames()
            .collect_frames()
            .unwrap();
        let delays: Vec<_> = found
            .iter()
            .map(|frame| Duration::from(frame.delay()).as_millis())
            .collect();
        assert_eq!(delays, [200, 200, 1200]);
        for (found, frame) in found.into_iter().zip(&frames) {
            let found = image::DynamicImage::from(found.into_buffer()).into_rgb8();
            assert_eq!(found, *frame);
        }
    }

    #[test]
    fn nothing_and_frames_of_different_sizes_are_refused_with_the_file_named() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("fade.png");
        for frames in [vec![], vec![RgbImage::new(4, 4), RgbImage::new(4, 5)]] {
            let error = write_apng(&frames, Duration::from_millis(1), &path).unwrap_err();
            assert!(error.to_string().contains("fade.png"), "{error}");
            assert!(!path.exists());
        }
    }
}
