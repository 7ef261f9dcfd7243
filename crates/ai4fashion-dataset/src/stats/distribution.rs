//! How often each label occurs.

use std::collections::BTreeMap;

use ai4fashion_color::BasicColor;

use crate::{labels::ProductType, record::Record};

/// Number of images of each colour and of each product type.
///
/// ```
/// use ai4fashion_dataset::{BasicColor, Distribution};
///
/// let empty = Distribution::of([]);
/// assert_eq!((empty.total(), empty.color(BasicColor::Red)), (0, 0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Distribution {
    colors: [usize; BasicColor::COUNT],
    /// By number; 0 is unknown.
    types: [usize; ProductType::COUNT + 1],
}

impl Distribution {
    /// Counts the current labels of `records`.
    #[must_use]
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut counts = Self::default();
        for record in records {
            counts.colors[record.color.index()] += 1;
            counts.types[index(record.product_type)] += 1;
        }
        counts
    }

    /// Number of images of a colour.
    #[must_use]
    pub fn color(&self, color: BasicColor) -> usize {
        self.colors[color.index()]
    }

    /// Number of images of a type; `None` is the unknown type.
    #[must_use]
    pub fn product_type(&self, product_type: Option<ProductType>) -> usize {
        self.types[index(product_type)]
    }

    /// Number of all images.
    #[must_use]
    pub fn total(&self) -> usize {
        self.colors.iter().sum()
    }

    /// Counts by the name of the colour.
    pub(crate) fn colors_by_name(&self) -> BTreeMap<String, usize> {
        BasicColor::ALL
            .into_iter()
            .map(|color| (color.to_string(), self.color(color)))
            .collect()
    }

    /// Counts by the number of the type; 0 is unknown.
    pub(crate) fn types_by_number(&self) -> BTreeMap<u8, usize> {
        (0..).zip(self.types).collect()
    }
}

fn index(product_type: Option<ProductType>) -> usize {
    ProductType::number_of(product_type).into()
}
