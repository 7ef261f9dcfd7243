//! Settings of a training run, checked before anything slow begins.

use std::path::{Path, PathBuf};

use ai4fashion_dcgan::{DcganConfig, Error, ErrorKind, Labels, RunFolder, SavedRun};
use anyhow::Context as _;

use super::{arguments::Arguments, program::Program, resume::Resumed};
use crate::hint::hinted;

/// What is trained, where, and on which images.
#[derive(Clone, Debug)]
pub(super) struct Job {
    /// Folder of the run; empty for a dry run.
    pub(super) path: PathBuf,
    pub(super) config: DcganConfig,
    pub(super) program: Program,
}

/// What the arguments ask for.
#[derive(Debug)]
pub(super) enum Settings {
    /// A run in a new folder.
    Fresh { job: Job, folder: RunFolder },
    /// A run that is resumed.
    Resume {
        job: Job,
        folder: RunFolder,
        run: Box<Resumed>,
        force: bool,
    },
    /// A few steps that tell what a training run would take.
    DryRun { job: Job },
}

impl Settings {
    /// Checks the arguments, and the folder of the run.
    ///
    /// # Errors
    /// If settings are out of range, something is in a new folder, or a run cannot be resumed.
    pub(super) fn new(arguments: &Arguments) -> anyhow::Result<Self> {
        match &arguments.resume {
            Some(path) => {
                let saved = SavedRun::open(path).map_err(|error| not_begun(error, path));
                Self::resumed(arguments, saved?)
            }
            None => Self::fresh(arguments),
        }
    }

    fn fresh(arguments: &Arguments) -> anyhow::Result<Self> {
        let folder = arguments.run.as_deref().map(RunFolder::create).transpose()?;
        let config = arguments.options.fresh()?;
        let job = Job {
            path: arguments.run.clone().unwrap_or_default(),
            program: arguments.program.over(None, &config)?,
            config,
        };
        if arguments.dry_run {
            return Ok(Self::DryRun { job });
        }
        let folder = folder.context("--run or --resume is missing")?;
        Ok(Self::Fresh { job, folder })
    }

    fn resumed(arguments: &Arguments, saved: SavedRun) -> anyhow::Result<Self> {
        let mut folder = RunFolder::resume(&saved);
        if !arguments.dry_run {
            // What a run has saved so far says nothing while another process trains it.
            folder.lock()?;
        }
        let run = Box::new(Resumed::new(saved, arguments.checkpoint.as_deref())?);
        let config = arguments.options.of_run(run.run.config())?;
        let job = Job {
            path: folder.path().to_owned(),
            program: arguments.program.over(Some(&run.run), &config)?,
            config,
        };
        if arguments.dry_run {
            return Ok(Self::DryRun { job });
        }
        let force = arguments.force;
        Ok(Self::Resume {
            job,
            folder,
            run,
            force,
        })
    }

    /// What is trained.
    pub(super) fn job(&self) -> &Job {
        match self {
            Self::Fresh { job, .. } | Self::Resume { job, .. } | Self::DryRun { job } => job,
        }
    }
}

/// Adds a hint where no run was begun, or one that was ended before its settings were written.
fn not_begun(error: Error, path: &Path) -> anyhow::Error {
    const BEGIN: &str = "nothing of a run is there yet, so nothing is lost: --run instead of --resume, with the \
                         options of the run, begins it";
    let is_missing = matches!(error.kind(), ErrorKind::NotARun { nearby: None, .. });
    if is_missing && RunFolder::create(path).is_ok() {
        return hinted(error, BEGIN);
    }
    error.into()
}

impl Job {
    /// Whether an image with these labels is trained on.
    pub(super) fn wants(&self, labels: Labels) -> bool {
        self.program.filter.wants(labels, self.config.condition)
    }
}
