//! The columns that are arguments.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, StructArray, cast::AsArray, make_array};
use arrow_buffer::NullBuffer;
use arrow_select::concat::concat;
use pyo3::{Bound, PyAny, PyResult};

use crate::{
    error::{illegal, of_arrow},
    ffi,
};

/// A column in one or more chunks; `what` names the argument.
pub(crate) fn chunks(what: &str, object: &Bound<'_, PyAny>) -> PyResult<Vec<ArrayRef>> {
    let chunks = ffi::import(what, object)?;
    chunks
        .into_iter()
        .map(|chunk| match chunk.as_struct_opt() {
            Some(table) => only_column(what, table),
            None => Ok(chunk),
        })
        .collect()
}

/// A column in one piece, for which chunks are copied.
pub(crate) fn whole(what: &str, object: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    let chunks = chunks(what, object)?;
    if let [only] = chunks.as_slice() {
        return Ok(Arc::clone(only));
    }
    let chunks: Vec<&dyn Array> = chunks.iter().map(AsRef::as_ref).collect();
    concat(&chunks).map_err(of_arrow)
}

/// The column of a table that has no other.
fn only_column(what: &str, table: &StructArray) -> PyResult<ArrayRef> {
    let [column] = table.columns() else {
        let names: Vec<&str> = table.fields().iter().map(|it| it.name().as_str()).collect();
        let names = names.join(", ");
        return Err(illegal(format!(
            "{what} is a table with the columns {names}; expected one column"
        )));
    };
    if table.null_count() == 0 {
        return Ok(Arc::clone(column));
    }
    let nulls = NullBuffer::union(table.nulls(), column.nulls());
    let data = column.to_data().into_builder().nulls(nulls).build();
    data.map(make_array).map_err(of_arrow)
}
