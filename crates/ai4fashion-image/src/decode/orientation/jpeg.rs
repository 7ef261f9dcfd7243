//! Metadata of a JPEG: its APP1 segments.

use super::{MAX_CHUNKS, Statement};

/// Stands before an XMP packet (*XMP specification*, part 3, section 1.1.3).
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// Calls `see` with the metadata before the image data.
pub(super) fn statements<'a>(bytes: &'a [u8], see: &mut impl FnMut(Statement<'a>)) {
    let mut at = 2;
    for _ in 0..MAX_CHUNKS {
        // Bytes that fill, before a marker.
        while bytes.get(at..at + 2) == Some(&[0xFF; 2]) {
            at += 1;
        }
        let Some([0xFF, marker, high, low]) = bytes.get(at..at + 4) else {
            return;
        };
        let end = at + 2 + usize::from(u16::from_be_bytes([*high, *low]));
        let content = bytes.get(at + 4..end);
        match (*marker, content) {
            // The scan begins, or the image ends.
            (0xDA | 0xD9, _) | (_, None) => return,
            (0xE1, Some(content)) if content.starts_with(b"Exif\0") => see(Statement::Exif(content)),
            (0xE1, Some(content)) => {
                if let Some(packet) = content.strip_prefix(XMP) {
                    see(Statement::Xmp(packet));
                }
            }
            _ => {}
        }
        at = end;
    }
}
