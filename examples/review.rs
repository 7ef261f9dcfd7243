//! Correcting labels by hand: `cargo run --release --example review -- DATASET --serve`

use std::{path::PathBuf, process::ExitCode};

use ai4fashion_dataset::{
    CorrectionTable, Dataset, Editor,
    review::{self, DEFAULT_INLINE, ReviewOptions, Server},
};
use ai4fashion_examples::{
    exit::{self, Outcome},
    interrupt::stop_on_ctrl_c,
    say::{count, say},
    skips,
};
use clap::Parser;

/// Writes the page for correcting labels into a data set, shows it on this machine, or applies what was corrected there.
///
/// Exit code: 0, or 2 if it failed; nothing was changed then.
#[derive(Debug, Parser)]
#[command(version, allow_negative_numbers = true)]
struct Args {
    /// The data set's folder
    dataset: PathBuf,
    /// Show the page on 127.0.0.1 and write corrections straight to the data set, until Ctrl-C
    #[arg(long, conflicts_with_all = ["apply", "undo"])]
    serve: bool,
    /// The port; 0 for any free one
    #[arg(long, default_value_t = 8277, requires = "serve")]
    port: u16,
    /// Apply the corrections of this table, all or none: a corrections.csv that the page has exported
    #[arg(long, value_name = "CSV", conflicts_with = "undo")]
    apply: Option<PathBuf>,
    /// Say what --apply would do, and change nothing
    #[arg(long, requires = "apply")]
    dry_run: bool,
    /// Take the last application back
    #[arg(long)]
    undo: bool,
    /// Up to so many pictures, the page holds small copies of all and can be taken anywhere
    #[arg(long, value_name = "PICTURES", default_value_t = DEFAULT_INLINE)]
    inline: usize,
}

fn main() -> ExitCode {
    exit::main(run)
}

fn run() -> anyhow::Result<Outcome> {
    let args = Args::parse();
    if args.serve {
        serve(&args)?;
    } else if let Some(table) = &args.apply {
        apply(&args, &CorrectionTable::open(table)?)?;
    } else if args.undo {
        undo(&args)?;
    } else {
        write_page(&args, &Dataset::open(&args.dataset)?)?;
        say("Open it in a browser. It exports corrections.csv, for --apply.");
    }
    Ok(Outcome::Complete)
}

fn serve(args: &Args) -> anyhow::Result<()> {
    let server = Server::bind(&args.dataset, args.port)?;
    let stop = stop_on_ctrl_c()?;
    say(format_args!("http://{}", server.address()));
    say("Corrections go straight to the data set. Ctrl-C ends.");
    server.run(|| stop.is_requested());
    Ok(())
}

fn apply(args: &Args, table: &CorrectionTable) -> anyhow::Result<()> {
    let mut editor = Editor::open(&args.dataset)?;
    let plan = editor.check(table).inspect_err(skips::report_rows)?;
    say(&plan);
    if args.dry_run {
        say("Nothing was changed.");
        return Ok(());
    }
    if plan.is_empty() {
        say("Nothing was to be changed.");
        return Ok(());
    }
    editor.apply(table)?;
    renew_page(args, editor.dataset())?;
    say("Applied. --undo takes it back.");
    Ok(())
}

fn undo(args: &Args) -> anyhow::Result<()> {
    let mut editor = Editor::open(&args.dataset)?;
    if !editor.undo()? {
        anyhow::bail!(
            "no corrections were applied to `{}` that could be taken back",
            args.dataset.display()
        );
    }
    renew_page(args, editor.dataset())?;
    let left = editor.undoable()?;
    say("The last corrections are taken back.");
    if left > 0 {
        say(format_args!("So can be the {left} before them."));
    }
    Ok(())
}

/// An older page would show other labels than those in force.
fn renew_page(args: &Args, dataset: &Dataset) -> anyhow::Result<()> {
    if args.dataset.join("review.html").is_file() {
        write_page(args, dataset)?;
    }
    Ok(())
}

fn write_page(args: &Args, dataset: &Dataset) -> anyhow::Result<()> {
    let page = review::write_page(dataset, &ReviewOptions::default().with_inline(args.inline))?;
    let megabytes = page.metadata()?.len() as f64 / 1e6;
    say(format_args!(
        "page  {} ({}, {megabytes:.1} MB)",
        page.display(),
        count(dataset.len(), "picture")
    ));
    Ok(())
}
