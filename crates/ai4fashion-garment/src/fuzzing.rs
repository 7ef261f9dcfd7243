//! The bodies of fuzz targets: each takes any bytes and asserts what holds of all of them.

use std::cell::RefCell;

use ai4fashion_color::{
    Classification, ColorClassifier, ImageView, Workspace,
    image::{self, RgbImage, RgbaImage},
};

use crate::{
    classifier::GarmentClassifier, hint::TypeHint, product_type::ProductType, workspace::GarmentWorkspace,
};

/// The largest side in pixels.
const MAX_SIDE: u8 = 40;

thread_local! {
    static COLOR: RefCell<Workspace> = RefCell::default();
    static GARMENT: RefCell<GarmentWorkspace> = RefCell::default();
}

/// An image of any bytes: width, height, options, then pixels, repeated as needed.
enum Raw {
    Rgb(RgbImage),
    Rgba(RgbaImage),
}

impl Raw {
    /// Reads an image and its options; `None` without a byte of pixels.
    fn new(bytes: &[u8]) -> Option<(Self, u8)> {
        let (&[width, height, options], pixels) = bytes.split_first_chunk::<3>()?;
        let [width, height] = [width, height].map(|side| u32::from(side % (MAX_SIDE + 1)));
        let has_alpha = options & 1 != 0;
        let length = width as usize * height as usize * (3 + usize::from(has_alpha));
        let filled: Vec<u8> = pixels.iter().copied().cycle().take(length).collect();
        let image = if has_alpha {
            RgbaImage::from_raw(width, height, filled).map(Self::Rgba)
        } else {
            RgbImage::from_raw(width, height, filled).map(Self::Rgb)
        };
        image.map(|image| (image, options))
    }

    fn view(&self) -> ImageView<'_> {
        match self {
            Self::Rgb(image) => image.into(),
            Self::Rgba(image) => image.into(),
        }
    }
}

/// A colour's numbers are legal, and a workspace that has seen other images changes nothing.
pub fn color_classifier(bytes: &[u8]) {
    let Some((raw, options)) = Raw::new(bytes) else {
        return;
    };
    let classifier = ColorClassifier::default();
    let found = COLOR.with_borrow_mut(|workspace| classifier.classify_with(workspace, raw.view()));
    check(&found);
    assert_eq!(classifier.classify(raw.view()), found);
    if options & 2 != 0 {
        assert_eq!(classifier.explain(raw.view()).classification(), &found);
    }
}

/// A garment's numbers are legal, and a workspace that has seen other images changes nothing.
pub fn garment_classifier(bytes: &[u8]) {
    let Some((raw, options)) = Raw::new(bytes) else {
        return;
    };
    let hint = match options >> 2 {
        0 => TypeHint::Unknown,
        1 => TypeHint::Other,
        number => TypeHint::Garment(ProductType::ALL[usize::from(number) % ProductType::ALL.len()]),
    };
    let classifier = GarmentClassifier::new();
    let found = GARMENT.with_borrow_mut(|workspace| classifier.classify_with(workspace, raw.view(), hint));
    check(found.color());
    for probability in [found.type_confidence(), found.garment_only_probability()] {
        assert!((0.0..=1.0).contains(&probability), "{found:?}");
    }
    if options & 2 != 0 {
        assert_eq!(classifier.classify(raw.view(), hint), found);
    }
}

/// Weights that are read give legal numbers; the error of others has no control characters.
pub fn garment_weights(bytes: &[u8]) {
    match GarmentClassifier::from_bytes(bytes) {
        Ok(classifier) => {
            let image = RgbImage::from_fn(12, 16, |x, y| image::Rgb([20 * x as u8, 15 * y as u8, 60]));
            check(classifier.classify(&image, TypeHint::Unknown).color());
        }
        Err(error) => {
            let said = error.to_string();
            assert!(!said.contains(char::is_control), "{said:?}");
        }
    }
}

fn check(found: &Classification) {
    let parts = [found.confidence(), found.margin(), found.garment_fraction()];
    let of_colors = found.fractions();
    for part in parts.iter().chain(&of_colors) {
        assert!((0.0..=1.0).contains(part), "{found:?}");
    }
    assert!(of_colors.iter().sum::<f32>() <= 1.001, "{found:?}");
    assert_ne!(found.name(), found.runner_up(), "{found:?}");
}

#[cfg(test)]
mod tests {
    use ai4fashion_testkit::corpus;

    use super::*;

    #[test]
    fn inputs_that_fuzzing_has_found_hold_what_is_asserted() {
        corpus("color_classifier")
            .iter()
            .for_each(|input| color_classifier(input));
        corpus("garment_classifier")
            .iter()
            .for_each(|input| garment_classifier(input));
        corpus("garment_weights")
            .iter()
            .for_each(|input| garment_weights(input));
    }
}
