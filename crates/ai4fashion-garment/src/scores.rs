//! Scores of the network, and the probabilities that they give.

use crate::{
    network::{Buffers, COLORS, linear::softmax},
    shape::CLASSES,
};

/// What the network says of an image before it is calibrated, summed over some looks at it.
pub(crate) struct Scores {
    looks: f32,
    colors: [f32; COLORS],
    classes: [f32; CLASSES],
    garment_only: f32,
}

impl Scores {
    pub(crate) fn of(buffers: &Buffers) -> Self {
        Self {
            looks: 1.0,
            colors: buffers.color,
            classes: buffers.class,
            garment_only: buffers.alone,
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        let add = |(sum, value): (&mut f32, &f32)| *sum += value;
        self.looks += other.looks;
        self.colors.iter_mut().zip(&other.colors).for_each(add);
        self.classes.iter_mut().zip(&other.classes).for_each(add);
        self.garment_only += other.garment_only;
    }

    /// Probabilities by the mean of the looks; temperatures of colour, class and garment alone.
    pub(crate) fn calibrated(&self, temperatures: [f32; 3]) -> Likely {
        let [color, class, alone] = temperatures.map(|it| it * self.looks);
        let mut colors = self.colors;
        softmax(&mut colors, color);
        let mut classes = self.classes;
        softmax(&mut classes, class);
        Likely {
            colors,
            classes,
            garment_only: 1.0 / (1.0 + (-self.garment_only / alone).exp()),
        }
    }
}

/// Probabilities that the network gives, calibrated.
pub(crate) struct Likely {
    pub(crate) colors: [f32; COLORS],
    pub(crate) classes: [f32; CLASSES],
    pub(crate) garment_only: f32,
}

/// Returns the place of the first of the highest values.
pub(crate) fn highest(values: &[f32; COLORS]) -> usize {
    (1..COLORS).fold(
        0,
        |best, place| if values[place] > values[best] { place } else { best },
    )
}

/// How much the highest value is above the others.
pub(crate) fn lead(values: &[f32; COLORS]) -> f32 {
    let best = highest(values);
    let others = values.iter().enumerate().filter(|(place, _)| *place != best);
    values[best] - others.map(|(_, value)| *value).fold(0.0, f32::max)
}
