//! The plan that reads a tar.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use datafusion::{
    arrow::datatypes::SchemaRef,
    common::tree_node::TreeNodeRecursion,
    datasource::listing::ListingTableUrl,
    error::{DataFusionError, Result},
    execution::TaskContext,
    physical_expr::{EquivalenceProperties, Partitioning, PhysicalExpr},
    physical_plan::{
        DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties, SendableRecordBatchStream,
        execution_plan::{Boundedness, EmissionType},
        stream::RecordBatchReceiverStreamBuilder,
    },
};
use futures::StreamExt;
use object_store::ObjectStoreExt;
use tokio::sync::mpsc;

use super::{
    pieces::Pieces,
    samples::{Samples, schema},
};
use crate::error::execution;

/// Pieces of the file that are read ahead.
const AHEAD: usize = 4;
const NO_ROWS: u64 = u64::MAX;

/// The rows that were read, when all were.
#[derive(Debug)]
pub(crate) struct Counter(AtomicU64);

impl Default for Counter {
    fn default() -> Self {
        Self(AtomicU64::new(NO_ROWS))
    }
}

impl Counter {
    pub(crate) fn rows(&self) -> Option<u64> {
        Some(self.0.load(Ordering::Acquire)).filter(|rows| *rows != NO_ROWS)
    }
}

/// Reads a tar from its beginning to its end: one partition.
#[derive(Debug)]
pub(super) struct TarScan {
    url: ListingTableUrl,
    projection: Option<Vec<usize>>,
    counter: Arc<Counter>,
    properties: Arc<PlanProperties>,
}

impl TarScan {
    pub(super) fn new(url: &str, projection: Option<Vec<usize>>, counter: Arc<Counter>) -> Result<Self> {
        let projected: SchemaRef = match &projection {
            Some(columns) => Arc::new(schema().project(columns)?),
            None => schema(),
        };
        let properties = PlanProperties::new(
            EquivalenceProperties::new(projected),
            Partitioning::UnknownPartitioning(1),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        Ok(Self {
            url: ListingTableUrl::parse(url)?,
            projection,
            counter,
            properties: Arc::new(properties),
        })
    }

    #[cfg(feature = "cluster")]
    pub(super) fn url(&self) -> &str {
        self.url.as_str()
    }

    #[cfg(feature = "cluster")]
    pub(super) fn projection(&self) -> Option<&[usize]> {
        self.projection.as_deref()
    }
}

impl DisplayAs for TarScan {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "TarScan: {}, projection={:?}",
            self.url.as_str(),
            self.projection
        )
    }
}

impl ExecutionPlan for TarScan {
    fn name(&self) -> &'static str {
        "TarScan"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(self: Arc<Self>, _: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn execute(&self, _: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let store = context.runtime_env().object_store(&self.url)?;
        let location = self.url.prefix().clone();
        let mut stream = RecordBatchReceiverStreamBuilder::new(self.schema(), 2);
        let (to_reader, pieces) = mpsc::channel(AHEAD);
        stream.spawn(async move {
            let mut bytes = match store.get(&location).await {
                Ok(found) => found.into_stream(),
                Err(error) => futures::stream::once(async { Err(error) }).boxed(),
            };
            while let Some(piece) = bytes.next().await {
                let piece = piece.map_err(std::io::Error::other);
                if to_reader.send(piece).await.is_err() {
                    break;
                }
            }
            Ok(())
        });
        let to = stream.tx();
        let mut samples = Samples::new(context.session_config().batch_size(), self.projection.clone());
        let (url, counter) = (self.url.as_str().to_owned(), Arc::clone(&self.counter));
        stream.spawn_blocking(move || {
            let read = samples.read(Pieces::new(pieces), &url, |batch| {
                to.blocking_send(Ok(batch))
                    .map_err(|_| execution("the query has ended"))
            });
            read.map_err(|error| match error {
                DataFusionError::IoError(error) => execution(format!("`{url}`: {error}")),
                other => other,
            })?;
            counter.0.store(samples.count, Ordering::Release);
            Ok(())
        });
        Ok(stream.build())
    }
}
