//! CSV tables that people write.

use std::path::Path;

use crate::error::{Error, ErrorKind};

/// Finds the indices of columns.
///
/// # Errors
/// If one is missing in the table at `path`.
pub(crate) fn columns<const N: usize>(
    path: &Path,
    header: &[&str],
    columns: [&'static str; N],
) -> Result<[usize; N], Error> {
    let mut indices = [0; N];
    for (index, column) in indices.iter_mut().zip(columns) {
        let found = header.iter().position(|name| *name == column);
        *index = found.ok_or_else(|| ErrorKind::Column {
            path: path.to_owned(),
            column,
            found: header.join(", "),
        })?;
    }
    Ok(indices)
}

/// Removes the mark that spreadsheets begin UTF-8 with.
pub(crate) fn without_mark(table: &[u8]) -> &[u8] {
    table.strip_prefix("\u{feff}".as_bytes()).unwrap_or(table)
}

/// The line where a row begins, as an editor counts. To `csv`, empty lines and the rest of the line
/// end before it are part of the row.
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
