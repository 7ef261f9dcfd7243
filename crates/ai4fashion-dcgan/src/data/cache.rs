//! A cache of decoded images in one file.

mod format;
mod leavings;

use std::{
    fmt,
    fs::{self, File},
    io::{self, BufWriter, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use ai4fashion_image::center_crop;
use image::RgbImage;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::{
    data::{
        cache::format::{Found, HEADER, Header, MAGIC, MAX_SIDE, bytes_of, find, read_at},
        cache::leavings::CACHE,
        image_source::ImageSource,
        labels::Labels,
    },
    error::Error,
};

/// Images that are decoded before they are written.
const CHUNK: usize = 256;

/// The images of a source as squares of one size, decoded once into a file.
///
/// Images are read from the file by position, so that a data set may be larger than memory, and
/// epochs decode nothing. An image takes `3 * side * side` bytes: 11,000 images of 64x64 take 129
/// MiB.
///
/// ```
/// use ai4fashion_dcgan::{ImageSource, data::ImageCache, image::{Rgb, RgbImage}};
///
/// let photos = [RgbImage::from_pixel(300, 400, Rgb([200, 30, 90]))];
/// let temp = tempfile::tempdir()?;
/// let path = temp.path().join("images.bin");
/// let progress = |done, of| println!("{done} of {of} decoded");
/// let cache = ImageCache::open_or_build(&photos[..], 64, path, &progress)?;
/// assert_eq!(cache.image(0)?.dimensions(), (64, 64));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ImageCache<'a, S: ?Sized> {
    source: &'a S,
    fingerprint: String,
    side: u32,
    file: File,
    path: PathBuf,
}

impl ImageCache<'_, dyn ImageSource> {
    /// The default place of the cache of a data set's images.
    ///
    /// ```
    /// use ai4fashion_dcgan::data::ImageCache;
    ///
    /// let path = ImageCache::default_path("shirts".as_ref(), 64);
    /// assert_eq!(path, std::path::Path::new("shirts/cache/images-64.bin"));
    /// ```
    #[must_use]
    pub fn default_path(dataset: &Path, side: u32) -> PathBuf {
        dataset.join(CACHE).join(format!("images-{side}.bin"))
    }
}

impl<'a, S: ImageSource + ?Sized> ImageCache<'a, S> {
    /// Opens the cache at `path`, or builds it.
    ///
    /// A cache is built again if it is of other images or another size, or damaged: its hash is
    /// checked. It is written beside its place and renamed into it, so that two processes may build
    /// it at once; what a killed one left is removed. `progress` is called with the number of
    /// decoded images and the number of all images.
    ///
    /// # Errors
    /// [`ErrorKind::Setting`](crate::ErrorKind::Setting) if `side` is 0 or above 8000,
    /// [`ErrorKind::Occupied`](crate::ErrorKind::Occupied) if another kind of file is at `path`;
    /// also if an image cannot be read, or the file cannot be read or written.
    pub fn open_or_build(
        source: &'a S,
        side: u32,
        path: impl Into<PathBuf>,
        progress: &dyn Fn(usize, usize),
    ) -> Result<Self, Error> {
        if !(1..=MAX_SIDE).contains(&side) {
            return Err(Error::setting("side", side, format!("1 to {MAX_SIDE}")));
        }
        let path = path.into();
        if let Some(folder) = path.parent() {
            leavings::sweep(folder);
        }
        let fingerprint = source.fingerprint();
        let header = Header::new(side, source.len(), &fingerprint);
        let file = match find(&path, header)? {
            Found::Whole(file) => file,
            Found::Other(why) => {
                if let Some(why) = why {
                    log::warn!("`{}` {why}: building it again", path.display());
                }
                build(source, side, header, &path, progress)?
            }
        };
        Ok(Self {
            source,
            fingerprint,
            side,
            file,
            path,
        })
    }
}

impl<S: ImageSource + ?Sized> ImageSource for ImageCache<'_, S> {
    fn len(&self) -> usize {
        self.source.len()
    }

    fn image(&self, index: usize) -> Result<RgbImage, Error> {
        let mut pixels = vec![0; bytes_of(self.side)];
        let at = HEADER as u64 + index as u64 * pixels.len() as u64;
        read_at(&self.file, &mut pixels, at).map_err(Error::io("read", &self.path))?;
        let image = RgbImage::from_raw(self.side, self.side, pixels);
        image.ok_or_else(|| Error::io("read", &self.path)(io::ErrorKind::InvalidData.into()))
    }

    fn labels(&self, index: usize) -> Labels {
        self.source.labels(index)
    }

    fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }
}

impl<S: ?Sized> fmt::Debug for ImageCache<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImageCache")
            .field("side", &self.side)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

fn build(
    source: &(impl ImageSource + ?Sized),
    side: u32,
    header: Header,
    path: &Path,
    progress: &dyn Fn(usize, usize),
) -> Result<File, Error> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Error::io("create the folder", folder))?;
    }
    progress(0, source.len());
    let file = leavings::create(path)?;
    let mut writer = BufWriter::new(file.as_file());
    let mut hash = Sha256::new();
    let begun = writer.write_all(&[0; HEADER - MAGIC.len()]);
    begun.map_err(Error::io("write", path))?;
    for first in (0..source.len()).step_by(CHUNK) {
        let places = first..source.len().min(first + CHUNK);
        let bad = AtomicUsize::new(usize::MAX);
        let squares = places.into_par_iter().map(|index| {
            // Nobody needs those after a bad one.
            (index < bad.load(Ordering::Relaxed)).then(|| {
                let image = source.image(index);
                let square = image.and_then(|image| center_crop(&image, side).map_err(Error::image(index)));
                square.inspect_err(|_| {
                    bad.fetch_min(index, Ordering::Relaxed);
                })
            })
        });
        // Errors one by one, in order, so that the first bad image is named.
        for square in squares.collect::<Vec<Option<Result<RgbImage, Error>>>>() {
            let Some(square) = square.transpose()? else {
                break;
            };
            hash.update(square.as_raw());
            writer
                .write_all(square.as_raw())
                .map_err(Error::io("write", path))?;
        }
        progress(source.len().min(first + CHUNK), source.len());
    }
    let end = |mut writer: BufWriter<&File>| {
        writer.seek(SeekFrom::Start(0))?;
        writer.write_all(&header.start)?;
        writer.write_all(&hash.finalize())?;
        writer.flush()
    };
    end(writer).map_err(Error::io("write", path))?;
    // Another process may put its own cache there at once.
    let built = file.as_file().try_clone().map_err(Error::io("read", path))?;
    file.finish().map_err(Error::file)?;
    let _ = built.unlock();
    Ok(built)
}

#[cfg(test)]
mod tests;
