//! Random changes of a photo, which do not change its labels.

use rand::{Rng, RngExt};

use ai4fashion_garment::__private::shape::{HEIGHT, WIDTH};

/// Number of the input's values.
pub(crate) const VALUES: usize = 3 * HEIGHT * WIDTH;

/// Writes a photo as the network's input: planes of lightness and of two opponent channels, 0 for
/// white.
pub(crate) fn plain(pixels: &[u8], planes: &mut [f32]) {
    let [lightness, rest] = [0, 1].map(|part| part * HEIGHT * WIDTH);
    for (index, rgb) in pixels.chunks_exact(3).enumerate() {
        let [r, g, b] = [rgb[0], rgb[1], rgb[2]].map(f32::from);
        let opponent = opponent([r, g, b]);
        planes[lightness + index] = opponent[0];
        planes[rest + index] = opponent[1];
        planes[rest + HEIGHT * WIDTH + index] = opponent[2];
    }
}

fn opponent([r, g, b]: [f32; 3]) -> [f32; 3] {
    [
        (765.0 - r - g - b) / 255.0,
        (r - g) * (4.0 / 255.0),
        ((r + g) / 2.0 - b) * (4.0 / 255.0),
    ]
}

/// A random change of a photo.
struct Change {
    is_mirrored: bool,
    /// In radians.
    angle: f32,
    scale: f32,
    /// To the right and down, in pixels.
    shift: [f32; 2],
    /// Factor of red, green and blue.
    gain: [f32; 3],
    /// The lightest red, green and blue.
    paper: [f32; 3],
    /// The part of the photo's width that a smaller photo would have.
    size: f32,
    /// How far the smaller photo's pixels overlap, see [`shrink_line`].
    overlap: f32,
}

impl Change {
    fn random(rng: &mut impl Rng) -> Self {
        let light = rng.random_range(0.86_f32..1.12);
        let is_tinted = rng.random::<f32>() < 0.2;
        let has_paper = rng.random::<f32>() < 0.3;
        let is_small = rng.random::<f32>() < 0.5;
        let paper = rng.random_range(205.0_f32..255.0);
        Self {
            is_mirrored: rng.random(),
            angle: rng.random_range(-0.09..0.09),
            scale: rng.random_range(0.83..1.2),
            shift: [rng.random_range(-4.0..4.0), rng.random_range(-5.0..5.0)],
            gain: [0; 3].map(|_| {
                let tint = rng.random_range(0.94..1.03);
                light * if is_tinted { tint } else { 1.0 }
            }),
            paper: [0; 3].map(|_| {
                let tint = rng.random_range(-8.0..8.0_f32);
                if has_paper {
                    (paper + tint).min(255.0)
                } else {
                    255.0
                }
            }),
            size: if is_small {
                rng.random_range(0.42..0.9)
            } else {
                1.0
            },
            overlap: rng.random_range(0.0..0.5),
        }
    }
}

/// Writes a photo with random changes.
pub(crate) fn random(pixels: &[u8], planes: &mut [f32], rng: &mut impl Rng) {
    let Change {
        is_mirrored,
        angle,
        scale,
        shift,
        gain,
        paper,
        size,
        overlap,
    } = Change::random(rng);
    let (sin, cos) = (angle.sin() / scale, angle.cos() / scale);
    let flip = if is_mirrored { -1.0 } else { 1.0 };
    let center = [WIDTH as f32 / 2.0 - 0.5, HEIGHT as f32 / 2.0 - 0.5];
    let border = border(pixels);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let [dx, dy] = [x as f32 - center[0] - shift[0], y as f32 - center[1] - shift[1]];
            let u = (cos * dx - sin * dy) * flip + center[0];
            let v = sin * dx + cos * dy + center[1];
            let mut rgb = sample(pixels, u, v, border);
            for channel in 0..3 {
                rgb[channel] = (rgb[channel] * gain[channel]).min(paper[channel]);
            }
            let index = y * WIDTH + x;
            let found = opponent(rgb);
            for plane in 0..3 {
                planes[plane * HEIGHT * WIDTH + index] = found[plane];
            }
        }
    }
    if size < 1.0 {
        planes
            .chunks_exact_mut(HEIGHT * WIDTH)
            .for_each(|plane| shrink(plane, size, overlap));
    }
}

