//! Images and features in NumPy's `.npy` files.

mod header;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use image::RgbImage;

use crate::{
    error::{Error, ErrorKind},
    features::Features,
    npy::header::Header,
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
/// [`ErrorKind::Io`] if it cannot be read or is damaged, [`ErrorKind::Npy`] if it holds something
/// else, and [`ErrorKind::NpyFeatures`] if a feature is not finite.
pub fn read_npy(path: impl AsRef<Path>) -> Result<NpyArray, Error> {
    let path = path.as_ref();
    let damaged = |message: &str| unreadable(path, io::Error::new(io::ErrorKind::InvalidData, message));
    let bytes = fs::read(path).map_err(|source| unreadable(path, source))?;
    let (header, values) = Header::read(&bytes).ok_or_else(|| damaged("it is no .npy file"))?;
    let other = || {
        let order = if header.is_fortran {
            ", in Fortran order"
        } else {
            ""
        };
        Error::from(ErrorKind::Npy {
            path: path.to_owned(),
            found: format!("{} {:?}{order}", header.kind, header.shape),
        })
    };
    if header.is_fortran {
        return Err(other());
    }
    let features = |dimensions: usize, values: Vec<f64>| {
        let found = Features::new(dimensions, values).map(NpyArray::Features);
        found.map_err(|error| {
            let (path, source) = (path.to_owned(), Box::new(error));
            Error::from(ErrorKind::NpyFeatures { path, source })
        })
    };
    let check_size = |size: usize| match header.bytes(size) {
        Some(expected) if expected == values.len() => Ok(()),
        _ => Err(damaged("its values are cut off, or more than its shape says")),
    };
    match (header.kind, &*header.shape) {
        ("|u1", [_, height, width, 3]) => {
            check_size(1)?;
            Ok(NpyArray::Images(images(
                values,
                [*width, *height],
                <[u8]>::to_vec,
            )))
        }
        ("|u1", [_, 3, height, width]) => {
            check_size(1)?;
            let interleaved = |bytes: &[u8]| {
                let plane = bytes.len() / 3;
                let pixel = |at| [bytes[at], bytes[plane + at], bytes[2 * plane + at]];
                (0..plane).flat_map(pixel).collect()
            };
            Ok(NpyArray::Images(images(values, [*width, *height], interleaved)))
        }
        ("<f4", [_, dimensions]) => {
            check_size(4)?;
            let values = values.as_chunks::<4>().0.iter();
            let values = values.map(|bytes| f64::from(f32::from_le_bytes(*bytes)));
            features(*dimensions, values.collect())
        }
        ("<f8", [_, dimensions]) => {
            check_size(8)?;
            let values = values.as_chunks::<8>().0.iter();
            let values = values.map(|bytes| f64::from_le_bytes(*bytes));
            features(*dimensions, values.collect())
        }
        _ => Err(other()),
    }
}

fn unreadable(path: &Path, source: io::Error) -> Error {
    let path = PathBuf::from(path);
    ErrorKind::Io { path, source }.into()
}

fn images(bytes: &[u8], [width, height]: [usize; 2], pixels: impl Fn(&[u8]) -> Vec<u8>) -> Vec<RgbImage> {
    // Without values the sizes may be any numbers.
    if bytes.is_empty() {
        return Vec::new();
    }
    let images = bytes.chunks_exact(3 * width * height);
    images
        .filter_map(|bytes| RgbImage::from_raw(width as u32, height as u32, pixels(bytes)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_images_of_any_size_are_no_images() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("a.npy");
        for shape in [
            "(0, 4294967296, 4294967296, 3)",
            "(0, 3, 4294967296, 4294967296)",
            "(5, 0, 7, 3)",
        ] {
            write(&path, "|u1", shape, &[]);
            assert_eq!(read_npy(&path).unwrap(), NpyArray::Images(Vec::new()), "{shape}");
        }
    }

    /// A file as NumPy writes it.
    fn write(path: &Path, kind: &str, shape: &str, values: &[u8]) {
        let mut header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}");
        while (10 + header.len() + 1) % 64 > 0 {
            header.push(' ');
        }
        header.push('\n');
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend(values);
        fs::write(path, bytes).unwrap();
    }

    #[test]
    fn images_come_in_both_orders_of_channels_and_features_in_both_precisions() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("a.npy");
        // Two images of 2x1 pixels.
        write(
            &path,
            "|u1",
            "(2, 1, 2, 3)",
            &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
        );
        let NpyArray::Images(last) = read_npy(&path).unwrap() else {
            panic!("no images");
        };
        assert_eq!((last.len(), last[1].dimensions()), (2, (2, 1)));
        assert_eq!(last[1].get_pixel(1, 0).0, [9, 10, 11]);
        write(
            &path,
            "|u1",
            "(2, 3, 1, 2)",
            &[0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11],
        );
        assert_eq!(read_npy(&path).unwrap(), NpyArray::Images(last));

        let numbers = [0.0_f32, 1.0, 2.0, 3.0, 4.0, 5.0];
        write(&path, "<f4", "(2, 3)", &numbers.map(f32::to_le_bytes).concat());
        let narrow = read_npy(&path).unwrap();
        write(
            &path,
            "<f8",
            "(2, 3)",
            &numbers.map(|it| f64::from(it).to_le_bytes()).concat(),
        );
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
        write(&path, "<i4", "(4,)", &[0; 16]);
        let error = read_npy(&path).unwrap_err().to_string();
        assert!(error.contains("<i4 [4], expected images as uint8"), "{error}");
        write(&path, "\u{1b}[2J", "(4,)", &[0; 16]);
        let error = read_npy(&path).unwrap_err().to_string();
        assert!(error.contains("holds \\u001b[2J [4], expected"), "{error}");
        write(
            &path,
            "<f8",
            "(1, 2)",
            &[1.0, f64::INFINITY].map(f64::to_le_bytes).concat(),
        );
        let error = read_npy(&path).unwrap_err();
        assert!(error.to_string().contains("a.npy"), "{error}");
        let ErrorKind::NpyFeatures { source, .. } = error.kind() else {
            panic!("{error}");
        };
        assert!(
            matches!(source.kind(), ErrorKind::NotFinite { column: 1, .. }),
            "{source}"
        );
        let damaged = |error: Error| matches!(error.kind(), ErrorKind::Io { .. });
        fs::write(&path, "no array").unwrap();
        assert!(damaged(read_npy(&path).unwrap_err()));
        // Cut off in the middle of its values, more values than a computer counts, and none at all.
        for (shape, values) in [
            ("(2, 3)", [0; 47].as_slice()),
            ("(4294967296, 4294967296)", &[0; 8]),
            ("(2, 3)", &[]),
        ] {
            write(&path, "<f8", shape, values);
            assert!(damaged(read_npy(&path).unwrap_err()), "{shape}");
        }
    }
}
