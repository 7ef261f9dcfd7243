//! Ways to label an image.

use std::{fmt, str::FromStr};

use ai4fashion_color::{
    BasicColor, Classification, ColorClassifier, Explanation, ImageView,
    image::{DynamicImage, RgbImage, RgbaImage},
    notebook::{self, LookBookRule, SmallFashionRule},
};
use ai4fashion_garment::{GarmentClassification, GarmentClassifier, GarmentWorkspace, TypeHint};
use ai4fashion_image::DecodedImage;

/// A classifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// A network that finds the garment on a model, with the colour model's help: colour and type.
    Garment,
    /// Garment mask, and a model fitted to catalogue photos and a published table of colour names.
    Color,
    /// The hue rule of the LookBook notebook.
    LookBook,
    /// The hue rule of the SmallFashion notebook.
    SmallFashion,
}

/// What a method says of an image.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// The name; a rule may have none.
    pub(crate) name: Option<BasicColor>,
    /// The dominant colour; a rule has none for a wholly white image.
    pub(crate) dominant: Option<[u8; 3]>,
    /// What a rule does not know.
    pub(crate) classification: Option<Classification>,
    /// What only the garment classifier knows.
    pub(crate) garment: Option<GarmentClassification>,
}

/// A decoded image as a method takes it.
#[derive(Clone, Debug)]
pub(crate) enum Buffer {
    /// Without alpha.
    Rgb(RgbImage),
    /// With alpha.
    Rgba(RgbaImage),
}

/// A method with its scratch memory: one for each thread.
#[derive(Clone, Debug)]
pub(crate) struct Namer {
    method: Method,
    garment: GarmentClassifier,
    color: ColorClassifier,
    workspace: GarmentWorkspace,
}

impl Method {
    /// All methods.
    pub(crate) const ALL: [Self; 4] = [Self::Garment, Self::Color, Self::LookBook, Self::SmallFashion];

    /// The name on the command line.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Garment => "garment",
            Self::Color => "color",
            Self::LookBook => "lookbook",
            Self::SmallFashion => "small-fashion",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Method {
    type Err = UnknownMethod;

    fn from_str(name: &str) -> Result<Self, UnknownMethod> {
        let known = Self::ALL.into_iter().find(|method| method.as_str() == name);
        known.ok_or(UnknownMethod)
    }
}

/// A text that names no method.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UnknownMethod;

impl fmt::Display for UnknownMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected garment, color, lookbook or small-fashion")
    }
}

impl std::error::Error for UnknownMethod {}

impl Namer {
    /// A namer that uses `method`; `garment` is the garment classifier.
    pub(crate) fn new(method: Method, garment: GarmentClassifier) -> Self {
        Self {
            method,
            garment,
            color: ColorClassifier::default(),
            workspace: GarmentWorkspace::new(),
        }
    }

    /// The image as the method takes it; the rules see it on white.
    pub(crate) fn buffer(&self, decoded: DecodedImage) -> Buffer {
        match (self.method, decoded.image()) {
            (Method::LookBook | Method::SmallFashion, _) | (_, DynamicImage::ImageRgb8(_)) => {
                Buffer::Rgb(decoded.into_rgb8())
            }
            (_, other) => Buffer::Rgba(other.to_rgba8()),
        }
    }

    /// Labels an image; only the garment classifier can use the hint.
    pub(crate) fn name(&mut self, image: &Buffer, hint: TypeHint) -> Answer {
        match self.method {
            Method::Garment => {
                let found = self
                    .garment
                    .classify_with(&mut self.workspace, image.view(), hint);
                Answer {
                    garment: Some(found.clone()),
                    ..Answer::of(found.color().clone())
                }
            }
            Method::Color => Answer::of(self.color.classify_with(self.workspace.color(), image.view())),
            Method::LookBook => by_rule(image, |color| LookBookRule.classify_color(color)),
            Method::SmallFashion => by_rule(image, |color| SmallFashionRule.classify_color(color)),
        }
    }

    /// What the name of a classifier rests on.
    pub(crate) fn explain(&mut self, image: &Buffer) -> Explanation {
        match self.method {
            Method::Garment => self.garment.explain(image.view(), TypeHint::Unknown),
            _ => self.color.explain(image.view()),
        }
    }
}

impl Answer {
    fn of(found: Classification) -> Self {
        Self {
            name: Some(found.name()),
            dominant: Some(found.dominant_color()),
            classification: Some(found),
            garment: None,
        }
    }
}

impl Buffer {
    fn view(&self) -> ImageView<'_> {
        match self {
            Self::Rgb(image) => image.into(),
            Self::Rgba(image) => image.into(),
        }
    }
}

fn by_rule(image: &Buffer, rule: impl Fn([u8; 3]) -> Option<BasicColor>) -> Answer {
    let dominant = match image {
        Buffer::Rgb(image) => notebook::dominant_color(image),
        Buffer::Rgba(image) => notebook::dominant_color(&DynamicImage::from(image.clone()).into_rgb8()),
    };
    Answer {
        name: dominant.and_then(rule),
        dominant,
        classification: None,
        garment: None,
    }
}
