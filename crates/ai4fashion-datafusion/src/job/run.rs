//! Many shards at a time.

use std::{
    collections::HashSet,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Instant,
};

use datafusion::{
    common::runtime::SpawnedTask,
    error::{DataFusionError, Result},
    prelude::SessionContext,
};
use futures::StreamExt;
use tokio::sync::OnceCell;

use super::{
    done::{Counts, State},
    made_with::MadeWith,
    options::JobOptions,
    output::Output,
    report::{Report, ShardOutcome, ShardReport},
    shard::Work,
    shards::{Shard, list},
};
use crate::error::{innermost, plan};

/// Labels shards: a Parquet file of labels for each.
///
/// A job that was stopped, in whatever way, goes on where it was: shards that are done are not done
/// again. A shard that fails is tried once more at the end.
///
/// ```no_run
/// use ai4fashion_datafusion::{Job, JobOptions};
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let job = Job::new(JobOptions::default())?;
/// let report = job.run(&["photos/*.parquet".to_owned()], "labels", &|_| ()).await?;
/// println!("{report}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Job {
    options: JobOptions,
    context: SessionContext,
    is_cluster: bool,
}

/// Without the session, which has no debug form.
impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut job = f.debug_struct("Job");
        job.field("options", &self.options)
            .field("is_cluster", &self.is_cluster);
        job.finish_non_exhaustive()
    }
}

impl Job {
    /// Creates a job that runs in this process, on as many threads as the runtime has.
    ///
    /// # Errors
    /// If an option is outside its interval.
    pub fn new(options: JobOptions) -> Result<Self> {
        let context = crate::session::for_shards()?;
        crate::functions::register(&context)?;
        Self::on(context, options, false)
    }

    /// Creates a job whose queries run on a cluster: see [`connect`](crate::cluster::connect).
    ///
    /// # Errors
    /// If an option is outside its interval.
    #[cfg(feature = "cluster")]
    pub fn on_cluster(context: SessionContext, options: JobOptions) -> Result<Self> {
        Self::on(context, options, true)
    }

    fn on(context: SessionContext, options: JobOptions, is_cluster: bool) -> Result<Self> {
        for (option, value) in [
            ("batch_size", options.batch_size),
            ("concurrency", options.concurrency),
            ("max_failures", options.max_failures),
        ] {
            if value == 0 {
                return Err(plan(format!("{option} is 0, expected at least 1")));
            }
        }
        options.settings.kernel()?;
        let state = context.state_ref();
        let rows = options.batch_size.to_string();
        state
            .write()
            .config_mut()
            .options_mut()
            .set("datafusion.execution.batch_size", &rows)?;
        Ok(Self {
            options,
            context,
            is_cluster,
        })
    }

