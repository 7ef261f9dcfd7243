//! Metadata of a WebP: the chunks `EXIF` and `XMP ` of its RIFF container (RFC 9649, section 2.7).

use super::{MAX_CHUNKS, Statement};

/// Calls `see` with the metadata of the file.
pub(super) fn statements<'a>(bytes: &'a [u8], see: &mut impl FnMut(Statement<'a>)) {
    let mut at = 12;
    for _ in 0..MAX_CHUNKS {
        let Some([name @ .., a, b, c, d]) = bytes.get(at..at + 8) else {
            return;
        };
        let size = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
        let Some(content) = bytes.get(at + 8..).and_then(|rest| rest.get(..size)) else {
            return;
        };
        match name {
            b"EXIF" => see(Statement::Exif(content)),
            b"XMP " => see(Statement::Xmp(content)),
            _ => {}
        }
        // Chunks are padded to even sizes.
        at += 8 + size + size % 2;
    }
}
