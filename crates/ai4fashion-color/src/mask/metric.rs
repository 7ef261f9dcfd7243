//! Distances from one colour.

use palette::Oklab;

use crate::oklab::oklab;

/// Distances in Oklab from one colour.
///
/// From a light colour such as paper they are a first-order approximation, right to a tenth: the
/// length of the difference in sRGB times the derivative of Oklab. From other colours Oklab is too
/// curved for that, and they are exact.
#[derive(Clone, Copy, Debug)]
pub(super) struct Metric {
    center: [u8; 3],
    is_light: bool,
    reference: Oklab,
    /// Rows for `l`, `a` and `b`: their change per step of each component.
    derivative: [[f32; 3]; 3],
    /// Coefficients of the squares and products of the differences, in the order of
    /// [`squared`](Self::squared).
    squares: [f32; 3],
    products: [f32; 3],
}

/// Steps of a component for the derivative: about the range of paper.
const REACH: u8 = 8;
/// Least component of a light colour.
const LIGHT: u8 = 200;
/// Factor for the bounds of colours that are not light, over first-order bounds: 3 was enough for
/// each of 750 colours, 343 of them nearly black, at distances up to 0.2.
const FARTHER: f32 = 4.0;

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
            is_light: center.iter().all(|&component| component >= LIGHT),
            reference: oklab(center),
            derivative,
            squares: [0, 1, 2].map(|place| product(place, place)),
            products: [(0, 1), (0, 2), (1, 2)].map(|(one, other)| 2.0 * product(one, other)),
        }
    }

    /// Returns the colour itself.
    pub(super) fn reference(&self) -> Oklab {
        self.reference
    }

    /// Returns the squared distance of a colour.
    pub(super) fn squared(&self, rgb: [u8; 3]) -> f32 {
        if self.is_light {
            self.squared_to_first_order(rgb)
        } else {
            let change = oklab(rgb) - self.reference;
            change.l * change.l + change.a * change.a + change.b * change.b
        }
    }

    fn squared_to_first_order(&self, rgb: [u8; 3]) -> f32 {
        let [r, g, b] = std::array::from_fn(|place| f32::from(rgb[place]) - f32::from(self.center[place]));
        let ([rr, gg, bb], [rg, rb, gb]) = (self.squares, self.products);
        r * (rr * r + rg * g + rb * b) + g * (gg * g + gb * b) + bb * b * b
    }

    /// Returns the lowest and the highest components of colours within `distance`.
    pub(super) fn bounds(&self, distance: f32) -> [[u8; 3]; 2] {
        let distance = if self.is_light {
            distance
        } else {
            FARTHER * distance
        };
        // A sphere in Oklab is, to first order, an ellipsoid in sRGB. Its extent along each axis is
        // the length of that row of the inverse. One more is for rounding.
        let reach = inverse(self.derivative).map(|row| {
            let length = row.iter().map(|entry| entry * entry).sum::<f32>().sqrt();
            (distance * length + 1.0) as u8
        });
        [
            std::array::from_fn(|place| self.center[place].saturating_sub(reach[place])),
            std::array::from_fn(|place| self.center[place].saturating_add(reach[place])),
        ]
    }
}

/// Inverts a matrix: its adjugate over its determinant.
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

    const LIGHT_COLORS: [[u8; 3]; 5] = [
        [255; 3],
        [236, 232, 228],
        [200; 3],
        [200, 255, 230],
        [255, 220, 200],
    ];
    const OTHERS: [[u8; 3]; 8] = [
        [0; 3],
        [1, 0, 0],
        [0, 0, 3],
        [4; 3],
        [30, 200, 90],
        [200, 20, 20],
        [128; 3],
        [20, 30, 120],
    ];

    /// Returns colours whose components differ by at most `steps` from `center`, every `step`.
    fn around(center: [u8; 3], steps: i32, step: usize) -> impl Iterator<Item = [u8; 3]> {
        let near = move |component: u8| {
            let moved = (-steps..=steps)
                .step_by(step)
                .map(move |by| i32::from(component) + by);
            moved.filter_map(|component| u8::try_from(component).ok())
        };
        let [r, g, b] = center;
        near(r).flat_map(move |r| near(g).flat_map(move |g| near(b).map(move |b| [r, g, b])))
    }

    fn exact(center: [u8; 3], rgb: [u8; 3]) -> f32 {
        let change = oklab(rgb) - oklab(center);
        (change.l * change.l + change.a * change.a + change.b * change.b).sqrt()
    }

    #[test]
    fn distances_from_light_colors_are_right_to_a_tenth() {
        for center in LIGHT_COLORS {
            let metric = Metric::at(center);
            let mut compared = 0;
            for rgb in around(center, 48, 3) {
                let expected = exact(center, rgb);
                if (0.005..0.04).contains(&expected) {
                    let found = metric.squared(rgb).sqrt();
                    let off = (found / expected - 1.0).abs();
                    assert!(off < 0.1, "{rgb:?} from {center:?}: {found} for {expected}");
                    compared += 1;
                }
            }
            assert!(compared > 100, "{compared} from {center:?}");
        }
    }

    #[test]
    fn distances_from_others_are_exact() {
        for center in OTHERS {
            let metric = Metric::at(center);
            for rgb in around(center, 40, 5) {
                assert!((metric.squared(rgb).sqrt() - exact(center, rgb)).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn nothing_near_enough_is_out_of_bounds() {
        for center in LIGHT_COLORS.into_iter().chain(OTHERS) {
            let metric = Metric::at(center);
            for (distance, steps, step) in [(0.008, 24, 1), (0.03, 60, 2), (0.2, 255, 5)] {
                let [low, high] = metric.bounds(distance);
                let mut near = around(center, steps, step)
                    .filter(|&rgb| metric.squared(rgb) <= distance * distance)
                    .peekable();
                assert!(near.peek().is_some());
                for rgb in near {
                    let inside = (0..3).all(|place| (low[place]..=high[place]).contains(&rgb[place]));
                    assert!(inside, "{rgb:?} near {center:?} at {distance}: {low:?} {high:?}");
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
