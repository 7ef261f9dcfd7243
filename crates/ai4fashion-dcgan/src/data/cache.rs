//! A cache of decoded images in one file.

use std::{
    fmt,
    fs::{self, File},
    io::{self, BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use ai4fashion_files::{fill_atomic, sweep_partial};
use ai4fashion_image::center_crop;
use image::RgbImage;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::{
    data::{image_source::ImageSource, labels::Labels},
    error::{Error, ErrorKind},
};

/// The first bytes of a cache: its kind and version.
const MAGIC: [u8; 8] = *b"ai4f-px1";
/// Magic, side, count, hash of the source's fingerprint, hash of the pixels.
const HEADER: usize = 8 + 8 + 8 + 32 + 32;
/// Images that are decoded before they are written.
const CHUNK: usize = 256;
/// The largest side: a square of as many pixels as a photo may have by default.
const MAX_SIDE: u32 = 8000;

/// The images of a source as squares of one size, decoded once into a file.
///
/// Images are read from the file by position, so that a data set may be larger than memory, and epochs decode nothing. An
/// image takes `3 * side * side` bytes: 11,000 images of 64x64 take 129 MiB.
///
/// ```
/// use ai4fashion_dcgan::{ImageSource, data::ImageCache, image::{Rgb, RgbImage}};
///
/// let photos = [RgbImage::from_pixel(300, 400, Rgb([200, 30, 90]))];
/// let temp = tempfile::tempdir()?;
/// let cache = ImageCache::open_or_build(&photos[..], 64, temp.path().join("images.bin"), &|done, of| {
///     println!("{done} of {of} decoded");
/// })?;
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
        dataset.join(format!("cache/images-{side}.bin"))
    }
}

impl<'a, S: ImageSource + ?Sized> ImageCache<'a, S> {
    /// Opens the cache at `path`, or builds it.
    ///
    /// A cache is built again if it is of other images or another size, or damaged: its hash is checked. It is written
    /// beside its place and renamed into it, so that two processes may build it at once. `progress` is called with the
    /// number of decoded images and the number of all images.
    ///
    /// # Errors
    /// [`ErrorKind::Setting`] if `side` is 0 or above 8000, [`ErrorKind::Occupied`] if another kind of file is at `path`;
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
        let fingerprint = source.fingerprint();
        let header = Header::new(side, source.len(), &fingerprint);
        let mut found = find(&path, header)?;
        if let Found::Other(why) = &found {
            if let Some(why) = why {
                log::warn!("`{}` {why}: building it again", path.display());
            }
            build(source, side, header, &path, progress)?;
            found = find(&path, header)?;
        }
        let Found::Whole(file) = found else {
            // Another process has put its cache there.
            return Err(ErrorKind::InUse { path }.into());
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

/// The bytes of an image; they fit in `usize`, see [`MAX_SIDE`].
fn bytes_of(side: u32) -> usize {
    3 * side as usize * side as usize
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, at)
}

#[cfg(windows)]
fn read_at(file: &File, mut buffer: &mut [u8], mut at: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt as _;
    while !buffer.is_empty() {
        let read = file.seek_read(buffer, at)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        buffer = &mut buffer[read..];
        at += read as u64;
    }
    Ok(())
}

/// The beginning of the file, without the hash of the pixels.
#[derive(Clone, Copy)]
struct Header {
    start: [u8; HEADER - 32],
    content: u64,
}

impl Header {
    fn new(side: u32, count: usize, fingerprint: &str) -> Self {
        let mut start = [0; HEADER - 32];
        start[..8].copy_from_slice(&MAGIC);
        start[8..16].copy_from_slice(&u64::from(side).to_le_bytes());
        start[16..24].copy_from_slice(&(count as u64).to_le_bytes());
        start[24..].copy_from_slice(&Sha256::digest(fingerprint.as_bytes()));
        // No file is as long as a number that does not fit.
        let content = (count as u64).saturating_mul(bytes_of(side) as u64);
        Self { start, content }
    }
}

/// The file at the place of a cache.
enum Found {
    /// The wanted cache, checked.
    Whole(File),
    /// A cache to replace, with the reason, or `None` if there is no file.
    Other(Option<&'static str>),
}

fn find(path: &Path, header: Header) -> Result<Found, Error> {
    let read = |error: io::Error| Error::io("read", path)(error);
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Other(None)),
        file => file.map_err(read)?,
    };
    let len = file.metadata().map_err(read)?.len();
    let mut reader = BufReader::with_capacity(1 << 20, &file);
    let mut start = Vec::new();
    let begun = reader.by_ref().take(HEADER as u64).read_to_end(&mut start);
    begun.map_err(read)?;
    // All versions begin alike; another kind of file must not be replaced.
    let kind = &MAGIC[..MAGIC.len() - 1];
    if !start.starts_with(kind) && !kind.starts_with(&start) {
        let (path, content) = (path.to_owned(), "something other than an image cache");
        return Err(ErrorKind::Occupied { path, content }.into());
    }
    if start.len() < HEADER || len - HEADER as u64 != header.content {
        return Ok(Found::Other(Some("is of another size")));
    }
    if start[..HEADER - 32] != header.start {
        return Ok(Found::Other(Some("is of other images")));
    }
    let mut hash = Sha256::new();
    io::copy(&mut reader, &mut HashWriter(&mut hash)).map_err(read)?;
    if start[HEADER - 32..] != *hash.finalize() {
        return Ok(Found::Other(Some("is damaged")));
    }
    Ok(Found::Whole(file))
}

