//! Predictions compared with labels.

use std::path::{Path, PathBuf};

use ai4fashion_color::{BasicColor, Classification};
use ai4fashion_dataset::ProductType;
use ai4fashion_garment::GarmentClassification;
use serde::Serialize;

use super::{confusion::Confusion, labels::Labeled};
use crate::{method::Answer, output::write_file};

/// An image, its labels and what is predicted.
#[derive(Clone, Debug)]
pub(super) struct Prediction {
    /// File of the image.
    pub(super) path: PathBuf,
    /// Labels in the table.
    pub(super) label: Labeled,
    /// What the method says of it.
    pub(super) answer: Answer,
}

impl Prediction {
    /// Whether the predicted name is the label or an accepted one; `None` without a label.
    pub(super) fn is_accepted(&self) -> Option<bool> {
        let color = self.label.color?;
        let is_accepted = |name| name == color || self.label.accepted.contains(&name);
        Some(self.answer.name.is_some_and(is_accepted))
    }

    /// Confidence of the name, 0 to 1; a rule has none.
    pub(super) fn confidence(&self) -> Option<f32> {
        self.answer
            .classification
            .as_ref()
            .map(Classification::confidence)
    }
}

/// All predictions of a method.
#[derive(Clone, Debug)]
pub(super) struct Evaluation {
    /// In the order of the labels.
    pub(super) predictions: Vec<Prediction>,
    /// Median time of a prediction, in microseconds.
    pub(super) microseconds: f64,
}

/// A row of the table of predictions.
#[derive(Serialize)]
struct Row<'a> {
    file: &'a Path,
    color: Option<BasicColor>,
    predicted: Option<BasicColor>,
    confidence: Option<f32>,
    r: Option<u8>,
    g: Option<u8>,
    b: Option<u8>,
    #[serde(rename = "type")]
    product_type: Option<u8>,
    predicted_type: Option<u8>,
    type_confidence: Option<f32>,
}

impl Evaluation {
    /// First line of a table of predictions.
    pub(super) const HEADER: &'static str =
        "file,color,predicted,confidence,r,g,b,type,predicted_type,type_confidence\n";

    /// Confusion matrix of colours.
    pub(super) fn colors(&self) -> Confusion {
        let pairs = self.predictions.iter().filter_map(|prediction| {
            let actual = prediction.label.color?.index();
            Some((actual, prediction.answer.name.map(BasicColor::index)))
        });
        Confusion::new(BasicColor::ALL, pairs)
    }

    /// Confusion matrix of types, none of the twelve being the first; `None` if there are no labels
    /// or the method knows no types.
    pub(super) fn types(&self) -> Option<Confusion> {
        let pairs: Vec<(usize, Option<usize>)> = self
            .typed()
            .map(|(actual, predicted, _)| (actual, Some(predicted)))
            .collect();
        let names = std::iter::once("none").chain(ProductType::ALL.map(ProductType::as_str));
        (!pairs.is_empty()).then(|| Confusion::new(names, pairs))
    }

    /// Actual type, predicted type and confidence.
    fn typed(&self) -> impl Iterator<Item = (usize, usize, f32)> {
        self.predictions.iter().filter_map(|prediction| {
            let actual = prediction.label.product_type?;
            let found = prediction.answer.garment.as_ref()?;
            let [actual, predicted] =
                [actual, found.product_type()].map(|it| usize::from(ProductType::number_of(it)));
            Some((actual, predicted, found.type_confidence()))
        })
    }

    /// Fraction of images whose name is the label or an accepted one; `None` without labels.
    pub(super) fn accepted_accuracy(&self) -> Option<f64> {
        let all: Vec<bool> = self
            .predictions
            .iter()
            .filter_map(Prediction::is_accepted)
            .collect();
        let accepted = all.iter().filter(|is_accepted| **is_accepted);
        (!all.is_empty()).then(|| accepted.count() as f64 / all.len() as f64)
    }

    /// Accuracy among the 70% of images whose names are most confident; `None` if a rule has named
    /// them.
    pub(super) fn surest_colors(&self) -> Option<f64> {
        let found = self.predictions.iter().filter_map(|prediction| {
            let color = prediction.label.color?;
            Some((prediction.confidence()?, prediction.answer.name == Some(color)))
        });
        surest(found.collect(), 0.7)
    }

