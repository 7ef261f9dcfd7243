//! Labels shards of photos: in this process, or on a cluster.
#![allow(clippy::print_stderr, reason = "a program that reports")]

use std::{
    io::{Write, stdout},
    process::ExitCode,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use ai4fashion_datafusion::{
    Job, JobOptions, LabelSettings, Report,
    datafusion::{common::config::Dialect, prelude::SQLOptions},
    job::{Progress, ShardOutcome, ShardReport},
    register_labels,
};
use ai4fashion_dataset::IngestOptions;
use clap::{Parser, value_parser};

mod common;

/// Ballista would tell of a shard that fails, too, in debug text.
const LOG: &str = "warn,ballista_core::execution_plans::distributed_query=off";
/// Between two lines of progress.
const EVERY: Duration = Duration::from_secs(5);
const AFTER_HELP: &str = "\
Exit code: 0 if every shard is labelled, 1 if some are not, 2 if nothing was begun or the query failed.

Examples:
  label 'photos/*.parquet' --out labels
  label s3://bucket/photos/ --out s3://bucket/labels/ --cluster df://10.0.0.1:20050
  label --out labels --sql \"SELECT color, count(*) FROM labels GROUP BY color\"";

/// Labels fashion photos in Parquet files and WebDataset tars, shard by shard.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, after_help = AFTER_HELP)]
struct Arguments {
    /// Files, folders, globs or URLs of .parquet or .tar files.
    #[arg(required_unless_present = "sql", value_name = "SHARDS")]
    inputs: Vec<String>,
    /// The folder or URL of the labelled shards.
    #[arg(long, value_name = "DIR")]
    out: String,
    /// The scheduler of a Ballista cluster, such as df://127.0.0.1:20050; default this process.
    #[arg(long, value_name = "URL", requires = "inputs")]
    cluster: Option<String>,
    /// The column of files; default the only one of bytes.
    #[arg(long, value_name = "NAME")]
    file_column: Option<String>,
    /// The column of product types: 1 to 12, or 0 for none of them.
    #[arg(long, value_name = "NAME")]
    type_column: Option<String>,
    /// The columns of the input that are kept, separated by commas; default all but the files.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    keep: Option<Vec<String>>,
    /// Leave out the letterboxed JPEG.
    #[arg(long)]
    no_image: bool,
    /// Side length of the JPEG in pixels, 16 to 4096; default 256.
    #[arg(long, value_name = "PIXELS", value_parser = value_parser!(u32).range(16..=4096))]
    image_size: Option<u32>,
    /// JPEG quality, 1 to 100; default 90.
    #[arg(long, value_name = "1-100", value_parser = value_parser!(u8).range(1..=100))]
    jpeg_quality: Option<u8>,
    /// Other options of an ingestion (`IngestOptions`), as JSON, such as {"labels": "color"};
    /// those that need a folder or all images at once are refused.
    #[arg(long, value_name = "JSON")]
    options: Option<String>,
    /// Rows of a batch, whose files are in memory together, less than 2 GiB.
    #[arg(long, value_name = "N", default_value_t = 256)]
    batch_size: usize,
    /// Shards that are at work at a time; default the number of CPUs.
    #[arg(long, value_name = "N")]
    concurrency: Option<usize>,
    /// Shards that fail in a row before the job stops.
    #[arg(long, value_name = "N", default_value_t = 3)]
    max_failures: usize,
    /// Then print the result of a query over the table `labels`, which runs in this process.
    #[arg(long, value_name = "QUERY")]
    sql: Option<String>,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    common::log(LOG);
    common::exit(run(&Arguments::parse()).await)
}

/// The code that tells whether every shard is labelled.
async fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if let Some(query) = &arguments.sql {
        // Before hours of work: is it SQL?
        let state = ai4fashion_datafusion::context()?.state();
        state.sql_to_statement(query, &Dialect::Generic)?;
    }
    let mut is_complete = true;
    if !arguments.inputs.is_empty() {
        let report = label(arguments).await?;
        if arguments.json {
            writeln!(stdout(), "{}", serde_json::to_string_pretty(&report)?)?;
        } else {
            writeln!(stdout(), "{report}")?;
        }
        if report.is_stopped {
            eprintln!("stopped: {} shards failed in a row", arguments.max_failures);
        }
        is_complete = report.is_complete();
    }
    if let Some(query) = &arguments.sql {
        let context = ai4fashion_datafusion::context()?;
        ai4fashion_datafusion::register(&context)?;
        register_labels(&context, "labels", &arguments.out).await?;
        // Labels are read: no COPY, no INSERT.
        let options = SQLOptions::new()
            .with_allow_ddl(false)
            .with_allow_dml(false)
            .with_allow_statements(false);
        let rows = context.sql_with_options(query, options).await?;
        writeln!(stdout(), "{}", rows.to_string().await?)?;
    }
    Ok(if is_complete {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn label(arguments: &Arguments) -> anyhow::Result<Report> {
    let mut options = match &arguments.options {
        Some(json) => serde_json::from_str(json).map_err(|error| anyhow::anyhow!("--options: {error}"))?,
        None => IngestOptions::default(),
    };
    options.image_size = arguments.image_size.unwrap_or(options.image_size);
    options.jpeg_quality = arguments.jpeg_quality.unwrap_or(options.jpeg_quality);
    let settings = LabelSettings::default()
        .with_options(options)
        .with_image(!arguments.no_image);
    // `--keep ''` keeps none.
    let keep = arguments.keep.clone();
    let keep = keep.map(|names| names.into_iter().filter(|name| !name.is_empty()).collect());
    let mut job = JobOptions::default()
        .with_settings(settings)
        .with_file_column(arguments.file_column.clone())
        .with_type_column(arguments.type_column.clone())
        .with_keep(keep)
        .with_batch_size(arguments.batch_size)
        .with_max_failures(arguments.max_failures);
    if let Some(concurrency) = arguments.concurrency {
        job = job.with_concurrency(concurrency);
    }
    let job = match &arguments.cluster {
        None => Job::new(job)?,
        Some(url) => on_cluster(url, job).await?,
    };
    let last = Mutex::new(Instant::now());
    let told = |shard: &ShardReport, progress: Progress| told(shard, progress, &last);
    Ok(job.run(&arguments.inputs, &arguments.out, &told).await?)
}

#[cfg(feature = "cluster")]
async fn on_cluster(url: &str, options: JobOptions) -> anyhow::Result<Job> {
    let context = ai4fashion_datafusion::cluster::connect(url, &options.settings).await?;
    Ok(Job::on_cluster(context, options)?)
}

#[cfg(not(feature = "cluster"))]
async fn on_cluster(_url: &str, _options: JobOptions) -> anyhow::Result<Job> {
    anyhow::bail!("this build knows no clusters; build it with the feature `cluster`")
}

/// Tells of shards that fail, and from time to time how far the job is.
fn told(shard: &ShardReport, progress: Progress, last: &Mutex<Instant>) {
    let again = if progress.is_tried_again {
        "; it will be tried again"
    } else {
        ""
    };
    match &shard.outcome {
        ShardOutcome::Failed(reason) => {
            eprintln!("{}: failed: {reason} (`{}`){again}", shard.name, shard.input);
        }
        ShardOutcome::Done(counts) => {
            log::info!("{}: {} rows in {:.1} s", shard.name, counts.rows, shard.seconds);
        }
        _ => {}
    }
    let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
    if last.elapsed() >= EVERY {
        *last = Instant::now();
        eprintln!("{} of {} shards", progress.done, progress.shards);
    }
}
