//! Files that claim to be images and cannot be read as one.

use crate::images::{jpeg, png};

/// A file that must be refused.
#[derive(Clone, Debug)]
pub struct Hostile {
    /// A name for it, without extension.
    pub name: &'static str,
    /// The reason code that it must be refused with.
    pub reason: &'static str,
    /// Content of the file.
    pub bytes: Vec<u8>,
}

/// One of each way in which a file can be broken.
#[must_use]
pub fn hostile_files() -> Vec<Hostile> {
    let file = |name, reason, bytes| Hostile { name, reason, bytes };
    let (good_jpeg, good_png) = (jpeg(80, 60), png(80, 60));
    vec![
        file("empty", "empty-file", Vec::new()),
        file("text", "not-an-image", b"<html>404 Not Found</html>".to_vec()),
        file("zeros", "not-an-image", vec![0; 4096]),
        file(
            "jpeg-cut-in-the-scan",
            "truncated",
            good_jpeg[..good_jpeg.len() * 2 / 3].to_vec(),
        ),
        file(
            "jpeg-without-its-end",
            "truncated",
            good_jpeg[..good_jpeg.len() - 2].to_vec(),
        ),
        file("jpeg-of-its-first-bytes", "truncated", good_jpeg[..3].to_vec()),
        file("png-cut", "broken", good_png[..good_png.len() / 2].to_vec()),
        file("png-bomb", "too-large", png_claiming(60_000, 60_000)),
    ]
}

/// A PNG whose header promises more pixels than anybody has memory for.
fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(8, 8);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc32(&bytes[12..29]).to_be_bytes();
    bytes[29..33].copy_from_slice(&crc);
    bytes
}

/// A PNG of 8x8 whose colour profile is `size` zeros when it is unpacked, at least 1.
#[must_use]
pub fn png_with_profile(size: u64) -> Vec<u8> {
    let profile = [b"bomb\0\0", &*zlib_zeros(size)].concat();
    png_with_chunk(&png(8, 8), *b"iCCP", &profile, ChunkPlace::AfterHeader)
}

/// Where a chunk of a PNG stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChunkPlace {
    /// Before the image data.
    AfterHeader,
    /// Behind the image data.
    BeforeEnd,
}

/// A PNG with one more chunk.
#[must_use]
pub fn png_with_chunk(png: &[u8], name: [u8; 4], content: &[u8], place: ChunkPlace) -> Vec<u8> {
    let at = match place {
        // The header ends at byte 33; the last chunk has 12.
        ChunkPlace::AfterHeader => 33,
        ChunkPlace::BeforeEnd => png.len() - 12,
    };
    let chunk = [&name, content].concat();
    let length = (content.len() as u32).to_be_bytes();
    let crc = crc32(&chunk).to_be_bytes();
    [&png[..at], &length, &chunk, &crc, &png[at..]].concat()
}

/// A zlib stream (RFC 1950, 1951) of zeros: one literal, then matches of 258 bytes at distance 1, a
/// bit and five zeros each with fixed codes.
fn zlib_zeros(size: u64) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.push(0b011, 3); // the last block, fixed codes
    bits.push(0b0000_1100, 8); // literal 0, code 00110000
    for _ in 0..(size - 1) / 258 {
        bits.push(0b1010_0011, 8); // length 258, code 11000101
        bits.push(0, 5); // distance 1
    }
    bits.push(0, 7); // end of block
    let bytes = bits.into_bytes();
    // No checksum: nobody should come so far.
    [&[0x78, 0x9C][..], &bytes].concat()
}

/// Bits from the lowest of each byte upwards.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    pending: u32,
    count: u32,
}

impl Bits {
    fn push(&mut self, bits: u32, count: u32) {
        self.pending |= bits << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(self.pending as u8);
            self.pending >>= 8;
            self.count -= 8;
        }
    }

    fn into_bytes(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.bytes.push(self.pending as u8);
        }
        self.bytes
    }
}

/// The checksum of PNG chunks (ISO/IEC 15948, annex D), and of files in archives.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
        })
    })
}
