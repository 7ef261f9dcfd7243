//! Writes the constants of `ai4fashion-color`, and checks them.
//!
//! ```sh
//! cargo run --release -p fit-color -- table --write   # published.bin: the table of colour names
//! cargo run --release -p fit-color -- model --write   # model.bin and single_color.bin
//! cargo run --release -p fit-color -- --check         # are they what these commands wrote?
//! ```
//!
//! Without `--write` a command says whether its result equals the committed files. `model` also
//! says how accurate and how well calibrated the model is on photos that it was not fitted to.

mod anchors;
mod calibration;
mod committed;
mod cross_validation;
mod fit;
mod photos;
mod report;
mod robustness;
mod survey;
mod table;

use std::{path::PathBuf, process::ExitCode};

use ai4fashion_color::ClassifyOptions;
use clap::{Parser, Subcommand};

use committed::Committed;
use fit::FitOptions;

/// Writes and checks the constants of ai4fashion-color.
#[derive(Debug, Parser)]
#[command(arg_required_else_help = true)]
struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Compare the committed files, and the inputs that are there, with the recorded hashes
    ///
    /// The exit code is 0 if all are equal, 1 if inputs are missing, 2 if anything is different.
    #[arg(long)]
    check: bool,
    /// With --check: also fit again and compare the results
    #[arg(long, requires = "check")]
    refit: bool,
    /// Folder with smallfashion/ and color-naming/
    #[arg(long, global = true, value_name = "DIR", default_value = "../shared/data")]
    data: PathBuf,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Convert the published table of colour names (color-naming/w2c.csv)
    Table {
        /// Write the table into the crate and record its inputs
        #[arg(long)]
        write: bool,
    },
    /// Fit the model to labelled photos, and print the results of a cross-validation
    Model {
        #[command(flatten)]
        options: ModelOptions,
        /// Write the model into the crate and record its inputs
        #[arg(long)]
        write: bool,
    },
    /// Compare the crate's names for single colours with a survey
    Survey {
        /// CSV table with the columns r, g, b8 and one for each name
        table: PathBuf,
    },
    /// Count the names that stay when a photo is scaled, mirrored, compressed or exposed anew
    Robustness,
}

#[derive(Debug, clap::Args)]
struct ModelOptions {
    #[command(flatten)]
    fit: FitOptions,
    /// See `ClassifyOptions`
    #[arg(long, default_value_t = ClassifyOptions::default().background_tolerance)]
    background_tolerance: f32,
    /// See `ClassifyOptions`
    #[arg(long, default_value_t = ClassifyOptions::default().shadow_depth)]
    shadow_depth: f32,
}

impl ModelOptions {
    fn classifier(&self) -> ClassifyOptions {
        ClassifyOptions::default()
            .with_background_tolerance(self.background_tolerance)
            .with_shadow_depth(self.shadow_depth)
    }
}

#[expect(clippy::print_stdout, reason = "a program that reports")]
fn main() -> anyhow::Result<ExitCode> {
    let args = Args::parse();
    let committed = Committed::new(args.data);
    if args.check {
        let mut report = committed.check()?;
        if args.refit {
            report.items.extend(committed.refit()?);
        }
        print!("{report}");
        return Ok(report.exit_code());
    }
    match args.command {
        Some(Command::Table { write }) => committed.table(write)?,
        Some(Command::Model { options, write }) => {
            committed.model(&options.fit, options.classifier(), write)?;
        }
        Some(Command::Survey { table }) => survey::report(&table)?,
        Some(Command::Robustness) => robustness::report(committed.photos())?,
        None => {}
    }
    Ok(ExitCode::SUCCESS)
}
