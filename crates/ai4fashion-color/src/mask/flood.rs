//! The flood that takes the background away.

use palette::Oklab;

use super::background::frame;
use crate::ClassifyOptions;
use crate::pixels::{Pixels, oklab};

/// A background is as noisy as its median pixel this many times: nearly all of a normal or even distribution.
const NOISES: f32 = 3.0;
/// What is farther from the background is cloth, however noisy the rest.
const MOST_NOISE: f32 = 0.06;
/// Largest change of lightness from one pixel of a shadow to the next; the outline of cloth is steeper.
const SHADOW_STEP: f32 = 0.012;
/// How far, in Oklab `a` and `b`, a shadow may be from the hue of the background.
const SHADOW_CHROMA: f32 = 0.012;

/// Checked settings of the flood, see [`ClassifyOptions`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    tolerance: f32,
    shadow: f32,
}

impl From<ClassifyOptions> for Settings {
    fn from(options: ClassifyOptions) -> Self {
        Self {
            tolerance: options.tolerance,
            shadow: options.shadow,
        }
    }
}

/// True where the flood did not come and the pixel is opaque.
pub(super) fn garment<const CHANNELS: usize>(
    pixels: &Pixels<'_, CHANNELS>,
    background: [u8; 3],
    settings: Settings,
) -> Vec<bool> {
    let reference = oklab(background);
    let noise = NOISES * noise(pixels, reference);
    let flood = Flood {
        pixels,
        background,
        reference,
        settings: Settings {
            tolerance: settings.tolerance.max(noise.min(MOST_NOISE)),
            ..settings
        },
    };
    let mut garment = vec![true; pixels.len()];
    let mut open = Vec::new();
    for place in frame(pixels.width(), pixels.height()) {
        if garment[place] && flood.is_plain(place) {
            garment[place] = false;
            open.push(place);
        }
    }
    let (width, height) = (pixels.width(), pixels.height());
    while let Some(place) = open.pop() {
        let (x, y) = (place % width, place / width);
        let mut visit = |next: usize| {
            if garment[next] && flood.spreads(place, next) {
                garment[next] = false;
                open.push(next);
            }
        };
        if x > 0 {
            visit(place - 1);
        }
        if x + 1 < width {
            visit(place + 1);
        }
        if y > 0 {
            visit(place - width);
        }
        if y + 1 < height {
            visit(place + width);
        }
    }
    if CHANNELS == 4 {
        for (place, is_garment) in garment.iter_mut().enumerate() {
            *is_garment &= pixels.is_opaque(place);
        }
    }
    garment
}

/// How far half of the outermost pixels are from the colour of the background: 0 on a shop's white page, more on a wall or
/// on a picture that a network has drawn.
fn noise<const CHANNELS: usize>(pixels: &Pixels<'_, CHANNELS>, reference: Oklab) -> f32 {
    let opaque = frame(pixels.width(), pixels.height()).filter(|&place| pixels.is_opaque(place));
    let mut distances: Vec<f32> = opaque
        .map(|place| distance_squared(oklab(pixels.rgb(place)), reference))
        .collect();
    if distances.is_empty() {
        return 0.0;
    }
    let middle = distances.len() / 2;
    let (_, median, _) = distances.select_nth_unstable_by(middle, f32::total_cmp);
    median.sqrt()
}

struct Flood<'a, const CHANNELS: usize> {
    pixels: &'a Pixels<'a, CHANNELS>,
    background: [u8; 3],
    reference: Oklab,
    settings: Settings,
}

impl<const CHANNELS: usize> Flood<'_, CHANNELS> {
    /// Background by its own colour, or not to be seen at all.
    fn is_plain(&self, place: usize) -> bool {
        let rgb = self.pixels.rgb(place);
        // Most of the paper is exactly white: no conversion for it.
        rgb == self.background
            || !self.pixels.is_opaque(place)
            || distance_squared(oklab(rgb), self.reference)
                <= self.settings.tolerance * self.settings.tolerance
    }

    fn spreads(&self, from: usize, to: usize) -> bool {
        self.is_plain(to) || (self.settings.shadow > 0.0 && self.is_shadow(from, to))
    }

    fn is_shadow(&self, from: usize, to: usize) -> bool {
        if !self.pixels.is_opaque(from) {
            return false;
        }
        let (before, here) = (oklab(self.pixels.rgb(from)), oklab(self.pixels.rgb(to)));
        let (a, b) = (here.a - self.reference.a, here.b - self.reference.b);
        (self.reference.l - here.l) <= self.settings.shadow
            && (before.l - here.l).abs() <= SHADOW_STEP
            && a * a + b * b <= SHADOW_CHROMA * SHADOW_CHROMA
    }
}

fn distance_squared(one: Oklab, other: Oklab) -> f32 {
    let (l, a, b) = (one.l - other.l, one.a - other.a, one.b - other.b);
    l * l + a * a + b * b
}
