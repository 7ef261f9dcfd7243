//! Shards of Parquet with the images in them.
//!
//! The schema is the one that Hugging Face's `datasets` writes: a group `image` of `bytes` and
//! `path`, classes as 64-bit numbers, and the features under the key `huggingface`.

use std::{io, path::Path, sync::Arc};

use ai4fashion_files::AtomicFile;
use parquet::{
    basic::{LogicalType, Repetition, Type as Physical},
    column::writer::ColumnWriter,
    data_type::ByteArray,
    errors::ParquetError,
    file::{
        metadata::KeyValue,
        properties::{EnabledStatistics, WriterProperties},
        writer::SerializedFileWriter,
    },
    schema::types::{ColumnPath, Type, TypePtr},
};

use crate::{
    columns::{Column, Kind, Value, features},
    error::Error,
    job::Job,
    plan::Shard,
};

/// Rows of a group: what a reader holds in memory at a time. `datasets` reads images in groups of
/// some hundred.
const GROUP_ROWS: usize = 500;

/// Bytes of images from which on the next group begins.
const GROUP_BYTES: usize = 16 << 20;

pub(crate) fn write(job: &Job<'_>, shard: &Shard, path: &Path) -> Result<(), Error> {
    let failed = |error: ParquetError| Error::io(path)(io::Error::other(error));
    let file = AtomicFile::create(path)?;
    let schema = schema(job.columns).map_err(failed)?;
    let properties = Arc::new(properties(job.columns));
    let mut writer = SerializedFileWriter::new(file.as_file(), schema, properties).map_err(failed)?;
    let mut rest = &shard.images[..];
    while !rest.is_empty() {
        let mut images = Vec::new();
        let mut bytes = 0;
        while let Some(index) = rest.get(images.len())
            && images.len() < GROUP_ROWS
            && bytes < GROUP_BYTES
        {
            let image = job.image(*index)?;
            bytes += image.len();
            images.push(ByteArray::from(image));
        }
        let (rows, after) = rest.split_at(images.len());
        write_group(job, rows, &images, &mut writer).map_err(failed)?;
        rest = after;
    }
    writer.close().map_err(failed)?;
    Ok(file.finish()?)
}

fn schema(columns: &[Column]) -> Result<TypePtr, ParquetError> {
    let text = || Some(LogicalType::String);
    let image = Type::group_type_builder("image")
        .with_repetition(Repetition::OPTIONAL)
        .with_fields(vec![
            primitive("bytes", Physical::BYTE_ARRAY, None)?,
            primitive("path", Physical::BYTE_ARRAY, text())?,
        ])
        .build()?;
    let mut fields = vec![Arc::new(image)];
    for column in columns {
        fields.push(match column.kind {
            Kind::Text => primitive(column.name, Physical::BYTE_ARRAY, text())?,
            Kind::Real => primitive(column.name, Physical::FLOAT, None)?,
            Kind::Class(_) => primitive(column.name, Physical::INT64, None)?,
        });
    }
    let schema = Type::group_type_builder("schema").with_fields(fields).build()?;
    Ok(Arc::new(schema))
}

fn primitive(name: &str, physical: Physical, logical: Option<LogicalType>) -> Result<TypePtr, ParquetError> {
    Type::primitive_type_builder(name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()
        .map(Arc::new)
}

fn properties(columns: &[Column]) -> WriterProperties {
    let bytes = || ColumnPath::new(vec!["image".to_owned(), "bytes".to_owned()]);
    let features = KeyValue::new("huggingface".to_owned(), features(columns).to_string());
    WriterProperties::builder()
        .set_column_dictionary_enabled(bytes(), false)
        .set_column_statistics_enabled(bytes(), EnabledStatistics::None)
        .set_key_value_metadata(Some(vec![features]))
        .build()
}

fn write_group<W: io::Write + Send>(
    job: &Job<'_>,
    rows: &[usize],
    images: &[ByteArray],
    writer: &mut SerializedFileWriter<W>,
) -> Result<(), ParquetError> {
    let records = || rows.iter().map(|index| &job.dataset.records()[*index]);
    let mut group = writer.next_row_group()?;
    // All values are there: at level 2 in the group `image`, at level 1 outside.
    let (inside, outside) = (vec![2; rows.len()], vec![1; rows.len()]);
    let names = records().map(|record| ai4fashion_dataset::layout::image_name(&record.file));
    let names: Vec<ByteArray> = names.map(ByteArray::from).collect();
    for values in [images, &names[..]] {
        let Some(mut column) = group.next_column()? else {
            break;
        };
        if let ColumnWriter::ByteArrayColumnWriter(to) = column.untyped() {
            to.write_batch(values, Some(&inside), None)?;
        }
        column.close()?;
    }
    for column in job.columns {
        let values = records().map(|record| column.value(record));
        let Some(mut to) = group.next_column()? else { break };
        match to.untyped() {
            ColumnWriter::ByteArrayColumnWriter(to) => {
                let texts = values.filter_map(|value| match value {
                    Value::Text(text) => Some(ByteArray::from(text.into_bytes())),
                    _ => None,
                });
                to.write_batch(&texts.collect::<Vec<_>>(), Some(&outside), None)?;
            }
            ColumnWriter::FloatColumnWriter(to) => {
                let numbers = values.filter_map(|value| match value {
                    Value::Real(number) => Some(number),
                    _ => None,
                });
                to.write_batch(&numbers.collect::<Vec<_>>(), Some(&outside), None)?;
            }
            ColumnWriter::Int64ColumnWriter(to) => {
                let classes = values.filter_map(|value| match value {
                    Value::Class(index) => i64::try_from(index).ok(),
                    _ => None,
                });
                to.write_batch(&classes.collect::<Vec<_>>(), Some(&outside), None)?;
            }
            _ => {
                return Err(ParquetError::General(format!(
                    "column {} has no writer",
                    column.name
                )));
            }
        }
        to.close()?;
    }
    group.close()?;
    Ok(())
}
