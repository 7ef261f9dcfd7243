//! What decoders of PNG, WebP, BMP and GIF hold besides the image: planes, frames and canvases.

use image::ImageFormat;

/// Rows that a decoder keeps: the last one, the next one, and each packed.
const ROWS: u64 = 4;
/// The most bytes of a pixel.
const PIXEL: u64 = 8;

/// The bytes that a decoder of an image of this size takes for itself.
pub(super) fn own_memory(bytes: &[u8], format: ImageFormat, (width, height): (u32, u32)) -> u64 {
    let (wide, pixels) = (u64::from(width), u64::from(width) * u64::from(height));
    let rows = ROWS * PIXEL * wide;
    match format {
        ImageFormat::WebP => of_webp(bytes, u64::from(width), u64::from(height)),
        // A frame of another width than the image is read beside it.
        ImageFormat::Gif => match first_frame(bytes) {
            Some(frame) if frame.fills(wide, u64::from(height)) => rows,
            Some(frame) => 4 * frame.width * frame.height + rows,
            None => 4 * pixels + rows,
        },
        _ => rows,
    }
}

/// Planes of a lossy image, a fourth channel or a canvas (RFC 9649, section 2).
fn of_webp(bytes: &[u8], width: u64, height: u64) -> u64 {
    const ANIMATED: u8 = 1 << 1;
    let pixels = width * height;
    // Blocks of 16 x 16: brightness, twice a quarter of it for colours, and notes on each block.
    let planes = width.div_ceil(16) * height.div_ceil(16) * (16 * 16 * 3 / 2 + 64);
    // Four bytes a pixel, and what is known of blocks of 4 x 4.
    let lossless = 5 * pixels;
    match bytes.get(12..16) {
        Some(b"VP8 ") => planes,
        Some(b"VP8L") => lossless,
        _ if bytes.get(20).is_some_and(|flags| flags & ANIMATED != 0) => {
            // Alpha, planes and a frame, or the frame and a canvas.
            planes + lossless + 4 * pixels
        }
        // Alpha is decoded like a lossless image, and kept.
        _ => planes + lossless + pixels,
    }
}

struct Frame {
    left: u64,
    top: u64,
    width: u64,
    height: u64,
}

impl Frame {
    /// Whether its rows are rows of the image.
    fn fills(&self, width: u64, height: u64) -> bool {
        self.left == 0 && self.width == width && self.top + self.height <= height
    }
}

/// The size of the first frame of a GIF (GIF89a, sections 18 to 26).
fn first_frame(bytes: &[u8]) -> Option<Frame> {
    const TABLE: u8 = 1 << 7;
    let flags = *bytes.get(10)?;
    let table = if flags & TABLE != 0 {
        3 << ((flags & 7) + 1)
    } else {
        0
    };
    let mut at = 13 + table;
    loop {
        match bytes.get(at)? {
            // An extension: its label, then blocks, of which an empty one is the last.
            0x21 => {
                at += 2;
                loop {
                    let length = usize::from(*bytes.get(at)?);
                    at += 1 + length;
                    if length == 0 {
                        break;
                    }
                }
            }
            0x2C => {
                let side = |at: usize| {
                    let bytes = bytes.get(at..)?.first_chunk()?;
                    Some(u64::from(u16::from_le_bytes(*bytes)))
                };
                return Some(Frame {
                    left: side(at + 1)?,
                    top: side(at + 3)?,
                    width: side(at + 5)?,
                    height: side(at + 7)?,
                });
            }
            _ => return None,
        }
    }
}
