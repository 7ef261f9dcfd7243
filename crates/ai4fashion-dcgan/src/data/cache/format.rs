//! The file of a cache: its header, and a check of what is in a file.

use std::{
    fs::File,
    io::{self, BufReader, Read as _},
    path::Path,
};

use sha2::{Digest, Sha256};

use crate::error::{Error, ErrorKind};

/// The first bytes of a cache: its kind and version.
pub(super) const MAGIC: [u8; 8] = *b"ai4f-px1";
/// The bytes of the magic before the version.
const VERSION: usize = MAGIC.len() - 1;
/// So few of its bits may be wrong in a file that is one by nothing else.
const FLIPPED: u32 = 2;
/// Magic, side, count, hash of the source's fingerprint, hash of the pixels.
pub(super) const HEADER: usize = 8 + 8 + 8 + 32 + 32;

/// The largest side: a square of as many pixels as a photo may have by default.
pub(super) const MAX_SIDE: u32 = 8000;

/// The bytes of an image; they fit in `usize`, see [`MAX_SIDE`].
pub(super) fn bytes_of(side: u32) -> usize {
    3 * side as usize * side as usize
}

#[cfg(unix)]
pub(super) fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, at)
}

#[cfg(windows)]
pub(super) fn read_at(file: &File, mut buffer: &mut [u8], mut at: u64) -> io::Result<()> {
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
pub(super) struct Header {
    pub(super) start: [u8; HEADER - 32],
    pub(super) content: u64,
}

impl Header {
    pub(super) fn new(side: u32, count: usize, fingerprint: &str) -> Self {
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
pub(super) enum Found {
    /// The wanted cache, checked.
    Whole(File),
    /// No cache of these images; with the reason if there should be one.
    Other(Option<&'static str>),
}

pub(super) fn find(path: &Path, header: Header) -> Result<Found, Error> {
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
    if !is_cache(&start, len, header) {
        let (path, content) = (path.to_owned(), "something other than an image cache".to_owned());
        return Err(ErrorKind::Occupied { path, content }.into());
    }
    if !start.starts_with(&MAGIC[..VERSION]) {
        return Ok(Found::Other(Some("is damaged")));
    }
    if start.len() < HEADER || len - HEADER as u64 != header.content {
        return Ok(Found::Other(None));
    }
    if start[..HEADER - 32] != header.start {
        return Ok(Found::Other(None));
    }
    let mut hash = Sha256::new();
    io::copy(&mut reader, &mut HashWriter(&mut hash)).map_err(read)?;
    if start[HEADER - 32..] != *hash.finalize() {
        return Ok(Found::Other(Some("is damaged")));
    }
    Ok(Found::Whole(file))
}

/// Whether a file of `len` bytes that begins with `start` is a cache, of any version and even if it
/// is damaged: another kind of file must not be replaced.
fn is_cache(start: &[u8], len: u64, wanted: Header) -> bool {
    // All versions begin alike.
    let kind = &MAGIC[..VERSION];
    let pairs = start.iter().zip(kind);
    let flipped: u32 = pairs.map(|(found, kind)| (found ^ kind).count_ones()).sum();
    if kind.starts_with(start) || start.len() >= VERSION && flipped <= FLIPPED {
        return true;
    }
    // As long as it says itself, or as the wanted one is.
    let (numbers, _) = start.get(8..24).unwrap_or_default().as_chunks::<8>();
    let own = match *numbers {
        [side, count] => {
            let [side, count] = [side, count].map(u64::from_le_bytes);
            let side = u32::try_from(side)
                .ok()
                .filter(|side| (1..=MAX_SIDE).contains(side));
            side.and_then(|side| count.checked_mul(bytes_of(side) as u64))
        }
        _ => None,
    };
    let content = len.checked_sub(HEADER as u64).filter(|content| *content > 0);
    content.is_some_and(|content| own == Some(content) || wanted.content == content)
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
