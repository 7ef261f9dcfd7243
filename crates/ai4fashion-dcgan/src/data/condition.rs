//! The labels that networks are conditioned on.

use std::{collections::BTreeMap, fmt, str::FromStr};

#[cfg(feature = "dataset")]
use ai4fashion_color::BasicColor;
#[cfg(feature = "dataset")]
use ai4fashion_dataset::ProductType;
use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use crate::{
    data::{attribute::Attribute, class_count::ClassCount, labels::Labels},
    error::Error,
};

/// The labels that both networks are conditioned on.
///
/// The generator gets an embedding of the classes beside its noise (M. Mirza, S. Osindero,
/// Conditional Generative Adversarial Nets, 2014), the discriminator a projection (T. Miyato, M.
/// Koyama, cGANs with Projection Discriminator, 2018). Conditions on labels need the feature
/// `dataset`.
///
/// ```
/// # #[cfg(feature = "dataset")] {
/// use ai4fashion_dataset::BasicColor;
/// use ai4fashion_dcgan::{Condition, Labels};
///
/// let red = Labels::default().with_color(BasicColor::Red);
/// assert_eq!(Condition::Color.classes(), 11);
/// assert_eq!(Condition::Color.missing(red), None);
/// assert_eq!(Condition::Both.missing(red), Some("type"));
/// assert_eq!("both".parse::<Condition>()?, Condition::Both);
/// # }
/// # Ok::<(), ai4fashion_dcgan::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Condition {
    /// No labels, as in the tutorial; its name is `none`.
    #[default]
    #[serde(rename = "none")]
    Unconditional,
    /// The name of the colour: 11 classes.
    #[cfg(feature = "dataset")]
    Color,
    /// The product type: 12 classes.
    #[cfg(feature = "dataset")]
    Type,
    /// Colour and product type: 23 classes, two for each image.
    #[cfg(feature = "dataset")]
    Both,
}

impl Condition {
    /// All conditions.
    pub const ALL: &[Self] = &[
        Self::Unconditional,
        #[cfg(feature = "dataset")]
        Self::Color,
        #[cfg(feature = "dataset")]
        Self::Type,
        #[cfg(feature = "dataset")]
        Self::Both,
    ];

    /// The name in settings, such as `"both"`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unconditional => "none",
            #[cfg(feature = "dataset")]
            Self::Color => "color",
            #[cfg(feature = "dataset")]
            Self::Type => "type",
            #[cfg(feature = "dataset")]
            Self::Both => "both",
        }
    }

    /// The number of classes; 0 without a condition.
    #[must_use]
    pub fn classes(self) -> usize {
        self.attributes()
            .iter()
            .map(|attribute| attribute.classes())
            .sum()
    }

    /// Whether the condition uses colours.
    #[must_use]
    pub fn has_color(self) -> bool {
        self.attributes()
            .iter()
            .any(|attribute| attribute.name() == "color")
    }

    /// Whether the condition uses product types.
    #[must_use]
    pub fn has_type(self) -> bool {
        self.attributes()
            .iter()
            .any(|attribute| attribute.name() == "type")
    }

    /// The labels that it uses, colours first.
    fn attributes(self) -> &'static [Attribute] {
        match self {
            Self::Unconditional => &[],
            #[cfg(feature = "dataset")]
            Self::Color => &[Attribute::Color],
            #[cfg(feature = "dataset")]
            Self::Type => &[Attribute::Type],
            #[cfg(feature = "dataset")]
            Self::Both => &[Attribute::Color, Attribute::Type],
        }
    }

    /// Names the first label that `labels` lack for this condition.
    #[must_use]
    pub fn missing(self, labels: Labels) -> Option<&'static str> {
        let lacks = |attribute: &&Attribute| attribute.class(labels).is_none();
        self.attributes()
            .iter()
            .find(lacks)
            .map(|attribute| attribute.name())
    }

    /// Counts the images of each class, in the order of [`Condition::labels`].
    ///
    /// Images that lack a label are not counted; without a condition nothing is.
    #[must_use]
    pub fn count(self, images: impl IntoIterator<Item = Labels>) -> Vec<ClassCount> {
        let mut counts: BTreeMap<Vec<usize>, (Labels, usize)> = BTreeMap::new();
        if self == Self::Unconditional {
            return Vec::new();
        }
        for labels in images {
            // Types before colours: the order of `labels`.
            let classes = self.attributes().iter().rev();
            let classes: Option<Vec<usize>> = classes.map(|attribute| attribute.class(labels)).collect();
            if let Some(classes) = classes {
                counts.entry(classes).or_insert((self.used(labels), 0)).1 += 1;
            }
        }
        let counts = counts.into_values();
        counts
            .map(|(labels, images)| ClassCount::new(labels, images))
            .collect()
    }

    /// Encodes the classes of images with these labels: 1 for each class of an image, else 0.
    ///
    /// Colours come first, in the order of `BasicColor::ALL`, then types, in the order of
    /// `ProductType::ALL`. It is `None` without a condition.
    ///
    /// # Shapes
    /// - returns: `[labels, classes]`
    #[must_use]
    pub fn one_hot(self, labels: &[Labels], device: &Device) -> Option<Tensor<2>> {
        if self == Self::Unconditional {
            return None;
        }
        let shape = [labels.len(), self.classes()];
        let mut values = vec![0.0_f32; shape[0] * shape[1]];
        for (row, labels) in values.chunks_exact_mut(shape[1]).zip(labels) {
            let mut first = 0;
            for attribute in self.attributes() {
                if let Some(class) = attribute.class(*labels) {
                    row[first + class] = 1.0;
                }
                first += attribute.classes();
            }
        }
        Some(Tensor::from_data(TensorData::new(values, shape), device))
    }

    /// `labels` without those that the condition does not use.
    #[cfg(feature = "dataset")]
    fn used(self, labels: Labels) -> Labels {
        Labels {
            color: labels.color.filter(|_| self.has_color()),
            product_type: labels.product_type.filter(|_| self.has_type()),
            split: None,
        }
    }

    #[cfg(not(feature = "dataset"))]
    fn used(self, labels: Labels) -> Labels {
        labels
    }
}

