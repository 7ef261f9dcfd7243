//! Internals for `ai4fashion-fit`; not covered by semver.

use ai4fashion_color::{BasicColor, ImageView};

use crate::{
    classifier::GarmentClassifier,
    hint::TypeHint,
    input::Scaler,
    network::feature_map::FeatureMap,
    shape::{CLASSES, HEIGHT, WIDTH},
    workspace::GarmentWorkspace,
};
pub use crate::{
    classifier::SHIPPED,
    network::conv::LARGEST,
    weights::{FORMAT, SHA256, TEMPERATURES, sha256},
};

/// Sizes of the network.
pub mod shape {
    pub use crate::shape::*;
}

/// What the last layers get, and their scores.
#[derive(Clone, Debug)]
pub struct Features {
    /// What the classes, and whether a garment is alone, are told from.
    pub global: Vec<f32>,
    /// What the colours are told from.
    pub pooled: Vec<f32>,
    /// Scores of the colours.
    pub color: [f32; BasicColor::COUNT],
    /// Scores of the classes.
    pub class: [f32; CLASSES],
    /// Score of a garment alone.
    pub garment_only: f32,
}

/// Runs the network on an image.
#[must_use]
pub fn features<'a>(
    classifier: &GarmentClassifier,
    workspace: &mut GarmentWorkspace,
    image: impl Into<ImageView<'a>>,
    hint: TypeHint,
) -> Features {
    classifier.look_once(workspace, image.into(), hint);
    let buffers = &workspace.place.buffers;
    Features {
        global: buffers.global.to_vec(),
        pooled: buffers.pooled.to_vec(),
        color: buffers.color,
        class: buffers.class,
        garment_only: buffers.alone,
    }
}

/// Scales an image as the classifier does: sRGB bytes of 60x80 pixels, rows from the top.
#[must_use]
pub fn scaled<'a>(image: impl Into<ImageView<'a>>) -> Vec<u8> {
    let mut map = FeatureMap::new([HEIGHT, WIDTH], 3);
    Scaler::new().scale(image.into(), &mut map);
    let pixels = (0..HEIGHT).flat_map(|y| map.row(y).as_chunks::<4>().0);
    pixels
        .flat_map(|[r, g, b, _]| [r, g, b].map(|value| (255 - value) as u8))
        .collect()
}
