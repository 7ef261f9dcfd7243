//! Filters: which images of a data set are trained on.

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::{ProductType, Split};
use ai4fashion_dcgan::{Condition, Labels};
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::values::one_of;

/// Labels of the images that are trained on; an empty list means any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args, Serialize, Deserialize)]
pub(crate) struct Filter {
    /// Train only on images of these colours, for example red,blue
    #[arg(long, value_delimiter = ',', help_heading = HEADING)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) colors: Vec<BasicColor>,
    /// Train only on images of these product types, by number or name, for example 1,Skirts
    #[arg(long, value_delimiter = ',', help_heading = HEADING)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) types: Vec<ProductType>,
    /// Train only on images with a known product type
    #[arg(long, help_heading = HEADING)]
    #[serde(default)]
    pub(crate) require_type: bool,
    /// Train only on this split of the data set [default: all]
    #[arg(long, value_parser = one_of(Split::ALL), help_heading = HEADING)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) split: Option<Split>,
}

const HEADING: &str = "Images";

impl Filter {
    /// Whether all images pass.
    pub(crate) fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// The options of the filters that are set, such as `--colors and --split leave`.
    pub(crate) fn words(&self, condition: Condition) -> String {
        let set: Vec<&str> = [
            ("--colors", !self.colors.is_empty()),
            ("--types", !self.types.is_empty()),
            ("--require-type", self.require_type),
            ("--split", self.split.is_some()),
            ("--condition", condition != Condition::Unconditional),
        ]
        .into_iter()
        .filter_map(|(option, is_set)| is_set.then_some(option))
        .collect();
        let verb = if set.len() == 1 { "leaves" } else { "leave" };
        format!("{} {verb}", set.join(" and "))
    }

    /// Whether an image passes, and has the labels that `condition` needs.
    pub(crate) fn wants(&self, labels: Labels, condition: Condition) -> bool {
        let color = self.colors.is_empty() || labels.color.is_some_and(|color| self.colors.contains(&color));
        let product_type = labels.product_type;
        let kind = self.types.is_empty() || product_type.is_some_and(|kind| self.types.contains(&kind));
        let split = self.split.is_none() || labels.split == self.split;
        color
            && kind
            && split
            && (!self.require_type || product_type.is_some())
            && condition.missing(labels).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn image_must_pass_every_filter() {
        let plain = Labels::default().with_color(BasicColor::Red);
        let skirt = plain
            .with_product_type(ProductType::Skirt)
            .with_split(Split::Train);
        let wants =
            |filter: Filter| [plain, skirt].map(|labels| filter.wants(labels, Condition::Unconditional));
        let open = Filter::default();
        assert!(open.is_open());
        assert_eq!(wants(open.clone()), [true, true]);
        assert!(!open.wants(plain, Condition::Type) && open.wants(skirt, Condition::Both));
        let typed = Filter {
            require_type: true,
            ..open.clone()
        };
        assert_eq!(wants(typed), [false, true]);
        let types = vec![ProductType::Skirt, ProductType::Coat];
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
