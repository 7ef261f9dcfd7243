//! White cloth that the flood took for paper.

use super::rows::Rows;
use crate::oklab::oklab;

/// Least Oklab lightness of a background that white cloth can be mistaken for.
const BRIGHT: f32 = 0.93;
/// A garment is hollow if it fills less than this fraction of its silhouette.
///
/// A pair of trousers fills 0.75 and a shirt 0.8 to 0.95. A white shirt with only print and outline
/// left fills 0.1 to 0.5. Measured on garment-only photos of SmallFashion.
const HOLLOW: f32 = 0.6;

/// Fills the silhouette of a garment that is hollow on a bright background.
pub(super) fn filled_if_hollow(garment: Rows, background: [u8; 3]) -> Rows {
    if oklab(background).l < BRIGHT {
        return garment;
    }
    let silhouette = garment.silhouette();
    if garment.count() as f32 >= HOLLOW * silhouette.count() as f32 {
        garment
    } else {
        silhouette
    }
}
