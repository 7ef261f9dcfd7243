//! Jobs in this process, and what they wrote.

use std::{fs, path::Path};

use ai4fashion_datafusion::{
    Job, JobOptions, Report,
    datafusion::arrow::{array::RecordBatch, compute::concat_batches},
    job::ShardOutcome,
    root_cause,
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

pub(crate) async fn run(options: JobOptions, input: &Path, out: &Path) -> Report {
    try_run(options, &[input], out).await.unwrap()
}

pub(crate) async fn try_run(options: JobOptions, inputs: &[&Path], out: &Path) -> Result<Report, String> {
    let inputs: Vec<String> = inputs.iter().map(|it| it.display().to_string()).collect();
    let job = Job::new(options).map_err(|error| root_cause(&error))?;
    let report = job.run(&inputs, out.to_str().unwrap(), &|_, _| ()).await;
    report.map_err(|error| root_cause(&error))
}

pub(crate) fn read(path: &Path) -> RecordBatch {
    let builder = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(path).unwrap()).unwrap();
    let reader = builder.with_batch_size(1 << 20).build().unwrap();
    let batches: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
    concat_batches(&batches[0].schema(), &batches).unwrap()
}

pub(crate) fn failure<'a>(report: &'a Report, name: &str) -> &'a str {
    let shard = report.shards.iter().find(|it| it.name == name).unwrap();
    match &shard.outcome {
        ShardOutcome::Failed(reason) => reason,
        other => panic!("{name}: {other:?}"),
    }
}
