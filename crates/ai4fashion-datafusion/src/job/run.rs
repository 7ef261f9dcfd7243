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
    done::{self, Counts, State},
    made_with::MadeWith,
    options::JobOptions,
    output::Output,
    report::{Progress, Report, ShardOutcome, ShardReport},
    shard::Work,
    shards::{Shard, list},
};
use crate::error::{plan, root_cause};

/// Labels shards: a Parquet file of labels for each.
///
/// A job that was stopped, in whatever way, goes on where it was: shards that are done are not done
/// again. A shard that fails is tried once more at the end.
///
/// ```
/// use ai4fashion_datafusion::{Job, JobOptions, context, register_labels};
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// # let temp = tempfile::tempdir()?;
/// # let [photos, out] = ["photos.parquet", "labels"].map(|it| temp.path().join(it).display().to_string());
/// # let shard = format!("COPY (SELECT 'a.jpg' AS name, x'3c' AS bytes) TO '{photos}'");
/// # context()?.sql(&shard).await?.collect().await?;
/// let job = Job::new(JobOptions::default())?;
/// let report = job.run(&[photos], &out, &|_, _| ()).await?;
/// assert!(report.is_complete() && report.counts().reasons["not-an-image"] == 1);
///
/// let session = context()?;
/// register_labels(&session, "labels", &out).await?;
/// let rows = session.sql("SELECT name, reason FROM labels").await?.to_string().await?;
/// assert!(rows.contains("a.jpg"));
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
    /// Creates a job that runs in this process: a thread for each shard that is at work.
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
        // A copy: the caller's queries keep their own.
        let mut state = context.state();
        let rows = options.batch_size.to_string();
        let config = state.config_mut().options_mut();
        config.set("datafusion.execution.batch_size", &rows)?;
        Ok(Self {
            options,
            context: SessionContext::new_with_state(state),
            is_cluster,
        })
    }

    /// Labels the shards of files, folders, globs or URLs into the folder `out`.
    ///
    /// `on_shard` is called when a shard is done or has failed; for one that is tried once more,
    /// twice.
    ///
    /// # Errors
    /// If there is no shard, two would have one name, an input or a file of somebody else would be
    /// overwritten, or `out` holds shards that were made with other settings: nothing is labelled.
    /// A shard that fails is no error, but in the report.
    pub async fn run(
        &self,
        inputs: &[String],
        out: &str,
        on_shard: &(dyn Fn(&ShardReport, Progress) + Sync),
    ) -> Result<Report> {
        let output = Output::open(&self.local()?, out)?;
        let result = self.run_into(inputs, &output, on_shard).await;
        if result.is_err() {
            output.remove_if_new();
        }
        result
    }

    /// Where files are looked at, in this process.
    fn local(&self) -> Result<SessionContext> {
        crate::session::context()
    }

    async fn run_into(
        &self,
        inputs: &[String],
        output: &Output,
        on_shard: &(dyn Fn(&ShardReport, Progress) + Sync),
    ) -> Result<Report> {
        let local = self.local()?;
        let made_with = MadeWith::new(&self.options)?;
        let shards = list(&local, inputs, output).await?;
        let urls: HashSet<&str> = shards.iter().map(|it| &*it.url).collect();
        let mut files = shards.iter().map(|it| output.url_of(&output.file(&it.name)));
        if let Some(file) = files.find(|file| urls.contains(&**file)) {
            let message = format!("`{file}` is an input and would be overwritten: name another folder");
            return Err(plan(message));
        }
        made_with.check(output).await?;
        let state = State::read(output).await?;
        let (mut todo, mut reports) = (Vec::new(), Vec::new());
        for shard in shards {
            match state.was_done(output, &shard)? {
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
            output: output.clone(),
        });
        let mut pass = Pass {
            work,
            max_failures: self.options.max_failures,
            is_first: true,
            is_stopped: AtomicBool::new(false),
            done: AtomicUsize::new(reports.len()),
            shards: reports.len() + todo.len(),
            on_shard,
        };
        let mut again = Vec::new();
        for (shard, report) in pass.run(todo).await {
            match report.outcome {
                ShardOutcome::Failed(_) if !pass.is_stopped.load(Ordering::Relaxed) => again.push(shard),
                _ => reports.push(report),
            }
        }
        // These have all failed once, so they may fail in a row.
        (pass.is_first, pass.max_failures) = (false, usize::MAX);
        reports.extend(pass.run(again).await.into_iter().map(|(_, report)| report));
        reports.sort_by(|a, b| a.name.cmp(&b.name));
        let report = Report {
            shards: reports,
            is_stopped: pass.is_stopped.into_inner(),
        };
        output.sweep(report.labelled()).await;
        Ok(report)
    }
}

/// One time through shards, of which each is tried once.
struct Pass<'a> {
    work: Arc<Work>,
    /// In a row, until it stops.
    max_failures: usize,
    is_first: bool,
    is_stopped: AtomicBool,
    done: AtomicUsize,
    shards: usize,
    on_shard: &'a (dyn Fn(&ShardReport, Progress) + Sync),
}

impl Pass<'_> {
    async fn run(&self, shards: Vec<Shard>) -> Vec<(Shard, ShardReport)> {
        let failures = AtomicUsize::new(0);
        let failures = &failures;
        let label = |shard: Shard| async move {
            if self.is_stopped.load(Ordering::Relaxed) {
                let report = report(&shard, ShardOutcome::NotTried, 0.0);
                return (shard, report);
            }
            let start = Instant::now();
            let outcome = spawned(Arc::clone(&self.work), shard.clone()).await;
            let has_failed = matches!(outcome, ShardOutcome::Failed(_));
            if has_failed {
                let in_a_row = failures.fetch_add(1, Ordering::Relaxed) + 1;
                self.is_stopped
                    .fetch_or(in_a_row >= self.max_failures, Ordering::Relaxed);
            } else {
                failures.store(0, Ordering::Relaxed);
                self.done.fetch_add(1, Ordering::Relaxed);
            }
            let report = report(&shard, outcome, start.elapsed().as_secs_f64());
            let progress = Progress {
                done: self.done.load(Ordering::Relaxed),
                shards: self.shards,
                is_tried_again: has_failed && self.is_first && !self.is_stopped.load(Ordering::Relaxed),
            };
            (self.on_shard)(&report, progress);
            (shard, report)
        };
        let concurrency = self.work.options.concurrency;
        let running = futures::stream::iter(shards).map(label);
        running.buffer_unordered(concurrency).collect().await
    }
}

/// Labels a shard in a task of its own, so that shards run on all threads. In this process it ends
/// with the job; Ballista 55 ends no query whose client has gone.
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
    done::found(&work.output, shard).await
}

fn failed(error: &DataFusionError) -> ShardOutcome {
    let mut reason = root_cause(error);
    if reason.contains("index overflow") {
        // Parquet's words for a batch of more than 2 GiB.
        reason.push_str("; use a smaller batch_size");
    }
    ShardOutcome::Failed(reason)
}

fn report(shard: &Shard, outcome: ShardOutcome, seconds: f64) -> ShardReport {
    ShardReport {
        name: shard.name.clone(),
        input: shard.url.clone(),
        outcome,
        seconds,
    }
}
