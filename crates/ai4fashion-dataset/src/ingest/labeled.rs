//! What comes of the bytes of one image.

use crate::record::Observation;

/// What a [`Labeler`](super::Labeler) makes of an image.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Labeled {
    /// The image is wanted.
    Taken(Box<LabeledImage>),
    /// The [filter](super::Filter) does not let it in; the reason, such as `not-garment-only`.
    Filtered(&'static str),
}

/// An image with its labels, and the file that a data set holds.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LabeledImage {
    /// What the image shows.
    pub observation: Observation,
    /// The letterboxed JPEG; empty from a labeler [without JPEG](super::Labeler::without_jpeg).
    pub jpeg: Vec<u8>,
}
