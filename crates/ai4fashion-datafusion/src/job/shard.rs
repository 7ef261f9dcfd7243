//! One shard: read, label and write it, count, and only then give it its name.

use std::{collections::BTreeMap, panic::AssertUnwindSafe, sync::Arc};

use ai4fashion_arrow::fields;
use datafusion::{
    arrow::array::{Array, AsArray, RecordBatch},
    arrow::datatypes::{Int64Type, UInt64Type},
    common::config::{MaxRowGroupBytes, ParquetColumnOptions, TableParquetOptions},
    dataframe::{DataFrame, DataFrameWriteOptions},
    error::Result,
    execution::FunctionRegistry,
    functions_aggregate::expr_fn::count,
    logical_expr::lit,
    prelude::{ParquetReadOptions, SessionContext},
};
use futures::FutureExt;
use object_store::{ObjectStoreExt, path::Path};
use tokio::sync::OnceCell;

use super::{
    columns::{Columns, column},
    done::{self, Counts, Done},
    footer,
    made_with::MadeWith,
    options::JobOptions,
    output::Output,
    shards::{Kind, Shard},
};
use crate::{
    error::execution,
    webdataset::{Counter, TarTable},
};

/// Rows of a row group of the output.
const ROW_GROUP: usize = 1024;
/// Bytes of a row group, which the writer holds in memory, whatever the size of the images.
const ROW_GROUP_BYTES: usize = 64 << 20;
/// The column of the function's result, until it is taken apart.
const LABEL: &str = "ai4fashion_label";

/// What all shards of a job share.
pub(super) struct Work {
    /// Where queries run.
    pub(super) context: SessionContext,
    /// Where files are looked at, in this process.
    pub(super) local: SessionContext,
    pub(super) is_cluster: bool,
    pub(super) options: JobOptions,
    pub(super) made_with: MadeWith,
    /// Whether the folder is known to be of these settings.
    pub(super) claimed: OnceCell<()>,
    pub(super) output: Output,
}

impl Work {
    /// Labels a shard. On an error nothing of it is left behind.
    pub(super) async fn label(&self, shard: &Shard) -> Result<Counts> {
        // A failed write leaves a valid Parquet file with some of the rows.
        let partial = self.output.partial(&shard.name);
        let labelled = AssertUnwindSafe(self.label_to(shard, &partial))
            .catch_unwind()
            .await;
        let result = labelled.unwrap_or_else(|_| {
            Err(execution(
                "panicked: the file is damaged, or it is a fault of this program",
            ))
        });
        if result.is_err() {
            // It may not be there.
            let _ = self.output.store.delete(&partial).await;
        }
        result
    }

    async fn label_to(&self, shard: &Shard, partial: &Path) -> Result<Counts> {
        let (table, expected) = self.open(shard).await?;
        let columns = Columns::choose(&self.options, table.schema().as_arrow())?;
        let labelled = self.with_labels(table, &columns)?;
        let url = self.output.url_of(partial);
        let one_file = DataFrameWriteOptions::new().with_single_file_output(true);
        let written = labelled
            .write_parquet(&url, one_file, Some(self.parquet_options()))
            .await?;
        let told = rows_told(&written);
        let read = ParquetReadOptions::new().file_extension("");
        let partial_table = self.local.read_parquet(url, read).await?;
        let counts = counts(partial_table).await?;
        let expected = expected.rows()?;
        if counts.rows != expected || told.is_some_and(|told| told != expected) {
            let message = format!("{} of {expected} rows were written", counts.rows);
            return Err(execution(message));
        }
        let input = shard.store.head(&shard.meta.location).await?;
        if (input.size, input.last_modified.timestamp()) != (shard.meta.size, shard.modified()) {
            return Err(execution(format!(
                "`{}` has changed since the job began",
                shard.url
            )));
        }
        let store = &self.output.store;
        let meta = store.head(partial).await?;
        self.output.sync(partial)?;
        let done = Done {
            input: shard.url.clone(),
            input_bytes: shard.meta.size,
            input_modified: shard.modified(),
            output_bytes: meta.size,
            counts: counts.clone(),
        };
        let claim = self
            .claimed
            .get_or_try_init(|| self.made_with.claim(&self.output));
        claim.await?;
        let file = self.output.file(&shard.name);
        // An older output must not count as this one.
        match store.delete(&file).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        done::write(&self.output, &shard.name, &done).await?;
        store.rename(partial, &file).await?;
        Ok(counts)
    }

