//! Checkpoints: all that is needed to resume a run.

use std::collections::BTreeMap;

#[cfg(feature = "dataset")]
use ai4fashion_color::BasicColor;
#[cfg(feature = "dataset")]
use ai4fashion_dataset::ProductType;
use ai4fashion_files::sha256_hex;
use serde::{Deserialize, Serialize};

#[cfg(feature = "dataset")]
use crate::data::{condition::Condition, labels::Labels};
use crate::{
    config::DcganConfig,
    data::class_count::ClassCount,
    difference::Difference,
    error::{Error, ErrorKind},
    objective::lecam::LogitAverages,
    train::run_info::RunInfo,
};

/// Both networks, the averaged generator if there is one, both optimizers, the averages of the
/// logits, and the position in the run.
///
/// All random numbers are keyed by the seed and the step, so that the number of steps is the state
/// of the random numbers, of the order of the images and of the augmentation.
///
/// ```
/// use ai4fashion_dcgan::{
///     DcganConfig, Error, Observer, Trainer, cpu, image::RgbImage, train::{Checkpoint, EpochEnd},
/// };
///
/// /// Keeps the newest checkpoint in memory.
/// struct Keep(Option<Checkpoint>);
///
/// impl Observer for Keep {
///     fn on_epoch(&mut self, end: &EpochEnd<'_>, _: &[RgbImage]) -> Result<(), Error> {
///         self.0 = Some(end.checkpoint()?);
///         Ok(())
///     }
/// }
///
/// let images = vec![RgbImage::new(8, 8); 4];
/// let config = DcganConfig::tutorial().with_image_size(8).with_nz(4).with_ngf(4).with_ndf(4).with_epochs(1);
/// let mut keep = Keep(None);
/// Trainer::new(config.clone(), cpu())?.fit(&images, &mut [&mut keep])?;
/// let checkpoint = keep.0.expect("a checkpoint after the epoch");
///
/// let longer = Trainer::new(config.with_epochs(2), cpu())?;
/// let output = longer.resume(&checkpoint, &images, &mut [])?;
/// assert_eq!(output.state.steps_done(), 2);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Checkpoint {
    state: CheckpointState,
    files: BTreeMap<String, Vec<u8>>,
}

/// The position of a checkpoint in its run, and the identity of the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CheckpointState {
    /// The format of the checkpoint, [`CheckpointState::OLDEST_FORMAT`] to
    /// [`CheckpointState::FORMAT`].
    pub format: u32,
    /// The number of steps done.
    pub steps_done: usize,
    /// The number of whole epochs done.
    pub epochs_done: usize,
    /// The number of training images.
    pub images: usize,
    /// The fingerprint of the images, see
    /// [`ImageSource::fingerprint`](crate::ImageSource::fingerprint).
    pub fingerprint: String,
    /// The distance of generated from real images, see [`EpochEnd`](crate::train::EpochEnd); `None`
    /// within an epoch.
    pub distance: Option<f32>,
    /// The averages that the `LeCam` regularization takes; `None` without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logit_averages: Option<LogitAverages>,
    /// The classes of the training images that the run's condition uses; empty without a condition.
    pub class_counts: Vec<ClassCount>,
    /// The run's settings.
    pub config: DcganConfig,
    /// The SHA-256 of each file, in hexadecimal.
    pub files: BTreeMap<String, String>,
    /// The hashes of the run's logs up to here, by their files' names; empty if there were none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub logs: BTreeMap<String, LogHash>,
}

/// The length and the hash of a log when a checkpoint was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LogHash {
    /// The length in bytes; more lines may follow.
    pub bytes: u64,
    /// The SHA-256 of these bytes, in hexadecimal.
    pub sha256: String,
}

impl CheckpointState {
    /// The format that this version writes.
    pub const FORMAT: u32 = 4;
    /// The oldest format that this version reads: it has fewer settings, and no
    /// [`logit_averages`](Self::logit_averages).
    pub const OLDEST_FORMAT: u32 = 3;

