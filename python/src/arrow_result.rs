//! Results, for any library that takes Arrow's C data interface.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, StructArray,
    ffi::{FFI_ArrowArray, FFI_ArrowSchema},
};
use pyo3::{
    exceptions::PyImportError,
    intern,
    prelude::*,
    types::{PyCapsule, PyString},
};

use crate::error::of_arrow;

/// An Arrow array, or a record batch, that other libraries import.
///
/// Functions of this package return one where pyarrow is not installed. Use
/// `polars.DataFrame(result)`, `nanoarrow.Array(result)` or any other that takes objects with
/// `__arrow_c_array__`.
#[pyclass(frozen, module = "ai4fashion")]
#[derive(Debug)]
pub(crate) struct ArrowResult {
    array: ArrayRef,
}

#[pymethods]
impl ArrowResult {
    /// The type and the array, as the Arrow PyCapsule interface says.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
        // By the interface a producer may leave the cast to the consumer.
        let _ = requested_schema;
        let array = FFI_ArrowArray::new(&self.array.to_data());
        let array = PyCapsule::new_with_value(py, array, c"arrow_array")?;
        Ok((self.__arrow_c_schema__(py)?, array))
    }

    /// The type, as the Arrow PyCapsule interface says.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(self.array.data_type()).map_err(of_arrow)?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    fn __len__(&self) -> usize {
        self.array.len()
    }

    fn __repr__(&self) -> String {
        format!(
            "<ai4fashion.ArrowResult: {} rows of {}>",
            self.array.len(),
            self.array.data_type()
        )
    }
}

/// What pyarrow makes of a result.
#[derive(Clone, Copy)]
enum Form {
    Batch,
    Array,
    Schema,
}

impl Form {
    fn give(self, py: Python<'_>, array: ArrayRef) -> PyResult<Bound<'_, PyAny>> {
        let result = Bound::new(py, ArrowResult { array })?.into_any();
        let pyarrow = match py.import(intern!(py, "pyarrow")) {
            Ok(pyarrow) => pyarrow,
            Err(error) if error.is_instance_of::<PyImportError>(py) => return Ok(result),
            Err(error) => return Err(error),
        };
        let name: &Bound<'_, PyString> = match self {
            Self::Batch => intern!(py, "record_batch"),
            Self::Array => intern!(py, "array"),
            Self::Schema => intern!(py, "schema"),
        };
        pyarrow.call_method1(name, (result,))
    }
}

/// Gives rows as a `pyarrow.RecordBatch`, or as an [`ArrowResult`] where there is no pyarrow.
///
/// A row that is null is one of nulls.
pub(crate) fn batch<'py>(py: Python<'py>, rows: &StructArray) -> PyResult<Bound<'py, PyAny>> {
    Form::Batch.give(py, Arc::new(without_nulls(rows)?))
}

/// Gives an array as a `pyarrow.Array`, or likewise.
pub(crate) fn array(py: Python<'_>, array: impl Array + 'static) -> PyResult<Bound<'_, PyAny>> {
    Form::Array.give(py, Arc::new(array))
}

/// Gives the schema of rows as a `pyarrow.Schema`, or likewise.
pub(crate) fn schema<'py>(py: Python<'py>, rows: &StructArray) -> PyResult<Bound<'py, PyAny>> {
    Form::Schema.give(py, Arc::new(without_nulls(rows)?))
}

/// A record batch has no nulls of its own; the columns have them already.
fn without_nulls(rows: &StructArray) -> PyResult<StructArray> {
    let (fields, columns) = (rows.fields().clone(), rows.columns().to_vec());
    StructArray::try_new_with_length(fields, columns, None, rows.len()).map_err(of_arrow)
}
