//! What is known of one picture, and of one that was skipped.

mod checked;
mod left_out;
mod skip;

use ai4fashion_color::{BasicColor, Classification};
use serde::{Deserialize, Serialize};

pub use checked::{Checked, ColorSource, TypeBefore};
pub use left_out::LeftOut;
pub use skip::Skip;

use crate::{
    labels::{ProductType, Split, TypeSource},
    perceptual::PerceptualHash,
    quality::Flag,
};

/// One picture of a data set: a line of `manifest.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Record {
    /// Its file below the data set's folder, `images/` and a [`LabeledName`](crate::LabeledName).
    pub file: String,
    /// SHA-256 of that file, in hexadecimal.
    pub image_sha256: String,
    /// The kind of source it came from.
    pub source: String,
    /// Its path below that source's root.
    pub original: String,
    /// SHA-256 of the source file, in hexadecimal.
    pub sha256: String,
    /// SHA-256 of what it shows, in hexadecimal: see [`Decoded::pixels_sha256`](crate::Decoded::pixels_sha256). Pictures
    /// with the same are duplicates.
    pub pixels_sha256: String,
    /// What it looks like.
    pub perceptual_hash: PerceptualHash,
    /// Pictures that show the same, or nearly, have the same; none if it is alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Size of the source file in bytes.
    pub bytes: u64,
    /// Width of the source picture in pixels, as stored.
    pub width: u32,
    /// Height of the source picture in pixels, as stored.
    pub height: u32,
    /// The EXIF orientation that was applied, 1 to 8; 1 is upright.
    pub orientation: u8,
    /// The name of its colour.
    pub color: BasicColor,
    /// Calibrated probability that the name is right, 0 to 1.
    pub confidence: f32,
    /// Lead of the name over the runner-up, 0 to 1.
    pub margin: f32,
    /// The second name.
    pub runner_up: BasicColor,
    /// The share of each name, in the order of [`BasicColor::ALL`], summing to 1.
    pub shares: [f32; 11],
    /// The mean colour of the pixels of that name, sRGB.
    pub dominant: [u8; 3],
    /// The part of the picture that is garment, 0 to 1.
    pub garment_fraction: f32,
    /// Whether the second name has a large share.
    pub mixed: bool,
    /// What is wrong with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// Its product type, 1 to 12, if it is known.
    #[serde(rename = "type")]
    pub product_type: Option<ProductType>,
    /// How the type is known.
    pub type_from: Option<TypeSource>,
    /// The source's own word for its colour.
    pub base_color: Option<String>,
    /// The part of the data set that it belongs to.
    pub split: Split,
    /// What a person has said of its labels, if a person has looked at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<Checked>,
}

/// What a source file was, before anything was done to it.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) sha256: String,
    pub(crate) pixels_sha256: String,
    pub(crate) bytes: u64,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) orientation: u8,
}

impl Record {
    /// What a picture shows. It has no file, source and labels but the colour yet.
    pub(crate) fn new(
        origin: Origin,
        found: &Classification,
        perceptual_hash: PerceptualHash,
        flags: Vec<Flag>,
    ) -> Self {
        Self {
            file: String::new(),
            image_sha256: String::new(),
            source: String::new(),
            original: String::new(),
            sha256: origin.sha256,
            pixels_sha256: origin.pixels_sha256,
            perceptual_hash,
            group: None,
            bytes: origin.bytes,
            width: origin.width,
            height: origin.height,
            orientation: origin.orientation,
            color: found.name(),
            confidence: found.confidence(),
            margin: found.margin(),
            runner_up: found.runner_up(),
            shares: found.fractions(),
            dominant: found.dominant_color(),
            garment_fraction: found.garment_fraction(),
            mixed: found.is_mixed(),
            flags,
            product_type: None,
            type_from: None,
            base_color: None,
            split: Split::Train,
            checked: None,
        }
    }
}

impl Record {
    /// Who named the colour in force.
    #[must_use]
    pub fn color_from(&self) -> ColorSource {
        match self.checked {
            Some(Checked {
                color_was: Some(_), ..
            }) => ColorSource::Person,
            _ => ColorSource::Classifier,
        }
    }

    /// The colour that the classifier named, whatever a person has said.
    #[must_use]
    pub fn classified_color(&self) -> BasicColor {
        let before = self.checked.as_ref().and_then(|checked| checked.color_was);
        before.unwrap_or(self.color)
    }

    /// The type that the source gave, whatever a person has said.
    #[must_use]
    pub fn source_type(&self) -> Option<ProductType> {
        let before = self.checked.as_ref().and_then(|checked| checked.type_was);
        before.map_or(self.product_type, |before| before.product_type)
    }

    /// How the source knew the type that it gave, whatever a person has said.
    pub(crate) fn source_type_from(&self) -> Option<TypeSource> {
        let before = self.checked.as_ref().and_then(|checked| checked.type_was);
        before.map_or(self.type_from, |before| before.from)
    }

    /// A person says the colour; none takes a person's word back.
    pub(crate) fn say_color(&mut self, said: Option<BasicColor>, when: &str) {
        if said.is_none() && self.color_from() == ColorSource::Classifier {
            return;
        }
        let before = self.classified_color();
        self.color = said.unwrap_or(before);
        self.word(when).color_was = said.map(|_| before);
        self.forget_if_nothing_was_said();
    }

    /// A person says the type, or that it is none of the twelve; none takes a person's word back.
    pub(crate) fn say_type(&mut self, said: Option<Option<ProductType>>, when: &str) {
        let before = self.checked.as_ref().and_then(|checked| checked.type_was);
        if said.is_none() && before.is_none() {
            return;
        }
        let before = before.unwrap_or(TypeBefore {
            product_type: self.product_type,
            from: self.type_from,
        });
        (self.product_type, self.type_from) = match said {
            Some(product_type) => (product_type, Some(TypeSource::Person)),
            None => (before.product_type, before.from),
        };
        self.word(when).type_was = said.map(|_| before);
        self.forget_if_nothing_was_said();
    }

    fn word(&mut self, when: &str) -> &mut Checked {
        let checked = self.checked.get_or_insert_default();
        when.clone_into(&mut checked.when);
        checked
    }

    fn forget_if_nothing_was_said(&mut self) {
        if let Some(Checked {
            color_was: None,
            type_was: None,
            ..
        }) = self.checked
        {
            self.checked = None;
        }
    }
}
