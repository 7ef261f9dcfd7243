//! Arguments of `ai4fashion train`.

use std::path::PathBuf;

use clap::Args;

use super::{options::TrainingOptions, program::ProgramOptions};

/// Trains a DCGAN on a data set, or resumes a training run that was stopped.
///
/// Ctrl-C finishes the current step, saves everything, and says how to resume.
#[derive(Debug, Args)]
#[command(allow_negative_numbers = true, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Folder for log, plots, samples and weights: new, empty, or of a run without a checkpoint
    #[arg(long, required_unless_present_any = ["resume", "dry_run"])]
    pub(super) run: Option<PathBuf>,
    /// Resume the run in this folder; a higher --epochs extends it
    #[arg(long, value_name = "RUN", conflicts_with = "run")]
    pub(super) resume: Option<PathBuf>,
    /// Checkpoint to resume from, such as step-000074; later ones are removed [default: the newest]
    #[arg(long, requires = "resume", conflicts_with = "run")]
    pub(super) checkpoint: Option<String>,
    /// Resume although settings, data set, device or precision differ from the run's
    #[arg(long, requires = "resume", conflicts_with = "run")]
    pub(super) force: bool,
    /// Train three steps to tell the time and memory of the whole training; write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    #[command(flatten)]
    pub(super) program: ProgramOptions,
    #[command(flatten)]
    pub(super) options: TrainingOptions,
}

const EXAMPLES: &str = "\
Exit code: 0, or 2 if it failed.

Examples:
  ai4fashion train --data dataset --run runs/first --require-type
  ai4fashion train --data dataset --run runs/small --preset small --split train --score kid_own
  ai4fashion train --data dataset --dry-run --image-size 128
  ai4fashion train --data dataset --run runs/red --colors red --ema 0.999 --augment color,translation
  ai4fashion train --resume runs/first --epochs 50";
