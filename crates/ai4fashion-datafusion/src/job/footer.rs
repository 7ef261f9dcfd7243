//! What a Parquet file says of itself at its end.

use std::collections::HashSet;

use datafusion::{datasource::physical_plan::parquet::metadata::DFParquetMetadata, error::Result};

use super::shards::Shard;
use crate::error::plan;

/// The rows of a Parquet shard.
///
/// # Errors
/// If it is none, or two columns have one name: DataFusion would keep the first without a word.
pub(super) async fn rows(shard: &Shard) -> Result<u64> {
    let footer = DFParquetMetadata::new(&*shard.store, &shard.meta);
    let footer = footer.fetch_metadata().await?;
    let file = footer.file_metadata();
    let mut names = HashSet::new();
    for column in file.schema_descr().root_schema().get_fields() {
        if !names.insert(column.name()) {
            let message = format!("`{}` has two columns `{}`", shard.url, column.name());
            return Err(plan(message));
        }
    }
    Ok(u64::try_from(file.num_rows()).unwrap_or_default())
}
