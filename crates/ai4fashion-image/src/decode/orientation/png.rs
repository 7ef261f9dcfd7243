//! Metadata of a PNG, before its image data and behind them (PNG specification, third edition).

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::{MAX_CHUNKS, Statement};

/// What compressed metadata may unpack to: EXIF holds 64 KiB, XMP rarely more.
const UNPACKED: u64 = 4 << 20;
/// Keywords under which ImageMagick and exiftool keep EXIF as hexadecimal text.
const RAW_EXIF: [&[u8]; 2] = [b"Raw profile type exif", b"Raw profile type APP1"];
const XMP: &[u8] = b"XML:com.adobe.xmp";
const RAW_XMP: &[u8] = b"Raw profile type xmp";

/// Calls `see` with the metadata of the file.
pub(super) fn statements(bytes: &[u8], see: &mut impl FnMut(Statement<'_>)) {
    let mut at = 8;
    for _ in 0..MAX_CHUNKS {
        let Some([a, b, c, d, name @ ..]) = bytes.get(at..at + 8) else {
            return;
        };
        let size = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        let Some(content) = bytes.get(at + 8..).and_then(|rest| rest.get(..size)) else {
            return;
        };
        match name {
            b"eXIf" => see(Statement::Exif(content)),
            b"tEXt" | b"zTXt" | b"iTXt" => text(name, content, see),
            _ => {}
        }
        // The checksum of four bytes follows.
        at += 12 + size;
    }
}

fn text(name: &[u8], content: &[u8], see: &mut impl FnMut(Statement<'_>)) {
    let mut parts = content.splitn(2, |byte| *byte == 0);
    let (Some(keyword), Some(rest)) = (parts.next(), parts.next()) else {
        return;
    };
    let is_raw_exif = RAW_EXIF.contains(&keyword);
    if !is_raw_exif && keyword != XMP && keyword != RAW_XMP {
        return;
    }
    let Some(text) = unpacked(name, rest) else {
        return;
    };
    if keyword == XMP {
        see(Statement::Xmp(&text));
    } else if let Some(bytes) = raw_profile(&text) {
        // APP1 holds either.
        see(Statement::Exif(&bytes));
        see(Statement::Xmp(&bytes));
    }
}

/// The text of a chunk, from what follows its keyword.
fn unpacked(name: &[u8], rest: &[u8]) -> Option<Vec<u8>> {
    let unpack = |bytes: &[u8]| {
        let mut text = Vec::new();
        ZlibDecoder::new(bytes)
            .take(UNPACKED)
            .read_to_end(&mut text)
            .ok()?;
        Some(text)
    };
    match name {
        b"tEXt" => Some(rest.to_vec()),
        // The method of compression, always 0.
        b"zTXt" => unpack(rest.get(1..)?),
        _ => {
            // Whether it is compressed, the method, language and translated keyword.
            let (head, rest) = rest.split_at_checked(2)?;
            let text = rest.splitn(3, |byte| *byte == 0).nth(2)?;
            if head[0] == 1 {
                unpack(text)
            } else {
                Some(text.to_vec())
            }
        }
    }
}

/// The bytes of a raw profile: a line feed, its name, its length, and hexadecimal digits in lines.
fn raw_profile(text: &[u8]) -> Option<Vec<u8>> {
    let text = str::from_utf8(text).ok()?;
    let (_name, text) = text.trim_start().split_once('\n')?;
    let (_length, digits) = text.trim_start().split_once('\n')?;
    let digits = digits.chars().filter_map(|digit| digit.to_digit(16));
    let digits: Vec<u8> = digits.map(|digit| digit as u8).collect();
    let (pairs, _) = digits.as_chunks::<2>();
    Some(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}
