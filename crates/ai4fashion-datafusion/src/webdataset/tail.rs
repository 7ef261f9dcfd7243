//! The end of a tar.

use std::{collections::VecDeque, io::Read};

/// Bytes of a block of a tar.
const BLOCK: usize = 512;

/// A reader that knows the last block that was read.
pub(super) struct Tail<R> {
    reader: R,
    last: VecDeque<u8>,
}

impl<R> Tail<R> {
    pub(super) fn new(reader: R) -> Self {
        let last = VecDeque::with_capacity(2 * BLOCK);
        Self { reader, last }
    }

    /// A tar ends with blocks of zeros.
    pub(super) fn is_end_mark(&self) -> bool {
        self.last.len() == BLOCK && self.last.iter().all(|byte| *byte == 0)
    }
}

impl<R: Read> Read for Tail<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.last.extend(&buffer[count.saturating_sub(BLOCK)..count]);
        let old = self.last.len().saturating_sub(BLOCK);
        self.last.drain(..old);
        Ok(count)
    }
}
