//! Shards of Parquet with the images in them.
//!
//! The schema is the one that Hugging Face's `datasets` writes: a group `image` of `bytes` and
//! `path`, classes as 64-bit numbers, and the features under the key `huggingface`.

use std::{io, path::Path, sync::Arc};

use ai4fashion_dataset::{ProductType, layout};
use ai4fashion_files::AtomicFile;
use parquet::{
    basic::{LogicalType, Repetition, Type as Physical},
    data_type::{ByteArray, ByteArrayType, FloatType, Int64Type},
    errors::ParquetError,
    file::{
        metadata::KeyValue,
        properties::{EnabledStatistics, WriterProperties},
        writer::{SerializedColumnWriter, SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::types::{ColumnPath, Type, TypePtr},
};

use crate::{
    columns::{Column, Values, features},
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
        fields.push(match column.values {
            Values::Text(_) => primitive(column.name, Physical::BYTE_ARRAY, text())?,
            Values::Real(_) => primitive(column.name, Physical::FLOAT, None)?,
            Values::Color(_) | Values::Type(_) => primitive(column.name, Physical::INT64, None)?,
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
    let names = records().map(|record| ByteArray::from(layout::image_name(&record.file)));
    for values in [images, &names.collect::<Vec<_>>()] {
        let mut column = next_column(&mut group)?;
        column
            .typed::<ByteArrayType>()
            .write_batch(values, Some(&inside), None)?;
        column.close()?;
    }
    for column in job.columns {
        let mut to = next_column(&mut group)?;
        match column.values {
            Values::Text(get) => {
                let texts = records().map(|record| ByteArray::from(get(record).into_bytes()));
                let texts: Vec<_> = texts.collect();
                to.typed::<ByteArrayType>()
                    .write_batch(&texts, Some(&outside), None)?;
            }
            Values::Real(get) => {
                let numbers: Vec<f32> = records().filter_map(get).collect();
                to.typed::<FloatType>()
                    .write_batch(&numbers, Some(&outside), None)?;
            }
            Values::Color(get) => {
                let colors: Vec<i64> = records().map(|record| get(record).index() as i64).collect();
                to.typed::<Int64Type>()
                    .write_batch(&colors, Some(&outside), None)?;
            }
            Values::Type(get) => {
                let types = records().filter_map(get).map(ProductType::number_of);
                let types: Vec<i64> = types.map(i64::from).collect();
                to.typed::<Int64Type>()
                    .write_batch(&types, Some(&outside), None)?;
            }
        }
        to.close()?;
    }
    group.close()?;
    Ok(())
}

fn next_column<'a, W: io::Write + Send>(
    group: &'a mut SerializedRowGroupWriter<'_, W>,
) -> Result<SerializedColumnWriter<'a>, ParquetError> {
    let column = group.next_column()?;
    column.ok_or_else(|| ParquetError::General("the schema has fewer columns".to_owned()))
}
