//! The labels that a condition may use.

use crate::data::labels::Labels;
#[cfg(feature = "dataset")]
use ai4fashion_color::BasicColor;
#[cfg(feature = "dataset")]
use ai4fashion_dataset::ProductType;

/// A label that networks can be conditioned on; without the feature `dataset` there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attribute {
    #[cfg(feature = "dataset")]
    Color,
    #[cfg(feature = "dataset")]
    Type,
}

impl Attribute {
    /// The name in messages.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            #[cfg(feature = "dataset")]
            Self::Color => "color",
            #[cfg(feature = "dataset")]
            Self::Type => "type",
        }
    }

    /// The number of its classes.
    pub(crate) const fn classes(self) -> usize {
        match self {
            #[cfg(feature = "dataset")]
            Self::Color => BasicColor::ALL.len(),
            #[cfg(feature = "dataset")]
            Self::Type => ProductType::ALL.len(),
        }
    }

    /// The class that `labels` tell, from 0, in the order of `BasicColor::ALL` or
    /// `ProductType::ALL`.
    #[cfg_attr(
        not(feature = "dataset"),
        expect(unused_variables, reason = "labels are empty")
    )]
    pub(crate) fn class(self, labels: Labels) -> Option<usize> {
        match self {
            #[cfg(feature = "dataset")]
            Self::Color => {
                let color = labels.color?;
                BasicColor::ALL.into_iter().position(|known| known == color)
            }
            #[cfg(feature = "dataset")]
            Self::Type => {
                let product_type = labels.product_type?;
                ProductType::ALL
                    .into_iter()
                    .position(|known| known == product_type)
            }
        }
    }
}
