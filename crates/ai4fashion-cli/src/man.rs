//! `ai4fashion man`: the help of all commands as manual pages.

use std::{fs, path::PathBuf};

use anyhow::Context as _;
use clap::{Args, Command};

use crate::exit::Outcome;

/// Writes manual pages: ai4fashion.1, and one for each command.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Folder of the pages; earlier ones are replaced
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

const EXAMPLES: &str = "\
Exit code: 0, or 2 if it failed.

Examples:
  ai4fashion man --out ~/.local/share/man/man1     (then: man ai4fashion-ingest)";

pub(crate) fn run(arguments: &Arguments, command: Command) -> anyhow::Result<Outcome> {
    let folder = arguments.out.display();
    fs::create_dir_all(&arguments.out).with_context(|| format!("cannot create the folder `{folder}`"))?;
    clap_mangen::generate_to(command, &arguments.out)
        .with_context(|| format!("cannot write manual pages to `{folder}`"))?;
    Ok(Outcome::Complete)
}