/// Scales a plane to a part of its size and back, as a smaller photo would be seen.
fn shrink(plane: &mut [f32], size: f32, overlap: f32) {
    let [rows, columns] = [HEIGHT, WIDTH].map(|side| (side as f32 * size).round() as usize);
    for row in plane.chunks_exact_mut(WIDTH) {
        let mut small = [0.0; WIDTH];
        let small = &mut small[..columns];
        shrink_line(row, small, overlap);
        grow_line(small, row);
    }
    let (mut line, mut small) = ([0.0; HEIGHT], [0.0; HEIGHT]);
    for x in 0..WIDTH {
        for (y, value) in line.iter_mut().enumerate() {
            *value = plane[y * WIDTH + x];
        }
        shrink_line(&line, &mut small[..rows], overlap);
        grow_line(&small[..rows], &mut line);
        for (y, value) in line.iter().enumerate() {
            plane[y * WIDTH + x] = *value;
        }
    }
}

/// The mean over each pixel's area, and of half the overlap on both sides of it. Programs differ in
/// that: at an overlap of 0.41 the variance is that of a triangle filter, `(1 + overlap)^2 = 2`.
fn shrink_line(line: &[f32], small: &mut [f32], overlap: f32) {
    let ratio = line.len() as f32 / small.len() as f32;
    for (pixel, mean) in small.iter_mut().enumerate() {
        let from = (pixel as f32 - overlap / 2.0).max(0.0) * ratio;
        let to = ((pixel + 1) as f32 + overlap / 2.0) * ratio;
        let to = to.min(line.len() as f32);
        let places = from as usize..(to.ceil() as usize).min(line.len());
        let covered = places.map(|place| {
            let part = (to.min((place + 1) as f32) - from.max(place as f32)).max(0.0);
            part * line[place]
        });
        *mean = covered.sum::<f32>() / (to - from);
    }
}

/// Linear interpolation.
fn grow_line(small: &[f32], line: &mut [f32]) {
    let ratio = small.len() as f32 / line.len() as f32;
    for (pixel, value) in line.iter_mut().enumerate() {
        let place = ((pixel as f32 + 0.5) * ratio - 0.5).clamp(0.0, (small.len() - 1) as f32);
        let first = place as usize;
        let part = place - first as f32;
        *value = small[first] * (1.0 - part) + small[(first + 1).min(small.len() - 1)] * part;
    }
}

/// Mean colour of the four corners.
fn border(pixels: &[u8]) -> [f32; 3] {
    let corners = [0, WIDTH - 1, (HEIGHT - 1) * WIDTH, HEIGHT * WIDTH - 1];
    [0, 1, 2].map(|channel| {
        let sum: f32 = corners
            .iter()
            .map(|corner| f32::from(pixels[corner * 3 + channel]))
            .sum();
        sum / 4.0
    })
}

/// The photo between pixels; outside it the colour of the border.
fn sample(pixels: &[u8], u: f32, v: f32, border: [f32; 3]) -> [f32; 3] {
    let (left, top) = (u.floor(), v.floor());
    let (right, bottom) = (u - left, v - top);
    let (left, top) = (left as i32, top as i32);
    let mut sum = [0.0; 3];
    for (y, weight_y) in [(top, 1.0 - bottom), (top + 1, bottom)] {
        for (x, weight_x) in [(left, 1.0 - right), (left + 1, right)] {
            let weight = weight_x * weight_y;
            if (0..WIDTH as i32).contains(&x) && (0..HEIGHT as i32).contains(&y) {
                let start = (y as usize * WIDTH + x as usize) * 3;
                for channel in 0..3 {
                    sum[channel] += weight * f32::from(pixels[start + channel]);
                }
            } else {
                for channel in 0..3 {
                    sum[channel] += weight * border[channel];
                }
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shrinking_keeps_even_planes_and_means() {
        let mut plane = vec![0.7; HEIGHT * WIDTH];
        shrink(&mut plane, 0.5, 1.0);
        assert!(plane.iter().all(|value| (value - 0.7).abs() < 1e-5));
        let stripes = |index: usize| f32::from(u8::from(index.is_multiple_of(2)));
        let mut plane: Vec<f32> = (0..HEIGHT * WIDTH).map(|index| stripes(index % WIDTH)).collect();
        shrink(&mut plane, 0.5, 0.0);
        assert!(plane.iter().all(|value| (value - 0.5).abs() < 1e-5));
    }

    #[test]
    fn overlap_reaches_into_neighbours() {
        let mut line = [0.0; 12];
        line[6] = 1.0;
        let mut small = [0.0; 6];
        shrink_line(&line, &mut small, 0.0);
        assert_eq!(small, [0.0, 0.0, 0.0, 0.5, 0.0, 0.0]);
        shrink_line(&line, &mut small, 0.5);
        // From 5.5 to 8.5 and from 3.5 to 6.5 of a third each.
        let expected = [0.0, 0.0, 0.5 / 3.0, 1.0 / 3.0, 0.0, 0.0];
        assert!(
            small.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6),
            "{small:?}"
        );
    }
}
