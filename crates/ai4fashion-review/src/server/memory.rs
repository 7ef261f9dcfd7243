//! How much memory the requests of all clients may take.

use std::sync::atomic::{AtomicUsize, Ordering};

/// The largest table of annotations: as long as the data set, with generous rows.
const MAX_TABLE: usize = 64 << 20;
/// The most bytes of a row: a file's name, in quotes, two labels before and after, and a time.
const MAX_ROW: usize = 1 << 10;
/// What a table of a small data set may have beyond its rows.
const SLACK: usize = 64 << 10;
/// The most bytes of tables at the same time.
const MAX_TABLES: usize = MAX_TABLE;

/// The most bytes of a table of annotations for a data set of this many images.
pub(super) fn max_table(images: usize) -> usize {
    images
        .saturating_mul(MAX_ROW)
        .saturating_add(SLACK)
        .min(MAX_TABLE)
}

/// Whether a table has more rows than one of this many images can have.
///
/// A row is at least a line, and a good table names an image once. Twice as many lines leave room
/// for names with line breaks.
pub(super) fn has_too_many_rows(table: &[u8], images: usize) -> bool {
    let lines = table.iter().filter(|byte| matches!(byte, b'\n' | b'\r'));
    lines.count() > images.saturating_mul(4).saturating_add(32)
}

/// The bytes of all tables in memory.
#[derive(Debug, Default)]
pub(super) struct Tables(AtomicUsize);

/// The bytes of one table; dropping it frees them.
#[derive(Debug)]
pub(super) struct Held<'a> {
    all: &'a Tables,
    bytes: usize,
}

impl Tables {
    pub(super) fn hold(&self) -> Held<'_> {
        Held { all: self, bytes: 0 }
    }
}

impl Held<'_> {
    /// Takes more bytes; `false` if all tables together are too large.
    pub(super) fn grow(&mut self, bytes: usize) -> bool {
        self.bytes += bytes;
        self.all.0.fetch_add(bytes, Ordering::Relaxed) + bytes <= MAX_TABLES
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.all.0.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_together_have_a_limit_and_free_what_they_held() {
        let all = Tables::default();
        let (mut first, mut second) = (all.hold(), all.hold());
        assert!(first.grow(MAX_TABLES / 2) && second.grow(MAX_TABLES / 2));
        assert!(!second.grow(1));
        drop(second);
        assert!(first.grow(MAX_TABLES / 2));
        drop(first);
        assert_eq!(all.0.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn table_is_as_long_as_the_data_set() {
        assert_eq!(max_table(0), SLACK);
        assert_eq!(max_table(usize::MAX), MAX_TABLE);
        assert!(max_table(44_000) >= 44_000 * 1000);
        let rows = |count| "x,\r\n".repeat(count);
        assert!(!has_too_many_rows(rows(101).as_bytes(), 100));
        assert!(has_too_many_rows(rows(1000).as_bytes(), 100));
    }
}
