//! The manifest as Parquet, which `pyarrow`, Polars and `DuckDB` read: a column for each field.

use std::{fs::File, io, path::Path, sync::Arc};

use ai4fashion_color::BasicColor;
use parquet::{
    basic::{LogicalType, Repetition, Type as Kind},
    column::writer::ColumnWriter,
    data_type::ByteArray,
    errors::ParquetError,
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::types::Type,
};

use ai4fashion_files::{AtomicFile, hex};
use ai4fashion_image::QualityFlag;

use crate::{error::Error, labels::ProductType, record::Record};

/// How a column is filled from a record. Numbers of `Real` and truths are always there.
enum Field {
    Text(fn(&Record) -> Option<String>),
    Whole(fn(&Record) -> Option<i64>),
    Real(Box<dyn Fn(&Record) -> f32>),
    Probability(fn(&Record) -> Option<f32>),
    Truth(fn(&Record) -> bool),
}

/// The columns in their order.
///
/// `fractions` become a column for each name, `fraction_black` to `fraction_yellow`. Flags are
/// separated by commas. `source_row` is JSON. `annotation` is the time, with `model_color` and
/// `source_type` beside it.
fn columns() -> Vec<(String, Field)> {
    use Field::{Probability, Real, Text, Truth, Whole};
    let columns = [
        ("file", Text(|r| Some(r.file.clone()))),
        ("image_sha256", Text(|r| Some(r.image_sha256.clone()))),
        ("source", Text(|r| Some(r.source.clone()))),
        ("source_path", Text(|r| Some(r.source_path.clone()))),
        ("source_blake3", Text(|r| Some(r.source_blake3.clone()))),
        ("pixels_blake3", Text(|r| Some(r.pixels_blake3.to_string()))),
        ("perceptual_hash", Text(|r| Some(r.perceptual_hash.to_string()))),
        ("group", Text(|r| r.group.clone())),
        ("source_bytes", Whole(|r| i64::try_from(r.source_bytes).ok())),
        ("width", Whole(|r| Some(r.width.into()))),
        ("height", Whole(|r| Some(r.height.into()))),
        ("orientation", Whole(|r| Some(r.orientation.into()))),
        ("color_profile", Text(|r| r.color_profile.clone())),
        ("color", Text(|r| Some(r.color.to_string()))),
        ("confidence", Real(Box::new(|r| r.confidence))),
        ("margin", Real(Box::new(|r| r.margin))),
        ("runner_up", Text(|r| Some(r.runner_up.to_string()))),
        ("dominant_color", Text(|r| Some(hex(&r.dominant_color)))),
        ("garment_fraction", Real(Box::new(|r| r.garment_fraction))),
        ("is_mixed", Truth(|r| r.is_mixed)),
        (
            "suggested_type",
            Whole(|r| {
                r.suggested_type_confidence?;
                Some(ProductType::number_of(r.suggested_type).into())
            }),
        ),
        (
            "suggested_type_confidence",
            Probability(|r| r.suggested_type_confidence),
        ),
        (
            "garment_only_probability",
            Probability(|r| r.garment_only_probability),
        ),
        ("flags", Text(|r| Some(flags(r)))),
        (
            "type",
            Whole(|r| r.product_type.map(|known| known.number().into())),
        ),
        ("type_source", Text(|r| r.type_source.map(|it| it.to_string()))),
        ("base_color", Text(|r| r.base_color.clone())),
        (
            "source_row",
            Text(|r| serde_json::to_string(r.source_row.as_ref()?).ok()),
        ),
        ("split", Text(|r| Some(r.split.to_string()))),
        (
            "annotation",
            Text(|r| Some(r.annotation.as_ref()?.annotated_at.clone())),
        ),
        (
            "model_color",
            Text(|r| Some(r.annotation.as_ref()?.model_color?.to_string())),
        ),
        (
            "source_type",
            Whole(|r| {
                let replaced = r.annotation.as_ref()?.source_type?;
                Some(ProductType::number_of(replaced.product_type).into())
            }),
        ),
    ];
    let fractions = BasicColor::ALL.map(|color| {
        let fraction: Field = Real(Box::new(move |r| r.fractions[color.index()]));
        (format!("fraction_{color}"), fraction)
    });
    let columns = columns.into_iter().map(|(name, field)| (name.to_owned(), field));
    columns.chain(fractions).collect()
}

fn flags(record: &Record) -> String {
    let names: Vec<&str> = record.flags.iter().copied().map(QualityFlag::as_str).collect();
    names.join(",")
}

/// Writes `records` to a Parquet file; an old file is replaced.
pub(super) fn write(records: &[Record], path: &Path) -> Result<(), Error> {
    let file = AtomicFile::create(path).map_err(Error::file)?;
    let writer = file.as_file().try_clone().map_err(Error::io("write", path))?;
    write_columns(records, writer).map_err(|error| Error::io("write", path)(io::Error::other(error)))?;
    file.finish().map_err(Error::file)
}

