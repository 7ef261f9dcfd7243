//! The bytes of a file of an archive.

use std::{
    io::{self, BufRead, BufReader, Read},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use bzip2::bufread::BzDecoder;
use deflate64::Deflate64Decoder;
use flate2::bufread::DeflateDecoder;
use lzma_rust2::{LzmaReader, XzReader};
use rawzip::{CompressionMethod, ReaderAt, ZipArchive, ZipVerification, crc32};
use ruzstd::decoding::StreamingDecoder;

use super::{packed::Packed, problem::Problem};
use crate::error::{Error, RejectReason};

/// Bytes that are reserved before any is unpacked: what a record says is not believed further.
const RESERVED: u64 = 1 << 20;
/// The most memory that a file may ask for, in bytes: more than the dictionary of any image.
const MAX_DICTIONARY: u64 = 128 << 20;

/// Reads a file and checks its size and checksum.
pub(super) fn unpack<R: ReaderAt>(zip: &ZipArchive<R>, file: &Packed, path: &Path) -> Result<Vec<u8>, Error> {
    if file.size == 0 {
        return Err(ai4fashion_image::Error::from(ai4fashion_image::ErrorKind::EmptyFile).into());
    }
    let entry = zip.get_entry(file.way).map_err(|error| match error.into_kind() {
        rawzip::ErrorKind::IO(error) if is_the_disks(&error) => Error::io("read", path)(error),
        _ => Problem::Astray.into(),
    })?;
    let packed = entry.reader();
    let stated = packed.claim_verifier();
    let unpacked = catch_unwind(AssertUnwindSafe(|| unpacked(BufReader::new(packed), file)));
    let bytes = unpacked
        .map_err(|_| {
            let message = "file in the archive made its decompressor panic";
            Error::rejected(RejectReason::DecoderPanicked, message)
        })?
        .map_err(|error| match error.kind() {
            _ if is_the_disks(&error) => Error::io("read", path)(error),
            io::ErrorKind::UnexpectedEof => Problem::CutOff.into(),
            _ => Problem::Damaged.into(),
        })?;
    let (uncompressed_size, crc) = (bytes.len() as u64, crc32(&bytes));
    if uncompressed_size != file.size {
        let is_longer = uncompressed_size > file.size;
        return Err(if is_longer {
            Problem::TooLong
        } else {
            Problem::TooShort
        }
        .into());
    }
    let found = ZipVerification {
        crc,
        uncompressed_size,
    };
    stated.valid(found).map_err(|_| Problem::Checksum)?;
    Ok(bytes)
}

/// Whether the system cannot read: the data may be all right.
fn is_the_disks(error: &io::Error) -> bool {
    error.raw_os_error().is_some()
}

/// At most one byte more than the stated size.
fn unpacked(packed: impl BufRead, file: &Packed) -> io::Result<Vec<u8>> {
    use CompressionMethod as M;
    let limit = file.size.saturating_add(1);
    let mut bytes = Vec::with_capacity(usize::try_from(limit.min(RESERVED)).unwrap_or_default());
    match file.method {
        M::STORE => packed.take(limit).read_to_end(&mut bytes),
        M::DEFLATE => DeflateDecoder::new(packed).take(limit).read_to_end(&mut bytes),
        M::DEFLATE64 => Deflate64Decoder::with_buffer(packed)
            .take(limit)
            .read_to_end(&mut bytes),
        M::BZIP2 => BzDecoder::new(packed).take(limit).read_to_end(&mut bytes),
        M::LZMA => lzma(packed, file)?.take(limit).read_to_end(&mut bytes),
        M::XZ => XzReader::new_mem_limit(packed, false, (MAX_DICTIONARY >> 10) as u32)
            .take(limit)
            .read_to_end(&mut bytes),
        M::ZSTD => StreamingDecoder::new_with_max_window_size(packed, MAX_DICTIONARY)
            .map_err(io::Error::other)?
            .take(limit)
            .read_to_end(&mut bytes),
        _ => Err(io::ErrorKind::Unsupported.into()),
    }?;
    Ok(bytes)
}

/// LZMA data have a header of their own (APPNOTE 5.8.8): version, size of the properties, and the
/// properties, which are a byte of parameters and the size of the dictionary.
fn lzma(mut packed: impl BufRead, file: &Packed) -> io::Result<impl Read> {
    let mut header = [0; 9];
    packed.read_exact(&mut header)?;
    let [_, _, 5, 0, parameters, dictionary @ ..] = header else {
        return Err(io::ErrorKind::InvalidData.into());
    };
    // No distance is longer than the file.
    let needed = file.size.clamp(4096, MAX_DICTIONARY);
    let dictionary = u64::from(u32::from_le_bytes(dictionary)).min(needed) as u32;
    let size = if file.has_end_mark { u64::MAX } else { file.size };
    LzmaReader::new_with_props(packed, size, parameters, dictionary, None).map_err(io::Error::other)
}