    /// The rows of a shard, and how many there must be.
    async fn open(&self, shard: &Shard) -> Result<(DataFrame, Expected)> {
        match shard.kind {
            Kind::Parquet => {
                let rows = footer::rows(shard).await?;
                let table = self
                    .context
                    .read_parquet(&shard.url, ParquetReadOptions::new())
                    .await?;
                Ok((table, Expected::Known(rows)))
            }
            Kind::Tar => {
                let tar = TarTable::new(&*shard.url);
                let counter = tar.counter();
                let table = self.context.read_table(Arc::new(tar))?;
                let expected = match self.is_cluster {
                    // The counter is in another process; a tar has no footer that says it.
                    true => Expected::Known(table.clone().count().await? as u64),
                    false => Expected::Counted(counter),
                };
                Ok((table, expected))
            }
        }
    }

    /// The kept columns, then the labels' fields.
    fn with_labels(&self, table: DataFrame, columns: &Columns) -> Result<DataFrame> {
        let function = self.context.udf(LABEL)?;
        let mut arguments = vec![columns.file.clone(), lit(self.options.settings.to_json()?)];
        arguments.extend(columns.product_type.clone());
        let label = function.call(arguments).alias(LABEL);
        let kept = || columns.keep.iter().map(|name| column(name));
        let table = table.select(kept().chain([label]))?;
        // Not by taking fields: DataFusion 55 would call the function for each.
        let table = table.unnest_columns(&[LABEL])?;
        let fields = fields(self.options.settings.image);
        let labels = fields.iter().map(|field| {
            let name = format!("{LABEL}.{}", field.name());
            column(&name).alias(field.name())
        });
        table.select(kept().chain(labels))
    }

    fn parquet_options(&self) -> TableParquetOptions {
        let mut options = TableParquetOptions::new();
        options.global.max_row_group_size = ROW_GROUP;
        options.global.max_row_group_bytes = MaxRowGroupBytes::try_new(ROW_GROUP_BYTES).ok();
        // It would ignore the bytes of a row group.
        options.global.allow_single_file_parallelism = false;
        // Bytes that no codec makes smaller, and whose smallest and largest say nothing.
        for name in ["image", "pixels_blake3", "perceptual_hash"] {
            let column = ParquetColumnOptions {
                compression: Some("uncompressed".to_owned()),
                dictionary_enabled: Some(false),
                statistics_enabled: Some("none".to_owned()),
                ..Default::default()
            };
            options.column_specific_options.insert(name.to_owned(), column);
        }
        options
    }
}

/// The rows that a shard must have.
enum Expected {
    Known(u64),
    /// As many as were read.
    Counted(Arc<Counter>),
}

impl Expected {
    fn rows(&self) -> Result<u64> {
        match self {
            Self::Known(rows) => Ok(*rows),
            Self::Counted(counter) => counter
                .rows()
                .ok_or_else(|| execution("the tar file was not read to its end")),
        }
    }
}

/// What the engine says that it has written.
fn rows_told(batches: &[RecordBatch]) -> Option<u64> {
    let counts = batches.iter().filter_map(|batch| {
        let column = batch.column_by_name("count")?;
        let counts = column.as_primitive_opt::<UInt64Type>()?;
        Some(counts.iter().flatten().sum::<u64>())
    });
    counts.reduce(|sum, count| sum + count)
}

/// Counts rows by their reason.
async fn counts(table: DataFrame) -> Result<Counts> {
    let of = |name: &str| count(column(name)).alias(format!("count_of_{name}"));
    let by_reason = table.aggregate(
        vec![column("reason")],
        vec![count(lit(1)).alias("count_of_all"), of("color")],
    )?;
    let mut counts = Counts {
        reasons: BTreeMap::new(),
        ..Counts::default()
    };
    for batch in by_reason.collect().await? {
        let number = |name: &str, row: usize| -> Result<u64> {
            let column = batch.column_by_name(name).ok_or_else(|| execution("no counts"))?;
            Ok(column.as_primitive::<Int64Type>().value(row) as u64)
        };
        let reasons =
            datafusion::arrow::compute::cast(batch.column(0), &datafusion::arrow::datatypes::DataType::Utf8)?;
        let reasons = reasons.as_string::<i32>();
        for row in 0..batch.num_rows() {
            let (all, labelled) = (number("count_of_all", row)?, number("count_of_color", row)?);
            counts.rows += all;
            if reasons.is_valid(row) {
                *counts.reasons.entry(reasons.value(row).to_owned()).or_default() += all;
            } else {
                counts.labelled += labelled;
                counts.null += all - labelled;
            }
        }
    }
    Ok(counts)
}
