//! Sessions with settings that suit large files in rows.

use std::sync::Arc;

use datafusion::{
    error::Result,
    execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder},
    prelude::{SessionConfig, SessionContext},
};

use crate::stores::ObjectStores;

/// Rows of a batch. DataFusion's own 8,192 are gigabytes of photos.
const BATCH: usize = 256;
/// Rows of a row group, which a writer holds in memory. The option in bytes has no effect on
/// DataFusion 55's default writer.
const ROW_GROUP: usize = 1024;

/// Sets what labelling needs.
///
/// ```
/// use ai4fashion_datafusion::session_config;
/// use ai4fashion_datafusion::datafusion::prelude::SessionConfig;
///
/// assert_eq!(session_config(SessionConfig::new()).batch_size(), 256);
/// ```
#[must_use]
pub fn session_config(config: SessionConfig) -> SessionConfig {
    let mut config = config.with_batch_size(BATCH);
    let options = config.options_mut();
    // Otherwise the function is called once for each field that is taken from its struct.
    options.optimizer.enable_leaf_expression_pushdown = false;
    options.execution.parquet.max_row_group_size = ROW_GROUP;
    // Shards may lie in folders of their own.
    options.execution.listing_table_ignore_subdirectory = false;
    // Ballista has it so; otherwise the same shard would have other types, and so other bytes.
    options.execution.parquet.schema_force_view_types = false;
    config
}

/// A session with these settings, with object stores, and without our functions: see
/// [`register`](crate::register).
///
/// # Errors
/// If its runtime cannot be made.
pub fn context() -> Result<SessionContext> {
    let config = session_config(SessionConfig::new());
    Ok(SessionContext::new_with_config_rt(
        config,
        runtime(Arc::default())?,
    ))
}

/// A session in which a shard is one task: its file is read and written in order.
pub(crate) fn for_shards() -> Result<SessionContext> {
    let context = context()?;
    context
        .state_ref()
        .write()
        .config_mut()
        .options_mut()
        .execution
        .target_partitions = 1;
    Ok(context)
}

pub(crate) fn runtime(stores: Arc<ObjectStores>) -> Result<Arc<RuntimeEnv>> {
    RuntimeEnvBuilder::new()
        .with_object_store_registry(stores)
        .build_arc()
}
