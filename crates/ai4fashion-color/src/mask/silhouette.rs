//! Gives back white cloth that the flood took for paper.

use crate::pixels::{Pixels, oklab};

/// Least Oklab lightness of a background that white cloth can be mistaken for.
const BRIGHT: f32 = 0.93;
/// The garment is hollow if it fills less than this part of its silhouette. A pair of trousers fills 0.75, a shirt
/// 0.8 to 0.95; a white shirt of which only print and outline are left fills 0.1 to 0.5. Read off pictures of
/// `data/smallfashion` (garment-only).
const HOLLOW: f32 = 0.6;

/// Fills the silhouette (pixels with garment on all four sides) of a garment that is hollow on bright background.
pub(super) fn fill_if_hollow<const CHANNELS: usize>(
    garment: &mut [bool],
    pixels: &Pixels<'_, CHANNELS>,
    background: [u8; 3],
) {
    if oklab(background).l < BRIGHT {
        return;
    }
    let (width, height) = (pixels.width(), pixels.height());
    let rows: Vec<_> = (0..height)
        .map(|y| span((0..width).map(|x| garment[y * width + x])))
        .collect();
    let columns: Vec<_> = (0..width)
        .map(|x| span((0..height).map(|y| garment[y * width + x])))
        .collect();
    let inside = |x: usize, y: usize| {
        rows[y].is_some_and(|(first, last)| (first..=last).contains(&x))
            && columns[x].is_some_and(|(first, last)| (first..=last).contains(&y))
    };
    let places = || (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let filled = places().filter(|&(x, y)| inside(x, y)).count();
    let count = garment.iter().filter(|&&is_garment| is_garment).count();
    if (count as f32) >= HOLLOW * filled as f32 {
        return;
    }
    for (x, y) in places() {
        let place = y * width + x;
        garment[place] |= inside(x, y) && pixels.is_opaque(place);
    }
}

/// First and last true place of a line.
fn span(line: impl Iterator<Item = bool>) -> Option<(usize, usize)> {
    let mut found = None;
    for (place, value) in line.enumerate() {
        if value {
            found = Some((found.map_or(place, |(first, _)| first), place));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn span_is_the_first_and_last_true_place() {
        assert_eq!(span([false, true, false, true, false].into_iter()), Some((1, 3)));
        assert_eq!(span([false, false].into_iter()), None);
    }
}