    /// Accuracy among the 90% of images whose types are most confident.
    pub(super) fn surest_types(&self) -> Option<f64> {
        let found = self
            .typed()
            .map(|(actual, predicted, confidence)| (confidence, actual == predicted));
        surest(found.collect(), 0.9)
    }

    /// Wrong names, the most confident first.
    pub(super) fn wrong_colors(&self) -> Vec<&Prediction> {
        let wrong = |prediction: &&Prediction| prediction.is_accepted() == Some(false);
        let mut mistakes: Vec<&Prediction> = self.predictions.iter().filter(wrong).collect();
        let confidence = |prediction: &Prediction| prediction.confidence().unwrap_or(0.0);
        mistakes.sort_by(|a, b| confidence(b).total_cmp(&confidence(a)));
        mistakes
    }

    /// Wrong types, the most confident first, and what is predicted.
    pub(super) fn wrong_types(&self) -> Vec<(&Prediction, &GarmentClassification)> {
        let wrong = |prediction: &'_ &Prediction| -> bool {
            let found = prediction.answer.garment.as_ref().map(|it| it.product_type());
            found.is_some_and(|found| {
                prediction
                    .label
                    .product_type
                    .is_some_and(|actual| actual != found)
            })
        };
        let wrong = self.predictions.iter().filter(wrong);
        let mut mistakes: Vec<_> = wrong
            .filter_map(|prediction| Some((prediction, prediction.answer.garment.as_ref()?)))
            .collect();
        mistakes.sort_by(|(_, a), (_, b)| b.type_confidence().total_cmp(&a.type_confidence()));
        mistakes
    }

    /// Writes a CSV table with a row for each image, `r,g,b` being the dominant colour. What a
    /// method does not know is empty.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(super) fn write_predictions(&self, path: &Path) -> anyhow::Result<()> {
        let mut table = csv::Writer::from_writer(Vec::new());
        for prediction in &self.predictions {
            let Answer {
                name,
                dominant,
                garment,
                ..
            } = &prediction.answer;
            table.serialize(Row {
                file: &prediction.label.file,
                color: prediction.label.color,
                predicted: *name,
                confidence: prediction.confidence(),
                r: dominant.map(|[r, _, _]| r),
                g: dominant.map(|[_, g, _]| g),
                b: dominant.map(|[_, _, b]| b),
                product_type: prediction.label.product_type.map(ProductType::number_of),
                predicted_type: garment
                    .as_ref()
                    .map(|it| ProductType::number_of(it.product_type())),
                type_confidence: garment.as_ref().map(|it| it.type_confidence()),
            })?;
        }
        write_file(path, &table.into_inner()?)
    }

    /// The figures as one JSON object; what there are no labels for is null.
    pub(super) fn json(&self, has_accepted: bool) -> serde_json::Value {
        let colors = self.colors();
        let types = self.types().map(|types| {
            serde_json::json!({
                "n": types.total(),
                "accuracy": types.accuracy(),
                "macro_recall": types.macro_recall(),
                "surest_90": self.surest_types(),
                "per_type": types.per_class(),
            })
        });
        serde_json::json!({
            "n": colors.total(),
            "accuracy": colors.accuracy(),
            "macro_recall": colors.macro_recall(),
            "accepted_accuracy": has_accepted.then(|| self.accepted_accuracy()),
            "surest_70": self.surest_colors(),
            "per_color": colors.per_class(),
            "us_per_image": self.microseconds,
            "type": types,
        })
    }
}

/// The fraction that is right among the most confident `part` of pairs of a confidence and whether
/// it is right.
fn surest(mut found: Vec<(f32, bool)>, part: f64) -> Option<f64> {
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.truncate((found.len() as f64 * part).ceil() as usize);
    let right = found.iter().filter(|(_, is_right)| *is_right).count();
    (!found.is_empty()).then(|| right as f64 / found.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surest_are_the_most_confident() {
        let found = vec![(0.2, false), (0.9, true), (0.8, false), (0.7, true)];
        assert_eq!(surest(found.clone(), 0.5), Some(0.5));
        assert_eq!(surest(found, 0.7), Some(2.0 / 3.0));
        assert_eq!(surest(Vec::new(), 0.7), None);
    }
}
