//! What all CSV tables that people write need.

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