    /// Refuses the format of another version.
    pub(crate) fn check_format(found: u32) -> Result<(), Error> {
        let (oldest, newest) = (Self::OLDEST_FORMAT, Self::FORMAT);
        if (oldest..=newest).contains(&found) {
            return Ok(());
        }
        Err(ErrorKind::Format {
            found,
            oldest,
            newest,
        }
        .into())
    }

    /// Whether both runs compare their samples with the same real images, so that their distances
    /// can be compared.
    #[must_use]
    pub fn has_images_of(&self, other: &Self) -> bool {
        let compared = |state: &Self| {
            let config = &state.config;
            let order = (config.seed, config.limit, config.image_size, config.channels);
            (state.fingerprint.clone(), state.images, order)
        };
        compared(self) == compared(other)
    }
}

impl Checkpoint {
    /// Joins the state and the files of a stored checkpoint.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] if another version has written it, [`ErrorKind::DamagedFile`] for the
    /// first file that is missing or whose hash differs from the state's.
    pub fn from_parts(state: CheckpointState, files: BTreeMap<String, Vec<u8>>) -> Result<Self, Error> {
        CheckpointState::check_format(state.format)?;
        for (name, hash) in &state.files {
            let is_whole = files.get(name).is_some_and(|bytes| sha256_hex(bytes) == *hash);
            if !is_whole {
                return Err(damaged(name));
            }
        }
        Ok(Self { state, files })
    }

    /// Adds the hashes of the run's logs.
    pub(crate) fn with_logs(mut self, logs: BTreeMap<String, LogHash>) -> Self {
        self.state.logs = logs;
        self
    }

    /// The position in the run.
    #[must_use]
    pub fn state(&self) -> &CheckpointState {
        &self.state
    }

    /// The files, by name.
    #[must_use]
    pub fn files(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.files
    }

    pub(crate) fn file(&self, name: &str) -> Result<&[u8], Error> {
        Ok(self.files.get(name).ok_or_else(|| damaged(name))?)
    }

    /// Lists the differences of the run `info` from the run of this checkpoint; empty if it can be
    /// resumed.
    #[must_use]
    pub fn differences(&self, info: &RunInfo) -> Vec<Difference> {
        let mut found = info.config.differences(&self.state.config);
        if info.images != self.state.images {
            let difference = Difference::new("number of images", self.state.images, info.images);
            found.push(difference);
        } else if info.fingerprint != self.state.fingerprint {
            let short = |hash: &str| hash.chars().take(12).collect::<String>();
            let (before, now) = (short(&self.state.fingerprint), short(&info.fingerprint));
            found.push(Difference::new("fingerprint of the images", before, now));
        }
        found
    }
}

/// A file of a checkpoint that is missing or damaged.
pub(crate) fn damaged(name: &str) -> Error {
    let (name, problem) = (name.to_owned(), "is missing or damaged");
    ErrorKind::DamagedFile { name, problem }.into()
}

#[cfg(feature = "dataset")]
impl CheckpointState {
    /// Lists the labels to generate for a colour and a type: all labels that fit and that the run
    /// was trained on.
    ///
    /// A pair whose labels only occurred apart is given too.
    ///
    /// # Errors
    /// [`ErrorKind::Setting`] for a label that the run was not trained on, with those that it was,
    /// or that its condition does not use.
    pub fn resolve_labels(
        &self,
        color: Option<BasicColor>,
        product_type: Option<ProductType>,
    ) -> Result<Vec<Labels>, Error> {
        let fitting = self.config.condition.labels(color, product_type)?;
        if self.config.condition == Condition::Unconditional {
            return Ok(fitting);
        }
        let counts = &self.class_counts;
        let colors = BasicColor::ALL.into_iter();
        let colors = colors.filter(|name| counts.iter().any(|count| count.color == Some(*name)));
        let types = ProductType::ALL.into_iter();
        let types = types.filter(|kind| counts.iter().any(|count| count.product_type == Some(*kind)));
        check_trained("color", color, colors)?;
        check_trained("type", product_type, types)?;
        let trained: Vec<Labels> = fitting
            .iter()
            .copied()
            .filter(|labels| self.was_trained_on(*labels))
            .collect();
        Ok(if trained.is_empty() { fitting } else { trained })
    }

