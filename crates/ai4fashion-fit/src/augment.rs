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

/// Writes a photo with random changes.
pub(crate) fn random(pixels: &[u8], planes: &mut [f32], rng: &mut impl Rng) {
    let mirrored = rng.random::<bool>();
    let angle = rng.random_range(-0.09_f32..0.09);
    let scale = rng.random_range(0.83_f32..1.2);
    let shift = [rng.random_range(-4.0_f32..4.0), rng.random_range(-5.0_f32..5.0)];
    let light = rng.random_range(0.88_f32..1.10);
    let paper = if rng.random::<f32>() < 0.25 {
        rng.random_range(215.0_f32..255.0)
    } else {
        255.0
    };
    let tint = if rng.random::<f32>() < 0.2 {
        [0; 3].map(|_| rng.random_range(0.94_f32..1.03))
    } else {
        [1.0; 3]
    };
    let is_blurred = rng.random::<f32>() < 0.15;
    let gain = tint.map(|tint| tint * light);
    let (sin, cos) = (angle.sin() / scale, angle.cos() / scale);
    let flip = if mirrored { -1.0 } else { 1.0 };
    let center = [WIDTH as f32 / 2.0 - 0.5, HEIGHT as f32 / 2.0 - 0.5];
    let border = border(pixels);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let [dx, dy] = [x as f32 - center[0] - shift[0], y as f32 - center[1] - shift[1]];
            let u = (cos * dx - sin * dy) * flip + center[0];
            let v = sin * dx + cos * dy + center[1];
            let mut rgb = if is_blurred {
                let mut sum = [0.0; 3];
                for [du, dv] in [[-0.5, -0.5], [0.5, -0.5], [-0.5, 0.5], [0.5, 0.5]] {
                    let found = sample(pixels, u + du, v + dv, border);
                    for channel in 0..3 {
                        sum[channel] += found[channel] / 4.0;
                    }
                }
                sum
            } else {
                sample(pixels, u, v, border)
            };
            for channel in 0..3 {
                rgb[channel] = (rgb[channel] * gain[channel]).min(255.0).min(paper);
            }
            let index = y * WIDTH + x;
            let found = opponent(rgb);
            for plane in 0..3 {
                planes[plane * HEIGHT * WIDTH + index] = found[plane];
            }
        }
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
