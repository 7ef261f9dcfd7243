//! Which pictures of a data set are trained on.

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::{ProductType, Split};
use ai4fashion_dcgan::{Condition, Labels};
use clap::Args;
use serde::{Deserialize, Serialize};

/// Labels that are wanted; no list means any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args, Serialize, Deserialize)]
pub struct Filter {
    /// Train on pictures of these colours only, e.g. red,blue
    #[arg(long, value_delimiter = ',', help_heading = HEADING)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub colors: Vec<BasicColor>,
    /// Train on pictures of these product types only, by number or name, e.g. 1,Skirts
    #[arg(long, value_delimiter = ',', help_heading = HEADING)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<ProductType>,
    /// Train on pictures whose product type is known only
    #[arg(long, help_heading = HEADING)]
    pub typed: bool,
    /// Train on this part of the data set only: train, validation or test [default: all of it]
    #[arg(long, help_heading = HEADING)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<Split>,
}

const HEADING: &str = "Pictures";

impl Filter {
    /// Whether nothing is left out.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a picture is wanted, and has the labels that `condition` needs.
    #[must_use]
    pub fn wants(&self, labels: Labels, condition: Condition) -> bool {
        let color = self.colors.is_empty() || labels.color.is_some_and(|color| self.colors.contains(&color));
        let product_type = labels.product_type;
        let kind = self.types.is_empty() || product_type.is_some_and(|kind| self.types.contains(&kind));
        let part = self.split.is_none() || labels.split == self.split;
        color
            && kind
            && part
            && (!self.typed || product_type.is_some())
            && condition.missing(labels).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_was_asked_for_must_hold() {
        let plain = Labels::default().with_color(BasicColor::Red);
        let skirt = plain
            .with_product_type(ProductType::Skirts)
            .with_split(Split::Train);
        let wants = |filter: Filter| [plain, skirt].map(|labels| filter.wants(labels, Condition::None));
        let open = Filter::default();
        assert!(open.is_open());
        assert_eq!(wants(open.clone()), [true, true]);
        assert!(!open.wants(plain, Condition::Type) && open.wants(skirt, Condition::Both));
        let typed = Filter {
            typed: true,
            ..open.clone()
        };
        assert_eq!(wants(typed), [false, true]);
        let types = vec![ProductType::Skirts, ProductType::Coats];
        assert_eq!(
            wants(Filter {
                types,
                ..open.clone()
            }),
            [false, true]
        );
        let split = Some(Split::Train);
        assert_eq!(
            wants(Filter {
                split,
                ..open.clone()
            }),
            [false, true]
        );
        let colors = vec![BasicColor::Blue];
        assert_eq!(wants(Filter { colors, ..open }), [false, false]);
    }
}
