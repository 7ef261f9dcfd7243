//! The ways to name a picture's colour.

use ai4fashion_color::{
    BasicColor, Classification, ColorClassifier,
    image::{DynamicImage, RgbImage},
    palette::Srgb,
    rules,
};
use ai4fashion_dataset::Decoded;
use clap::ValueEnum;

/// Who names the colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Method {
    /// Garment mask, and a model fitted to catalogue photos and a published table of colour names
    Perceptual,
    /// The hue rule of the LookBook notebook
    #[value(name = "lookbook")]
    LookBook,
    /// The hue rule of the SmallFashion notebook
    SmallFashion,
}

/// What a method says of a picture.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The name; a rule may have none.
    pub name: Option<BasicColor>,
    /// The dominant colour; a rule has none for a wholly white picture.
    pub dominant: Option<Srgb<u8>>,
    /// What only the classifier knows.
    pub classification: Option<Classification>,
}

impl Method {
    /// Names a picture; the rules see it on white.
    #[must_use]
    pub fn name(self, picture: Decoded) -> Answer {
        match self {
            Self::Perceptual => perceptual(picture.picture()),
            Self::LookBook => by_rule(&picture.into_rgb(), |color| rules::LookBook.name_color(color)),
            Self::SmallFashion => by_rule(&picture.into_rgb(), |color| rules::SmallFashion.name_color(color)),
        }
    }
}

fn perceptual(picture: &DynamicImage) -> Answer {
    let classifier = ColorClassifier::default();
    let found = match picture {
        DynamicImage::ImageRgb8(rgb) => classifier.classify(rgb),
        DynamicImage::ImageRgba8(rgba) => classifier.classify_rgba(rgba),
        other => classifier.classify_rgba(&other.to_rgba8()),
    };
    Answer {
        name: Some(found.name()),
        dominant: Some(found.dominant()),
        classification: Some(found),
    }
}

fn by_rule(picture: &RgbImage, rule: impl Fn(Srgb<u8>) -> Option<BasicColor>) -> Answer {
    let dominant = rules::dominant_color(picture);
    Answer {
        name: dominant.and_then(rule),
        dominant,
        classification: None,
    }
}
