//! The records of an archive's directory, each by its place.

use std::{collections::HashSet, fs::File, io, path::Path, str};

use rawzip::{
    CompressionMethod, ErrorKind, FileReader, MAX_CENTRAL_DIRECTORY_RECORD_SIZE, RECOMMENDED_BUFFER_SIZE,
    ReaderAt, ZipArchive, ZipArchiveEntryWayfinder, ZipFileHeaderRecord, ZipLocator, crc32,
    extra_fields::ExtraFieldId,
};

use super::{super::walk::is_image, MAX_FILES, disk::Disk, repair, stored_name::StoredName};
use crate::error::Error;

/// The flag of LZMA data that end with a mark (APPNOTE 4.4.4).
const END_MARK: u16 = 1 << 1;
/// Where the last record of all says how large the directory is, and where (APPNOTE 4.3.16).
const DIRECTORY_SIZE: u64 = 12;
const DIRECTORY_OFFSET: u64 = 16;
/// Files that are looked for before all are thought to be elsewhere.
const SAMPLED: usize = 8;
/// How often the end of an archive is looked for: a comment may hold what looks like one.
const MAX_ENDS: usize = 16;

/// What a record says of its file.
#[derive(Debug)]
pub(super) struct FileRecord {
    pub(super) name: StoredName,
    pub(super) way: ZipArchiveEntryWayfinder,
    pub(super) method: CompressionMethod,
    pub(super) size: u64,
    pub(super) packed_size: u64,
    pub(super) is_link: bool,
    pub(super) is_encrypted: bool,
    pub(super) has_end_mark: bool,
    pub(super) is_damaged: bool,
}

/// Opens an archive and reads its records, in their order; a damaged one does not cost the others.
///
/// # Errors
/// If there is no directory, or it has more than [`MAX_FILES`] records.
pub(super) fn read(path: &Path, file: File) -> Result<(ZipArchive<Disk>, Vec<FileRecord>), Error> {
    let length = file.metadata().map_err(Error::io("read", path))?.len();
    let zip = open(path, Disk::new(FileReader::from(file)), length)?;
    let (zip, damaged, found) = match records(path, &zip, None)? {
        Some(found) => (zip, None, found),
        None => {
            let (zip, damaged) = repaired(path, zip, length)?;
            let found = records(path, &zip, Some(&damaged))?.unwrap_or_default();
            (zip, Some(damaged), found)
        }
    };
    let mut first = found.iter().take(SAMPLED);
    if found.is_empty() || first.any(|record| zip.get_entry(record.way).is_ok()) {
        return Ok((zip, found));
    }
    // The end is wrong about where the directory is: taken for something that stands before the
    // archive, the difference would move all files.
    let (start, end) = (zip.directory_offset(), zip.eocd_offset());
    let mut disk = zip.into_inner();
    disk.patch(end + DIRECTORY_OFFSET, (start as u32).to_le_bytes().to_vec());
    let zip = open(path, disk, length)?;
    let found = records(path, &zip, damaged.as_ref())?.unwrap_or_default();
    Ok((zip, found))
}

/// Reopens an archive with a repaired directory; also returns the offsets of repaired records.
fn repaired(
    path: &Path,
    zip: ZipArchive<Disk>,
    length: u64,
) -> Result<(ZipArchive<Disk>, HashSet<u64>), Error> {
    let (start, end) = (zip.directory_offset(), zip.eocd_offset());
    let mut directory = vec![0; usize::try_from(end.saturating_sub(start)).unwrap_or_default()];
    let read = zip.get_ref().read_exact_at(&mut directory, start);
    read.map_err(Error::io("read", path))?;
    let damaged = repair::repair(&mut directory);
    let damaged = damaged.into_iter().map(|at| start + at as u64).collect();
    let mut disk = zip.into_inner();
    disk.patch(start, directory);
    Ok((open(path, disk, length)?, damaged))
}

fn open(path: &Path, mut disk: Disk, mut end: u64) -> Result<ZipArchive<Disk>, Error> {
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let mut is_repaired = false;
    for _ in 0..MAX_ENDS {
        let (mut back, error) = match ZipLocator::new().locate_in_reader(disk, &mut buffer, end) {
            Ok(zip) => return Ok(zip),
            Err(failed) => failed,
        };
        let Some(found) = error.eocd_offset().filter(|found| *found < end) else {
            match of_the_disk(error) {
                Some(error) => return Err(Error::io("read", path)(error)),
                None => break,
            }
        };
        // Info-ZIP's does not say where the directory is if a stream has sizes of 64 bits.
        match directory_before(&back, found).filter(|_| !is_repaired) {
            Some(directory) => {
                back.patch(found + DIRECTORY_OFFSET, directory.to_le_bytes().to_vec());
                is_repaired = true;
            }
            None => end = found,
        }
        disk = back;
    }
    let problem = "the directory at its end is missing: it is cut off, or no .zip";
    Err(Error::malformed(path, None)(problem))
}

