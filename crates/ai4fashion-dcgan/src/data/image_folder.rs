//! A folder of image files as a source of training images.

use std::{
    fs,
    path::{Path, PathBuf},
};

use ai4fashion_files::sha256_hex;
use ai4fashion_image::{Limits, decode_file};
use image::{ImageFormat, RgbImage};

use crate::{data::image_source::ImageSource, error::Error};

/// The image files of a folder, in the order of their names, without subfolders.
///
/// Files count as images by their extension. They are decoded each time they are asked for; an
/// [`ImageCache`](crate::data::ImageCache) around the folder decodes them once.
///
/// ```
/// use ai4fashion_dcgan::{ImageSource, data::ImageFolder, image::{Rgb, RgbImage}};
///
/// let folder = tempfile::tempdir()?;
/// RgbImage::from_pixel(8, 8, Rgb([200, 0, 0])).save(folder.path().join("red.png"))?;
/// std::fs::write(folder.path().join("notes.txt"), "not an image")?;
///
/// let images = ImageFolder::open(folder.path())?;
/// assert_eq!((images.len(), images.image(0)?.dimensions()), (1, (8, 8)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ImageFolder {
    files: Vec<PathBuf>,
    fingerprint: String,
}

impl ImageFolder {
    /// Lists the images of a folder, and reads each file once for the fingerprint.
    ///
    /// # Errors
    /// If the folder or a file cannot be read.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, Error> {
        let folder = folder.as_ref();
        let unreadable = |error| Error::io("read the folder", folder)(error);
        let mut files = Vec::new();
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if ImageFormat::from_path(&path).is_ok() && path.is_file() {
                files.push(path);
            }
        }
        files.sort();
        let mut hashes = String::new();
        for path in &files {
            let bytes = fs::read(path).map_err(Error::io("read", path))?;
            let name = path.file_name().unwrap_or_default().display();
            hashes.push_str(&format!("{name} {}\n", sha256_hex(&bytes)));
        }
        let fingerprint = sha256_hex(hashes.as_bytes());
        Ok(Self { files, fingerprint })
    }

    /// The files, in the order of the images.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }
}

impl ImageSource for ImageFolder {
    fn len(&self) -> usize {
        self.files.len()
    }

    /// # Errors
    /// [`ErrorKind::Image`](crate::ErrorKind::Image) if the file cannot be decoded, or is larger
    /// than the default limits of `ai4fashion-image`.
    ///
    /// # Panics
    /// If `index` is not below the length.
    fn image(&self, index: usize) -> Result<RgbImage, Error> {
        let decoded = decode_file(&self.files[index], &Limits::default());
        Ok(decoded.map_err(Error::image(index))?.into_rgb8())
    }

    fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn images_come_in_the_order_of_their_names_and_bad_ones_are_named() {
        let temp = tempfile::tempdir().unwrap();
        let path = |name: &str| temp.path().join(name);
        for (name, width) in [("b.png", 3), ("a.png", 2)] {
            RgbImage::new(width, 2).save(path(name)).unwrap();
        }
        fs::create_dir(path("inner.png")).unwrap();
        let folder = ImageFolder::open(temp.path()).unwrap();
        assert_eq!(folder.files(), [path("a.png"), path("b.png")]);
        assert_eq!(folder.image(0).unwrap().width(), 2);
        fs::write(path("b.png"), "no image").unwrap();
        let changed = ImageFolder::open(temp.path()).unwrap();
        assert_ne!(changed.fingerprint(), folder.fingerprint());
        let error = changed.image(1).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Image { index: 1, .. }),
            "{error}"
        );
    }
}