    /// Labels the shards of files, folders, globs or URLs into the folder `out`.
    ///
    /// `on_shard` is called when a shard is done or has failed.
    ///
    /// # Errors
    /// If there is no shard, two would have one name, an input or a file of somebody else would be
    /// overwritten, or `out` holds shards that were made with other settings: nothing is changed. A
    /// shard that fails is no error, but in the report.
    pub async fn run(
        &self,
        inputs: &[String],
        out: &str,
        on_shard: &(dyn Fn(&ShardReport) + Sync),
    ) -> Result<Report> {
        let local = crate::session::context()?;
        let made_with = MadeWith::new(&self.options)?;
        let output = Output::open(&local, out)?;
        let shards = list(&local, inputs, &output).await?;
        let urls: HashSet<&str> = shards.iter().map(|it| &*it.url).collect();
        let mut files = shards.iter().map(|it| output.url_of(&output.file(&it.name)));
        if let Some(file) = files.find(|file| urls.contains(&**file)) {
            let message = format!("`{file}` is an input and would be overwritten: name another folder");
            return Err(plan(message));
        }
        made_with.check(&output).await?;
        let state = State::read(&output).await?;
        let (mut todo, mut reports) = (Vec::new(), Vec::new());
        for shard in shards {
            match state.was_done(&output, &shard)? {
                Some(counts) => reports.push(report(&shard, ShardOutcome::WasDone(counts), 0.0)),
                None => todo.push(shard),
            }
        }
        let work = Arc::new(Work {
            context: self.context.clone(),
            local,
            is_cluster: self.is_cluster,
            made_with,
            claimed: OnceCell::new(),
            options: self.options.clone(),
            output,
        });
        let is_stopped = AtomicBool::new(false);
        let first = self
            .pass(&work, todo, self.options.max_failures, &is_stopped, on_shard)
            .await;
        let mut again = Vec::new();
        for (shard, report) in first {
            match report.outcome {
                ShardOutcome::Failed(_) if !is_stopped.load(Ordering::Relaxed) => again.push(shard),
                _ => reports.push(report),
            }
        }
        // These have all failed once, so they may fail in a row.
        let second = self.pass(&work, again, usize::MAX, &is_stopped, on_shard).await;
        reports.extend(second.into_iter().map(|(_, report)| report));
        reports.sort_by(|a, b| a.name.cmp(&b.name));
        work.output.sweep(&State::read(&work.output).await?).await?;
        Ok(Report {
            shards: reports,
            is_stopped: is_stopped.into_inner(),
        })
    }

    /// Labels shards until too many fail in a row.
    async fn pass(
        &self,
        work: &Arc<Work>,
        shards: Vec<Shard>,
        max_failures: usize,
        is_stopped: &AtomicBool,
        on_shard: &(dyn Fn(&ShardReport) + Sync),
    ) -> Vec<(Shard, ShardReport)> {
        let failures = AtomicUsize::new(0);
        let failures = &failures;
        let label = |shard: Shard| async move {
            if is_stopped.load(Ordering::Relaxed) {
                let report = report(&shard, ShardOutcome::NotTried, 0.0);
                return (shard, report);
            }
            let start = Instant::now();
            let outcome = spawned(Arc::clone(work), shard.clone()).await;
            match outcome {
                ShardOutcome::Failed(_) => {
                    let in_a_row = failures.fetch_add(1, Ordering::Relaxed) + 1;
                    is_stopped.fetch_or(in_a_row >= max_failures, Ordering::Relaxed);
                }
                _ => failures.store(0, Ordering::Relaxed),
            }
            let report = report(&shard, outcome, start.elapsed().as_secs_f64());
            on_shard(&report);
            (shard, report)
        };
        let running = futures::stream::iter(shards).map(label);
        running.buffer_unordered(self.options.concurrency).collect().await
    }
}

/// Labels a shard in a task of its own, so that shards run on all threads; it ends with the job.
async fn spawned(work: Arc<Work>, shard: Shard) -> ShardOutcome {
    let task = SpawnedTask::spawn(async move {
        match work.label(&shard).await {
            Ok(counts) => ShardOutcome::Done(counts),
            Err(error) => match done_by_another(&work, &shard).await {
                Some(counts) => ShardOutcome::WasDone(counts),
                None => failed(&error),
            },
        }
    });
    task.join()
        .await
        .unwrap_or_else(|error| ShardOutcome::Failed(error.to_string()))
}

/// What another run of the same settings has made of the shard meanwhile.
async fn done_by_another(work: &Work, shard: &Shard) -> Option<Counts> {
    work.made_with.check(&work.output).await.ok()?;
    let state = State::read(&work.output).await.ok()?;
    state.was_done(&work.output, shard).ok()?
}

fn failed(error: &DataFusionError) -> ShardOutcome {
    let mut reason = innermost(error);
    if reason.contains("index overflow") {
        // Parquet's words for a batch of more than 2 GiB.
        reason.push_str("; use a smaller batch_size");
    }
    ShardOutcome::Failed(reason)
}

fn report(shard: &Shard, outcome: ShardOutcome, seconds: f64) -> ShardReport {
    let name = shard.name.clone();
    ShardReport {
        name,
        outcome,
        seconds,
    }
}
