//! Confusion matrix of colour names.

use std::fmt;

use ai4fashion_color::BasicColor;

/// Names, in the order of [`BasicColor`].
const NAMES: usize = BasicColor::ALL.len();

/// Counts of predictions by true name; a prediction may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Confusion([[usize; NAMES + 1]; NAMES]);

impl Confusion {
    /// Counts one image.
    pub(super) fn add(&mut self, truth: BasicColor, answer: Option<BasicColor>) {
        self.0[truth.index()][answer.map_or(NAMES, BasicColor::index)] += 1;
    }

    /// Number of images with that true name.
    pub(super) fn count(&self, name: BasicColor) -> usize {
        self.0[name.index()].iter().sum()
    }

    /// Number of all images.
    pub(super) fn total(&self) -> usize {
        self.0.iter().flatten().sum()
    }

    /// Fraction of images with the right name; NaN without images.
    pub(super) fn accuracy(&self) -> f64 {
        let right: usize = BasicColor::ALL.into_iter().map(|name| self.right(name)).sum();
        right as f64 / self.total() as f64
    }

    /// Fraction of the images of a name that were given it; `None` if it does not occur.
    pub(super) fn recall(&self, name: BasicColor) -> Option<f64> {
        share(self.right(name), self.count(name))
    }

    /// Fraction of the images given a name that have it; `None` if no image was given it.
    pub(super) fn precision(&self, name: BasicColor) -> Option<f64> {
        share(self.right(name), self.0.iter().map(|row| row[name.index()]).sum())
    }

    /// Mean recall of the names that occur; NaN without images.
    pub(super) fn macro_recall(&self) -> f64 {
        let recalls: Vec<f64> = BasicColor::ALL
            .into_iter()
            .filter_map(|name| self.recall(name))
            .collect();
        recalls.iter().sum::<f64>() / recalls.len() as f64
    }

    fn right(&self, name: BasicColor) -> usize {
        self.0[name.index()][name.index()]
    }
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// A table with a row and the recall of each true name.
impl fmt::Display for Confusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<7}", "true")?;
        for name in BasicColor::ALL {
            write!(f, "{name:>7}")?;
        }
        write!(f, "   none  recall")?;
        for (name, row) in BasicColor::ALL.into_iter().zip(&self.0) {
            write!(f, "\n{name:<7}")?;
            for count in row {
                // Zeros would hide the mistakes.
                match count {
                    0 => write!(f, "      .")?,
                    count => write!(f, "{count:>7}")?,
                }
            }
            match self.recall(name) {
                Some(recall) => write!(f, "  {recall:>6.2}")?,
                None => write!(f, "       -")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_small_table() {
        let mut confusion = Confusion::default();
        for answer in [
            Some(BasicColor::Red),
            Some(BasicColor::Red),
            Some(BasicColor::Pink),
            None,
        ] {
            confusion.add(BasicColor::Red, answer);
        }
        confusion.add(BasicColor::Pink, Some(BasicColor::Pink));
        assert_eq!((confusion.total(), confusion.count(BasicColor::Red)), (5, 4));
        assert_eq!(confusion.accuracy(), 0.6);
        assert_eq!(confusion.recall(BasicColor::Red), Some(0.5));
        assert_eq!(confusion.precision(BasicColor::Pink), Some(0.5));
        assert_eq!(confusion.macro_recall(), 0.75);
        assert_eq!(
            (
                confusion.recall(BasicColor::Blue),
                confusion.precision(BasicColor::Blue)
            ),
            (None, None)
        );
    }
}
