//! The labels that a run has seen, which are those that it can draw.

use ai4fashion_dataset::{BasicColor, ProductType};
use serde::{Deserialize, Serialize};

use crate::{CheckpointState, Condition, Error, Labels};

/// How many of the pictures that a run is trained on have a label, or a pair of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LabelCount {
    /// The colour; `None` if the condition is not on colours.
    pub color: Option<BasicColor>,
    /// The product type; `None` if the condition is not on types.
    #[serde(rename = "type")]
    pub product_type: Option<ProductType>,
    /// How many pictures, at least 1.
    pub pictures: usize,
}

impl Condition {
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
}

impl CheckpointState {
    /// The labels to draw where this colour and type are asked for: of those that the run has seen all that fit. A pair
    /// that it has never seen together, but each label of it, is given too.
    ///
    /// # Errors
    /// [`ErrorKind::Setting`](crate::ErrorKind::Setting) for a label that the run has not seen, with those that it has,
    /// or that its condition is not on.
    pub fn labels_to_draw(
        &self,
        color: Option<BasicColor>,
        product_type: Option<ProductType>,
    ) -> Result<Vec<Labels>, Error> {
        let asked = self.config.condition.labels(color, product_type)?;
        if self.config.condition == Condition::None {
            return Ok(asked);
        }
        let colors = BasicColor::ALL.into_iter();
        let colors = colors.filter(|name| self.labels.iter().any(|count| count.color == Some(*name)));
        let types = ProductType::ALL.into_iter();
        let types = types.filter(|kind| self.labels.iter().any(|count| count.product_type == Some(*kind)));
        seen("color", color, colors)?;
        seen("type", product_type, types)?;
        let together = asked.iter().copied().filter(|labels| self.has_seen(*labels));
        let together: Vec<Labels> = together.collect();
        Ok(if together.is_empty() { asked } else { together })
    }

    /// Whether a picture with these labels was among those that the run is trained on.
    #[must_use]
    pub fn has_seen(&self, labels: Labels) -> bool {
        let is_it =
            |count: &LabelCount| (count.color, count.product_type) == (labels.color, labels.product_type);
        self.labels.iter().any(is_it)
    }
}

/// Refuses a label that is not among those that were seen.
fn seen<T: PartialEq + ToString>(
    field: &'static str,
    asked: Option<T>,
    seen: impl Iterator<Item = T>,
) -> Result<(), Error> {
    let (Some(asked), seen) = (asked, seen.collect::<Vec<T>>()) else {
        return Ok(());
    };
    if seen.contains(&asked) {
        return Ok(());
    }
    let names: Vec<String> = seen.iter().map(T::to_string).collect();
    let legal = format!("one that the run has seen: {}", names.join(", "));
    Err(Error::setting(field, asked, legal))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{DcganConfig, ErrorKind};

    fn state(condition: Condition) -> CheckpointState {
        let red = Labels::default().with_color(BasicColor::Red);
        let blue = Labels::default().with_color(BasicColor::Blue);
        let pictures = [
            red.with_product_type(ProductType::Coats),
            red.with_product_type(ProductType::Skirts),
            blue.with_product_type(ProductType::Skirts),
            red.with_product_type(ProductType::Skirts),
        ];
        CheckpointState {
            format: CheckpointState::FORMAT,
            steps_done: 0,
            epochs_done: 0,
            pictures: pictures.len(),
            data: String::new(),
            distance: None,
            labels: condition.count(pictures),
            config: DcganConfig::tutorial().with_condition(condition),
            files: BTreeMap::new(),
        }
    }

    fn names(labels: &[Labels]) -> Vec<String> {
        let name = |labels: &Labels| {
            let color = labels.color.map(|color| color.to_string());
            let kind = labels.product_type.map(|kind| kind.to_string());
            [color, kind].into_iter().flatten().collect::<Vec<_>>().join(" ")
        };
        labels.iter().map(name).collect()
    }

    #[test]
    fn only_labels_that_were_seen_are_counted_and_drawn() {
        let both = state(Condition::Both);
        let counts: Vec<usize> = both.labels.iter().map(|count| count.pictures).collect();
        let all = both.labels_to_draw(None, None).unwrap();
        assert_eq!(names(&all), ["blue Skirts", "red Skirts", "red Coats"]);
        assert_eq!(counts, [1, 2, 1]);
        let red = both.labels_to_draw(Some(BasicColor::Red), None).unwrap();
        assert_eq!(names(&red), ["red Skirts", "red Coats"]);
        let colors = state(Condition::Color);
        assert_eq!(
            names(&colors.labels_to_draw(None, None).unwrap()),
            ["blue", "red"]
        );
        assert_eq!(colors.labels[1].pictures, 3);
        let none = state(Condition::None);
        assert!(none.labels.is_empty());
        assert_eq!(none.labels_to_draw(None, None).unwrap(), [Labels::default()]);
    }

    #[test]
    fn label_that_was_not_seen_is_refused_with_those_that_were() {
        let both = state(Condition::Both);
        let refused = |color, kind| both.labels_to_draw(color, kind).unwrap_err();
        let error = refused(Some(BasicColor::Green), None);
        assert!(matches!(error.kind(), ErrorKind::Setting { option: "color", .. }));
        assert_eq!(
            error.to_string(),
            "color is green, legal is one that the run has seen: blue, red"
        );
        let error = refused(None, Some(ProductType::Tops)).to_string();
        assert_eq!(
            error,
            "type is Tops, legal is one that the run has seen: Skirts, Coats"
        );
        let error = state(Condition::None).labels_to_draw(Some(BasicColor::Red), None);
        assert!(
            error
                .unwrap_err()
                .to_string()
                .contains("legal is none: it was not trained to draw by color")
        );
    }

    #[test]
    fn pair_that_was_not_seen_together_is_put_together() {
        let both = state(Condition::Both);
        let pair = both.labels_to_draw(Some(BasicColor::Blue), Some(ProductType::Coats));
        let pair = pair.unwrap();
        assert_eq!(names(&pair), ["blue Coats"]);
        assert!(!both.has_seen(pair[0]));
    }
}
