//! What a classifier says about one picture.

use palette::Srgb;

use crate::naming::basic_color::BasicColor;
use crate::naming::table::NAMES;
use crate::naming::posterior::Posterior;

/// The colour name of one garment, and how sure it is.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Classification {
    shares: [f32; NAMES],
    name: BasicColor,
    runner_up: BasicColor,
    confidence: f32,
    #[cfg_attr(feature = "serde", serde(serialize_with = "as_bytes"))]
    dominant: Srgb<u8>,
    garment_fraction: f32,
    is_mixed: bool,
}

impl Classification {
    /// `likely` sums to one; `mixed_share` is what a second part needs to count as one.
    pub(crate) fn new(likely: [f32; NAMES], parts: &Posterior, garment_fraction: f32, mixed_share: f32) -> Self {
        let Ranked {
            name,
            runner_up,
            confidence,
        } = Ranked::new(likely);
        Self {
            shares: parts.shares(),
            name,
            runner_up,
            confidence,
            dominant: parts.color_of(name, mixed_share),
            garment_fraction,
            is_mixed: parts.has_other_than(name, mixed_share),
        }
    }

    /// The answer for a picture that is all background: white paper is white, and nothing is sure.
    pub(crate) fn without_garment(background: Srgb<u8>, shares: [f32; NAMES]) -> Self {
        let Ranked { name, runner_up, .. } = Ranked::new(shares);
        Self {
            shares,
            name,
            runner_up,
            confidence: 0.0,
            dominant: background,
            garment_fraction: 0.0,
            is_mixed: false,
        }
    }

    /// The name of the garment's colour.
    #[must_use]
    pub fn name(&self) -> BasicColor {
        self.name
    }

    /// How far the name is ahead of the runner-up, `(first - second) / (first + second)` of how likely they are: 0 a draw,
    /// 1 no other name at all. It orders pictures by how sure their name is; it is no probability.
    #[must_use]
    pub fn confidence(&self) -> f32 {
        self.confidence
    }

    /// The second name.
    #[must_use]
    pub fn runner_up(&self) -> BasicColor {
        self.runner_up
    }

    /// The share of each name, in the order of [`BasicColor::ALL`]; each 0 to 1, together 1.
    #[must_use]
    pub fn shares(&self) -> [f32; 11] {
        self.shares
    }

    /// The mean colour of the garment's pixels that [`name`](Self::name) fits better than any other, if they are at least
    /// [`mixed_share`](crate::ClassifyOptions::mixed_share) of them; else of those of the name that fits most of them; and of
    /// the background if there is no garment.
    #[must_use]
    pub fn dominant(&self) -> Srgb<u8> {
        self.dominant
    }

    /// The part of the picture that is garment, 0 to 1. 0 means that the picture is all background: the name is
    /// then that of the background and the confidence 0.
    #[must_use]
    pub fn garment_fraction(&self) -> f32 {
        self.garment_fraction
    }

    /// Whether another name than [`name`](Self::name) fits at least [`mixed_share`](crate::ClassifyOptions::mixed_share) of the
    /// garment's pixels best.
    #[must_use]
    pub fn is_mixed(&self) -> bool {
        self.is_mixed
    }
}

/// The two likeliest names.
#[derive(Debug, PartialEq)]
struct Ranked {
    name: BasicColor,
    runner_up: BasicColor,
    confidence: f32,
}

impl Ranked {
    fn new(likely: [f32; NAMES]) -> Self {
        let mut order = BasicColor::ALL;
        // Stable: of equally likely names the first in alphabetical order wins.
        order.sort_by(|a, b| likely[b.index()].total_cmp(&likely[a.index()]));
        let [name, runner_up, ..] = order;
        let (first, second) = (likely[name.index()], likely[runner_up.index()]);
        Self {
            name,
            runner_up,
            confidence: (first - second) / (first + second),
        }
    }
}

#[cfg(feature = "serde")]
fn as_bytes<S: serde::Serializer>(color: &Srgb<u8>, serializer: S) -> Result<S::Ok, S::Error> {
    serde::Serialize::serialize(&[color.red, color.green, color.blue], serializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(black: f32, white: f32) -> Ranked {
        let mut likely = [0.0; NAMES];
        likely[BasicColor::Black.index()] = black;
        likely[BasicColor::White.index()] = white;
        Ranked::new(likely)
    }

    #[test]
    fn likeliest_name_is_ahead_of_the_second_by_a_part_of_both() {
        let found = of(0.3, 0.7);
        assert_eq!(
            (found.name, found.runner_up),
            (BasicColor::White, BasicColor::Black)
        );
        assert!((found.confidence - 0.4).abs() < 1e-6);
    }

    #[test]
    fn draw_goes_to_the_first_name_without_confidence() {
        let found = of(0.5, 0.5);
        assert_eq!((found.name, found.confidence), (BasicColor::Black, 0.0));
    }

    #[test]
    fn one_name_alone_is_sure() {
        assert_eq!(of(0.0, 1.0).confidence, 1.0);
    }
}
