//! Reusable scratch buffers.

use std::fmt;

use crate::{
    input::Scaler,
    network::Buffers,
    shape::{HIDDEN, MASK, WIDE},
};

/// Reusable scratch buffers for
/// [`GarmentClassifier::classify_with`](crate::GarmentClassifier::classify_with).
///
/// Keep one per thread. It takes 1 MiB and carries nothing from one image to the next.
#[derive(Clone)]
pub struct GarmentWorkspace {
    pub(crate) color: ai4fashion_color::Workspace,
    pub(crate) place: Place,
}

/// The network's buffers, and what they show of the image.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) scaler: Scaler,
    pub(crate) buffers: Box<Buffers>,
    /// Weight above which a place counts as garment.
    threshold: f32,
}

impl GarmentWorkspace {
    /// Allocates the buffers.
    #[must_use]
    pub fn new() -> Self {
        Self {
            color: ai4fashion_color::Workspace::new(),
            place: Place {
                scaler: Scaler::new(),
                buffers: Box::new(Buffers::new()),
                threshold: 0.0,
            },
        }
    }

    /// Returns how much the network looked at a place of the last image, 0 to 1.
    ///
    /// `across` and `down` are from 0 to 1, from the left and from the top. The mask behind it has
    /// 15x20 cells, with linear interpolation between them. It looks hardest where the colour shows
    /// best; all that is above a fiftieth of the highest weight counts as garment.
    #[must_use]
    pub fn attention(&self, across: f32, down: f32) -> f32 {
        self.place.weight(across, down)
    }

    /// Number of [`features`](Self::features).
    pub const FEATURES: usize = WIDE + HIDDEN;

    /// Returns what the network has computed of the last image before its last layers.
    ///
    /// The first 80 values are the means of the last feature map, from which the product type is
    /// told, the others the hidden layer before the colours; all are at least 0. Similar garments
    /// have similar features. They belong to the weights: those of other weights cannot be
    /// compared.
    ///
    /// ```
    /// use ai4fashion_garment::{GarmentClassifier, GarmentWorkspace, TypeHint,
    /// color::image::RgbImage};
    ///
    /// let (classifier, mut workspace) = (GarmentClassifier::new(), GarmentWorkspace::new());
    /// let _ = classifier.classify_with(&mut workspace, &RgbImage::new(60, 80), TypeHint::Unknown);
    /// assert!(workspace.features().iter().any(|value| *value > 0.0));
    /// ```
    #[must_use]
    pub fn features(&self) -> [f32; Self::FEATURES] {
        let buffers = &self.place.buffers;
        let mut features = [0.0; Self::FEATURES];
        features[..WIDE].copy_from_slice(&buffers.global[..WIDE]);
        features[WIDE..].copy_from_slice(&buffers.hidden);
        features
    }

    /// Returns the workspace of the colour classifier in it, for
    /// [`ColorClassifier::classify_with`](ai4fashion_color::ColorClassifier::classify_with).
    pub fn color(&mut self) -> &mut ai4fashion_color::Workspace {
        &mut self.color
    }
}

/// Part of the highest weight from which a place counts as garment. Seen on photos: plain paper has
/// less, and cloth more, often much more in some places than in others.
const INSIDE: f32 = 0.02;

impl Place {
    /// Takes over the mask that the network has computed.
    pub(crate) fn set_threshold(&mut self) {
        let highest = self.buffers.mask.iter().copied().fold(0.0, f32::max);
        self.threshold = INSIDE * highest;
    }

    /// Returns `true` if a place counts as garment.
    pub(crate) fn is_inside(&self, across: f32, down: f32) -> bool {
        self.weight(across, down) > self.threshold
    }

    /// The weight of the mask at a place, from 0 to 1 across and down.
    pub(crate) fn weight(&self, across: f32, down: f32) -> f32 {
        self.scaler
            .mask_place(across, down)
            .map_or(0.0, |[x, y]| interpolate(&self.buffers.mask, [x, y]))
    }
}

/// The mask between the centres of its cells; beyond the outermost ones it goes on as there.
fn interpolate(mask: &[f32; MASK[0] * MASK[1]], place: [f32; 2]) -> f32 {
    let [rows, columns] = MASK;
    let between = |place: f32, count: usize| {
        let place = place.clamp(0.0, (count - 1) as f32);
        let first = (place as usize).min(count - 2);
        (first, place - first as f32)
    };
    let ((x, right), (y, below)) = (between(place[0], columns), between(place[1], rows));
    let row = |y: usize| {
        let [a, b] = [mask[y * columns + x], mask[y * columns + x + 1]];
        a + right * (b - a)
    };
    let [a, b] = [row(y), row(y + 1)];
    a + below * (b - a)
}

impl Default for GarmentWorkspace {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for GarmentWorkspace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GarmentWorkspace").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mask_is_interpolated_between_the_centres_of_cells() {
        let mut mask = [0.0; MASK[0] * MASK[1]];
        mask[2 * MASK[1] + 3] = 1.0;
        for (place, expected) in [
            ([3.0, 2.0], 1.0),
            ([3.5, 2.0], 0.5),
            ([3.5, 1.5], 0.25),
            ([4.0, 2.0], 0.0),
        ] {
            assert!((interpolate(&mask, place) - expected).abs() < 1e-6, "{place:?}");
        }
        mask[MASK[0] * MASK[1] - 1] = 0.5;
        assert!((interpolate(&mask, [20.0, 30.0]) - 0.5).abs() < 1e-6);
        assert_eq!(interpolate(&mask, [-1.0, -1.0]), 0.0);
    }
}
