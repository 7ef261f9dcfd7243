//! Confusion matrix of classes, where a prediction may be missing.

use std::fmt;

use serde::Serialize;

/// Number of images by actual and predicted class, and of those without a prediction.
///
/// An image without a prediction counts as a wrong one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Confusion {
    /// Names of the classes.
    names: Vec<String>,
    /// By actual, then by predicted class; the last column has the missing predictions.
    counts: Vec<Vec<usize>>,
}

impl Confusion {
    /// Counts pairs of an actual class and a prediction, if there is one, as places in `names`.
    pub(super) fn new(
        names: impl IntoIterator<Item = impl ToString>,
        pairs: impl IntoIterator<Item = (usize, Option<usize>)>,
    ) -> Self {
        let names: Vec<String> = names.into_iter().map(|name| name.to_string()).collect();
        let classes = names.len();
        let mut counts = vec![vec![0; classes + 1]; classes];
        for (actual, predicted) in pairs {
            counts[actual][predicted.unwrap_or(classes)] += 1;
        }
        Self { names, counts }
    }

    /// Number of all images.
    pub(super) fn total(&self) -> usize {
        self.counts.iter().flatten().sum()
    }

    /// Fraction of images with the right class; `None` without images.
    pub(super) fn accuracy(&self) -> Option<f64> {
        let right = self
            .counts
            .iter()
            .enumerate()
            .map(|(class, row)| row[class])
            .sum();
        fraction(right, self.total())
    }

    /// Mean recall of the classes that occur; `None` without images.
    pub(super) fn macro_recall(&self) -> Option<f64> {
        let classes = 0..self.names.len();
        let recalls: Vec<f64> = classes.filter_map(|class| self.recall(class)).collect();
        (!recalls.is_empty()).then(|| recalls.iter().sum::<f64>() / recalls.len() as f64)
    }

    /// Number, recall and precision of each class, by its name.
    pub(super) fn per_class(&self) -> serde_json::Map<String, serde_json::Value> {
        let figures = |(class, name): (usize, &String)| {
            let figures = serde_json::json!({
                "n": self.actual(class),
                "recall": self.recall(class),
                "precision": self.precision(class),
            });
            (name.clone(), figures)
        };
        self.names.iter().enumerate().map(figures).collect()
    }

    /// Number of images of that actual class.
    fn actual(&self, class: usize) -> usize {
        self.counts[class].iter().sum()
    }

    /// Fraction of the images of a class that were given it; `None` if it does not occur.
    fn recall(&self, class: usize) -> Option<f64> {
        fraction(self.counts[class][class], self.actual(class))
    }

    /// Fraction of the images given a class that have it; `None` if no image was given it.
    fn precision(&self, class: usize) -> Option<f64> {
        let given = self.counts.iter().map(|row| row[class]).sum();
        fraction(self.counts[class][class], given)
    }
}

fn two(value: Option<f64>) -> String {
    value.map_or("-".to_owned(), |value| format!("{value:.2}"))
}

fn fraction(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// A class of a page: its name, figures and the counts of each predicted class.
#[derive(Debug, Serialize)]
pub(super) struct ClassRow<'a> {
    name: &'a str,
    images: usize,
    recall: Option<f64>,
    precision: Option<f64>,
    counts: Vec<usize>,
}

impl Confusion {
    /// The classes that occur or are predicted, and whether a prediction is missing.
    fn columns(&self) -> (Vec<usize>, bool) {
        let classes = self.names.len();
        let is_there = |class: &usize| self.actual(*class) > 0 || self.precision(*class).is_some();
        let is_missing = self.counts.iter().any(|row| row[classes] > 0);
        ((0..classes).filter(is_there).collect(), is_missing)
    }

    /// The names of the columns, and the rows of the classes that occur or are predicted.
    pub(super) fn rows(&self) -> (Vec<&str>, Vec<ClassRow<'_>>) {
        let (classes, _) = self.columns();
        let row = |&class: &usize| ClassRow {
            name: &self.names[class],
            images: self.actual(class),
            recall: self.recall(class),
            precision: self.precision(class),
            counts: classes
                .iter()
                .map(|&predicted| self.counts[class][predicted])
                .collect(),
        };
        let names = classes.iter().map(|&class| &*self.names[class]).collect();
        (names, classes.iter().map(row).collect())
    }
}

/// A table of counts: a row for each actual class, with its recall, a column for each predicted
/// one, with its precision. Classes that neither occur nor are predicted are left out.
impl fmt::Display for Confusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self
            .names
            .iter()
            .map(String::len)
            .max()
            .unwrap_or_default()
            .max(6);
        let (classes, is_missing) = self.columns();
        let width = width.max("precision".len());
        write!(f, "{:<width$}", "actual")?;
        for class in &classes {
            write!(f, " {:>width$}", self.names[*class])?;
        }
        if is_missing {
            write!(f, " {:>width$}", "absent")?;
        }
        write!(f, "  recall")?;
        for &class in classes.iter().filter(|class| self.actual(**class) > 0) {
            write!(f, "\n{:<width$}", self.names[class])?;
            let missing = is_missing.then_some(self.names.len());
            for column in classes.iter().copied().chain(missing) {
                // Zeros would hide the mistakes.
                match self.counts[class][column] {
                    0 => write!(f, " {:>width$}", '.')?,
                    count => write!(f, " {count:>width$}")?,
                }
            }
            write!(f, "  {:>6}", two(self.recall(class)))?;
        }
        write!(f, "\n{:<width$}", "precision")?;
        for class in classes {
            write!(f, " {:>width$}", two(self.precision(class)))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_prediction_counts_as_a_wrong_one() {
        let (red, pink) = (0, 1);
        let pairs = [
            (red, Some(red)),
            (red, Some(red)),
            (red, Some(pink)),
            (red, None),
            (pink, Some(pink)),
        ];
        let confusion = Confusion::new(["red", "pink", "blue"], pairs);
        assert_eq!((confusion.total(), confusion.actual(red)), (5, 4));
        assert_eq!(confusion.accuracy(), Some(0.6));
        assert_eq!(confusion.macro_recall(), Some(0.75));
        let figures = confusion.per_class();
        assert_eq!(
            (&figures["red"]["recall"], &figures["pink"]["precision"]),
            (&0.5.into(), &0.5.into())
        );
        assert!(figures["blue"]["recall"].is_null() && figures["blue"]["precision"].is_null());
        let table = confusion.to_string();
        let row = |name: &str| table.lines().find(|line| line.starts_with(name)).unwrap();
        assert!(row("red").ends_with("         1    0.50"), "{table}");
        assert!(row("precision").ends_with("      1.00      0.50"), "{table}");
        assert!(!table.contains("blue"), "{table}");
        let whole = Confusion::new(["red", "pink"], [(red, Some(red))]).to_string();
        assert!(!whole.contains("absent") && !whole.contains("pink"), "{whole}");
        let (names, rows) = confusion.rows();
        assert_eq!((names, rows.len()), (vec!["red", "pink"], 2));
    }
}
