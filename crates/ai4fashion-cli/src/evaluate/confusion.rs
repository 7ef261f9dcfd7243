//! Confusion matrix of colour names, where a prediction may be missing.

use std::fmt;

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::ConfusionMatrix;

/// Number of images by predicted and actual colour, and of those without a prediction.
///
/// An image without a prediction counts as a wrong one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Confusion {
    /// The images that have a prediction.
    matrix: ConfusionMatrix,
    /// Number of images without a prediction, by actual colour.
    missing: [usize; BasicColor::COUNT],
}

impl Confusion {
    /// Number of images of that actual colour.
    pub(super) fn actual(&self, color: BasicColor) -> usize {
        self.matrix.actual(color) + self.missing[color.index()]
    }

    /// Number of all images.
    pub(super) fn total(&self) -> usize {
        self.matrix.total() + self.missing.iter().sum::<usize>()
    }

    /// Fraction of images with the right name; NaN without images.
    pub(super) fn accuracy(&self) -> f64 {
        let colors = BasicColor::ALL.into_iter();
        let right: usize = colors.map(|color| self.matrix.correct(color)).sum();
        right as f64 / self.total() as f64
    }

    /// Fraction of the images of a colour that were given its name; `None` if it does not occur.
    pub(super) fn recall(&self, color: BasicColor) -> Option<f64> {
        let (right, all) = (self.matrix.correct(color), self.actual(color));
        (all > 0).then(|| right as f64 / all as f64)
    }

    /// Fraction of the images given a name that have it; `None` if no image was given it.
    pub(super) fn precision(&self, color: BasicColor) -> Option<f64> {
        self.matrix.precision(color)
    }

    /// Mean recall of the colours that occur; NaN without images.
    pub(super) fn macro_recall(&self) -> f64 {
        let colors = BasicColor::ALL.into_iter();
        let recalls: Vec<f64> = colors.filter_map(|color| self.recall(color)).collect();
        recalls.iter().sum::<f64>() / recalls.len() as f64
    }
}

/// Counts pairs of a prediction, if there is one, and an actual colour.
impl FromIterator<(Option<BasicColor>, BasicColor)> for Confusion {
    fn from_iter<T: IntoIterator<Item = (Option<BasicColor>, BasicColor)>>(pairs: T) -> Self {
        let mut missing = [0; BasicColor::COUNT];
        let predicted = pairs.into_iter().filter_map(|(predicted, actual)| {
            if predicted.is_none() {
                missing[actual.index()] += 1;
            }
            Some((predicted?, actual))
        });
        let matrix = predicted.collect();
        Self { matrix, missing }
    }
}

/// The table of the matrix, with the missing predictions and the recall of each colour.
impl fmt::Display for Confusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = self.matrix.to_string();
        let mut lines = table.lines();
        write!(f, "{}   none  recall", lines.next().unwrap_or_default())?;
        for (line, color) in lines.zip(BasicColor::ALL) {
            write!(f, "\n{line}")?;
            match self.missing[color.index()] {
                0 => write!(f, "{:>7}", '.')?,
                count => write!(f, "{count:>7}")?,
            }
            match self.recall(color) {
                Some(recall) => write!(f, "  {recall:>6.2}")?,
                None => write!(f, "  {:>6}", '-')?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use ai4fashion_color::BasicColor::{Blue, Pink, Red};

    use super::*;

    #[test]
    fn missing_prediction_counts_as_a_wrong_one() {
        let red = [Some(Red), Some(Red), Some(Pink), None].map(|predicted| (predicted, Red));
        let confusion: Confusion = red.into_iter().chain([(Some(Pink), Pink)]).collect();
        assert_eq!((confusion.total(), confusion.actual(Red)), (5, 4));
        assert_eq!(confusion.accuracy(), 0.6);
        assert_eq!(confusion.recall(Red), Some(0.5));
        assert_eq!(confusion.precision(Pink), Some(0.5));
        assert_eq!(confusion.macro_recall(), 0.75);
        assert_eq!((confusion.recall(Blue), confusion.precision(Blue)), (None, None));
        let table = confusion.to_string();
        let row = |name: &str| table.lines().find(|line| line.starts_with(name)).unwrap();
        assert!(row("red").ends_with("      1    0.50"), "{table}");
        assert!(row("blue").ends_with("      .       -"), "{table}");
    }
}
