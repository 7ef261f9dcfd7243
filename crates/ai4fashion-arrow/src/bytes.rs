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

    /// Calls `read` with each of these rows, of `N` bytes; rows of other lengths are refused.
    pub(crate) fn exact<const N: usize, T>(
        self,
        what: &str,
        rows: impl Iterator<Item = usize>,
        mut read: impl FnMut(&[u8; N]) -> T,
    ) -> Result<Vec<T>, ArrowError> {
        let mut found = Vec::with_capacity(rows.size_hint().1.unwrap_or_default());
        for row in rows {
            let bytes = self.get(row).unwrap_or_default();
            let exact = bytes.try_into().map_err(|_| {
                let found = bytes.len();
                invalid(format!("{what}: row {row} has {found} bytes, expected {N}"))
            })?;
            found.push(read(exact));
        }
        Ok(found)
    }

    /// Calls `read` with each row of `N` bytes; rows of other lengths are refused.
    pub(crate) fn read_exact<const N: usize, T>(
        self,
        what: &str,
        mut read: impl FnMut(&[u8; N]) -> T,
    ) -> Result<Vec<Option<T>>, ArrowError> {
        let row = |row: usize| match self.get(row) {
            None => Ok(None),
            Some(_) => {
                let one = self.exact(what, std::iter::once(row), &mut read)?;
                Ok(one.into_iter().next())
            }
        };
        (0..self.len()).map(row).collect()
    }
}
