//! A tar as a table.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::{
    arrow::datatypes::SchemaRef,
    catalog::{Session, TableProvider},
    error::Result,
    logical_expr::{Expr, TableType},
    physical_plan::ExecutionPlan,
};

use super::{
    samples::schema,
    scan::{Counter, TarScan},
};

/// A tar file as a table of `key`, `name`, `bytes` and `json`.
///
/// As WebDataset has it, members with one key, the path up to the first dot of the name, are one
/// sample, and lie one behind the other. `bytes` is the sample's image, null if it has none; `json`
/// is its member of that name as text.
#[derive(Debug)]
pub(crate) struct TarTable {
    url: String,
    counter: Arc<Counter>,
}

impl TarTable {
    /// The tar at a whole URL, which is not opened yet.
    pub(crate) fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            counter: Arc::default(),
        }
    }

    /// The rows that scans of it have read, in this process.
    pub(crate) fn counter(&self) -> Arc<Counter> {
        Arc::clone(&self.counter)
    }

    #[cfg(feature = "cluster")]
    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

#[async_trait]
impl TableProvider for TarTable {
    fn schema(&self) -> SchemaRef {
        schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        _: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let scan = TarScan::new(&self.url, projection.cloned(), self.counter())?;
        Ok(Arc::new(scan))
    }
}
