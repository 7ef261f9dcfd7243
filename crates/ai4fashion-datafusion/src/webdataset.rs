//! WebDataset tars as a table: a row for each sample.

mod samples;
mod tail;

use std::{
    io::Read,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use datafusion::{
    arrow::datatypes::SchemaRef,
    catalog::{TableProvider, streaming::StreamingTable},
    error::{DataFusionError, Result},
    execution::TaskContext,
    physical_plan::{
        SendableRecordBatchStream, stream::RecordBatchReceiverStreamBuilder, streaming::PartitionStream,
    },
};
use futures::StreamExt;
use object_store::{ObjectStore, ObjectStoreExt, path::Path};
use tokio::sync::mpsc;

use crate::error::execution;
use samples::Samples;

/// Pieces of the file that are read ahead.
const AHEAD: usize = 4;
const NO_ROWS: u64 = u64::MAX;

/// A tar file as a table of `key`, `name`, `bytes` and `json`.
///
/// As WebDataset has it, members with one key, the path up to the first dot of the name, are one
/// sample, and lie one behind the other. `bytes` is the sample's image, null if it has none; `json`
/// is its member of that name as text.
#[derive(Debug)]
pub(crate) struct Table {
    schema: SchemaRef,
    store: Arc<dyn ObjectStore>,
    location: Path,
    counter: Arc<Counter>,
}

/// The rows that were read, when all were.
#[derive(Debug)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn rows(&self) -> Option<u64> {
        Some(self.0.load(Ordering::Acquire)).filter(|rows| *rows != NO_ROWS)
    }
}

impl Table {
    pub(crate) fn new(store: Arc<dyn ObjectStore>, location: Path) -> Self {
        Self {
            schema: samples::schema(),
            store,
            location,
            counter: Arc::new(Counter(AtomicU64::new(NO_ROWS))),
        }
    }

    pub(crate) fn counter(&self) -> Arc<Counter> {
        Arc::clone(&self.counter)
    }

    pub(crate) fn into_provider(self) -> Result<Arc<dyn TableProvider>> {
        let schema = Arc::clone(&self.schema);
        Ok(Arc::new(StreamingTable::try_new(schema, vec![Arc::new(self)])?))
    }
}

impl PartitionStream for Table {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let mut stream = RecordBatchReceiverStreamBuilder::new(Arc::clone(&self.schema), 2);
        let (to_reader, pieces) = mpsc::channel(AHEAD);
        let (store, location) = (Arc::clone(&self.store), self.location.clone());
        let mut read_to = Some(to_reader);
        stream.spawn(async move {
            let Some(to) = read_to.take() else { return Ok(()) };
            let mut bytes = store.get(&location).await?.into_stream();
            while let Some(piece) = bytes.next().await {
                if to.send(piece.map_err(std::io::Error::other)).await.is_err() {
                    break;
                }
            }
            Ok(())
        });
        let to = stream.tx();
        let (schema, counter) = (Arc::clone(&self.schema), Arc::clone(&self.counter));
        let (rows, location) = (context.session_config().batch_size(), self.location.clone());
        stream.spawn_blocking(move || {
            let pieces = Pieces {
                pieces,
                piece: Bytes::new(),
            };
            let named = |error: DataFusionError| match error {
                DataFusionError::IoError(error) => execution(format!("`{location}`: {error}")),
                other => other,
            };
            let mut samples = Samples::new(schema, rows);
            let send = |batch| {
                to.blocking_send(Ok(batch))
                    .map_err(|_| execution("the query has ended"))
            };
            samples.read(pieces, &location, send).map_err(named)?;
            counter.0.store(samples.count, Ordering::Release);
            Ok(())
        });
        stream.build()
    }
}

/// Pieces of a file as one reader, for a thread that may wait.
struct Pieces {
    pieces: mpsc::Receiver<std::io::Result<Bytes>>,
    piece: Bytes,
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
