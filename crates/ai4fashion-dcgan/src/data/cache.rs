//! Decoded pictures in one file.

use std::{
    fmt,
    fs::{self, File},
    io::{self, BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use ai4fashion_dataset::{Dataset, PARTIAL, Progress, center_crop, fill_atomic};
use image::RgbImage;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::{
    data::{image_source::PictureSource, labels::Labels},
    error::{Error, ErrorKind},
};

/// What a cache begins with: its kind and version.
const MAGIC: [u8; 8] = *b"ai4f-px1";
/// Magic, side, count, hash of the source's fingerprint, hash of the pixels.
const HEADER: usize = 8 + 8 + 8 + 32 + 32;
/// Pictures that are decoded before they are written.
const CHUNK: usize = 256;
/// The largest side: that of a square of as many pixels as a photo may have, unless other limits are asked for.
const MAX_SIDE: u32 = 8000;

/// The pictures of a source as squares of one size, decoded once into a file and read from it by position, so that a data
/// set may be larger than memory, and no epoch but the first decodes anything.
///
/// A picture takes `3 * side * side` bytes: 11,000 of 64x64 take 129 MiB.
pub struct PictureCache<'a, S: ?Sized> {
    source: &'a S,
    fingerprint: String,
    side: u32,
    file: File,
    path: PathBuf,
}

impl PictureCache<'_, Dataset> {
    /// Where the cache of a data set is kept, unless another place is asked for.
    ///
    /// ```
    /// use ai4fashion_dcgan::PictureCache;
    ///
    /// let path = PictureCache::default_path("shirts".as_ref(), 64);
    /// assert_eq!(path, std::path::Path::new("shirts/cache/pictures-64.bin"));
    /// ```
    #[must_use]
    pub fn default_path(dataset: &Path, side: u32) -> PathBuf {
        dataset.join(format!("cache/pictures-{side}.bin"))
    }
}

impl<'a, S: PictureSource + ?Sized> PictureCache<'a, S> {
    /// Opens the cache at `path`, or builds it if there is none, or if it is of other pictures or another size, or damaged:
    /// its hash is checked. It is written beside its place and renamed into it; two processes may build it at once.
    ///
    /// # Errors
    /// [`ErrorKind::Setting`] if `side` is 0 or above 8000; also if a picture cannot be read, the file not be read or written,
    /// or there is another kind of file at `path`.
    pub fn open_or_build(
        source: &'a S,
        side: u32,
        path: impl Into<PathBuf>,
        progress: &dyn Progress,
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
                log::warn!("`{}` {why}: building it anew", path.display());
            }
            build(source, side, header, &path, progress)?;
            found = find(&path, header)?;
        }
        let Found::Whole(file) = found else {
            // Another process has put its own there.
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

impl<S: PictureSource + ?Sized> PictureSource for PictureCache<'_, S> {
    fn len(&self) -> usize {
        self.source.len()
    }

    fn picture(&self, index: usize) -> Result<RgbImage, Error> {
        let mut pixels = vec![0; bytes_of(self.side)];
        let at = HEADER as u64 + index as u64 * pixels.len() as u64;
        read_at(&self.file, &mut pixels, at).map_err(Error::io("read", &self.path))?;
        let picture = RgbImage::from_raw(self.side, self.side, pixels);
        picture.ok_or_else(|| Error::io("read", &self.path)(io::ErrorKind::InvalidData.into()))
    }

    fn labels(&self, index: usize) -> Labels {
        self.source.labels(index)
    }

    fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }
}

impl<S: ?Sized> fmt::Debug for PictureCache<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PictureCache")
            .field("side", &self.side)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// Bytes of a picture, which are few enough: see [`MAX_SIDE`].
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

/// The beginning of the file, but for the hash of the pixels.
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
        // No file is as long as what does not fit.
        let content = (count as u64).saturating_mul(bytes_of(side) as u64);
        Self { start, content }
    }
}

/// What is at the place of a cache.
enum Found {
    /// The cache that is wanted, checked, at its first byte or later.
    Whole(File),
    /// Something that is ours to replace, and why it should be; `None` if there is nothing.
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
    // All versions begin alike; what begins in another way is not ours to replace.
    let kind = &MAGIC[..MAGIC.len() - 1];
    if !start.starts_with(kind) && !kind.starts_with(&start) {
        let path = path.to_owned();
        return Err(ErrorKind::NotACache { path }.into());
    }
    if start.len() < HEADER || len - HEADER as u64 != header.content {
        return Ok(Found::Other(Some("is of another size")));
    }
    if start[..HEADER - 32] != header.start {
        return Ok(Found::Other(Some("is of other pictures")));
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
    source: &(impl PictureSource + ?Sized),
    side: u32,
    header: Header,
    path: &Path,
    progress: &dyn Progress,
) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Error::io("make the folder", folder))?;
        sweep(folder);
    }
    progress.start(source.len());
    fill_atomic(path, |file| {
        let mut writer = BufWriter::new(file);
        let mut hash = Sha256::new();
        writer.write_all(&[0; HEADER]).map_err(Error::io("write", path))?;
        for first in (0..source.len()).step_by(CHUNK) {
            let places = first..source.len().min(first + CHUNK);
            let squares = places.into_par_iter().map(|index| {
                let square = center_crop(&source.picture(index)?, side);
                square.map_err(|source| ErrorKind::Picture { index, source }.into())
            });
            // Errors one by one, in order: the first bad picture is the one that is named.
            for square in squares.collect::<Vec<Result<RgbImage, Error>>>() {
                let square = square?;
                hash.update(square.as_raw());
                writer
                    .write_all(square.as_raw())
                    .map_err(Error::io("write", path))?;
            }
            progress.advance(source.len().min(first + CHUNK));
        }
        let finish = || {
            writer.seek(SeekFrom::Start(0))?;
            writer.write_all(&header.start)?;
            writer.write_all(&hash.finalize())?;
            writer.flush()
        };
        finish().map_err(Error::io("write", path))
    })
}