#[cfg(feature = "dataset")]
impl Condition {
    /// Lists all labels that this condition tells apart, of the given colour and type; of any where
    /// none is given.
    ///
    /// # Errors
    /// [`ErrorKind::Setting`](crate::ErrorKind::Setting) if a label is given that the condition
    /// does not use.
    ///
    /// ```
    /// use ai4fashion_dataset::BasicColor;
    /// use ai4fashion_dcgan::Condition;
    ///
    /// assert_eq!(Condition::Both.labels(None, None)?.len(), 132);
    /// assert_eq!(Condition::Both.labels(Some(BasicColor::Red), None)?.len(), 12);
    /// assert!(Condition::Type.labels(Some(BasicColor::Red), None).is_err());
    /// # Ok::<(), ai4fashion_dcgan::Error>(())
    /// ```
    pub fn labels(
        self,
        color: Option<BasicColor>,
        product_type: Option<ProductType>,
    ) -> Result<Vec<Labels>, Error> {
        let unused = |field, value: String| {
            let legal = format!("none: only a run of the condition {field} or both can generate by it");
            Error::setting(field, value, legal)
        };
        let colors = match color {
            Some(color) if self.has_color() => vec![Some(color)],
            Some(color) => return Err(unused("color", color.to_string())),
            None if self.has_color() => BasicColor::ALL.map(Some).to_vec(),
            None => vec![None],
        };
        let types = match product_type {
            Some(product_type) if self.has_type() => vec![Some(product_type)],
            Some(product_type) => return Err(unused("type", product_type.to_string())),
            None if self.has_type() => ProductType::ALL.map(Some).to_vec(),
            None => vec![None],
        };
        let pairs = types
            .iter()
            .flat_map(|kind| colors.iter().map(move |color| (*color, *kind)));
        let labels = |(color, product_type)| Labels {
            color,
            product_type,
            split: None,
        };
        Ok(pairs.map(labels).collect())
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Condition {
    type Err = Error;

    /// # Errors
    /// [`ErrorKind::Setting`](crate::ErrorKind::Setting) for anything but the names of
    /// [`Condition::ALL`].
    fn from_str(name: &str) -> Result<Self, Error> {
        let known = Self::ALL.iter().find(|condition| condition.as_str() == name);
        known.copied().ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|condition| condition.as_str()).collect();
            Error::setting("condition", name, names.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{device, on_each_device};

    #[test]
    fn names_are_read_as_written_and_others_are_refused() {
        for &condition in Condition::ALL {
            let name = condition.to_string();
            assert_eq!(name.parse::<Condition>().unwrap(), condition);
            let written = serde_json::to_string(&condition).unwrap();
            assert_eq!(written, format!("\"{condition}\""));
        }
        let error = "colour".parse::<Condition>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "condition is colour, expected none, color, type, both"
        );
    }

    #[test]
    fn each_image_has_one_class_of_each_kind() {
        on_each_device(|| {
            let labels = [
                Labels::default()
                    .with_color(BasicColor::Blue)
                    .with_product_type(ProductType::Coat),
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
            assert!(Condition::Unconditional.one_hot(&labels, &device()).is_none());
            assert_eq!(Condition::Both.missing(labels[1]), Some("type"));
            assert_eq!(Condition::Both.missing(labels[0]), None);
        });
    }

    #[test]
    fn labels_that_are_not_asked_for_are_all_there_are_and_unlearnt_ones_refused() {
        let (red, coats) = (Some(BasicColor::Red), Some(ProductType::Coat));
        let count =
            |condition: Condition, color, kind| condition.labels(color, kind).map(|all| all.len()).ok();
        assert_eq!(count(Condition::Unconditional, None, None), Some(1));
        assert_eq!(count(Condition::Both, None, None), Some(132));
        assert_eq!(count(Condition::Both, red, None), Some(12));
        assert_eq!(count(Condition::Both, red, coats), Some(1));
        assert_eq!(count(Condition::Type, None, coats), Some(1));
        assert_eq!(count(Condition::Type, red, None), None);
        assert_eq!(
            Condition::Color.labels(None, coats).unwrap_err().to_string(),
            "type is Coats, expected none: only a run of the condition type or both can generate by it"
        );
    }
}
