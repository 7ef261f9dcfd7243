//! Rows to columns.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, Float32Array, Int64Array,
    builder::{Float32Builder, ListBuilder, StringBuilder},
};
use arrow_schema::{ArrowError, DataType};

use crate::{
    error::invalid,
    fields::{Fill, Row, Seen, item},
};

/// The most bytes that a column of bytes or text holds: its offsets are 32-bit numbers.
pub(crate) const MOST_BYTES: usize = i32::MAX as usize;

/// What to do about a batch that is too large, on each engine.
pub(crate) const SMALLER: &str = "use smaller batches: datafusion.execution.batch_size of DataFusion and \
     Ballista, batch_size of Ray's map_batches and of Daft's functions, \
     spark.sql.execution.arrow.maxRecordsPerBatch of Spark; 64 to 256 rows do well";

/// Makes a column of rows; `None` is a null row.
pub(crate) fn column(fill: &Fill, rows: &[Option<Row>], jpegs: &ArrayRef) -> ArrayRef {
    let seen = || rows.iter().map(|row| row.as_ref()?.seen.as_ref().ok());
    match fill {
        Fill::Text(text) => texts(seen().map(|seen| text(seen?))),
        Fill::Reason => texts(rows.iter().map(|row| {
            let refusal = row.as_ref()?.seen.as_ref().err()?;
            Some(refusal.reason.to_owned())
        })),
        Fill::Message => texts(rows.iter().map(|row| {
            let refusal = row.as_ref()?.seen.as_ref().err()?;
            refusal.message.clone()
        })),
        Fill::Bytes(bytes) => Arc::new(BinaryArray::from_iter(seen().map(|seen| seen.map(bytes)))),
        Fill::Jpegs => Arc::clone(jpegs),
        Fill::Whole(whole) => Arc::new(Int64Array::from_iter(seen().map(|seen| whole(seen?)))),
        Fill::Real(real) => Arc::new(Float32Array::from_iter(seen().map(|seen| real(seen?)))),
        Fill::Truth(truth) => Arc::new(BooleanArray::from_iter(seen().map(|seen| seen.map(truth)))),
        Fill::Fractions => fractions(seen()),
    }
}

fn texts(texts: impl Iterator<Item = Option<String>>) -> ArrayRef {
    let mut builder = StringBuilder::new();
    texts.for_each(|text| builder.append_option(text));
    Arc::new(builder.finish())
}

/// Says that `what` of a batch of `count` rows is too large for a column.
pub(crate) fn too_large(what: &str, count: usize, most: usize) -> ArrowError {
    invalid(format!(
        "{what} of {count} rows take more than {most} bytes; {SMALLER}"
    ))
}

fn fractions<'a>(rows: impl Iterator<Item = Option<&'a Seen>>) -> ArrayRef {
    let mut builder = ListBuilder::new(Float32Builder::new()).with_field(item(DataType::Float32));
    for row in rows {
        if let Some(seen) = row {
            builder.values().append_slice(&seen.observation.fractions);
        }
        builder.append(row.is_some());
    }
    Arc::new(builder.finish())
}