/// A temporary file that nobody has written to for so long was left by a process that was killed.
const ORPHANED: Duration = Duration::from_secs(3600);

fn sweep(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let is_partial = entry.file_name().to_string_lossy().starts_with(PARTIAL);
        let changed = entry.metadata().and_then(|metadata| metadata.modified());
        let age = changed.ok().and_then(|changed| changed.elapsed().ok());
        if is_partial && age.is_some_and(|age| age > ORPHANED) {
            // It is garbage: that it cannot be removed is no reason to stop.
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Counts how often a picture is read.
    #[derive(Default)]
    struct Counted(AtomicUsize, u8);

    impl PictureSource for Counted {
        fn len(&self) -> usize {
            300
        }

        fn picture(&self, index: usize) -> Result<RgbImage, Error> {
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
    fn pictures_are_those_of_the_source_and_decoded_once() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("cache/pixels.bin");
        let source = Counted::default();
        for _ in 0..2 {
            let cache = PictureCache::open_or_build(&source, 8, &path, &()).unwrap();
            assert_eq!((cache.len(), source.0.load(Ordering::Relaxed)), (300, 300));
            for index in [0, 255, 256, 299] {
                let found = cache.picture(index).unwrap();
                let expected = Counted::default().picture(index).unwrap();
                assert_eq!(found, center_crop(&expected, 8).unwrap());
                assert_eq!(center_crop(&found, 8).unwrap(), found);
            }
        }
        let entries = fs::read_dir(temp.path().join("cache")).unwrap().count();
        assert_eq!(entries, 1);
    }

    #[test]
    fn cache_of_other_pictures_or_another_size_or_damaged_is_built_anew() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("pixels.bin");
        let first = Counted::default();
        PictureCache::open_or_build(&first, 8, &path, &()).unwrap();
        let whole = fs::read(&path).unwrap();
        let rebuilt = |source: &Counted, side: u32| {
            let before = source.0.load(Ordering::Relaxed);
            PictureCache::open_or_build(source, side, &path, &()).unwrap();
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
    fn side_that_no_picture_has_is_refused_before_anything_is_read_or_written() {
        let temp = tempfile::tempdir().unwrap();
        let (path, source) = (temp.path().join("a.bin"), Counted::default());
        for side in [0, MAX_SIDE + 1, u32::MAX] {
            let error = PictureCache::open_or_build(&source, side, &path, &()).unwrap_err();
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
        let error =
            PictureCache::open_or_build(&Counted::default(), 8, file.join("pixels.bin"), &()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Io { .. }), "{error}");
        assert!(error.to_string().contains("file"), "{error}");
        let error = PictureCache::open_or_build(&Counted::default(), 8, &file, &()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::NotACache { .. }), "{error}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    }

    #[test]
    fn file_of_a_killed_process_is_swept_when_it_is_old() {
        let temp = tempfile::tempdir().unwrap();
        let [old, young] = ["old", "young"].map(|name| temp.path().join(format!("{PARTIAL}{name}")));
        for (path, age) in [(&old, 2), (&young, 0)] {
            let file = File::create(path).unwrap();
            let changed = std::time::SystemTime::now() - ORPHANED * age;
            file.set_modified(changed).unwrap();
        }
        PictureCache::open_or_build(&Counted::default(), 8, temp.path().join("pixels.bin"), &()).unwrap();
        assert!(!old.exists() && young.exists());
    }

    #[test]
    fn first_of_several_bad_pictures_is_named() {
        struct Bad;
        impl PictureSource for Bad {
            fn len(&self) -> usize {
                300
            }
            fn picture(&self, index: usize) -> Result<RgbImage, Error> {
                Ok(RgbImage::new(u32::from(!(40..=60).contains(&index)), 1))
            }
        }
        let temp = tempfile::tempdir().unwrap();
        let error = PictureCache::open_or_build(&Bad, 8, temp.path().join("a.bin"), &()).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Picture { index: 40, .. }),
            "{error}"
        );
    }
}