/// Where the directory is by its size, which stands in the record at its end, if it is there.
fn directory_before(disk: &Disk, end: u64) -> Option<u32> {
    let (mut size, mut mark) = ([0; 4], [0; 4]);
    disk.read_exact_at(&mut size, end + DIRECTORY_SIZE).ok()?;
    let directory = end.checked_sub(u32::from_le_bytes(size).into())?;
    disk.read_exact_at(&mut mark, directory).ok()?;
    u32::try_from(directory)
        .ok()
        .filter(|_| repair::has_record(&mark))
}

/// The records, or `None` if one is damaged; `damaged` are the offsets of those that were repaired.
fn records(
    path: &Path,
    zip: &ZipArchive<Disk>,
    damaged: Option<&HashSet<u64>>,
) -> Result<Option<Vec<FileRecord>>, Error> {
    let mut buffer = vec![0; MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
    let mut entries = zip.entries(&mut buffer);
    let mut records = Vec::new();
    loop {
        let record = match entries.next_entry() {
            Ok(None) => return Ok(Some(records)),
            Ok(Some(record)) => record,
            Err(error) => {
                return match of_the_disk(error) {
                    Some(error) => Err(Error::io("read", path)(error)),
                    // What is left after repairing is no record.
                    None => Ok(damaged.map(|_| records)),
                };
            }
        };
        let is_repaired = damaged.is_some_and(|damaged| damaged.contains(&record.central_directory_offset()));
        if !is_repaired && hides_another(&record) {
            return Ok(None);
        }
        let mut read = FileRecord::new(&record);
        if is_repaired {
            read.is_damaged = true;
            read.name = local_name(zip, &read).unwrap_or_else(|| unnamed(records.len()));
        } else if read.packed_size > 0 && !is_named_image(&read.name) {
            // One wrong byte in its name, and an image is none any more.
            let image = local_name(zip, &read).filter(is_named_image);
            read.is_damaged = image.is_some();
            read.name = image.unwrap_or(read.name);
        }
        records.push(read);
        if records.len() > MAX_FILES {
            let problem = format!("more than {MAX_FILES} files, which is the limit");
            return Err(Error::malformed(path, None)(problem));
        }
    }
}

impl FileRecord {
    fn new(record: &ZipFileHeaderRecord<'_>) -> Self {
        let flags = record.flags();
        Self {
            name: StoredName {
                bytes: record.file_path().as_bytes().to_owned(),
                unicode: unicode_path(record),
            },
            way: record.wayfinder(),
            method: record.compression_method(),
            size: record.uncompressed_size_hint(),
            packed_size: record.compressed_size_hint(),
            is_link: record.mode().is_symlink(),
            is_encrypted: flags.is_encrypted(),
            has_end_mark: flags.bits() & END_MARK != 0,
            is_damaged: false,
        }
    }
}

/// The name in UTF-8 that Info-ZIP and others write beside the bytes (APPNOTE 4.6.9): version 1,
/// the checksum of the bytes that it belongs to, and the name.
fn unicode_path(record: &ZipFileHeaderRecord<'_>) -> Option<String> {
    let mut fields = record.extra_fields();
    let (_, field) = fields.find(|(id, _)| *id == ExtraFieldId::INFO_ZIP_UNICODE_PATH)?;
    let ([1, checksum @ ..], name) = field.split_first_chunk::<5>()? else {
        return None;
    };
    let is_its = u32::from_le_bytes(*checksum) == crc32(record.file_path().as_bytes());
    let name = str::from_utf8(name).ok().filter(|_| is_its)?;
    Some(name.to_owned())
}

fn hides_another(record: &ZipFileHeaderRecord<'_>) -> bool {
    [
        record.file_path().as_bytes(),
        record.extra_fields().remaining_bytes(),
        record.comment().as_bytes(),
    ]
    .into_iter()
    .any(repair::has_record)
}

/// The name that stands before the file itself; what a damaged record calls it is not believed.
fn local_name(zip: &ZipArchive<Disk>, record: &FileRecord) -> Option<StoredName> {
    let mut buffer = vec![0; 2 * usize::from(u16::MAX)];
    let entry = zip.get_entry(record.way).ok()?;
    let header = entry.local_header(&mut buffer).ok()?;
    Some(StoredName {
        bytes: header.file_path().as_bytes().to_owned(),
        unicode: None,
    })
}

fn is_named_image(name: &StoredName) -> bool {
    let text = name.unicode.as_deref().unwrap_or_default();
    is_image(Path::new(&*String::from_utf8_lossy(&name.bytes))) || is_image(Path::new(text))
}

fn unnamed(place: usize) -> StoredName {
    StoredName {
        bytes: format!("file {} of the directory", place + 1).into_bytes(),
        unicode: None,
    }
}

/// The error of the system, if it is one: the archive may be all right.
fn of_the_disk(error: rawzip::Error) -> Option<io::Error> {
    match error.into_kind() {
        ErrorKind::IO(error) => Some(error).filter(|error| error.raw_os_error().is_some()),
        _ => None,
    }
}
