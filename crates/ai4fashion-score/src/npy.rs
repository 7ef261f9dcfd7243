//! Images and features in NumPy's `.npy` files.

use std::{fs::File, io::BufReader, path::Path};

use image::RgbImage;
use npyz::{DType, NpyFile, Order, TypeChar};

use crate::{
    error::{Error, ErrorKind},
    features::Features,
};

/// What a `.npy` file holds.
#[derive(Clone, Debug, PartialEq)]
pub enum NpyArray {
    /// Images: `uint8`, `(n, height, width, 3)` or `(n, 3, height, width)`.
    Images(Vec<RgbImage>),
    /// Features: `float32` or `float64`, `(n, d)`.
    Features(Features),
}

/// Reads images or features from a `.npy` file, as NumPy's `save` writes them.
///
/// # Errors
/// If it cannot be read or holds something else, and [`ErrorKind::NotFinite`].
pub fn read_npy(path: impl AsRef<Path>) -> Result<NpyArray, Error> {
    let path = path.as_ref();
    let unreadable = |source| ErrorKind::Io {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(unreadable)?;
    let file = NpyFile::new(BufReader::new(file)).map_err(unreadable)?;
    let shape: Vec<usize> = file.shape().iter().map(|size| *size as usize).collect();
    let other = || {
        let path = path.to_owned();
        let order = if file.order() == Order::Fortran {
            ", in Fortran order"
        } else {
            ""
        };
        let found = format!("{} {shape:?}{order}", file.dtype().descr());
        Error::from(ErrorKind::Npy { path, found })
    };
    let DType::Plain(kind) = file.dtype() else {
        return Err(other());
    };
    if file.order() != Order::C {
        return Err(other());
    }
    match (kind.type_char(), kind.size_field(), &*shape) {
        (TypeChar::Uint, 1, [_, height, width, 3]) => {
            let size = [*width, *height];
            let bytes = file.into_vec::<u8>().map_err(unreadable)?;
            Ok(NpyArray::Images(images(&bytes, size, |bytes| bytes.to_vec())))
        }
        (TypeChar::Uint, 1, [_, 3, height, width]) => {
            let (size, plane) = ([*width, *height], width * height);
            let bytes = file.into_vec::<u8>().map_err(unreadable)?;
            let interleaved = |bytes: &[u8]| {
                let pixels = (0..plane).flat_map(|at| [bytes[at], bytes[plane + at], bytes[2 * plane + at]]);
                pixels.collect()
            };
            Ok(NpyArray::Images(images(&bytes, size, interleaved)))
        }
        (TypeChar::Float, 4, [_, dimensions]) => {
            let dimensions = *dimensions;
            let values = file.into_vec::<f32>().map_err(unreadable)?;
            let values = values.into_iter().map(f64::from).collect();
            Features::new(dimensions, values).map(NpyArray::Features)
        }
        (TypeChar::Float, 8, [_, dimensions]) => {
            let dimensions = *dimensions;
            let values = file.into_vec::<f64>().map_err(unreadable)?;
            Features::new(dimensions, values).map(NpyArray::Features)
        }
        _ => Err(other()),
    }
}

fn images(bytes: &[u8], [width, height]: [usize; 2], pixels: impl Fn(&[u8]) -> Vec<u8>) -> Vec<RgbImage> {
    let size = 3 * width * height;
    if size == 0 {
        return Vec::new();
    }
    let images = bytes.chunks_exact(size);
    images
        .filter_map(|bytes| RgbImage::from_raw(width as u32, height as u32, pixels(bytes)))
        .collect()
}

#[cfg(test)]
mod tests {
    use npyz::{AutoSerialize, WriterBuilder as _};

    use super::*;

    fn write<T: AutoSerialize>(path: &Path, shape: &[u64], values: impl IntoIterator<Item = T>) {
        let options = npyz::WriteOptions::new().default_dtype().shape(shape);
        let mut writer = options.writer(File::create(path).unwrap()).begin_nd().unwrap();
        writer.extend(values).unwrap();
        writer.finish().unwrap();
    }

    #[test]
    fn images_come_in_both_orders_of_channels_and_features_in_both_precisions() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("a.npy");
        // Two images of 2x1 pixels.
        write(&path, &[2, 1, 2, 3], 0..12_u8);
        let NpyArray::Images(last) = read_npy(&path).unwrap() else {
            panic!("no images");
        };
        assert_eq!((last.len(), last[1].dimensions()), (2, (2, 1)));
        assert_eq!(last[1].get_pixel(1, 0).0, [9, 10, 11]);
        write(&path, &[2, 3, 1, 2], [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11_u8]);
        assert_eq!(read_npy(&path).unwrap(), NpyArray::Images(last));

        write(&path, &[2, 3], (0..6_u8).map(f32::from));
        let narrow = read_npy(&path).unwrap();
        write(&path, &[2, 3], (0..6_u8).map(f64::from));
        assert_eq!(read_npy(&path).unwrap(), narrow);
        let NpyArray::Features(features) = narrow else {
            panic!("no features");
        };
        assert_eq!(features.row(1), [3.0, 4.0, 5.0]);
    }

    #[test]
    fn other_files_are_named_with_what_they_hold() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("a.npy");
        write(&path, &[4], 0..4_i32);
        let error = read_npy(&path).unwrap_err().to_string();
        assert!(error.contains("[4], expected images as uint8"), "{error}");
        write(&path, &[1, 2], [1.0, f64::INFINITY]);
        assert!(matches!(
            read_npy(&path).unwrap_err().kind(),
            ErrorKind::NotFinite { column: 1, .. }
        ));
        std::fs::write(&path, "no array").unwrap();
        assert!(matches!(
            read_npy(&path).unwrap_err().kind(),
            ErrorKind::Io { .. }
        ));
        // Cut off in the middle of its values.
        write(&path, &[2, 3], (0..6_u8).map(f64::from));
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() - 5]).unwrap();
        assert!(matches!(
            read_npy(&path).unwrap_err().kind(),
            ErrorKind::Io { .. }
        ));
    }
}
