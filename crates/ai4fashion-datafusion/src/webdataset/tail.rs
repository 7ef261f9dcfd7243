//! The end of a tar.

use std::{collections::VecDeque, io::Read};

/// Bytes of a block of a tar.
pub(super) const BLOCK: usize = 512;

/// A reader that knows the last block that was read.
pub(super) struct Tail<R> {
    reader: R,
    last: VecDeque<u8>,
    total: u64,
}

impl<R> Tail<R> {
    pub(super) fn new(reader: R) -> Self {
        let last = VecDeque::with_capacity(2 * BLOCK);
        Self {
            reader,
            last,
            total: 0,
        }
    }

    /// Whether a block of zeros, with which a tar ends, was read behind the byte `end`.
    pub(super) fn has_end_mark(&self, end: u64) -> bool {
        let is_zero = self.last.len() == BLOCK && self.last.iter().all(|byte| *byte == 0);
        is_zero && self.total >= end + BLOCK as u64
    }
}

impl<R: Read> Read for Tail<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.total += count as u64;
        self.last.extend(&buffer[count.saturating_sub(BLOCK)..count]);
        let old = self.last.len().saturating_sub(BLOCK);
        self.last.drain(..old);
        Ok(count)
    }
}
