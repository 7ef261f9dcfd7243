//! Columns from other libraries, by Arrow's C data interface in Python's capsules.
//!
//! <https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html>. Each object that
//! has `__arrow_c_array__` or `__arrow_c_stream__` promises that its capsules hold what the
//! interface says; nothing can check the promise, which is why the code is unsafe.
#![expect(
    unsafe_code,
    reason = "pointers of the C interface; each block has its reason"
)]

use std::ffi::{CStr, c_int};

use arrow_array::{
    ArrayRef,
    ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi},
    ffi_stream::FFI_ArrowArrayStream,
    make_array, new_empty_array,
};
use arrow_schema::{ArrowError, DataType};
use pyo3::{
    prelude::*,
    types::{PyCapsule, PyTuple},
};

use crate::error::{illegal, of_arrow, wrong_type};

const LEGAL: &str =
    "an Arrow array or chunked array (an object with `__arrow_c_array__` or `__arrow_c_stream__`)";

/// Takes over the chunks of a column, of which there is at least one; `what` names the argument.
///
/// The bytes are not copied.
pub(crate) fn import(what: &str, object: &Bound<'_, PyAny>) -> PyResult<Vec<ArrayRef>> {
    if let Some(export) = object.getattr_opt("__arrow_c_array__")? {
        let capsules = export.call0()?;
        let (schema, array): (Bound<'_, PyCapsule>, Bound<'_, PyCapsule>) =
            capsules.cast::<PyTuple>()?.extract()?;
        return Ok(vec![of_array(what, &schema, &array)?]);
    }
    if let Some(export) = object.getattr_opt("__arrow_c_stream__")? {
        return of_stream(what, export.call0()?.cast()?);
    }
    let found = object.get_type().qualname()?;
    Err(wrong_type(format!("{what} is of type {found}, expected {LEGAL}")))
}

/// A structure of the C interface, which a consumer moves out of its capsule.
trait Movable: Sized {
    const NAME: &'static CStr;

    /// What is left behind.
    fn empty() -> Self;

    /// Whether another consumer has moved it.
    fn is_empty(&self) -> bool;
}

macro_rules! movable {
    ($kind:ty, $name:literal) => {
        impl Movable for $kind {
            const NAME: &'static CStr = $name;

            fn empty() -> Self {
                Self::empty()
            }

            fn is_empty(&self) -> bool {
                self.release.is_none()
            }
        }
    };
}

movable!(FFI_ArrowSchema, c"arrow_schema");
movable!(FFI_ArrowArray, c"arrow_array");
movable!(FFI_ArrowArrayStream, c"arrow_array_stream");

/// Takes a structure out of its capsule, which is empty then.
fn taken<T: Movable>(what: &str, capsule: &Bound<'_, PyCapsule>) -> PyResult<T> {
    let place = capsule.pointer_checked(Some(T::NAME))?.cast::<T>();
    // SAFETY: a capsule of this name holds a `T` by the interface. We are attached to the
    // interpreter and run no Python code here, so that nobody else uses it.
    let found = unsafe { place.replace(T::empty()) };
    if found.is_empty() {
        return Err(illegal(format!("{what} has been taken from its capsule before")));
    }
    Ok(found)
}

fn of_array(what: &str, schema: &Bound<'_, PyCapsule>, array: &Bound<'_, PyCapsule>) -> PyResult<ArrayRef> {
    let schema: FFI_ArrowSchema = taken(what, schema)?;
    imported(taken(what, array)?, &schema).map_err(of_arrow)
}

fn imported(array: FFI_ArrowArray, schema: &FFI_ArrowSchema) -> Result<ArrayRef, ArrowError> {
    // SAFETY: the producer promises that the array has the form that the schema says.
    let data = unsafe { from_ffi(array, schema) }?;
    Ok(make_array(data))
}

fn of_stream(what: &str, capsule: &Bound<'_, PyCapsule>) -> PyResult<Vec<ArrayRef>> {
    let mut stream = Stream(taken(what, capsule)?);
    let schema = stream
        .schema()
        .map_err(|message| illegal(format!("{what}: {message}")))?;
    let mut chunks = Vec::new();
    while let Some(chunk) = stream
        .next()
        .map_err(|message| illegal(format!("{what}: {message}")))?
    {
        chunks.push(imported(chunk, &schema).map_err(of_arrow)?);
    }
    if chunks.is_empty() {
        let data_type = DataType::try_from(&schema).map_err(of_arrow)?;
        chunks.push(new_empty_array(&data_type));
    }
    Ok(chunks)
}

/// A stream that has not been released. arrow-array's reader takes streams of tables alone.
struct Stream(FFI_ArrowArrayStream);

impl Stream {
    fn schema(&mut self) -> Result<FFI_ArrowSchema, String> {
        let get = self.0.get_schema.ok_or("the stream has no `get_schema`")?;
        let mut schema = FFI_ArrowSchema::empty();
        // SAFETY: the stream is there, and `schema` is a place for the result.
        let code = unsafe { get(&raw mut self.0, &raw mut schema) };
        self.checked(code).map(|()| schema)
    }

    fn next(&mut self) -> Result<Option<FFI_ArrowArray>, String> {
        let get = self.0.get_next.ok_or("the stream has no `get_next`")?;
        let mut array = FFI_ArrowArray::empty();
        // SAFETY: as above.
        let code = unsafe { get(&raw mut self.0, &raw mut array) };
        self.checked(code)?;
        Ok(Some(array).filter(|array| !array.is_released()))
    }

    fn checked(&mut self, code: c_int) -> Result<(), String> {
        if code == 0 {
            return Ok(());
        }
        let message = self.0.get_last_error.map(|get| {
            // SAFETY: the stream is there; the text, if any, lives until the next call.
            unsafe {
                let text = get(&raw mut self.0);
                (!text.is_null()).then(|| CStr::from_ptr(text).to_string_lossy().into_owned())
            }
        });
        Err(message
            .flatten()
            .unwrap_or_else(|| format!("the stream failed with code {code}")))
    }
}
