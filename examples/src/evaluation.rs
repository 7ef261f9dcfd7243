//! Names beside labels.

use std::path::{Path, PathBuf};

use ai4fashion_color::{BasicColor, Classification};
use serde::Serialize;

use crate::{confusion::Confusion, labels::Labelled, method::Answer, output::write_file};

/// A picture, its label and the answer.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Where the picture is.
    pub path: PathBuf,
    /// What it is called.
    pub label: Labelled,
    /// What a method calls it.
    pub answer: Answer,
}

impl Judged {
    /// Whether the answer is the label.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.answer.name == Some(self.label.color)
    }

    /// Whether the answer is the label or as good.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        let is_accepted = |name| self.label.accepted.contains(&name);
        self.is_right() || self.answer.name.is_some_and(is_accepted)
    }

    /// How sure the method is, 0 to 1; a rule does not know.
    #[must_use]
    pub fn confidence(&self) -> Option<f32> {
        self.answer
            .classification
            .as_ref()
            .map(Classification::confidence)
    }
}

/// All answers of a method.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// In the order of the labels.
    pub judged: Vec<Judged>,
    /// Microseconds that an answer took, the median.
    pub microseconds: f64,
}

/// A row of the table of predictions.
#[derive(Serialize)]
struct Prediction<'a> {
    file: &'a Path,
    color: BasicColor,
    predicted: Option<BasicColor>,
    confidence: Option<f32>,
    r: Option<u8>,
    g: Option<u8>,
    b: Option<u8>,
}

impl Evaluation {
    /// How a table of predictions begins.
    pub const PREDICTIONS: &'static str = "file,color,predicted,confidence,r,g,b\n";

    /// How often each name got each answer.
    #[must_use]
    pub fn confusion(&self) -> Confusion {
        let mut confusion = Confusion::default();
        for judged in &self.judged {
            confusion.add(judged.label.color, judged.answer.name);
        }
        confusion
    }

    /// The share of pictures whose answer is the label or as good.
    #[must_use]
    pub fn accepted_accuracy(&self) -> f64 {
        let accepted = self.judged.iter().filter(|judged| judged.is_accepted());
        accepted.count() as f64 / self.judged.len() as f64
    }

    /// The answers that are neither the label nor as good, the surest first: those are the worst.
    #[must_use]
    pub fn mistakes(&self) -> Vec<&Judged> {
        let mut mistakes: Vec<&Judged> = self
            .judged
            .iter()
            .filter(|judged| !judged.is_accepted())
            .collect();
        let sure = |judged: &Judged| judged.confidence().unwrap_or(0.0);
        mistakes.sort_by(|a, b| sure(b).total_cmp(&sure(a)));
        mistakes
    }

    /// Writes a CSV table with a row for each picture: `file,color,predicted,confidence,r,g,b`, the last three being the
    /// dominant colour; what a method does not know is empty.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_predictions(&self, path: &Path) -> anyhow::Result<()> {
        let mut table = csv::Writer::from_writer(Vec::new());
        for judged in &self.judged {
            let dominant = judged.answer.dominant;
            table.serialize(Prediction {
                file: &judged.label.file,
                color: judged.label.color,
                predicted: judged.answer.name,
                confidence: judged.confidence(),
                r: dominant.map(|color| color.red),
                g: dominant.map(|color| color.green),
                b: dominant.map(|color| color.blue),
            })?;
        }
        write_file(path, &table.into_inner()?)
    }

    /// The figures as one JSON object; `accepted_accuracy` is null where no other names are accepted.
    #[must_use]
    pub fn json(&self, has_accepted: bool) -> serde_json::Value {
        let confusion = self.confusion();
        let figures = |name| {
            serde_json::json!({
                "n": confusion.count(name),
                "recall": confusion.recall(name),
                "precision": confusion.precision(name),
            })
        };
        let per_color = BasicColor::ALL.map(|name| (name.name().to_owned(), figures(name)));
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
