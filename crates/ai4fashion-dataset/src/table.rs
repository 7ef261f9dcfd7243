//! What all CSV tables that people write need.

use std::path::Path;

use crate::error::{Error, ErrorKind};

/// Where each of these columns is.
///
/// # Errors
/// If one is missing in the table at `path`.
pub(crate) fn places<const N: usize>(
    path: &Path,
    header: &[&str],
    columns: [&'static str; N],
) -> Result<[usize; N], Error> {
    let mut places = [0; N];
    for (place, column) in places.iter_mut().zip(columns) {
        let found = header.iter().position(|name| *name == column);
        *place = found.ok_or_else(|| ErrorKind::Column {
            path: path.to_owned(),
            column,
            found: header.join(", "),
        })?;
    }
    Ok(places)
}

/// What makes an error of what the reader of a table says.
pub(crate) fn unreadable(path: &Path) -> impl Fn(csv::Error) -> Error {
    |source| {
        ErrorKind::Csv {
            path: path.to_owned(),
            source: source.into(),
        }
        .into()
    }
}

/// Bytes without the mark that spreadsheets begin UTF-8 with.
pub(crate) fn without_mark(table: &[u8]) -> &[u8] {
    table.strip_prefix("\u{feff}".as_bytes()).unwrap_or(table)
}

/// The line where a row begins, as an editor counts. To `csv`, what is left of the line end before, and empty lines, are
/// part of the row.
pub(crate) fn line(table: &[u8], row: Option<&csv::Position>) -> u64 {
    row.map_or(0, |row| {
        let rest = usize::try_from(row.byte())
            .ok()
            .and_then(|start| table.get(start..));
        let before = rest.unwrap_or_default().iter();
        let before = before.take_while(|byte| matches!(byte, b'\r' | b'\n'));
        row.line() + before.filter(|byte| **byte == b'\n').count() as u64
    })
}