fn write_columns(records: &[Record], file: File) -> Result<(), ParquetError> {
    let columns = columns();
    let fields = columns
        .iter()
        .map(|(name, field)| field.declared(name).map(Arc::new));
    let schema = Type::group_type_builder("manifest")
        .with_fields(fields.collect::<Result<_, _>>()?)
        .build()?;
    let mut writer = SerializedFileWriter::new(file, Arc::new(schema), Arc::new(WriterProperties::new()))?;
    let mut rows = writer.next_row_group()?;
    for (_, field) in &columns {
        let Some(mut column) = rows.next_column()? else {
            break;
        };
        match (field, column.untyped()) {
            (Field::Text(get), ColumnWriter::ByteArrayColumnWriter(to)) => {
                let (values, levels) = present(records, get);
                let values: Vec<ByteArray> =
                    values.into_iter().map(|text| text.into_bytes().into()).collect();
                to.write_batch(&values, Some(&levels), None)?;
            }
            (Field::Whole(get), ColumnWriter::Int64ColumnWriter(to)) => {
                let (values, levels) = present(records, get);
                to.write_batch(&values, Some(&levels), None)?;
            }
            (Field::Real(get), ColumnWriter::FloatColumnWriter(to)) => {
                let values: Vec<f32> = records.iter().map(get).collect();
                to.write_batch(&values, None, None)?;
            }
            (Field::Probability(get), ColumnWriter::FloatColumnWriter(to)) => {
                let (values, levels) = present(records, get);
                to.write_batch(&values, Some(&levels), None)?;
            }
            (Field::Truth(get), ColumnWriter::BoolColumnWriter(to)) => {
                let values: Vec<bool> = records.iter().map(get).collect();
                to.write_batch(&values, None, None)?;
            }
            _ => {
                return Err(ParquetError::General(
                    "a column is not as it was declared".to_owned(),
                ));
            }
        }
        column.close()?;
    }
    rows.close()?;
    writer.close()?;
    Ok(())
}

/// The values that are present, and for each record 1 if it has one, else 0.
fn present<T>(records: &[Record], get: impl Fn(&Record) -> Option<T>) -> (Vec<T>, Vec<i16>) {
    let all: Vec<Option<T>> = records.iter().map(get).collect();
    let levels = all.iter().map(|value| i16::from(value.is_some())).collect();
    (all.into_iter().flatten().collect(), levels)
}

impl Field {
    fn declared(&self, name: &str) -> Result<Type, ParquetError> {
        let (kind, repetition, logical) = match self {
            Self::Text(_) => (Kind::BYTE_ARRAY, Repetition::OPTIONAL, Some(LogicalType::String)),
            Self::Whole(_) => (Kind::INT64, Repetition::OPTIONAL, None),
            Self::Real(_) => (Kind::FLOAT, Repetition::REQUIRED, None),
            Self::Probability(_) => (Kind::FLOAT, Repetition::OPTIONAL, None),
            Self::Truth(_) => (Kind::BOOLEAN, Repetition::REQUIRED, None),
        };
        Type::primitive_type_builder(name, kind)
            .with_repetition(repetition)
            .with_logical_type(logical)
            .build()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use ai4fashion_image::PerceptualHash;

    use super::*;
    use crate::{
        labels::Split,
        record::{Observation, Origin, PixelsHash, Placement},
    };

    fn record() -> Record {
        let white = image::RgbImage::from_pixel(8, 8, image::Rgb([255; 3]));
        let found = ai4fashion_color::ColorClassifier::default().classify(&white);
        let origin = Origin {
            blake3: String::new(),
            pixels_blake3: PixelsHash([0; 32]),
            bytes: 1,
            width: 8,
            height: 8,
            orientation: 1,
            color_profile: Some("Adobe RGB".to_owned()),
        };
        let hash = PerceptualHash::of(&white);
        let flags = vec![QualityFlag::Small];
        let observation = Observation::new(origin, String::new(), hash, &found, None, flags);
        let placement = Placement {
            file: String::new(),
            source: String::new(),
            source_path: String::new(),
            product_type: None,
            type_source: None,
            base_color: None,
            source_row: Some([("season", "Fall")].into_iter().collect()),
            split: Split::Train,
        };
        Record::new(observation, placement)
    }

    #[test]
    fn each_field_of_a_record_has_a_column() {
        let mut record = record();
        record.group = Some("group".to_owned());
        record.suggested_type = Some(ProductType::Skirt);
        record.suggested_type_confidence = Some(0.5);
        record.garment_only_probability = Some(0.5);
        record.annotate_color(Some(BasicColor::Pink), "today");
        record.annotate_type(Some(Some(ProductType::Coat)), "today");
        let names: HashSet<String> = columns().into_iter().map(|(name, _)| name).collect();
        let json = serde_json::to_value(&record).unwrap();
        let mut fields: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        fields.extend(["model_color", "source_type"]);
        let without_column = ["format", "fractions"];
        fields.retain(|field| !without_column.contains(field) && !names.contains(*field));
        assert_eq!(fields, [""; 0]);
    }
}
