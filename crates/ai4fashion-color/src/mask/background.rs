//! The colour of the background.

use crate::pixels::counts::Counts;
use crate::pixels::sample::{Pixel, is_opaque, rgb};

/// The most frequent colour of the outermost opaque pixels, as the mean of its cell of 4 bits a component; none if
/// most of the outermost pixels are transparent. Of two equally frequent cells the brighter one counts.
pub(super) fn of_frame(frame: &[Pixel], cells: &mut Counts<4>) -> Option<[u8; 3]> {
    let (mut opaque, mut transparent) = (0, 0);
    for &pixel in frame {
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
