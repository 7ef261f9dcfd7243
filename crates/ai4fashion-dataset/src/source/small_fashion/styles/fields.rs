//! The fields of a row.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// Splits rows into fields. One reader serves all rows: making one costs more than reading a row.
#[derive(Debug)]
pub(in crate::source::small_fashion) struct Fields {
    reader: Reader,
    delimiter: u8,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Fields {
    pub(super) fn new(delimiter: u8) -> Self {
        Self {
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            delimiter,
            bytes: Vec::new(),
            ends: Vec::new(),
        }
    }

    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The trimmed fields of the first row in `text`, and whether there is no other.
    pub(super) fn of(&mut self, text: &str) -> (Vec<&str>, bool) {
        self.reader.reset();
        // A field is not longer than the row, and there is at most one field more than there are
        // delimiters.
        self.bytes.resize(text.len() + 1, 0);
        self.ends.resize(text.len() + 2, 0);
        let (mut read, mut written, mut count) = (0, 0, 0);
        loop {
            let input = &text.as_bytes()[read..];
            let (result, bytes_read, bytes_written, ends) =
                self.reader
                    .read_record(input, &mut self.bytes[written..], &mut self.ends[count..]);
            read += bytes_read;
            written += bytes_written;
            count += ends;
            // An empty rest tells the reader that the row ends.
            if !matches!(result, ReadRecordResult::InputEmpty) {
                break;
            }
        }
        // Splitting takes away whole characters only.
        let all = std::str::from_utf8(&self.bytes[..written]).unwrap_or_default();
        let mut start = 0;
        let fields = self.ends[..count].iter().map(|end| {
            let field = all.get(std::mem::replace(&mut start, *end)..*end);
            field.unwrap_or_default().trim()
        });
        (fields.collect(), read == text.len())
    }
}
