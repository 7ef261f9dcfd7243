//! Kills the program and makes its system calls fail, one by one, and compares the end states.
//!
//! ```sh
//! cargo run --release -p fault-injection -- all --program target/release/ai4fashion
//! ```
//!
//! See README.md beside this file's folder: what is done, counted and compared.

mod disk;
mod documented;
mod files;
mod input;
mod operation;
mod power_cuts;
mod program;
mod recovery;
mod report;
mod sample;
mod slot;
mod strace;
mod sync_cost;
mod sync_order;
mod syscalls;
mod target;
mod trace;
mod tree;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};

use operation::{OPERATIONS, Operation};
use program::Program;
use report::Report;
use slot::Slot;

/// Synthetic photos for the cost of syncing.
const SYNTHETIC: usize = 500;

/// Makes system calls of ai4fashion fail, cuts its power, and compares what it ends with.
///
/// The exit code is 0 if no fault was found, 1 if one was, 2 if the checks themselves failed.
#[derive(Debug, Parser)]
struct Args {
    #[command(subcommand)]
    command: Check,
    /// The program to test
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        default_value = "target/release/ai4fashion"
    )]
    program: PathBuf,
    /// Only these operations, with commas
    #[arg(long, global = true, value_name = "NAMES", value_delimiter = ',')]
    operations: Vec<String>,
    /// Folder for what is written and removed again [default: the system's]
    #[arg(long, global = true, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// Print JSON instead of tables
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Check {
    /// Strike at every system call: SIGKILL, ENOSPC and EIO
    Syscalls(Syscalls),
    /// Check by one run of each operation that new data are synced before old data go
    SyncOrder,
    /// Cut the power at many moments, on an ext4 in a file (as root)
    PowerCuts(PowerCuts),
    /// All of the above, power cuts as root only
    All {
        #[command(flatten)]
        syscalls: Syscalls,
        #[command(flatten)]
        power_cuts: PowerCuts,
    },
    /// Measure an ingestion beside `cp -r` and `sync` of the same files
    SyncCost {
        /// Photos to ingest [default: 500 synthetic ones]
        #[arg(long, value_name = "DIR")]
        photos: Option<PathBuf>,
        /// Number of runs, of which the median counts
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..))]
        runs: u8,
    },
}

#[derive(Clone, Copy, Debug, clap::Args)]
struct Syscalls {
    /// Points of each operation that are tried [default: all]
    #[arg(long, value_name = "N")]
    sample: Option<usize>,
    /// Seed of the sample
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Runs at the same time
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..))]
    jobs: u8,
}

#[derive(Clone, Copy, Debug, clap::Args)]
struct PowerCuts {
    /// Go on until 40 s after each operation, when all data are written, instead of 7 s
    #[arg(long)]
    wait: bool,
}

fn main() -> ExitCode {
    match checked(&Args::parse()) {
        Ok(has_fault) => ExitCode::from(u8::from(has_fault)),
        Err(error) => {
            remark(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}

/// Runs the checks and prints their reports; whether a fault was found.
fn checked(args: &Args) -> Result<bool> {
    let path = fs::canonicalize(&args.program)
        .with_context(|| format!("there is no program {}; build it first", args.program.display()))?;
    let program = Program(path);
    let scratch = match &args.scratch {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };
    let root = scratch.path();
    strace::available(root)?;
    let operations = operations(&args.operations, &program, root)?;
    let mut reports = Vec::new();
    match &args.command {
        Check::Syscalls(options) => reports.push(check_syscalls(root, &program, &operations, options)?),
        Check::SyncOrder => reports.push(check_sync_order(root, &program, &operations)?),
        Check::PowerCuts(options) => reports.push(check_power_cuts(root, &program, &operations, options)?),
        Check::All { syscalls, power_cuts } => {
            reports.push(check_sync_order(root, &program, &operations)?);
            reports.push(check_syscalls(root, &program, &operations, syscalls)?);
            match disk::available(root) {
                Ok(()) => reports.push(check_power_cuts(root, &program, &operations, power_cuts)?),
                Err(error) => remark(&format!("power cuts are skipped: {error:#}")),
            }
        }
        Check::SyncCost { photos, runs } => {
            let photos = match photos {
                Some(photos) => fs::canonicalize(photos).with_context(|| photos.display().to_string())?,
                None => {
                    let photos = root.join("photos");
                    input::write_photos(&photos, SYNTHETIC)?;
                    photos
                }
            };
            let cost = sync_cost::sync_cost(root, &program, &photos, usize::from(*runs))?;
            reports.push(report::sync_cost(&cost));
        }
    }
    print(&reports, args.json);
    Ok(reports.iter().any(|report| report.has_fault))
}

/// The operations that were asked for and that the program can do.
fn operations(names: &[String], program: &Program, folder: &Path) -> Result<Vec<&'static Operation>> {
    if let Some(name) = names
        .iter()
        .find(|name| OPERATIONS.iter().all(|it| it.name != **name))
    {
        let known: Vec<_> = OPERATIONS.iter().map(|it| it.name).collect();
        bail!("there is no operation `{name}`; there are {}", known.join(", "));
    }
    let can_train = program.can_train(folder)?;
    if !can_train {
        remark("the program was built without training, which is skipped");
    }
    let operations = OPERATIONS
        .iter()
        .filter(|it| names.is_empty() || names.iter().any(|name| name == it.name));
    Ok(operations.filter(|it| can_train || !it.needs_training).collect())
}

fn check_syscalls(
    root: &Path,
    program: &Program,
    operations: &[&'static Operation],
    options: &Syscalls,
) -> Result<Report> {
    let mut campaigns = Vec::new();
    for operation in operations {
        remark(&format!("system calls of {}", operation.name));
        let slots = (0..options.jobs).map(|job| {
            Slot::prepare(
                &root.join(format!("syscalls/{}/{job}", operation.name)),
                program,
                operation,
            )
        });
        let slots = slots.collect::<Result<Vec<_>>>()?;
        campaigns.push(syscalls::campaign(&slots, options.sample, options.seed)?);
    }
    Ok(report::syscalls(&campaigns))
}

fn check_sync_order(root: &Path, program: &Program, operations: &[&'static Operation]) -> Result<Report> {
    let mut orders = Vec::new();
    for operation in operations {
        remark(&format!("order of syncs of {}", operation.name));
        let slot = Slot::prepare(&root.join("sync-order").join(operation.name), program, operation)?;
        orders.push(sync_order::sync_order(&slot)?);
    }
    Ok(report::sync_order(&orders))
}

fn check_power_cuts(
    root: &Path,
    program: &Program,
    operations: &[&'static Operation],
    options: &PowerCuts,
) -> Result<Report> {
    disk::available(root)?;
    let mut all = Vec::new();
    for operation in operations {
        remark(&format!("power cuts of {}", operation.name));
        all.push(power_cuts::power_cuts(
            &root.join("power-cuts"),
            program,
            operation,
            options.wait,
        )?);
    }
    Ok(report::power_cuts(&all))
}

#[expect(clippy::print_stdout, reason = "a program that reports")]
fn print(reports: &[Report], as_json: bool) {
    if as_json {
        let parts = reports
            .iter()
            .filter_map(|report| report.json.as_object().cloned());
        let all: serde_json::Map<_, _> = parts.flatten().collect();
        println!("{}", serde_json::Value::from(all));
    } else {
        let texts: Vec<_> = reports.iter().map(|report| &*report.text).collect();
        print!("{}", texts.join("\n"));
    }
}

#[expect(clippy::print_stderr, reason = "a program that says what it does")]
fn remark(text: &str) {
    eprintln!("{text}");
}
