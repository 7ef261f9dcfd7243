//! Columns of bytes, in whichever of Arrow's layouts.

use arrow_array::{Array, cast::AsArray};
use arrow_schema::{ArrowError, DataType};

use crate::error::{invalid, wrong_type};

/// A column of bytes.
#[derive(Clone, Copy)]
pub(crate) struct Bytes<'a> {
    array: &'a dyn Array,
}

impl<'a> Bytes<'a> {
    /// Takes a column of bytes; `what` names it in the error.
    pub(crate) fn new(what: &str, array: &'a dyn Array) -> Result<Self, ArrowError> {
        use DataType::{Binary, BinaryView, FixedSizeBinary, LargeBinary};
        match array.data_type() {
            Binary | BinaryView | LargeBinary | FixedSizeBinary(_) => Ok(Self { array }),
            other => {
                let legal = "Binary, LargeBinary, BinaryView or FixedSizeBinary";
                Err(wrong_type(what, other, legal))
            }
        }
    }

    pub(crate) fn len(self) -> usize {
        self.array.len()
    }

    /// The bytes of a row; `None` if it is null.
    pub(crate) fn get(self, row: usize) -> Option<&'a [u8]> {
        if self.array.is_null(row) {
            return None;
        }
        Some(match self.array.data_type() {
            DataType::Binary => self.array.as_binary::<i32>().value(row),
            DataType::LargeBinary => self.array.as_binary::<i64>().value(row),
            DataType::BinaryView => self.array.as_binary_view().value(row),
            _ => self.array.as_fixed_size_binary().value(row),
        })
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Option<&'a [u8]>> {
        (0..self.len()).map(move |row| self.get(row))
    }

    /// Calls `read` with each row of `N` bytes; rows of other lengths are refused.
    pub(crate) fn read_exact<const N: usize, T>(
        self,
        what: &str,
        mut read: impl FnMut(&[u8; N]) -> T,
    ) -> Result<Vec<Option<T>>, ArrowError> {
        let rows = self.iter().enumerate().map(|(row, bytes)| {
            let Some(bytes) = bytes else {
                return Ok(None);
            };
            let exact = bytes.try_into().map_err(|_| {
                let found = bytes.len();
                invalid(format!("{what}: row {row} has {found} bytes, expected {N}"))
            });
            exact.map(|exact| Some(read(exact)))
        });
        rows.collect()
    }
}
