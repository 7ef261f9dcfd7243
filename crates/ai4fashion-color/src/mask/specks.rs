//! A few pixels that the flood did not reach.

use super::background::is_paper;
use super::paper::Paper;
use super::rows::Rows;
use crate::pixels::sample::Sample;

/// Least fraction of the pixels that is a garment: less is dirt, or noise.
const LEAST: f32 = 0.003;
/// Least fraction of the pixels that differ from the background's colour in a photo of cloth: a
/// blank image has one colour.
const NOISY: f32 = 0.02;

/// Returns the garment, unless it is a few pixels: then all, if that is cloth, or nothing.
///
/// Cloth is coloured or dark, and no two of its pixels need be equal.
pub(super) fn without(
    garment: Rows,
    sample: &Sample,
    paper: &Paper,
    background: [u8; 3],
    opaque: &Rows,
) -> Rows {
    if garment.count() as f32 >= LEAST * sample.len() as f32 {
        garment
    } else if !is_paper(background) && paper.unlike(sample) as f32 >= NOISY * sample.len() as f32 {
        *opaque
    } else {
        Rows::EMPTY
    }
}
