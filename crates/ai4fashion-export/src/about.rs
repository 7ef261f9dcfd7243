//! What the data card and the Croissant metadata tell about an export.

use ai4fashion_dataset::{
    ConfusionMatrix, Dataset, Record, Split,
    record::{ColorSource, TypeSource},
};

use crate::{
    columns::Column,
    options::ExportOptions,
    plan::{Plan, Shard},
};

/// An export in numbers.
#[derive(Debug)]
pub(crate) struct About<'a> {
    pub(crate) name: String,
    /// Equal for exports that write the same bytes.
    pub(crate) fingerprint: &'a str,
    pub(crate) options: &'a ExportOptions,
    pub(crate) columns: &'a [Column],
    pub(crate) splits: Vec<(Split, usize)>,
    /// Bytes of the images of each of these splits.
    pub(crate) split_bytes: Vec<u64>,
    pub(crate) shards: &'a [Shard],
    pub(crate) colors: Colors,
    pub(crate) types: Types,
}

/// How the colours were named, and how right they are.
#[derive(Debug)]
pub(crate) struct Colors {
    pub(crate) by_classifier: usize,
    pub(crate) by_human: usize,
    /// Mean of the classifier's confidence over the images that it named.
    pub(crate) mean_confidence: Option<f64>,
    /// Fraction and number of images that a person has named as the classifier.
    pub(crate) as_human: Option<(f64, usize)>,
    /// Fraction and number of images that the source has named as the classifier.
    pub(crate) as_source: Option<(f64, usize)>,
}

/// Where the product types come from.
#[derive(Debug)]
pub(crate) struct Types {
    pub(crate) by_source: usize,
    pub(crate) suggested: usize,
    pub(crate) by_human: usize,
    pub(crate) unknown: usize,
    /// Mean confidence of the suggestions.
    pub(crate) mean_confidence: Option<f64>,
}

impl<'a> About<'a> {
    pub(crate) fn new(
        name: String,
        dataset: &Dataset,
        plan: &'a Plan,
        columns: &'a [Column],
        options: &'a ExportOptions,
        fingerprint: &'a str,
    ) -> Self {
        let images = plan.shards.iter().flat_map(|shard| &shard.images);
        let records: Vec<&Record> = images.map(|index| &dataset.records()[*index]).collect();
        Self {
            name,
            fingerprint,
            options,
            columns,
            split_bytes: plan.split_bytes(),
            splits: plan.splits(),
            shards: &plan.shards,
            colors: Colors::of(&records),
            types: Types::of(&records),
        }
    }

    pub(crate) fn images(&self) -> usize {
        self.splits.iter().map(|(_, images)| images).sum()
    }
}

impl Colors {
    fn of(records: &[&Record]) -> Self {
        let named = records
            .iter()
            .filter(|it| it.color_source() == ColorSource::Classifier);
        let confidences: Vec<f32> = named.map(|record| record.confidence).collect();
        let compared = |matrix: ConfusionMatrix| Some((matrix.accuracy()?, matrix.total()));
        Self {
            by_classifier: confidences.len(),
            by_human: records.len() - confidences.len(),
            mean_confidence: mean(&confidences),
            as_human: compared(ConfusionMatrix::with_human(records.iter().copied())),
            as_source: compared(ConfusionMatrix::with_source(records.iter().copied())),
        }
    }
}

impl Types {
    fn of(records: &[&Record]) -> Self {
        let from = |source: TypeSource| records.iter().filter(move |it| it.type_source == Some(source));
        let suggested: Vec<f32> = from(TypeSource::Classifier)
            .filter_map(|record| record.suggested_type_confidence)
            .collect();
        Self {
            by_source: from(TypeSource::ArticleType).count() + from(TypeSource::Table).count(),
            suggested: from(TypeSource::Classifier).count(),
            by_human: from(TypeSource::Human).count(),
            unknown: records.iter().filter(|it| it.type_source.is_none()).count(),
            mean_confidence: mean(&suggested),
        }
    }
}

fn mean(values: &[f32]) -> Option<f64> {
    let sum: f64 = values.iter().copied().map(f64::from).sum();
    #[expect(clippy::cast_precision_loss, reason = "a count of images")]
    (!values.is_empty()).then(|| sum / values.len() as f64)
}
