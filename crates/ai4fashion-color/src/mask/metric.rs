//! How far colours are from one colour, without converting them.

use crate::oklab::oklab;

/// Distances in Oklab from one colour, to first order: the length of what the derivative of Oklab there makes of the
/// difference in sRGB. Of the distances that matter here, up to some hundredths, it is right to a tenth.
#[derive(Clone, Copy, Debug)]
pub(super) struct Metric {
    center: [u8; 3],
    /// The derivative's rows are for `l`, `a` and `b`: their change by each component's step of 1.
    derivative: [[f32; 3]; 3],
    /// What the squares and the products of the differences count, in the order of [`squared`](Self::squared).
    squares: [f32; 3],
    products: [f32; 3],
}

/// Steps of a component over which the derivative is taken. It is steep at black, where a single step would not do for
/// noise.
const REACH: u8 = 8;

impl Metric {
    pub(super) fn at(center: [u8; 3]) -> Self {
        let mut derivative = [[0.0; 3]; 3];
        for component in 0..3 {
            let moved = |to: u8| {
                let mut rgb = center;
                rgb[component] = to;
                oklab(rgb)
            };
            let (low, high) = (
                center[component].saturating_sub(REACH),
                center[component].saturating_add(REACH),
            );
            let steps = f32::from(high - low);
            let change = moved(high) - moved(low);
            for (row, change) in derivative.iter_mut().zip([change.l, change.a, change.b]) {
                row[component] = change / steps;
            }
        }
        let product =
            |one: usize, other: usize| -> f32 { derivative.iter().map(|row| row[one] * row[other]).sum() };
        Self {
            center,
            derivative,
            squares: [0, 1, 2].map(|place| product(place, place)),
            products: [(0, 1), (0, 2), (1, 2)].map(|(one, other)| 2.0 * product(one, other)),
        }
    }

    /// The square of the distance of a colour.
    pub(super) fn squared(&self, rgb: [u8; 3]) -> f32 {
        let [r, g, b] = std::array::from_fn(|place| f32::from(rgb[place]) - f32::from(self.center[place]));
        let ([rr, gg, bb], [rg, rb, gb]) = (self.squares, self.products);
        r * (rr * r + rg * g + rb * b) + g * (gg * g + gb * b) + bb * b * b
    }

    /// The lowest and the highest components that a colour may have that is within `distance`.
    pub(super) fn bounds(&self, distance: f32) -> [[u8; 3]; 2] {
        // What is within a sphere of that radius in Oklab is within an ellipsoid in sRGB, which reaches as far along each
        // axis as the row of the inverse is long.
        let reach = inverse(self.derivative).map(|row| {
            let length = row.iter().map(|entry| entry * entry).sum::<f32>().sqrt();
            // One more for rounding.
            (distance * length).min(255.0) as u8 + u8::from(distance * length < 255.0)
        });
        [
            std::array::from_fn(|place| self.center[place].saturating_sub(reach[place])),
            std::array::from_fn(|place| self.center[place].saturating_add(reach[place])),
        ]
    }
}

/// The inverse of a matrix: its adjugate by its determinant.
fn inverse(matrix: [[f32; 3]; 3]) -> [[f32; 3]; 3] {
    let cofactor = |row: usize, column: usize| {
        let at = |down: usize, right: usize| matrix[(row + down) % 3][(column + right) % 3];
        at(1, 1) * at(2, 2) - at(1, 2) * at(2, 1)
    };
    let determinant: f32 = (0..3).map(|column| matrix[0][column] * cofactor(0, column)).sum();
    std::array::from_fn(|row| std::array::from_fn(|column| cofactor(column, row) / determinant))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CENTERS: [[u8; 3]; 5] = [[255; 3], [236, 232, 228], [0; 3], [30, 200, 90], [128; 3]];

    fn colors() -> impl Iterator<Item = [u8; 3]> {
        (0..1 << 15_u32).map(|place| [place, place >> 5, place >> 10].map(|level| (level as u8) << 3 | 3))
    }

    #[test]
    fn distances_are_oklabs_to_a_tenth() {
        for center in [[255; 3], [236, 232, 228], [128; 3]] {
            let (metric, reference) = (Metric::at(center), oklab(center));
            let around = colors().map(|rgb| {
                let near = |place: usize| center[place].saturating_add(32).saturating_sub(rgb[place] / 4);
                [0, 1, 2].map(near)
            });
            let mut compared = 0;
            for rgb in around {
                let change = oklab(rgb) - reference;
                let exact = (change.l * change.l + change.a * change.a + change.b * change.b).sqrt();
                if (0.005..0.04).contains(&exact) {
                    let found = metric.squared(rgb).sqrt();
                    assert!(
                        (found / exact - 1.0).abs() < 0.1,
                        "{rgb:?} from {center:?}: {found} for {exact}"
                    );
                    compared += 1;
                }
            }
            assert!(compared > 100, "{compared} from {center:?}");
        }
    }

    #[test]
    fn nothing_near_enough_is_out_of_bounds() {
        for center in CENTERS {
            let metric = Metric::at(center);
            for distance in [0.008, 0.03, 0.2] {
                let [low, high] = metric.bounds(distance);
                for rgb in colors() {
                    let inside = (0..3).all(|place| (low[place]..=high[place]).contains(&rgb[place]));
                    let near = metric.squared(rgb) <= distance * distance;
                    assert!(inside || !near, "{rgb:?} near {center:?} at {distance}");
                }
            }
        }
    }

    #[test]
    fn white_has_narrow_bounds() {
        let [low, high] = Metric::at([255; 3]).bounds(0.008);
        assert!(
            low.iter().all(|&component| component > 220) && high == [255; 3],
            "{low:?}"
        );
    }
}
