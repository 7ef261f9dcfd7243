//! What a labelled row holds.

use std::sync::Arc;

use ai4fashion_dataset::{RejectReason, Split, garment::ProductType, record::Observation};
use arrow_schema::{DataType, Field, Fields};

/// A rejection, with its reason in words, or what the filter says.
pub(crate) struct Refusal {
    pub(crate) reason: &'static str,
    pub(crate) message: Option<String>,
}

impl Refusal {
    pub(crate) fn rejected(error: &ai4fashion_dataset::Error) -> Self {
        let reason: RejectReason = error.reject_reason();
        Self {
            reason: reason.as_str(),
            message: Some(error.chain()),
        }
    }

    pub(crate) fn filtered(reason: &'static str) -> Self {
        Self {
            reason,
            message: None,
        }
    }
}

/// What has become of an image that is not null.
pub(crate) struct Row {
    pub(crate) seen: Result<Seen, Refusal>,
}

/// What an image shows.
pub(crate) struct Seen {
    pub(crate) observation: Observation,
    pub(crate) perceptual_hash: [u8; 112],
    pub(crate) split: Split,
}

/// How a column is filled.
pub(crate) enum Fill {
    Text(fn(&Seen) -> Option<String>),
    Bytes(fn(&Seen) -> &[u8]),
    /// The JPEGs, which are held once.
    Jpegs,
    Whole(fn(&Seen) -> Option<i64>),
    Real(fn(&Seen) -> Option<f32>),
    Truth(fn(&Seen) -> bool),
    /// Eleven fractions.
    Fractions,
    Reason,
    Message,
}

/// The columns in their order; names and meaning are those of a data set's manifest.
pub(crate) const COLUMNS: [(&str, Fill); 25] = {
    use Fill::{Bytes, Fractions, Jpegs, Message, Real, Reason, Text, Truth, Whole};
    [
        ("color", Text(|it| Some(it.observation.color.to_string()))),
        ("confidence", Real(|it| Some(it.observation.confidence))),
        ("margin", Real(|it| Some(it.observation.margin))),
        ("runner_up", Text(|it| Some(it.observation.runner_up.to_string()))),
        ("fractions", Fractions),
        (
            "dominant_color",
            Text(|it| Some(hex_of(it.observation.dominant_color))),
        ),
        (
            "garment_fraction",
            Real(|it| Some(it.observation.garment_fraction)),
        ),
        ("is_mixed", Truth(|it| it.observation.is_mixed)),
        ("suggested_type", Whole(suggested_type)),
        (
            "suggested_type_confidence",
            Real(|it| it.observation.suggested_type_confidence),
        ),
        (
            "garment_only_probability",
            Real(|it| it.observation.garment_only_probability),
        ),
        ("flags", Text(|it| Some(flags(&it.observation)))),
        ("width", Whole(|it| Some(it.observation.width.into()))),
        ("height", Whole(|it| Some(it.observation.height.into()))),
        ("orientation", Whole(|it| Some(it.observation.orientation.into()))),
        ("color_profile", Text(|it| it.observation.color_profile.clone())),
        (
            "source_bytes",
            Whole(|it| i64::try_from(it.observation.source_bytes).ok()),
        ),
        (
            "source_blake3",
            Text(|it| Some(it.observation.source_blake3.clone())),
        ),
        (
            "image_sha256",
            Text(|it| Some(it.observation.image_sha256.clone())),
        ),
        ("pixels_blake3", Bytes(|it| &it.observation.pixels_blake3.0)),
        ("perceptual_hash", Bytes(|it| &it.perceptual_hash)),
        ("split", Text(|it| Some(it.split.to_string()))),
        ("image", Jpegs),
        ("reason", Reason),
        ("message", Message),
    ]
};

/// The columns that there are not without JPEG.
pub(crate) const OF_JPEG: [&str; 2] = ["image_sha256", "image"];

/// The fields of a labelled row, all of which may be null.
///
/// | field | type | what |
/// |---|---|---|
/// | `color`, `confidence`, `margin`, `runner_up` | Utf8, Float32 | as in `manifest.jsonl` |
/// | `fractions` | List of 11 Float32 | of each colour, in the order of [`BasicColor::ALL`](ai4fashion_dataset::BasicColor::ALL) |
/// | `dominant_color` | Utf8 | `rrggbb`, sRGB |
/// | `garment_fraction`, `is_mixed` | Float32, Boolean | |
/// | `suggested_type` | Int64 | 1 to 12, or 0 for none of them; null if the classifier was not asked |
/// | `suggested_type_confidence`, `garment_only_probability` | Float32 | null likewise |
/// | `flags` | Utf8 | names, separated by commas |
/// | `width`, `height`, `orientation`, `source_bytes` | Int64 | of the file |
/// | `color_profile`, `source_blake3` | Utf8 | of the file |
/// | `pixels_blake3`, `perceptual_hash` | Binary | 32 and 112 bytes, for [`groups`](crate::groups) |
/// | `split` | Utf8 | `train`, `validation` or `test`, if the image is in no group |
/// | `image`, `image_sha256` | Binary, Utf8 | the letterboxed JPEG; not if `has_image` is `false` |
/// | `reason` | Utf8 | null, or why there are no labels: the code of a rejection or a filter |
/// | `message` | Utf8 | a rejection in words |
///
/// Lists have no fixed size: `pyarrow` cannot read such lists beside a null row from Parquet
/// (apache/arrow#35692).
#[must_use]
pub fn fields(has_image: bool) -> Fields {
    let columns = COLUMNS
        .iter()
        .filter(|(name, _)| has_image || !OF_JPEG.contains(name));
    let field = |(name, fill): &(&str, Fill)| Field::new(*name, fill.data_type(), true);
    columns.map(field).collect()
}

impl Fill {
    pub(crate) fn data_type(&self) -> DataType {
        match self {
            Self::Text(_) | Self::Reason | Self::Message => DataType::Utf8,
            Self::Bytes(_) | Self::Jpegs => DataType::Binary,
            Self::Whole(_) => DataType::Int64,
            Self::Real(_) => DataType::Float32,
            Self::Truth(_) => DataType::Boolean,
            Self::Fractions => DataType::List(item(DataType::Float32)),
        }
    }
}

/// An element of a list, as Arrow names it.
pub(crate) fn item(data_type: DataType) -> Arc<Field> {
    Arc::new(Field::new_list_field(data_type, true))
}

fn hex_of([red, green, blue]: [u8; 3]) -> String {
    format!("{red:02x}{green:02x}{blue:02x}")
}

fn suggested_type(seen: &Seen) -> Option<i64> {
    seen.observation.suggested_type_confidence?;
    Some(ProductType::number_of(seen.observation.suggested_type).into())
}

fn flags(observation: &Observation) -> String {
    let names: Vec<&str> = observation.flags.iter().map(|flag| flag.as_str()).collect();
    names.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_as_many_as_the_table_says() {
        assert_eq!(ai4fashion_dataset::BasicColor::COUNT, 11);
        assert_eq!(
            (fields(true).len(), fields(false).len()),
            (COLUMNS.len(), COLUMNS.len() - 2)
        );
    }
}
