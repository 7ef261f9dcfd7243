//! `ai4fashion completions`: what a shell needs to complete the command line.

use std::io::Write as _;

use clap::{Args, Command};
use clap_complete::{Shell, generate};

use crate::{exit::Outcome, say::Out};

/// Prints a script that completes the command line in a shell.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Shell to complete in
    shell: Shell,
}

const EXAMPLES: &str = "\
Exit code: 0, or 2 if it failed.

Examples:
  ai4fashion completions bash > ~/.local/share/bash-completion/completions/ai4fashion
  ai4fashion completions zsh > ~/.zfunc/_ai4fashion     (with fpath+=~/.zfunc before compinit)
  ai4fashion completions fish > ~/.config/fish/completions/ai4fashion.fish
The folders must exist.";

pub(crate) fn run(arguments: &Arguments, mut command: Command) -> anyhow::Result<Outcome> {
    // It panics where it cannot write, so it writes to memory.
    let mut script = Vec::new();
    generate(arguments.shell, &mut command, "ai4fashion", &mut script);
    Out.write_all(&script)?;
    Ok(Outcome::Complete)
}