struct HashWriter<'a>(&'a mut Sha256);

impl io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn build(
    source: &(impl ImageSource + ?Sized),
    side: u32,
    header: Header,
    path: &Path,
    progress: &dyn Fn(usize, usize),
) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Error::io("make the folder", folder))?;
        sweep_partial(folder, ORPHANED);
    }
    progress(0, source.len());
    let filled = fill_atomic(path, |file| -> Result<(), Failure> {
        let mut writer = BufWriter::new(file);
        let mut hash = Sha256::new();
        writer.write_all(&[0; HEADER]).map_err(Error::io("write", path))?;
        for first in (0..source.len()).step_by(CHUNK) {
            let places = first..source.len().min(first + CHUNK);
            let squares = places.into_par_iter().map(|index| {
                let square = center_crop(&source.image(index)?, side);
                square.map_err(Error::image(index))
            });
            // Errors one by one, in order, so that the first bad image is named.
            for square in squares.collect::<Vec<Result<RgbImage, Error>>>() {
                let square = square?;
                hash.update(square.as_raw());
                writer
                    .write_all(square.as_raw())
                    .map_err(Error::io("write", path))?;
            }
            progress(source.len().min(first + CHUNK), source.len());
        }
        let finish = || {
            writer.seek(SeekFrom::Start(0))?;
            writer.write_all(&header.start)?;
            writer.write_all(&hash.finalize())?;
            writer.flush()
        };
        Ok(finish().map_err(Error::io("write", path))?)
    });
    filled.map_err(|Failure(error)| error)
}

/// An error of the file helpers, or of what they call.
struct Failure(Error);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<ai4fashion_files::Error> for Failure {
    fn from(error: ai4fashion_files::Error) -> Self {
        Self(Error::file(error))
    }
}

