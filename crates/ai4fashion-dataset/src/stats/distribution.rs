//! How often each label occurs.

use std::collections::BTreeMap;

use ai4fashion_color::BasicColor;

use crate::{labels::ProductType, record::Record};

/// Counts of colours and product types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Distribution {
    colors: [usize; 11],
    types: [usize; 13],
}

impl Distribution {
    /// Counts the labels of `records`.
    #[must_use]
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut counts = Self::default();
        for record in records {
            counts.colors[record.color.index()] += 1;
            counts.types[number(record.product_type)] += 1;
        }
        counts
    }

    /// Pictures of that colour.
    #[must_use]
    pub fn color(&self, color: BasicColor) -> usize {
        self.colors[color.index()]
    }

    /// Pictures of that type; of no known type for none.
    #[must_use]
    pub fn product_type(&self, product_type: Option<ProductType>) -> usize {
        self.types[number(product_type)]
    }

    /// All pictures.
    #[must_use]
    pub fn total(&self) -> usize {
        self.colors.iter().sum()
    }

    /// The colours by name.
    pub(crate) fn colors_by_name(&self) -> BTreeMap<&'static str, usize> {
        BasicColor::ALL
            .into_iter()
            .map(|color| (color.as_str(), self.color(color)))
            .collect()
    }

    /// The types by the number in file names, 0 for none.
    pub(crate) fn types_by_number(&self) -> BTreeMap<u8, usize> {
        (0..).zip(self.types).collect()
    }
}

fn number(product_type: Option<ProductType>) -> usize {
    ProductType::number_of(product_type).into()
}
