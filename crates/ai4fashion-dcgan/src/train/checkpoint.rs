//! All that a training needs to go on.

use std::collections::BTreeMap;

use ai4fashion_dataset::{BasicColor, ProductType, sha256};
use serde::{Deserialize, Serialize};

use crate::{
    config::DcganConfig,
    data::{class_count::LabelCount, condition::Condition, labels::Labels},
    difference::Difference,
    error::{Error, ErrorKind},
    train::run_info::Plan,
};

/// Both networks, the averaged generator if there is one, both optimizers, and where the run stands.
///
/// Everything that is drawn at random is keyed by the seed and the step, so that the step is the state of the random
/// numbers, of the order of the pictures and of the augmentation.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    state: CheckpointState,
    files: BTreeMap<String, Vec<u8>>,
}

/// Where a checkpoint stands in its run, and what run that is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CheckpointState {
    /// The format of a checkpoint, [`CheckpointState::FORMAT`].
    pub format: u32,
    /// Steps done.
    pub steps_done: usize,
    /// Whole epochs done.
    pub epochs_done: usize,
    /// Pictures that are trained on.
    pub pictures: usize,
    /// The fingerprint of those pictures, see [`PictureSource::fingerprint`](crate::PictureSource::fingerprint).
    pub data: String,
    /// How far drawn pictures are from real ones, see [`Standing`](crate::Standing); `None` in the middle of an epoch.
    pub distance: Option<f32>,
    /// The labels of those pictures that the run's condition tells apart; empty without one.
    pub labels: Vec<LabelCount>,
    /// The run's settings.
    pub config: DcganConfig,
    /// The SHA-256 of each file, in hexadecimal.
    pub files: BTreeMap<String, String>,
}

impl CheckpointState {
    /// The format that this version writes and reads.
    pub const FORMAT: u32 = 2;

    /// Whether its run is shown the same real pictures, so that distances from them can be compared.
    pub(crate) fn has_pictures_of(&self, other: &Self) -> bool {
        let shown = |state: &Self| {
            let config = &state.config;
            let order = (config.seed, config.limit, config.image_size, config.channels);
            (state.data.clone(), state.pictures, order)
        };
        shown(self) == shown(other)
    }
}

impl Checkpoint {
    /// A checkpoint that was stored as its state and its files.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] if another version has written it, [`ErrorKind::DamagedFile`] for the first file that is
    /// missing or whose hash is not that of the state.
    pub fn from_parts(state: CheckpointState, files: BTreeMap<String, Vec<u8>>) -> Result<Self, Error> {
        if state.format != CheckpointState::FORMAT {
            return Err(ErrorKind::Format {
                found: state.format,
                expected: CheckpointState::FORMAT,
            }
            .into());
        }
        for (name, hash) in &state.files {
            let whole = files.get(name).is_some_and(|bytes| sha256(bytes) == *hash);
            if !whole {
                return Err(ErrorKind::DamagedFile { name: name.clone() }.into());
            }
        }
        Ok(Self { state, files })
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> &CheckpointState {
        &self.state
    }

    /// Its files: names and bytes.
    #[must_use]
    pub fn files(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.files
    }

    pub(crate) fn file(&self, name: &str) -> Result<&[u8], Error> {
        let missing = || ErrorKind::DamagedFile {
            name: name.to_owned(),
        };
        Ok(self.files.get(name).ok_or_else(missing)?)
    }

    /// How a run of `plan` would differ from the one that this checkpoint is of; empty if it would go on with it.
    #[must_use]
    pub fn differences(&self, plan: &Plan) -> Vec<Difference> {
        let mut found = plan.config.differences(&self.state.config);
        if plan.pictures != self.state.pictures {
            found.push(Difference::new(
                "pictures of the data set",
                self.state.pictures,
                plan.pictures,
            ));
        } else if plan.data != self.state.data {
            let short = |hash: &str| hash.chars().take(12).collect::<String>();
            let (before, now) = (short(&self.state.data), short(&plan.data));
            found.push(Difference::new("hash of the data set", before, now));
        }
        found
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
    use super::*;

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
