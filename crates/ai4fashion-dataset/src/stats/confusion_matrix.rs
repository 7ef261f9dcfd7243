//! The classifier's colours against others.

use std::fmt;

use ai4fashion_color::BasicColor;

use crate::{
    labels::base_color_candidates,
    record::{ColorSource, Record},
};

/// Number of images by predicted and actual colour.
///
/// The prediction is the classifier's colour. Displayed it is a table with a row for each actual
/// colour.
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
            .filter(|record| record.color_source() == ColorSource::Human)
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

    /// Number of images of that actual colour.
    #[must_use]
    pub fn actual(&self, color: BasicColor) -> usize {
        self.counts.iter().map(|actual| actual[color.index()]).sum()
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

    /// Fraction of images whose prediction is correct, 0 to 1; `None` without images.
    #[must_use]
    pub fn accuracy(&self) -> Option<f64> {
        let correct = BasicColor::ALL.iter().map(|color| self.correct(*color)).sum();
        fraction(correct, self.total())
    }

    /// Fraction of the images of a colour that are predicted as it, 0 to 1; `None` without any.
    #[must_use]
    pub fn recall(&self, color: BasicColor) -> Option<f64> {
        fraction(self.correct(color), self.actual(color))
    }

    /// Fraction of the predictions of a colour that are correct, 0 to 1; `None` without any.
    #[must_use]
    pub fn precision(&self, color: BasicColor) -> Option<f64> {
        fraction(self.correct(color), self.predicted(color))
    }

    /// Mean recall of the actual colours that occur, 0 to 1; `None` without images.
    ///
    /// Each colour counts the same, however many images have it.
    #[must_use]
    pub fn macro_recall(&self) -> Option<f64> {
        let colors = BasicColor::ALL.into_iter();
        let recalls: Vec<f64> = colors.filter_map(|color| self.recall(color)).collect();
        (!recalls.is_empty()).then(|| recalls.iter().sum::<f64>() / recalls.len() as f64)
    }

    /// Finds the most frequent actual colour among the wrong predictions of `color`, and its count.
    #[must_use]
    pub fn most_confused_with(&self, color: BasicColor) -> Option<(BasicColor, usize)> {
        let others = BasicColor::ALL.into_iter().filter(|other| *other != color);
        let counts = others.map(|other| (other, self.count(color, other)));
        counts
            .filter(|(_, count)| *count > 0)
            .max_by_key(|(other, count)| (*count, std::cmp::Reverse(*other)))
    }
}

fn fraction(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// A table of counts: a row for each actual colour, a column for each predicted one.
impl fmt::Display for ConfusionMatrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<7}", "actual")?;
        for predicted in BasicColor::ALL {
            write!(f, "{predicted:>7}")?;
        }
        for actual in BasicColor::ALL {
            write!(f, "\n{actual:<7}")?;
            for predicted in BasicColor::ALL {
                // Zeros would hide the mistakes.
                match self.count(predicted, actual) {
                    0 => write!(f, "{:>7}", '.')?,
                    count => write!(f, "{count:>7}")?,
                }
            }
        }
        Ok(())
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
        assert_eq!((matrix.actual(Red), matrix.actual(Brown)), (2, 2));
        assert_eq!(matrix.accuracy(), Some(0.5));
        assert_eq!(
            (matrix.precision(Red), matrix.recall(Red)),
            (Some(0.4), Some(1.0))
        );
        assert_eq!((matrix.precision(Brown), matrix.recall(Brown)), (None, Some(0.0)));
        assert_eq!((matrix.recall(White), matrix.macro_recall()), (None, Some(0.5)));
        assert_eq!(ConfusionMatrix::default().macro_recall(), None);
        assert_eq!(matrix.most_confused_with(Red), Some((Brown, 2)));
        assert_eq!(
            (
                matrix.most_confused_with(Blue),
                ConfusionMatrix::default().accuracy()
            ),
            (None, None)
        );
    }

    #[test]
    fn rows_are_the_actual_colors() {
        let matrix: ConfusionMatrix = [(Red, Pink), (Red, Pink), (Pink, Pink)].into_iter().collect();
        let table = matrix.to_string();
        let lines: Vec<Vec<&str>> = table
            .lines()
            .map(|line| line.split_whitespace().collect())
            .collect();
        assert_eq!((lines.len(), lines[0].len()), (12, 12));
        assert_eq!((lines[0][7], lines[0][9], lines[7][0]), ("pink", "red", "pink"));
        assert_eq!((lines[7][7], lines[7][9], lines[9][7]), ("1", "2", "."));
    }
}
