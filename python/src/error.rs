//! Errors as Python's exceptions.

use arrow_schema::ArrowError;
use pyo3::{
    PyErr,
    exceptions::{PyTypeError, PyValueError},
};

/// Says that an argument has a value that is not taken.
pub(crate) fn illegal(message: impl Into<String>) -> PyErr {
    PyValueError::new_err(message.into())
}

/// Says that an argument has a type that is not taken.
pub(crate) fn wrong_type(message: impl Into<String>) -> PyErr {
    PyTypeError::new_err(message.into())
}

/// Turns an error of the kernel into an exception; all of them are about arguments.
pub(crate) fn of_arrow(error: ArrowError) -> PyErr {
    match error {
        ArrowError::InvalidArgumentError(message) => illegal(message),
        ArrowError::OffsetOverflowError(bytes) => illegal(format!(
            "a column of the result would have {bytes} bytes, expected at most {}; label fewer rows \
             in a call, 64 to 256 do well",
            i32::MAX
        )),
        other => illegal(other.to_string()),
    }
}
