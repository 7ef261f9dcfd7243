//! The colour of the background.

use crate::pixels::Pixels;

/// The most frequent colour of the outermost opaque pixels, as the mean of its cell of 4 bits a component; none if
/// most of the outermost pixels are transparent. Of two equally frequent cells the brighter one counts.
pub(super) fn of_frame<const CHANNELS: usize>(pixels: &Pixels<'_, CHANNELS>) -> Option<[u8; 3]> {
    let mut cells = vec![(0_u32, [0_u32; 3]); 1 << 12];
    let mut transparent = 0_u32;
    let mut opaque = 0_u32;
    for place in frame(pixels.width(), pixels.height()) {
        if !pixels.is_opaque(place) {
            transparent += 1;
            continue;
        }
        opaque += 1;
        let rgb = pixels.rgb(place);
        let [r, g, b] = rgb.map(|component| usize::from(component >> 4));
        let (count, sums) = &mut cells[(r << 8) | (g << 4) | b];
        *count += 1;
        for (sum, component) in sums.iter_mut().zip(rgb) {
            *sum += u32::from(component);
        }
    }
    if transparent > opaque {
        return None;
    }
    let (count, sums) = cells
        .into_iter()
        .max_by_key(|&(count, sums)| (count, sums.iter().sum::<u32>()))?;
    (count > 0).then(|| sums.map(|sum| (sum / count) as u8))
}

/// The outermost pixels, each once.
pub(super) fn frame(width: usize, height: usize) -> impl Iterator<Item = usize> {
    let rows = [0, height.saturating_sub(1)];
    let full = rows
        .into_iter()
        .take(height.min(2))
        .flat_map(move |y| (0..width).map(move |x| y * width + x));
    let columns = [0, width.saturating_sub(1)];
    let sides = (1..height.saturating_sub(1))
        .flat_map(move |y| columns.into_iter().take(width.min(2)).map(move |x| y * width + x));
    full.chain(sides)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frame_visits_each_outer_pixel_once() {
        for (width, height, expected) in [
            (0, 0, 0),
            (1, 1, 1),
            (5, 1, 5),
            (1, 5, 5),
            (2, 2, 4),
            (4, 3, 10),
            (0, 3, 0),
        ] {
            let mut places: Vec<usize> = frame(width, height).collect();
            places.sort_unstable();
            places.dedup();
            assert_eq!(places.len(), expected, "{width}x{height}");
            assert_eq!(frame(width, height).count(), expected, "{width}x{height}");
            assert!(places.iter().all(|&place| place < width * height));
        }
    }
}
