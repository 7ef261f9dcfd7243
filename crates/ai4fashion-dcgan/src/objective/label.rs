//! The label of an image.

/// Whether an image is real or generated, as the loss labels it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    Real,
    Fake,
}
