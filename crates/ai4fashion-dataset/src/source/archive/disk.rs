//! The file of an archive, with a repaired directory where its own is damaged.

use std::io;

use rawzip::{FileReader, ReaderAt};

/// The file of an archive.
#[derive(Debug)]
pub(super) struct Disk {
    file: FileReader,
    /// What is read in place of the file's own bytes, and where.
    patches: Vec<(u64, Vec<u8>)>,
}

impl Disk {
    pub(super) fn new(file: FileReader) -> Self {
        Self {
            file,
            patches: Vec::new(),
        }
    }

    /// Puts bytes in place of the file's own at an offset.
    pub(super) fn patch(&mut self, offset: u64, bytes: Vec<u8>) {
        self.patches.push((offset, bytes));
    }
}

impl ReaderAt for Disk {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut until = u64::MAX;
        for (start, bytes) in self.patches.iter().rev() {
            match offset.checked_sub(*start) {
                Some(inside) => {
                    let rest = usize::try_from(inside)
                        .ok()
                        .and_then(|inside| bytes.get(inside..));
                    if let Some(rest) = rest.filter(|rest| !rest.is_empty()) {
                        return rest.read_at(buffer, 0);
                    }
                }
                None => until = until.min(*start - offset),
            }
        }
        let length = buffer.len().min(usize::try_from(until).unwrap_or(usize::MAX));
        self.file.read_at(&mut buffer[..length], offset)
    }
}
