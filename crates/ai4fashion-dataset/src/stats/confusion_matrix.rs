//! The classifier's colours against others.

use ai4fashion_color::BasicColor;

use crate::{
    labels::base_color_candidates,
    record::{LabelSource, Record},
};

/// Number of images by predicted and actual colour.
///
/// The prediction is the classifier's colour.
///
/// ```
/// use ai4fashion_dataset::{BasicColor, ConfusionMatrix};
///
/// let pairs = [
///     (BasicColor::Red, BasicColor::Red),
///     (BasicColor::Red, BasicColor::Pink),
/// ];
/// let matrix: ConfusionMatrix = pairs.into_iter().collect();
/// assert_eq!(matrix.count(BasicColor::Red, BasicColor::Pink), 1);
/// assert_eq!(matrix.accuracy(), Some(0.5));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConfusionMatrix {
    /// By predicted, then by actual colour.
    counts: [[usize; BasicColor::COUNT]; BasicColor::COUNT],
}

impl ConfusionMatrix {
    /// Compares with human labels, over the images whose colour a person has set.
    #[must_use]
    pub fn with_human<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let records = records.into_iter();
        records
            .filter(|record| record.color_source() == LabelSource::Human)
            .map(|record| (record.classified_color(), record.color))
            .collect()
    }

    /// Compares with the source's words, over the images whose word is a colour.
    ///
    /// A word with two meanings counts as the one that was predicted, if it is among them.
    #[must_use]
    pub fn with_source<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let pair = |record: &Record| {
            let predicted = record.classified_color();
            let candidates = base_color_candidates(record.base_color.as_deref()?);
            let found = candidates.iter().find(|candidate| **candidate == predicted);
            Some((predicted, *found.or(candidates.first())?))
        };
        records.into_iter().filter_map(pair).collect()
    }

    /// Number of images with that prediction and that actual colour.
    #[must_use]
    pub fn count(&self, predicted: BasicColor, actual: BasicColor) -> usize {
        self.counts[predicted.index()][actual.index()]
    }

    /// Number of images with that prediction.
    #[must_use]
    pub fn predicted(&self, color: BasicColor) -> usize {
        self.counts[color.index()].iter().sum()
    }

    /// Number of images with that prediction whose actual colour is the same.
    #[must_use]
    pub fn correct(&self, color: BasicColor) -> usize {
        self.count(color, color)
    }

    /// Number of all images that are compared.
    #[must_use]
    pub fn total(&self) -> usize {
        self.counts.iter().flatten().sum()
    }

    /// The fraction of images whose prediction is correct, 0 to 1; `None` without images.
    #[must_use]
    pub fn accuracy(&self) -> Option<f64> {
        let correct: usize = BasicColor::ALL.iter().map(|color| self.correct(*color)).sum();
        (self.total() > 0).then(|| correct as f64 / self.total() as f64)
    }

    /// The most frequent actual colour among the wrong predictions of `color`, and its count.
    #[must_use]
    pub fn most_confused_with(&self, color: BasicColor) -> Option<(BasicColor, usize)> {
        let others = BasicColor::ALL.into_iter().filter(|other| *other != color);
        let counts = others.map(|other| (other, self.count(color, other)));
        counts
            .filter(|(_, count)| *count > 0)
            .max_by_key(|(other, count)| (*count, std::cmp::Reverse(*other)))
    }
}

/// Counts pairs of a predicted and an actual colour.
impl FromIterator<(BasicColor, BasicColor)> for ConfusionMatrix {
    fn from_iter<T: IntoIterator<Item = (BasicColor, BasicColor)>>(pairs: T) -> Self {
        let mut matrix = Self::default();
        for (predicted, actual) in pairs {
            matrix.counts[predicted.index()][actual.index()] += 1;
        }
        matrix
    }
}

#[cfg(test)]
mod tests {
    use BasicColor::*;

    use super::*;

    #[test]
    fn figures_of_a_few_images() {
        let red = [Red, Red, Pink, Brown, Brown].map(|actual| (Red, actual));
        let matrix: ConfusionMatrix = red.into_iter().chain([(Blue, Blue)]).collect();
        assert_eq!(
            (matrix.predicted(Red), matrix.correct(Red), matrix.total()),
            (5, 2, 6)
        );
        assert_eq!(matrix.accuracy(), Some(0.5));
        assert_eq!(matrix.most_confused_with(Red), Some((Brown, 2)));
        assert_eq!(
            (
                matrix.most_confused_with(Blue),
                ConfusionMatrix::default().accuracy()
            ),
            (None, None)
        );
    }
}
