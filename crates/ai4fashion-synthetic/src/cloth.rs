//! Cloth: colours and patterns.

use ai4fashion_color::BasicColor;
use rand::{Rng, RngExt};

/// A cloth: its colour, and what is printed on it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cloth {
    pub(crate) base: [u8; 3],
    pub(crate) second: [u8; 3],
    pub(crate) pattern: Pattern,
}

/// A pattern in a second colour, on less than a third of the cloth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pattern {
    Plain,
    Stripes,
    Columns,
    Dots,
    Print,
}

/// Picks a cloth that anybody would call by `color`.
pub(crate) fn cloth(color: BasicColor, rng: &mut impl Rng) -> Cloth {
    let base = shade_of(color, rng);
    let second = match rng.random_range(0..3) {
        0 if color != BasicColor::White => shade_of(BasicColor::White, rng),
        1 if color != BasicColor::Black => shade_of(BasicColor::Black, rng),
        _ => base.map(|component| (f32::from(component) * 0.72) as u8),
    };
    let pattern = match rng.random_range(0..20) {
        0..12 => Pattern::Plain,
        12..14 => Pattern::Stripes,
        14..16 => Pattern::Columns,
        16..18 => Pattern::Dots,
        _ => Pattern::Print,
    };
    Cloth {
        base,
        second,
        pattern,
    }
}

/// Picks a colour between two typical shades of the name.
fn shade_of(color: BasicColor, rng: &mut impl Rng) -> [u8; 3] {
    let shades = shades(color);
    let (one, other) = (rng.random_range(0..3), rng.random_range(0..3));
    let between: f32 = rng.random_range(0.0..1.0);
    [0, 1, 2].map(|place| {
        let (from, to) = (f32::from(shades[one][place]), f32::from(shades[other][place]));
        (from + (to - from) * between).round() as u8
    })
}

/// Three shades that have the name without doubt, as have the colours between them.
fn shades(color: BasicColor) -> [[u8; 3]; 3] {
    match color {
        BasicColor::Black => [[14, 14, 16], [34, 33, 36], [24, 22, 22]],
        BasicColor::Blue => [[28, 62, 160], [24, 44, 112], [84, 140, 214]],
        BasicColor::Brown => [[112, 70, 38], [84, 52, 32], [140, 94, 56]],
        BasicColor::Green => [[38, 122, 60], [84, 150, 56], [24, 84, 48]],
        BasicColor::Grey => [[132, 132, 134], [164, 164, 166], [102, 102, 104]],
        BasicColor::Orange => [[240, 128, 24], [232, 112, 20], [248, 148, 52]],
        BasicColor::Pink => [[240, 136, 178], [230, 92, 150], [248, 176, 204]],
        BasicColor::Purple => [[112, 48, 150], [140, 84, 182], [84, 38, 116]],
        BasicColor::Red => [[204, 24, 34], [174, 20, 30], [220, 40, 42]],
        BasicColor::White => [[248, 248, 246], [242, 242, 244], [250, 249, 247]],
        BasicColor::Yellow => [[246, 216, 40], [250, 226, 88], [238, 200, 30]],
    }
}
