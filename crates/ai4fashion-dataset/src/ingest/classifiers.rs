//! What labels the images.

use ai4fashion_color::{Classification, ColorClassifier, ImageView};
use ai4fashion_garment::{GarmentClassification, GarmentClassifier, GarmentWorkspace, TypeHint};
use image::DynamicImage;

use crate::dataset::{Filter, LabelMethod};

use super::options::IngestOptions;

/// The classifiers of an ingestion.
#[derive(Debug)]
pub(super) struct Classifiers<'a> {
    color: &'a ColorClassifier,
    garment: &'a GarmentClassifier,
    method: LabelMethod,
    filter: Filter,
}

/// What the classifiers say of an image.
#[derive(Debug)]
pub(super) struct Labels {
    pub(super) color: Classification,
    /// `None` where the colour's classifier works alone.
    pub(super) garment: Option<GarmentClassification>,
}

impl<'a> Classifiers<'a> {
    pub(super) fn new(options: &'a IngestOptions) -> Self {
        Self {
            color: &options.classifier,
            garment: &options.garment_classifier,
            method: options.labels,
            filter: options.filter,
        }
    }

    /// Labels an image; `None` if the filter does not let it in.
    pub(super) fn label(
        &self,
        workspace: &mut GarmentWorkspace,
        image: &DynamicImage,
        hint: TypeHint,
    ) -> Option<Labels> {
        match image {
            DynamicImage::ImageRgba8(rgba) => self.label_view(workspace, rgba.into(), hint),
            DynamicImage::ImageRgb8(rgb) => self.label_view(workspace, rgb.into(), hint),
            other => self.label_view(workspace, (&other.to_rgb8()).into(), hint),
        }
    }

    fn label_view(
        &self,
        workspace: &mut GarmentWorkspace,
        image: ImageView<'_>,
        hint: TypeHint,
    ) -> Option<Labels> {
        let is_filtering = self.filter == Filter::GarmentOnly;
        let garment = (is_filtering || self.method == LabelMethod::Garment)
            .then(|| self.garment.classify_with(workspace, image, hint));
        let is_unwanted = |found: &GarmentClassification| is_filtering && !found.is_garment_only(hint);
        if garment.as_ref().is_some_and(is_unwanted) {
            return None;
        }
        let garment = garment.filter(|_| self.method == LabelMethod::Garment);
        let color = match &garment {
            Some(found) => found.color().clone(),
            None => self.color.classify_with(workspace.color(), image),
        };
        Some(Labels { color, garment })
    }
}