/// The age at which a temporary file was left by a process that was killed.
const ORPHANED: Duration = Duration::from_secs(3600);

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Counts how often an image is read.
    #[derive(Default)]
    struct Counted(AtomicUsize, u8);

    impl ImageSource for Counted {
        fn len(&self) -> usize {
            300
        }

        fn image(&self, index: usize) -> Result<RgbImage, Error> {
            self.0.fetch_add(1, Ordering::Relaxed);
            let level = index as u8;
            Ok(RgbImage::from_fn(9, 7, |x, y| {
                image::Rgb([level, x as u8 * 20, y as u8 * 30])
            }))
        }

        fn fingerprint(&self) -> String {
            self.1.to_string()
        }
    }

    #[test]
    fn images_equal_those_of_the_source_and_are_decoded_once() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("cache/pixels.bin");
        let source = Counted::default();
        for _ in 0..2 {
            let cache = ImageCache::open_or_build(&source, 8, &path, &|_, _| {}).unwrap();
            assert_eq!((cache.len(), source.0.load(Ordering::Relaxed)), (300, 300));
            for index in [0, 255, 256, 299] {
                let found = cache.image(index).unwrap();
                let expected = Counted::default().image(index).unwrap();
                assert_eq!(found, center_crop(&expected, 8).unwrap());
                assert_eq!(center_crop(&found, 8).unwrap(), found);
            }
        }
        let entries = fs::read_dir(temp.path().join("cache")).unwrap().count();
        assert_eq!(entries, 1);
    }

    #[test]
    fn cache_of_other_images_or_size_or_with_damage_is_built_again() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("pixels.bin");
        let first = Counted::default();
        ImageCache::open_or_build(&first, 8, &path, &|_, _| {}).unwrap();
        let whole = fs::read(&path).unwrap();
        let rebuilt = |source: &Counted, side: u32| {
            let before = source.0.load(Ordering::Relaxed);
            ImageCache::open_or_build(source, side, &path, &|_, _| {}).unwrap();
            source.0.load(Ordering::Relaxed) - before
        };
        assert_eq!(rebuilt(&first, 8), 0);
        let mut damaged = whole.clone();
        damaged[HEADER + 1000] ^= 1;
        fs::write(&path, damaged).unwrap();
        assert_eq!(rebuilt(&first, 8), 300);
        assert_eq!(fs::read(&path).unwrap(), whole);
        for len in [0, 5, HEADER, whole.len() - 1] {
            fs::write(&path, &whole[..len]).unwrap();
            assert_eq!(rebuilt(&first, 8), 300, "{len} bytes");
        }
        assert_eq!(rebuilt(&first, 16), 300);
        assert_eq!(rebuilt(&Counted(AtomicUsize::new(0), 1), 16), 300);
    }

    #[test]
    fn illegal_side_is_refused_before_anything_is_read_or_written() {
        let temp = tempfile::tempdir().unwrap();
        let (path, source) = (temp.path().join("a.bin"), Counted::default());
        for side in [0, MAX_SIDE + 1, u32::MAX] {
            let error = ImageCache::open_or_build(&source, side, &path, &|_, _| {}).unwrap_err();
            let ErrorKind::Setting { option, value, .. } = error.kind() else {
                panic!("{error}")
            };
            assert_eq!((*option, value), ("side", &side.to_string()));
        }
        assert!(source.0.load(Ordering::Relaxed) == 0 && !path.exists());
        // More bytes than a number of 64 bits counts.
        assert_eq!(Header::new(MAX_SIDE, usize::MAX, "").content, u64::MAX);
    }

    #[test]
    fn place_that_cannot_be_written_is_named() {
        let temp = tempfile::tempdir().unwrap();
        let file = temp.path().join("file");
        fs::write(&file, "mine").unwrap();
        let error = ImageCache::open_or_build(&Counted::default(), 8, file.join("pixels.bin"), &|_, _| {})
            .unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Io { .. }), "{error}");
        assert!(error.to_string().contains("file"), "{error}");
        let error = ImageCache::open_or_build(&Counted::default(), 8, &file, &|_, _| {}).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Occupied { .. }), "{error}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    }

    #[test]
    fn first_of_several_bad_images_is_named() {
        struct Bad;
        impl ImageSource for Bad {
            fn len(&self) -> usize {
                300
            }
            fn image(&self, index: usize) -> Result<RgbImage, Error> {
                Ok(RgbImage::new(u32::from(!(40..=60).contains(&index)), 1))
            }
        }
        let temp = tempfile::tempdir().unwrap();
        let error = ImageCache::open_or_build(&Bad, 8, temp.path().join("a.bin"), &|_, _| {}).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Image { index: 40, .. }),
            "{error}"
        );
    }
}
