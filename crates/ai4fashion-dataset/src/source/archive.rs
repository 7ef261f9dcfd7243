//! Images in a `.zip`, read in place: nothing is unpacked to the disk.
//!
//! 1. An archive with more than [`MAX_ENTRIES`] entries is refused.
//! 2. An entry is rejected if its stated size is over the limit of a file, or more than
//!    [`MAX_RATIO`] times its compressed size. Reading stops at the stated size, and an entry with
//!    more is rejected.
//! 3. Names that lead out of the archive, links and encrypted entries are rejected. Names are only
//!    compared; no file is made of them.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use ai4fashion_files::names;
use ai4fashion_image::Limits;
use zip::{ZipArchive, read::ZipFile, result::ZipError};

use super::{
    entry::Entry,
    walk::{Found, is_from_a_mac, is_image},
};
use crate::{
    error::{Error, RejectReason},
    record::Rejected,
};

/// Kaggle's set has 89 thousand, LookBook 85 thousand.
const MAX_ENTRIES: usize = 1_000_000;
/// Images are compressed already; tables of text reach 20.
const MAX_RATIO: u64 = 256;

type Reader = ZipArchive<BufReader<File>>;

/// An open `.zip`.
#[derive(Debug)]
pub(super) struct Archive {
    path: PathBuf,
    /// One for each thread that is reading; they share the directory.
    readers: Mutex<Vec<Reader>>,
}

impl Archive {
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(Error::io("read", path))?;
        let reader = ZipArchive::new(BufReader::new(file)).map_err(|source| broken(path, source))?;
        if reader.len() > MAX_ENTRIES {
            let problem = format!("{} files, limit is {MAX_ENTRIES}", reader.len());
            return Err(Error::malformed(path, None)(problem));
        }
        Ok(Self {
            path: path.to_owned(),
            readers: Mutex::new(vec![reader]),
        })
    }

    /// Lists the image files below the folder `below`, in the order of their names.
    pub(super) fn images(&self, below: &str) -> Result<Found, Error> {
        let mut found = Found::default();
        self.with_reader(|reader| {
            for place in 0..reader.len() {
                let file = reader
                    .by_index_raw(place)
                    .map_err(|source| broken(&self.path, source))?;
                let (name, is_text) = match file.name() {
                    Ok(name) => (name.into_owned(), true),
                    Err(_) => (String::from_utf8_lossy(file.name_raw()).into_owned(), false),
                };
                let name = plain(&name);
                let source_path = names::path(&name);
                let Some(inside) = source_path.strip_prefix(below) else {
                    continue;
                };
                if file.is_dir() || !is_image(Path::new(inside)) || is_from_a_mac(Path::new(inside)) {
                    continue;
                }
                let checked = if is_text {
                    check(&file)
                } else {
                    Err(unsafe_entry("has a name that is not text"))
                };
                match checked {
                    Ok(()) => found.images.push(Entry::new(self.path.join(&name), inside)),
                    Err(error) => found.unreadable.push(Rejected::new(inside, &error)),
                }
            }
            Ok(())
        })?;
        found.images.sort_by(|a, b| a.path.cmp(&b.path));
        found.unreadable.sort_by(|a, b| a.source_path.cmp(&b.source_path));
        Ok(found)
    }

    /// The folder with the shortest name that has a file `name` in it, with a slash at its end
    /// unless it is the whole archive.
    pub(super) fn folder_of(&self, name: &str) -> Result<Option<String>, Error> {
        self.with_reader(|reader| {
            let files = reader.file_names().filter_map(Result::ok);
            let folders = files.filter_map(|file| plain(&file).strip_suffix(name).map(str::to_owned));
            let folders = folders.filter(|folder| folder.is_empty() || folder.ends_with('/'));
            Ok(folders.min_by_key(String::len))
        })
    }

    /// Reads the bytes of a file.
    pub(super) fn read(&self, name: &str, limits: &Limits) -> Result<Vec<u8>, Error> {
        self.with_reader(|reader| {
            let place = [name.to_owned(), format!("./{name}"), name.replace('/', "\\")]
                .iter()
                .find_map(|stored| reader.index_for_name(stored));
            let file = place.map_or(Err(ZipError::FileNotFound), |place| reader.by_index(place));
            let file = file.map_err(|source| broken(&self.path, source))?;
            check(&file)?;
            limits.check_bytes(file.size())?;
            // Not more than the stated size: the limit cannot be bypassed.
            let size = file.size();
            let mut bytes = Vec::new();
            file.take(size + 1)
                .read_to_end(&mut bytes)
                .map_err(Error::io("read", &self.path.join(name)))?;
            match bytes.len() as u64 {
                0 => Err(ai4fashion_image::Error::from(ai4fashion_image::ErrorKind::EmptyFile).into()),
                found if found > size => Err(unsafe_entry("is larger than its stated size")),
                _ => Ok(bytes),
            }
        })
    }

    /// The name of an image in the archive.
    pub(super) fn name_of(&self, image: &Entry) -> Option<String> {
        let inside = image.path.strip_prefix(&self.path).ok()?;
        inside.to_str().map(|name| name.replace('\\', "/"))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn with_reader<T>(&self, work: impl FnOnce(&mut Reader) -> Result<T, Error>) -> Result<T, Error> {
        let readers = || self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        let spare = readers().pop();
        let mut reader = match spare {
            Some(reader) => reader,
            None => {
                let file = File::open(&self.path).map_err(Error::io("read", &self.path))?;
                ZipArchive::new(BufReader::new(file)).map_err(|source| broken(&self.path, source))?
            }
        };
        let result = work(&mut reader);
        readers().push(reader);
        result
    }
}

/// Normalizes a name: without `./` before it, and with slashes for the backslashes of Windows.
fn plain(name: &str) -> String {
    let name = name.replace('\\', "/");
    name.strip_prefix("./").map(str::to_owned).unwrap_or(name)
}

/// Whether a name begins at a root or a drive.
fn is_absolute(name: &[u8]) -> bool {
    matches!(name, [b'/' | b'\\', ..] | [_, b':', ..])
}

fn check<R: Read>(file: &ZipFile<'_, R>) -> Result<(), Error> {
    let why = if file.enclosed_name().is_none() || is_absolute(file.name_raw()) {
        "has a name that leads out of the archive"
    } else if file.is_symlink() {
        "is a link"
    } else if file.encrypted() {
        "is encrypted"
    } else if file.size() > MAX_RATIO.saturating_mul(file.compressed_size().max(1)) {
        "would unpack to more than 256 times its size"
    } else {
        return Ok(());
    };
    Err(unsafe_entry(why))
}

fn unsafe_entry(why: &str) -> Error {
    Error::rejected(RejectReason::UnsafeEntry, format!("file in the archive {why}"))
}

fn broken(path: &Path, source: ZipError) -> Error {
    Error::malformed(path, None)(source)
}
