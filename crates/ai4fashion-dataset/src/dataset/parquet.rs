//! The manifest as Parquet, which `pyarrow`, Polars and `DuckDB` read: a column for each field of a record.

use std::{fs::File, path::Path, sync::Arc};

use ai4fashion_color::BasicColor;
use parquet::{
    basic::{LogicalType, Repetition, Type as Kind},
    column::writer::ColumnWriter,
    data_type::ByteArray,
    errors::ParquetError,
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::types::Type,
};

use crate::{
    error::{Error, ErrorKind},
    files::fill_atomic,
    labels::ProductType,
    quality::Flag,
    record::Record,
};

/// What a column takes from a record. Only texts may be missing, and the type.
enum Field {
    Text(fn(&Record) -> Option<String>),
    Whole(fn(&Record) -> Option<i64>),
    Real(Box<dyn Fn(&Record) -> f32>),
    Truth(fn(&Record) -> bool),
}

/// The columns in their order. `shares` become one for each name, `share_black` to `share_yellow`; flags are parted by
/// commas; `checked` is when, with `color_was` and `type_was` beside it.
fn columns() -> Vec<(String, Field)> {
    use Field::{Real, Text, Truth, Whole};
    let columns = [
        ("file", Text(|r| Some(r.file.clone()))),
        ("image_sha256", Text(|r| Some(r.image_sha256.clone()))),
        ("source", Text(|r| Some(r.source.clone()))),
        ("original", Text(|r| Some(r.original.clone()))),
        ("sha256", Text(|r| Some(r.sha256.clone()))),
        ("pixels_sha256", Text(|r| Some(r.pixels_sha256.clone()))),
        ("perceptual_hash", Text(|r| Some(r.perceptual_hash.to_string()))),
        ("group", Text(|r| r.group.clone())),
        ("bytes", Whole(|r| i64::try_from(r.bytes).ok())),
        ("width", Whole(|r| Some(r.width.into()))),
        ("height", Whole(|r| Some(r.height.into()))),
        ("orientation", Whole(|r| Some(r.orientation.into()))),
        ("color", Text(|r| Some(r.color.to_string()))),
        ("confidence", Real(Box::new(|r| r.confidence))),
        ("runner_up", Text(|r| Some(r.runner_up.to_string()))),
        (
            "dominant",
            Text(|r| Some(r.dominant.iter().map(|byte| format!("{byte:02x}")).collect())),
        ),
        ("garment_fraction", Real(Box::new(|r| r.garment_fraction))),
        ("mixed", Truth(|r| r.mixed)),
        (
            "flags",
            Text(|r| {
                Some(
                    r.flags
                        .iter()
                        .copied()
                        .map(Flag::name)
                        .collect::<Vec<_>>()
                        .join(","),
                )
            }),
        ),
        (
            "type",
            Whole(|r| r.product_type.map(|known| known.number().into())),
        ),
        ("type_from", Text(|r| Some(r.type_from?.name().to_owned()))),
        ("base_color", Text(|r| r.base_color.clone())),
        ("split", Text(|r| Some(r.split.to_string()))),
        ("checked", Text(|r| Some(r.checked.as_ref()?.when.clone()))),
        (
            "color_was",
            Text(|r| Some(r.checked.as_ref()?.color_was?.to_string())),
        ),
        (
            "type_was",
            Whole(|r| Some(ProductType::number_of(r.checked.as_ref()?.type_was?.product_type).into())),
        ),
    ];
    let shares = BasicColor::ALL.map(|color| {
        let share: Field = Real(Box::new(move |r| r.shares[color.index()]));
        (format!("share_{color}"), share)
    });
    let columns = columns.into_iter().map(|(name, field)| (name.to_owned(), field));
    columns.chain(shares).collect()
}

/// Writes what is known of all pictures to a Parquet file. A file that is there is replaced.
pub(super) fn write(records: &[Record], path: &Path) -> Result<(), Error> {
    fill_atomic(path, |file| {
        let file = file.try_clone().map_err(Error::io("write", path))?;
        write_columns(records, file).map_err(|source| {
            ErrorKind::Parquet {
                path: path.to_owned(),
                source: Box::new(source),
            }
            .into()
        })
    })
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

/// The values that are there, and for each record 1 if it has one, else 0.
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

    use super::*;
    use crate::{labels::TypeSource, perceptual::PerceptualHash, record::Origin};

    #[test]
    fn each_field_of_a_record_has_a_column() {
        let white = image::RgbImage::from_pixel(8, 8, image::Rgb([255; 3]));
        let found = ai4fashion_color::ColorClassifier::default().classify(&white);
        let origin = Origin {
            sha256: String::new(),
            pixels_sha256: String::new(),
            bytes: 1,
            width: 8,
            height: 8,
            orientation: 1,
        };
        let mut record = Record::new(origin, &found, PerceptualHash::of(&white), vec![Flag::Small]);
        record.group = Some("group".to_owned());
        record.say_color(Some(BasicColor::Pink), "today");
        record.say_type(Some(Some(ProductType::Coats)), "today");
        let names: HashSet<String> = columns().into_iter().map(|(name, _)| name).collect();
        let json = serde_json::to_value(&record).unwrap();
        let mut fields: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        fields.extend(["color_was", "type_was"]);
        fields.retain(|field| *field != "shares" && !names.contains(*field));
        assert_eq!(fields, [""; 0]);
        for known in [TypeSource::ArticleType, TypeSource::Table, TypeSource::Person] {
            assert_eq!(serde_json::to_value(known).unwrap(), known.name());
        }
    }
}
