//! Tables and lists that people write, as text.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The bytes that are looked at to tell UTF-16 without a mark.
const LOOKED_AT: usize = 4096;

/// Decodes the text of a table or list, whatever program has written it, with `\n` at the ends of
/// all lines.
///
/// 1. A mark at the beginning tells UTF-8 from UTF-16, and is left out.
/// 2. Without a mark it is UTF-16 if at least three of ten bytes at odd places are zero and hardly
///    any at even places, or with odd and even exchanged.
/// 3. Otherwise it is UTF-8. A line that is not is Windows-1252, as spreadsheets write.
/// 4. Lines end with `\n`, `\r\n` or `\r`, also in one file.
///
/// ```
/// use ai4fashion_files::decode;
///
/// assert_eq!(decode(b"\xff\xfei\0d\0\r\0\n\0"), "id\n");
/// assert_eq!(decode(b"id\rros\xe9\r"), "id\nrosé\n");
/// ```
#[must_use]
pub fn decode(bytes: &[u8]) -> String {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) if encoding != UTF_8 => utf_16(encoding, &bytes[mark..]),
        Some((_, mark)) => by_line(&bytes[mark..]),
        None => without_mark(bytes).map_or_else(|| by_line(bytes), |encoding| utf_16(encoding, bytes)),
    };
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text
    }
}

/// The first line, from 1, that holds a zero byte, which no text has: the file is damaged, or is
/// not text.
///
/// ```
/// use ai4fashion_files::line_with_nul;
///
/// assert_eq!(line_with_nul("id\n1\x002\n"), Some(2));
/// assert_eq!(line_with_nul("id\n12\n"), None);
/// ```
#[must_use]
pub fn line_with_nul(text: &str) -> Option<u64> {
    let place = text.find('\0')?;
    Some(1 + text[..place].bytes().filter(|byte| *byte == b'\n').count() as u64)
}

/// Text without a mark that can only be UTF-16.
fn without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let looked_at = &bytes[..bytes.len().min(LOOKED_AT)];
    let zeros = |from: usize| {
        looked_at
            .iter()
            .skip(from)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    let is_many = |zeros: usize| zeros >= 2 && 10 * zeros >= 3 * (looked_at.len() / 2);
    match (even, odd) {
        _ if is_many(odd) && 8 * even <= odd => Some(UTF_16LE),
        _ if is_many(even) && 8 * odd <= even => Some(UTF_16BE),
        _ => None,
    }
}

fn utf_16(encoding: &'static Encoding, bytes: &[u8]) -> String {
    // Programs that know no UTF-16 add a line break of one byte.
    let is_even = bytes.len().is_multiple_of(2);
    let bytes = bytes.strip_suffix(b"\n").filter(|_| !is_even).unwrap_or(bytes);
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

fn by_line(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let lines = bytes.split_inclusive(is_end).map(|line| {
        let text = std::str::from_utf8(line).map(Into::into);
        text.unwrap_or_else(|_| WINDOWS_1252.decode_without_bom_handling(line).0)
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf_16_of(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn utf_16_is_read_with_and_without_its_mark() {
        let text = "id,type\nкуртка,6\n一,1\n";
        for to_bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            for mark in ["", "\u{feff}"] {
                let mut bytes = utf_16_of(&format!("{mark}{text}"), to_bytes);
                assert_eq!(decode(&bytes), text);
                bytes.push(b'\n');
                assert_eq!(decode(&bytes), text, "one byte more");
            }
        }
    }

    #[test]
    fn every_way_to_end_a_line_is_read() {
        assert_eq!(decode(b"a\rb\r\nc\nd\r\re\r\n"), "a\nb\nc\nd\n\ne\n");
        assert_eq!(decode("\u{feff}a\rb".as_bytes()), "a\nb");
    }

    #[test]
    fn line_in_another_encoding_spoils_no_other() {
        assert_eq!(decode("é\n".as_bytes()), "é\n");
        assert_eq!(decode(b"\xc3\xa9\r\nros\xe9 \x80\n\xc3\xa9"), "é\nrosé €\né");
    }

    #[test]
    fn zero_bytes_stay_and_are_found() {
        assert_eq!(line_with_nul(&decode(b"id\r1\x002\r")), Some(2));
        assert_eq!(line_with_nul(&decode(&[0; 64])), Some(1));
        assert_eq!(line_with_nul(&decode(b"a\0b.jpg\n")), Some(1));
    }
}
