//! The command line: one command of `ai4fashion` for each job.

use std::{
    ffi::OsString,
    io::{self, Write as _},
    process::ExitCode,
};

use clap::{CommandFactory as _, Parser, Subcommand};

#[cfg(feature = "train")]
use crate::{bench, fit, generate, train};
use crate::{classify, completions, doctor, evaluate, exit, export, ingest, man, review, score, stats};

/// Turns fashion photos into a colour-labelled data set, and trains a DCGAN on it.
#[derive(Debug, Parser)]
#[command(name = "ai4fashion", version, after_help = EXAMPLES, propagate_version = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Exit code: 0 if all went well, 1 if something was skipped, 2 if it failed.

Examples:
  ai4fashion ingest photos/ --out dataset
  ai4fashion review dataset --serve
  ai4fashion train --data dataset --run runs/first
  ai4fashion generate --run runs/first --out generated
  ai4fashion help train";

#[derive(Debug, Subcommand)]
enum Command {
    Ingest(ingest::Arguments),
    Classify(classify::Arguments),
    Evaluate(evaluate::Arguments),
    Review(review::Arguments),
    Stats(stats::Arguments),
    Export(export::Arguments),
    Score(score::Arguments),
    #[cfg(feature = "train")]
    Fit(fit::Arguments),
    #[cfg(feature = "train")]
    Train(Box<train::Arguments>),
    #[cfg(feature = "train")]
    Generate(generate::Arguments),
    #[cfg(feature = "train")]
    Bench(bench::Arguments),
    Doctor(doctor::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

/// Runs the program with the arguments of a command line, of which the first is the program's name.
///
/// Data goes to standard output, remarks and errors go to standard error.
pub(crate) fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let command = match CommandLine::try_parse_from(arguments) {
        Ok(parsed) => parsed.command,
        // Help and version come this way, too.
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            let printed = error.print().and_then(|()| io::stdout().flush());
            return match printed {
                // Nobody reads it any more.
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::from(2),
                _ => ExitCode::from(code),
            };
        }
    };
    exit::report(|| match command {
        Command::Ingest(arguments) => ingest::run(&arguments),
        Command::Classify(arguments) => classify::run(&arguments),
        Command::Evaluate(arguments) => evaluate::run(&arguments),
        Command::Review(arguments) => review::run(&arguments),
        Command::Stats(arguments) => stats::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::Score(arguments) => score::run(&arguments),
        #[cfg(feature = "train")]
        Command::Fit(arguments) => fit::run(&arguments),
        #[cfg(feature = "train")]
        Command::Train(arguments) => train::run(&arguments),
        #[cfg(feature = "train")]
        Command::Generate(arguments) => generate::run(&arguments),
        #[cfg(feature = "train")]
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Doctor(arguments) => doctor::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments, CommandLine::command()),
        Command::Man(arguments) => man::run(&arguments, CommandLine::command()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_line_is_consistent() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn every_command_says_its_exit_code_and_shows_examples() {
        for mut command in CommandLine::command().get_subcommands().cloned() {
            let name = command.get_name().to_owned();
            let help = command.render_long_help().to_string();
            assert!(help.contains("Exit code: 0"), "{name}: {help}");
            assert!(help.contains(&format!("  ai4fashion {name}")), "{name}: {help}");
        }
    }
}
