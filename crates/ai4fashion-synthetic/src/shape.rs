//! Outlines of the twelve types, with their seams and closures.

use ai4fashion_dataset::ProductType::{self, *};
use rand::{Rng, RngExt};

/// The right half of a garment's outline in a unit square; the left half mirrors it about x = 0.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    /// Points from top centre to bottom centre; x is to the right of the centre, y is down.
    pub(crate) half: Vec<(f32, f32)>,
    /// Seams, on both halves.
    pub(crate) seams: Vec<[(f32, f32); 2]>,
    /// The heights between which there is a row of buttons or a zip in the middle, if there is one.
    pub(crate) closure: Option<(f32, f32)>,
    /// True if a collar is at the neck.
    pub(crate) has_collar: bool,
    /// True if the garment can be on a hanger.
    pub(crate) hangs: bool,
}

/// Makes the outline of one garment: its type's, with each point moved a little.
pub(crate) fn shape(product_type: ProductType, rng: &mut impl Rng) -> Shape {
    let mut half = half(product_type).to_vec();
    let (wide, long) = (rng.random_range(0.9..1.1), rng.random_range(0.94..1.03));
    for (x, y) in &mut half {
        let jitter = if *x == 0.0 {
            0.0
        } else {
            rng.random_range(-0.008..0.008)
        };
        *x = *x * wide + jitter;
        *y = 0.5 + (*y - 0.5) * long + rng.random_range(-0.005..0.005);
    }
    let top = half.first().map_or(0.2, |first| first.1);
    let bottom = half.last().map_or(0.9, |last| last.1);
    let (has_collar, closure) = match product_type {
        Shirt | Blouse | Coat => (true, Some((top, bottom))),
        Jacket => (true, Some((top + 0.02, bottom))),
        Pants | Jeans | Shorts => (false, Some((top, top + 0.11))),
        _ => (false, None),
    };
    Shape {
        half,
        seams: seams(product_type, wide),
        closure,
        has_collar,
        hangs: hangs(product_type),
    }
}

fn hangs(product_type: ProductType) -> bool {
    !matches!(product_type, Shorts | Pants | Jeans | Skirt)
}

fn half(product_type: ProductType) -> &'static [(f32, f32)] {
    match product_type {
        Dress => &[
            (0.0, 0.19),
            (0.07, 0.12),
            (0.13, 0.11),
            (0.12, 0.28),
            (0.10, 0.44),
            (0.19, 0.68),
            (0.25, 0.92),
            (0.0, 0.94),
        ],
        Top => &[
            (0.0, 0.28),
            (0.07, 0.19),
            (0.13, 0.18),
            (0.14, 0.30),
            (0.18, 0.38),
            (0.17, 0.60),
            (0.20, 0.82),
            (0.0, 0.83),
        ],
        TShirt => &[
            (0.0, 0.19),
            (0.08, 0.15),
            (0.20, 0.19),
            (0.37, 0.36),
            (0.29, 0.43),
            (0.20, 0.37),
            (0.20, 0.85),
            (0.0, 0.86),
        ],
        Shirt => &[
            (0.0, 0.17),
            (0.07, 0.12),
            (0.20, 0.16),
            (0.28, 0.40),
            (0.36, 0.72),
            (0.29, 0.74),
            (0.20, 0.42),
            (0.20, 0.84),
            (0.0, 0.88),
        ],
        Blouse => &[
            (0.0, 0.24),
            (0.07, 0.16),
            (0.17, 0.18),
            (0.31, 0.30),
            (0.35, 0.47),
            (0.25, 0.50),
            (0.17, 0.40),
            (0.15, 0.58),
            (0.25, 0.82),
            (0.0, 0.83),
        ],
        Jacket => &[
            (0.0, 0.18),
            (0.08, 0.12),
            (0.22, 0.17),
            (0.33, 0.44),
            (0.39, 0.74),
            (0.30, 0.77),
            (0.22, 0.46),
            (0.22, 0.76),
            (0.19, 0.80),
            (0.0, 0.80),
        ],
        Shorts => &[
            (0.0, 0.29),
            (0.19, 0.28),
            (0.22, 0.42),
            (0.29, 0.70),
            (0.05, 0.73),
            (0.0, 0.52),
        ],
        Pants => &[
            (0.0, 0.09),
            (0.16, 0.08),
            (0.20, 0.24),
            (0.21, 0.60),
            (0.20, 0.94),
            (0.07, 0.95),
            (0.04, 0.60),
            (0.0, 0.38),
        ],
        Jeans => &[
            (0.0, 0.09),
            (0.16, 0.08),
            (0.20, 0.22),
            (0.17, 0.60),
            (0.15, 0.94),
            (0.06, 0.95),
            (0.05, 0.60),
            (0.0, 0.36),
        ],
        Skirt => &[
            (0.0, 0.21),
            (0.14, 0.20),
            (0.20, 0.40),
            (0.30, 0.80),
            (0.15, 0.83),
            (0.0, 0.84),
        ],
        Jumpsuit => &[
            (0.0, 0.16),
            (0.06, 0.08),
            (0.13, 0.07),
            (0.14, 0.22),
            (0.12, 0.38),
            (0.18, 0.52),
            (0.21, 0.94),
            (0.08, 0.95),
            (0.03, 0.72),
            (0.0, 0.58),
        ],
        Coat => &[
            (0.0, 0.15),
            (0.08, 0.08),
            (0.21, 0.12),
            (0.30, 0.36),
            (0.35, 0.64),
            (0.26, 0.67),
            (0.20, 0.38),
            (0.23, 0.66),
            (0.27, 0.94),
            (0.0, 0.95),
        ],
    }
}

fn seams(product_type: ProductType, wide: f32) -> Vec<[(f32, f32); 2]> {
    let lines: &[[(f32, f32); 2]] = match product_type {
        TShirt | Shirt | Jacket => &[[(0.19, 0.19), (0.20, 0.40)]],
        Blouse => &[[(0.0, 0.58), (0.15, 0.58)], [(0.16, 0.20), (0.17, 0.40)]],
        Coat => &[[(0.19, 0.14), (0.20, 0.36)], [(0.08, 0.62), (0.18, 0.60)]],
        Dress => &[[(0.0, 0.45), (0.10, 0.44)]],
        Jumpsuit => &[[(0.0, 0.39), (0.12, 0.38)]],
        Pants | Shorts | Skirt => &[[(0.0, 0.32), (0.17, 0.31)]],
        Jeans => &[[(0.0, 0.13), (0.16, 0.12)], [(0.09, 0.13), (0.18, 0.21)]],
        Top => &[],
    };
    // The waistband of trousers lies a little below their upper edge, wherever that is.
    let moved = |(x, y): (f32, f32)| match product_type {
        Pants => (x * wide, y - 0.19),
        Skirt => (x * wide * 0.8, y - 0.07),
        _ => (x * wide, y),
    };
    lines.iter().map(|line| line.map(moved)).collect()
}
