//! Plans that read a tar, on their way between a client, a scheduler and executors.

use std::{any::Any, sync::Arc};

use ballista_core::serde::{BallistaLogicalExtensionCodec, BallistaPhysicalExtensionCodec};
use datafusion::{
    arrow::datatypes::SchemaRef,
    catalog::TableProvider,
    common::TableReference,
    datasource::file_format::FileFormatFactory,
    error::Result,
    execution::TaskContext,
    logical_expr::{Extension, LogicalPlan},
    physical_plan::ExecutionPlan,
};
use datafusion_proto::{
    logical_plan::LogicalExtensionCodec,
    physical_plan::{PhysicalExtensionCodec, PhysicalProtoConverterExtension},
};
use serde::{Deserialize, Serialize};

use super::{scan::TarScan, table::TarTable};
use crate::error::execution;

/// What our bytes begin with; Ballista's own are protocol buffers.
const MARK: &[u8] = b"ai4fashion-datafusion:tar:";

/// A tar that is read.
#[derive(Serialize, Deserialize)]
struct Node {
    url: String,
    projection: Option<Vec<usize>>,
}

impl Node {
    fn encode(&self, to: &mut Vec<u8>) -> Result<()> {
        to.extend_from_slice(MARK);
        serde_json::to_writer(to, self).map_err(|error| execution(error.to_string()))
    }

    /// `None` for bytes of others.
    fn decode(bytes: &[u8]) -> Result<Option<Self>> {
        let node = bytes.strip_prefix(MARK).map(serde_json::from_slice);
        node.transpose().map_err(|error| execution(error.to_string()))
    }
}

/// Ballista's codec of logical plans, and tables of tars.
#[derive(Debug, Default)]
pub(crate) struct LogicalCodec(BallistaLogicalExtensionCodec);

impl LogicalExtensionCodec for LogicalCodec {
    fn try_decode(&self, bytes: &[u8], inputs: &[LogicalPlan], context: &TaskContext) -> Result<Extension> {
        self.0.try_decode(bytes, inputs, context)
    }

    fn try_encode(&self, node: &Extension, to: &mut Vec<u8>) -> Result<()> {
        self.0.try_encode(node, to)
    }

    fn try_decode_table_provider(
        &self,
        bytes: &[u8],
        table: &TableReference,
        schema: SchemaRef,
        context: &TaskContext,
    ) -> Result<Arc<dyn TableProvider>> {
        match Node::decode(bytes)? {
            Some(node) => Ok(Arc::new(TarTable::new(node.url))),
            None => self.0.try_decode_table_provider(bytes, table, schema, context),
        }
    }

    fn try_encode_table_provider(
        &self,
        table: &TableReference,
        provider: Arc<dyn TableProvider>,
        to: &mut Vec<u8>,
    ) -> Result<()> {
        let any: &dyn Any = provider.as_ref();
        let Some(tar) = any.downcast_ref::<TarTable>() else {
            return self.0.try_encode_table_provider(table, provider, to);
        };
        let node = Node {
            url: tar.url().to_owned(),
            projection: None,
        };
        node.encode(to)
    }

    fn try_decode_file_format(
        &self,
        bytes: &[u8],
        context: &TaskContext,
    ) -> Result<Arc<dyn FileFormatFactory>> {
        self.0.try_decode_file_format(bytes, context)
    }

    fn try_encode_file_format(&self, to: &mut Vec<u8>, node: Arc<dyn FileFormatFactory>) -> Result<()> {
        self.0.try_encode_file_format(to, node)
    }
}

/// Ballista's codec of physical plans, and scans of tars.
#[derive(Debug, Default)]
pub(crate) struct PhysicalCodec(BallistaPhysicalExtensionCodec);

impl PhysicalExtensionCodec for PhysicalCodec {
    fn try_decode(
        &self,
        bytes: &[u8],
        inputs: &[Arc<dyn ExecutionPlan>],
        context: &TaskContext,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        match Node::decode(bytes)? {
            Some(node) => {
                let scan = TarScan::new(&node.url, node.projection, Arc::default())?;
                Ok(Arc::new(scan))
            }
            None => self.0.try_decode(bytes, inputs, context, converter),
        }
    }

    fn try_encode(
        &self,
        node: Arc<dyn ExecutionPlan>,
        to: &mut Vec<u8>,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<()> {
        let Some(scan) = node.downcast_ref::<TarScan>() else {
            return self.0.try_encode(node, to, converter);
        };
        let node = Node {
            url: scan.url().to_owned(),
            projection: scan.projection().map(<[_]>::to_vec),
        };
        node.encode(to)
    }
}
