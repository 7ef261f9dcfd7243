//! Gives back white cloth that the flood took for paper.

use super::rows::Rows;
use crate::oklab::oklab;

/// Least Oklab lightness of a background that white cloth can be mistaken for.
const BRIGHT: f32 = 0.93;
/// The garment is hollow if it fills less than this part of its silhouette. A pair of trousers fills 0.75, a shirt
/// 0.8 to 0.95; a white shirt of which only print and outline are left fills 0.1 to 0.5. Read off pictures of
/// `data/smallfashion` (garment-only).
const HOLLOW: f32 = 0.6;

/// Fills the silhouette (pixels with garment on all four sides) of a garment that is hollow on bright background.
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
