//! What a conditional network is told of a picture.

use std::{fmt, str::FromStr};

use ai4fashion_dataset::{BasicColor, ProductType};
use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use crate::{
    data::{class_count::LabelCount, labels::Labels},
    error::Error,
};

/// What is drawn on request: the generator gets an embedding of it beside its noise (M. Mirza, S. Osindero, Conditional
/// Generative Adversarial Nets, 2014), the discriminator a projection (T. Miyato, M. Koyama, cGANs with Projection
/// Discriminator, 2018).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Condition {
    /// Nothing, as in the tutorial.
    #[default]
    None,
    /// The colour's name: 11 classes.
    Color,
    /// The product type: 12 classes.
    Type,
    /// Both: 23 classes, of which each picture has two.
    Both,
}

impl Condition {
    /// All conditions.
    pub const ALL: [Self; 4] = [Self::None, Self::Color, Self::Type, Self::Both];

    /// The name that programs and files use, e.g. `"both"`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Color => "color",
            Self::Type => "type",
            Self::Both => "both",
        }
    }

    /// How many classes there are; 0 without a condition.
    #[must_use]
    pub fn classes(self) -> usize {
        self.colors() + self.types()
    }

    /// Whether colours are learnt.
    #[must_use]
    pub fn has_color(self) -> bool {
        matches!(self, Self::Color | Self::Both)
    }

    /// Whether types are learnt.
    #[must_use]
    pub fn has_type(self) -> bool {
        matches!(self, Self::Type | Self::Both)
    }

    fn colors(self) -> usize {
        if self.has_color() {
            BasicColor::ALL.len()
        } else {
            0
        }
    }

    fn types(self) -> usize {
        if self.has_type() {
            ProductType::ALL.len()
        } else {
            0
        }
    }

    /// What `labels` lack for this condition, if anything.
    #[must_use]
    pub fn missing(self, labels: Labels) -> Option<&'static str> {
        if self.has_color() && labels.color.is_none() {
            Some("color")
        } else if self.has_type() && labels.product_type.is_none() {
            Some("type")
        } else {
            None
        }
    }

    /// All labels that this condition tells apart, of the colour and type that are asked for; of any where none is.
    ///
    /// # Errors
    /// [`ErrorKind::Setting`](crate::ErrorKind::Setting) if one is asked for that the condition is not on.
    pub fn labels(
        self,
        color: Option<BasicColor>,
        product_type: Option<ProductType>,
    ) -> Result<Vec<Labels>, Error> {
        let unknown = |field, value: String| {
            let legal =
                format!("none: it was not trained to draw by {field}, as with the condition {field} or both");
            Error::setting(field, value, legal)
        };
        let colors = match color {
            Some(color) if self.has_color() => vec![Some(color)],
            Some(color) => return Err(unknown("color", color.to_string())),
            None if self.has_color() => BasicColor::ALL.map(Some).to_vec(),
            None => vec![None],
        };
        let types = match product_type {
            Some(product_type) if self.has_type() => vec![Some(product_type)],
            Some(product_type) => return Err(unknown("type", product_type.to_string())),
            None if self.has_type() => ProductType::ALL.map(Some).to_vec(),
            None => vec![None],
        };
        let pairs = types
            .iter()
            .flat_map(|kind| colors.iter().map(move |color| (*color, *kind)));
        Ok(pairs
            .map(|(color, product_type)| Labels {
                color,
                product_type,
                split: None,
            })
            .collect())
    }

    /// What this condition tells apart of pictures with these labels, in the order of [`Condition::labels`]; nothing
    /// without a condition, and of pictures that lack a label.
    #[must_use]
    pub fn count(self, pictures: impl IntoIterator<Item = Labels>) -> Vec<LabelCount> {
        let Ok(all) = self.labels(None, None) else {
            return Vec::new();
        };
        let mut counts = vec![0; all.len()];
        let known = |labels: Labels| Labels {
            color: labels.color.filter(|_| self.has_color()),
            product_type: labels.product_type.filter(|_| self.has_type()),
            split: None,
        };
        if self != Self::None {
            for labels in pictures {
                if let Some(at) = all.iter().position(|place| *place == known(labels)) {
                    counts[at] += 1;
                }
            }
        }
        let counted = all.into_iter().zip(counts).filter(|(_, pictures)| *pictures > 0);
        let counted = counted.map(|(labels, pictures)| LabelCount {
            color: labels.color,
            product_type: labels.product_type,
            pictures,
        });
        counted.collect()
    }

    /// The classes of pictures with these labels: 1 where a picture is of a class, else 0; colours come first, in the order
    /// of [`BasicColor::ALL`], then types, in the order of [`ProductType::ALL`]. `None` without a condition.
    ///
    /// # Shapes
    /// - returns: `[labels, classes]`
    #[must_use]
    pub fn one_hot(self, labels: &[Labels], device: &Device) -> Option<Tensor<2>> {
        if self == Self::None {
            return None;
        }
        let mut values = vec![0.0_f32; labels.len() * self.classes()];
        for (row, labels) in values.chunks_exact_mut(self.classes()).zip(labels) {
            let (colors, types) = row.split_at_mut(self.colors());
            for (place, color) in colors.iter_mut().zip(BasicColor::ALL) {
                *place = f32::from(labels.color == Some(color));
            }
            for (place, product_type) in types.iter_mut().zip(ProductType::ALL) {
                *place = f32::from(labels.product_type == Some(product_type));
            }
        }
        let shape = [labels.len(), self.classes()];
        Some(Tensor::from_data(TensorData::new(values, shape), device))
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Condition {
    type Err = Error;

    /// # Errors
    /// [`ErrorKind::Setting`](crate::ErrorKind::Setting) for anything but `none`, `color`, `type` and `both`.
    fn from_str(name: &str) -> Result<Self, Error> {
        let known = Self::ALL.into_iter().find(|condition| condition.name() == name);
        known.ok_or_else(|| Error::setting("condition", name, "none, color, type or both"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{device, on_each_device};

    #[test]
    fn names_are_read_as_written_and_others_are_refused() {
        for condition in Condition::ALL {
            assert_eq!(condition.to_string().parse::<Condition>().unwrap(), condition);
            let written = serde_json::to_string(&condition).unwrap();
            assert_eq!(written, format!("\"{condition}\""));
        }
        let error = "colour".parse::<Condition>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "condition is colour, legal is none, color, type or both"
        );
    }

    #[test]
    fn each_picture_has_one_class_of_each_kind() {
        on_each_device(|| {
            let labels = [
                Labels::default()
                    .with_color(BasicColor::Blue)
                    .with_product_type(ProductType::Coats),
                Labels::default().with_color(BasicColor::Yellow),
            ];
            let rows = |condition: Condition| {
                let tensor = condition.one_hot(&labels, &device()).unwrap();
                assert_eq!(tensor.dims(), [2, condition.classes()]);
                tensor.into_data().try_to_vec::<f32>().unwrap()
            };
            let ones = |values: Vec<f32>| -> Vec<usize> {
                values
                    .iter()
                    .enumerate()
                    .filter(|(_, v)| **v == 1.0)
                    .map(|(at, _)| at)
                    .collect()
            };
            assert_eq!(ones(rows(Condition::Color)), [1, 11 + 10]);
            assert_eq!(ones(rows(Condition::Type)), [11]);
            assert_eq!(ones(rows(Condition::Both)), [1, 22, 23 + 10]);
            assert!(Condition::None.one_hot(&labels, &device()).is_none());
            assert_eq!(Condition::Both.missing(labels[1]), Some("type"));
            assert_eq!(Condition::Both.missing(labels[0]), None);
        });
    }

    #[test]
    fn labels_that_are_not_asked_for_are_all_there_are_and_unlearnt_ones_refused() {
        let (red, coats) = (Some(BasicColor::Red), Some(ProductType::Coats));
        let count =
            |condition: Condition, color, kind| condition.labels(color, kind).map(|all| all.len()).ok();
        assert_eq!(count(Condition::None, None, None), Some(1));
        assert_eq!(count(Condition::Both, None, None), Some(132));
        assert_eq!(count(Condition::Both, red, None), Some(12));
        assert_eq!(count(Condition::Both, red, coats), Some(1));
        assert_eq!(count(Condition::Type, None, coats), Some(1));
        assert_eq!(count(Condition::Type, red, None), None);
        assert_eq!(
            Condition::Color.labels(None, coats).unwrap_err().to_string(),
            "type is Coats, legal is none: it was not trained to draw by type, as with the condition type or both"
        );
    }
}
