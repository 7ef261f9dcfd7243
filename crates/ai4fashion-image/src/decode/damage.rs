//! What is wrong with a file that a decoder refuses, in words.

use flate2::Crc;
use image::{ImageError, ImageFormat};

use crate::error::{Error, ErrorKind};

/// The first chunk of a PNG begins here.
const FIRST_CHUNK: usize = 8;

/// The error for what a decoder says of `bytes`.
pub(super) fn error(bytes: &[u8], format: ImageFormat, error: &ImageError) -> Error {
    if let ImageError::Unsupported(what) = error {
        let what = plain(&what.to_string());
        return ErrorKind::Unsupported { what }.into();
    }
    let of_chunk = (format == ImageFormat::Png).then(|| wrong_chunk(bytes)).flatten();
    let source = of_chunk.unwrap_or_else(|| plain(&error.to_string()));
    ErrorKind::Damaged {
        source: source.into(),
    }
    .into()
}

/// One line without control characters and without the insides of a decoder's types.
fn plain(message: &str) -> String {
    let line: String = message
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    match line.split_once('{') {
        Some((before, _)) => format!("{}...", before.trim_end_matches(|c: char| !c.is_whitespace())),
        None => line,
    }
}

/// Refuses what looks like a format that is read, and is another.
pub(super) fn check_supported(bytes: &[u8], format: ImageFormat) -> Result<(), Error> {
    let is_of_xcode = format == ImageFormat::Png && bytes.get(12..16) == Some(b"CgBI");
    if is_of_xcode {
        let what = "PNG that Apple's tools have optimized (CgBI)".to_owned();
        return Err(ErrorKind::Unsupported { what }.into());
    }
    Ok(())
}

/// What is wrong with the first chunk of a PNG that is cut off or has another checksum.
fn wrong_chunk(bytes: &[u8]) -> Option<String> {
    let mut at = FIRST_CHUNK;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let Some([a, b, c, d, name @ ..]) = rest.first_chunk::<8>() else {
            return Some("the file ends within a chunk".to_owned());
        };
        let size = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        let name_text = || String::from_utf8_lossy(name).escape_debug().to_string();
        let checked = rest.get(4..8 + size);
        let checksum = rest.get(8 + size..).and_then(|rest| rest.first_chunk());
        let (Some(checked), Some(checksum)) = (checked, checksum) else {
            return Some(format!("the file ends within the chunk {}", name_text()));
        };
        let mut crc = Crc::new();
        crc.update(checked);
        if crc.sum() != u32::from_be_bytes(*checksum) {
            return Some(format!("the checksum of the chunk {} is wrong", name_text()));
        }
        if name == b"IEND" {
            return None;
        }
        at += 12 + size;
    }
    Some("the chunk IEND is missing".to_owned())
}
