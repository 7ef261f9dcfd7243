//! What the label network sees in images.

use ai4fashion_garment::{GarmentClassifier, GarmentWorkspace, ProductType, TypeHint, color::BasicColor};
use image::RgbImage;
use rayon::prelude::*;

use crate::features::Features;

/// What the label network sees in a set of images.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) features: Features,
    pub(crate) colors: Vec<BasicColor>,
    pub(crate) types: Vec<Option<ProductType>>,
}

impl Seen {
    /// Looks at images, on all cores.
    pub(crate) fn new(classifier: &GarmentClassifier, images: &[RgbImage]) -> Self {
        let each: Vec<_> = images
            .par_iter()
            .map_init(GarmentWorkspace::new, |workspace, image| {
                let found = classifier.classify_with(workspace, image, TypeHint::Unknown);
                (found.color().name(), found.product_type(), workspace.features())
            })
            .collect();
        let values = each.iter().flat_map(|(_, _, features)| features);
        let values = values.map(|value| f64::from(*value)).collect();
        let columns = nalgebra::DMatrix::from_vec(GarmentWorkspace::FEATURES, images.len(), values);
        Self {
            features: Features::of(columns),
            colors: each.iter().map(|(color, _, _)| *color).collect(),
            types: each.iter().map(|(_, kind, _)| *kind).collect(),
        }
    }
}

/// Returns the features of images that the `-own` scores compare: what the label network of
/// `ai4fashion-garment` computes before its last layers, 144 values an image.
///
/// ```
/// use ai4fashion_garment::GarmentClassifier;
/// use ai4fashion_score::{image::RgbImage, label_features};
///
/// let features = label_features(&GarmentClassifier::new(), &[RgbImage::new(64, 64)]);
/// assert_eq!((features.len(), features.dimensions()), (1, 144));
/// ```
#[must_use]
pub fn label_features(classifier: &GarmentClassifier, images: &[RgbImage]) -> Features {
    Seen::new(classifier, images).features
}
