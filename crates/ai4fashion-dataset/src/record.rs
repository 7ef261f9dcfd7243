//! What is known of one picture, and of one that was skipped.

use std::fmt;

use ai4fashion_color::{BasicColor, Classification};
use serde::{Deserialize, Serialize};

use crate::{Checked, Error, Flag, PerceptualHash, ProductType, Split, TypeSource};

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
    /// How far the name is ahead of the runner-up, 0 to 1.
    pub confidence: f32,
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
            runner_up: found.runner_up(),
            shares: found.shares(),
            dominant: found.dominant().into(),
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

/// The folder of pictures in a data set.
pub(crate) const IMAGES: &str = "images";

/// The name of a picture's file in that folder.
pub(crate) fn name_of(file: &str) -> &str {
    file.strip_prefix(IMAGES)
        .and_then(|name| name.strip_prefix('/'))
        .unwrap_or(file)
}

/// A picture or row that could not be used: a line of `skipped.jsonl`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Skip {
    /// The kind of source.
    #[serde(default)]
    pub source: String,
    /// The file below that source's root.
    pub original: String,
    /// The line of that file, from 1, if it is a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// A code that programs can rely on, see [`ErrorKind::reason`](crate::ErrorKind::reason).
    pub reason: String,
    /// The same in words.
    pub message: String,
}

/// A picture that could be used but was left out for what it shows: a line of `left_out.jsonl`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LeftOut {
    /// The kind of source.
    pub source: String,
    /// The file below that source's root.
    pub original: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// Why: `not-garment-only` or `duplicate`.
    pub reason: String,
}

impl LeftOut {
    pub(crate) fn of(record: &Record, reason: &str) -> Self {
        Self {
            source: record.source.clone(),
            original: record.original.clone(),
            sha256: record.sha256.clone(),
            reason: reason.to_owned(),
        }
    }
}

impl Skip {
    /// A file that `error` keeps from being used.
    #[must_use]
    pub fn new(original: impl Into<String>, error: &Error) -> Self {
        Self {
            source: String::new(),
            original: original.into(),
            row: None,
            reason: error.kind().reason().to_owned(),
            message: error.chain(),
        }
    }

    /// The same for a line of a table.
    #[must_use]
    pub fn with_row(mut self, row: u64) -> Self {
        self.row = Some(row);
        self
    }

    pub(crate) fn of_source(mut self, source: &str) -> Self {
        source.clone_into(&mut self.source);
        self
    }
}

/// On one line, for people.
impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(row) = self.row {
            write!(f, "row {row} of ")?;
        }
        write!(f, "`{}`: {}", self.original, self.message)
    }
}
