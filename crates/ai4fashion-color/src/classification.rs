//! What a classifier says about one picture.

use palette::Srgb;

use crate::BasicColor;

/// The colour name of one garment, and how sure it is.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Classification {
    shares: [f32; 11],
    name: BasicColor,
    runner_up: BasicColor,
    confidence: f32,
    #[cfg_attr(feature = "serde", serde(serialize_with = "as_bytes"))]
    dominant: Srgb<u8>,
    garment_fraction: f32,
    is_mixed: bool,
}

impl Classification {
    /// `likely` and `shares` sum to one each; `dominant` is asked for the colour of the winner.
    pub(crate) fn new(
        likely: [f32; 11],
        shares: [f32; 11],
        dominant: impl FnOnce(BasicColor) -> Srgb<u8>,
        garment_fraction: f32,
        mixed_share: f32,
    ) -> Self {
        let mut order = BasicColor::ALL;
        // Stable: of equally likely names the first in alphabetical order wins.
        order.sort_by(|a, b| likely[b.index()].total_cmp(&likely[a.index()]));
        let [name, runner_up, ..] = order;
        let (first, second) = (likely[name.index()], likely[runner_up.index()]);
        let mut largest = shares;
        largest.sort_by(|a, b| b.total_cmp(a));
        Self {
            shares,
            name,
            runner_up,
            confidence: (first - second) / (first + second),
            dominant: dominant(name),
            garment_fraction,
            is_mixed: largest[1] >= mixed_share,
        }
    }

    /// The answer for a picture that is all background: white paper is white, and nothing is sure.
    pub(crate) fn without_garment(background: Srgb<u8>, shares: [f32; 11]) -> Self {
        Self {
            confidence: 0.0,
            ..Self::new(shares, shares, |_| background, 0.0, 2.0)
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

    /// The mean colour of the garment's pixels that [`name`](Self::name) fits better than any other; of all its pixels if
    /// it fits none best, and of the background if there is no garment.
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

    /// Whether a second name has a share of at least [`mixed_share`](crate::ClassifyOptions::mixed_share).
    #[must_use]
    pub fn is_mixed(&self) -> bool {
        self.is_mixed
    }
}

#[cfg(feature = "serde")]
fn as_bytes<S: serde::Serializer>(color: &Srgb<u8>, serializer: S) -> Result<S::Ok, S::Error> {
    serde::Serialize::serialize(&[color.red, color.green, color.blue], serializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(black: f32, white: f32) -> Classification {
        let mut shares = [0.0; 11];
        shares[BasicColor::Black.index()] = black;
        shares[BasicColor::White.index()] = white;
        Classification::new(shares, shares, BasicColor::srgb, 0.5, 0.25)
    }

    #[test]
    fn largest_share_names_the_garment() {
        let found = of(0.3, 0.7);
        assert_eq!(
            (found.name(), found.runner_up()),
            (BasicColor::White, BasicColor::Black)
        );
        assert!((found.confidence() - 0.4).abs() < 1e-6);
        assert!(found.is_mixed());
    }

    #[test]
    fn draw_goes_to_the_first_name_without_confidence() {
        let found = of(0.5, 0.5);
        assert_eq!((found.name(), found.confidence()), (BasicColor::Black, 0.0));
    }

    #[test]
    fn one_name_alone_is_sure_and_not_mixed() {
        let found = of(0.0, 1.0);
        assert_eq!((found.confidence(), found.is_mixed()), (1.0, false));
    }
}
