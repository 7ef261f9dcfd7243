//! Predicted names compared with labels.

use std::path::{Path, PathBuf};

use ai4fashion_color::{BasicColor, Classification};
use serde::Serialize;

use super::{confusion::Confusion, labels::Labeled};
use crate::{method::Answer, output::write_file};

/// An image, its label and the predicted name.
#[derive(Clone, Debug)]
pub(super) struct Prediction {
    /// File of the image.
    pub(super) path: PathBuf,
    /// Label in the table.
    pub(super) label: Labeled,
    /// What the method says of it.
    pub(super) answer: Answer,
}

impl Prediction {
    /// Whether the answer is the label.
    pub(super) fn is_right(&self) -> bool {
        self.answer.name == Some(self.label.color)
    }

    /// Whether the answer is the label or an accepted name.
    pub(super) fn is_accepted(&self) -> bool {
        let is_accepted = |name| self.label.accepted.contains(&name);
        self.is_right() || self.answer.name.is_some_and(is_accepted)
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
    color: BasicColor,
    predicted: Option<BasicColor>,
    confidence: Option<f32>,
    r: Option<u8>,
    g: Option<u8>,
    b: Option<u8>,
}

impl Evaluation {
    /// First line of a table of predictions.
    pub(super) const HEADER: &'static str = "file,color,predicted,confidence,r,g,b\n";

    /// Confusion matrix of labels and predictions.
    pub(super) fn confusion(&self) -> Confusion {
        let predictions = self.predictions.iter();
        predictions
            .map(|prediction| (prediction.answer.name, prediction.label.color))
            .collect()
    }

    /// Fraction of images whose name is the label or an accepted one.
    pub(super) fn accepted_accuracy(&self) -> f64 {
        let accepted = self
            .predictions
            .iter()
            .filter(|prediction| prediction.is_accepted());
        accepted.count() as f64 / self.predictions.len() as f64
    }

    /// Wrong predictions, the most confident first.
    pub(super) fn mistakes(&self) -> Vec<&Prediction> {
        let mut mistakes: Vec<&Prediction> = self
            .predictions
            .iter()
            .filter(|prediction| !prediction.is_accepted())
            .collect();
        let confidence = |prediction: &Prediction| prediction.confidence().unwrap_or(0.0);
        mistakes.sort_by(|a, b| confidence(b).total_cmp(&confidence(a)));
        mistakes
    }

    /// Writes a CSV table with a row for each image: `file,color,predicted,confidence,r,g,b`, the
    /// last three being the dominant colour. What a method does not know is empty.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(super) fn write_predictions(&self, path: &Path) -> anyhow::Result<()> {
        let mut table = csv::Writer::from_writer(Vec::new());
        for prediction in &self.predictions {
            let dominant = prediction.answer.dominant;
            table.serialize(Row {
                file: &prediction.label.file,
                color: prediction.label.color,
                predicted: prediction.answer.name,
                confidence: prediction.confidence(),
                r: dominant.map(|[r, _, _]| r),
                g: dominant.map(|[_, g, _]| g),
                b: dominant.map(|[_, _, b]| b),
            })?;
        }
        write_file(path, &table.into_inner()?)
    }

    /// The figures as one JSON object; `accepted_accuracy` is null where no other names are
    /// accepted.
    pub(super) fn json(&self, has_accepted: bool) -> serde_json::Value {
        let confusion = self.confusion();
        let figures = |name| {
            serde_json::json!({
                "n": confusion.actual(name),
                "recall": confusion.recall(name),
                "precision": confusion.precision(name),
            })
        };
        let per_color = BasicColor::ALL.map(|name| (name.to_string(), figures(name)));
        serde_json::json!({
            "n": confusion.total(),
            "accuracy": confusion.accuracy(),
            "macro_recall": confusion.macro_recall(),
            "accepted_accuracy": has_accepted.then(|| self.accepted_accuracy()),
            "per_color": serde_json::Map::from_iter(per_color),
            "us_per_image": self.microseconds,
        })
    }
}
