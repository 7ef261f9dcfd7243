//! Pieces of a file as one reader.

use std::io::Read;

use bytes::Bytes;
use tokio::sync::mpsc;

/// Pieces of a file as one reader, for a thread that may wait.
pub(super) struct Pieces {
    pieces: mpsc::Receiver<std::io::Result<Bytes>>,
    piece: Bytes,
}

impl Pieces {
    pub(super) fn new(pieces: mpsc::Receiver<std::io::Result<Bytes>>) -> Self {
        Self {
            pieces,
            piece: Bytes::new(),
        }
    }
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.piece.is_empty() {
            match self.pieces.blocking_recv() {
                Some(piece) => self.piece = piece?,
                None => return Ok(0),
            }
        }
        let count = buffer.len().min(self.piece.len());
        buffer[..count].copy_from_slice(&self.piece.split_to(count));
        Ok(count)
    }
}
