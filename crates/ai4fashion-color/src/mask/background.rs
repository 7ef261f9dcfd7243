//! The background colour.

use crate::oklab::oklab;
use crate::pixels::counts::Counts;
use crate::pixels::pixel::{Pixel, is_opaque, rgb};

/// Least Oklab lightness of paper.
const LIGHT: f32 = 0.8;
/// Largest Oklab chroma of paper.
const NEUTRAL: f32 = 0.05;

/// Returns `true` for the colours of paper: light and nearly grey.
pub(crate) fn is_paper(color: [u8; 3]) -> bool {
    let color = oklab(color);
    color.l >= LIGHT && color.a * color.a + color.b * color.b <= NEUTRAL * NEUTRAL
}

/// Finds the most frequent colour of the opaque pixels at the border: the mean of its cell of 4
/// bits per component. `None` if most of them are transparent.
///
/// Of two equally frequent cells the brighter one counts.
pub(crate) fn find(border: &[Pixel], cells: &mut Counts<4>) -> Option<[u8; 3]> {
    let (mut opaque, mut transparent) = (0, 0);
    for &pixel in border {
        if is_opaque(pixel) {
            cells.add(rgb(pixel));
            opaque += 1;
        } else {
            transparent += 1;
        }
    }
    let mut most = None;
    cells.drain(|cell| {
        // Rounded down: noise on white is darker than white.
        let rgb = cell.rgb.map(|component| component as u8);
        let light: u32 = rgb.into_iter().map(u32::from).sum();
        most = most.max(Some((cell.count, light, rgb)));
    });
    most.filter(|_| transparent <= opaque).map(|(_, _, rgb)| rgb)
}
