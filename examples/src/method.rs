//! The ways to name a picture's colour.

use ai4fashion_color::{
    BasicColor, Classification, ColorClassifier, Explanation, PictureView, Workspace,
    image::{DynamicImage, RgbImage, RgbaImage},
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

/// A decoded picture as a method takes it.
#[derive(Clone, Debug)]
pub enum Buffer {
    /// Without alpha.
    Rgb(RgbImage),
    /// With alpha.
    Rgba(RgbaImage),
}

/// A method and its memory: one for each thread.
#[derive(Clone, Debug)]
pub struct Namer {
    method: Method,
    classifier: ColorClassifier,
    workspace: Workspace,
}

impl Namer {
    /// One that goes by `method`.
    #[must_use]
    pub fn new(method: Method) -> Self {
        Self {
            method,
            classifier: ColorClassifier::default(),
            workspace: Workspace::new(),
        }
    }

    /// The picture as the method takes it; the rules see it on white.
    #[must_use]
    pub fn buffer(&self, picture: Decoded) -> Buffer {
        match (self.method, picture.picture()) {
            (Method::LookBook | Method::SmallFashion, _) | (_, DynamicImage::ImageRgb8(_)) => {
                Buffer::Rgb(picture.into_rgb())
            }
            (_, other) => Buffer::Rgba(other.to_rgba8()),
        }
    }

    /// Names a picture.
    #[must_use]
    pub fn name(&mut self, picture: &Buffer) -> Answer {
        match self.method {
            Method::Perceptual => {
                let found = self.classifier.classify_with(&mut self.workspace, picture.view());
                Answer {
                    name: Some(found.name()),
                    dominant: Some(found.dominant()),
                    classification: Some(found),
                }
            }
            Method::LookBook => by_rule(picture, |color| rules::LookBook.name_color(color)),
            Method::SmallFashion => by_rule(picture, |color| rules::SmallFashion.name_color(color)),
        }
    }

    /// What the classifier goes by, whatever the method.
    #[must_use]
    pub fn explain(&self, picture: &Buffer) -> Explanation {
        self.classifier.explain(picture.view())
    }
}

impl Buffer {
    fn view(&self) -> PictureView<'_> {
        match self {
            Self::Rgb(picture) => picture.into(),
            Self::Rgba(picture) => picture.into(),
        }
    }
}

fn by_rule(picture: &Buffer, rule: impl Fn(Srgb<u8>) -> Option<BasicColor>) -> Answer {
    let dominant = match picture {
        Buffer::Rgb(picture) => rules::dominant_color(picture),
        Buffer::Rgba(picture) => rules::dominant_color(&DynamicImage::from(picture.clone()).into_rgb8()),
    };
    Answer {
        name: dominant.and_then(rule),
        dominant,
        classification: None,
    }
}