    /// Whether an image with these labels was among the training images.
    #[must_use]
    pub fn was_trained_on(&self, labels: Labels) -> bool {
        let is_it =
            |count: &ClassCount| (count.color, count.product_type) == (labels.color, labels.product_type);
        self.class_counts.iter().any(is_it)
    }
}

/// Refuses a label that is not among those of the training images.
#[cfg(feature = "dataset")]
fn check_trained<T: PartialEq + ToString>(
    field: &'static str,
    label: Option<T>,
    trained: impl Iterator<Item = T>,
) -> Result<(), Error> {
    let (Some(label), trained) = (label, trained.collect::<Vec<T>>()) else {
        return Ok(());
    };
    if trained.contains(&label) {
        return Ok(());
    }
    let names: Vec<String> = trained.iter().map(T::to_string).collect();
    let legal = format!("one that the run was trained on: {}", names.join(", "));
    Err(Error::setting(field, label, legal))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(condition: Condition) -> CheckpointState {
        let red = Labels::default().with_color(BasicColor::Red);
        let blue = Labels::default().with_color(BasicColor::Blue);
        let images = [
            red.with_product_type(ProductType::Coat),
            red.with_product_type(ProductType::Skirt),
            blue.with_product_type(ProductType::Skirt),
            red.with_product_type(ProductType::Skirt),
        ];
        CheckpointState {
            format: CheckpointState::FORMAT,
            steps_done: 0,
            epochs_done: 0,
            images: images.len(),
            fingerprint: String::new(),
            distance: None,
            logit_averages: None,
            class_counts: condition.count(images),
            config: DcganConfig::tutorial().with_condition(condition),
            files: BTreeMap::new(),
            logs: BTreeMap::new(),
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
    fn only_labels_of_training_images_are_counted_and_resolved() {
        let both = state(Condition::Both);
        let counts: Vec<usize> = both.class_counts.iter().map(|count| count.images).collect();
        let all = both.resolve_labels(None, None).unwrap();
        assert_eq!(names(&all), ["blue Skirts", "red Skirts", "red Coats"]);
        assert_eq!(counts, [1, 2, 1]);
        let red = both.resolve_labels(Some(BasicColor::Red), None).unwrap();
        assert_eq!(names(&red), ["red Skirts", "red Coats"]);
        let colors = state(Condition::Color);
        assert_eq!(
            names(&colors.resolve_labels(None, None).unwrap()),
            ["blue", "red"]
        );
        assert_eq!(colors.class_counts[1].images, 3);
        let none = state(Condition::Unconditional);
        assert!(none.class_counts.is_empty());
        assert_eq!(none.resolve_labels(None, None).unwrap(), [Labels::default()]);
    }

    #[test]
    fn unknown_label_is_refused_with_the_known_ones() {
        let both = state(Condition::Both);
        let refused = |color, kind| both.resolve_labels(color, kind).unwrap_err();
        let error = refused(Some(BasicColor::Green), None);
        assert!(matches!(error.kind(), ErrorKind::Setting { option: "color", .. }));
        assert_eq!(
            error.to_string(),
            "color is green, expected one that the run was trained on: blue, red"
        );
        let error = refused(None, Some(ProductType::Top)).to_string();
        assert_eq!(
            error,
            "type is Tops, expected one that the run was trained on: Skirts, Coats"
        );
        let error = state(Condition::Unconditional).resolve_labels(Some(BasicColor::Red), None);
        assert!(
            error
                .unwrap_err()
                .to_string()
                .contains("expected none: only a run of the condition color or both can generate by it")
        );
    }

    #[test]
    fn pair_whose_labels_only_occurred_apart_is_resolved() {
        let both = state(Condition::Both);
        let pair = both.resolve_labels(Some(BasicColor::Blue), Some(ProductType::Coat));
        let pair = pair.unwrap();
        assert_eq!(names(&pair), ["blue Coats"]);
        assert!(!both.was_trained_on(pair[0]));
    }
}
