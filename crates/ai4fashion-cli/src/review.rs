//! `ai4fashion review`: labels are corrected by hand.

use std::path::PathBuf;

use ai4fashion_dataset::{Dataset, Error, LabelEditor, corrections::CorrectionTable, layout::REVIEW_PAGE};
use ai4fashion_files::count;
use ai4fashion_plot::DistributionCharts;
use ai4fashion_review::{ReviewOptions, Server};
use clap::Args;

use crate::{exit::Outcome, interrupt::stop_on_ctrl_c, say::say, skips};

/// Corrects labels by hand.
///
/// Writes the review page into a data set, serves it on this machine, or applies corrections that
/// the page has exported.
#[derive(Debug, Args)]
#[command(allow_negative_numbers = true, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Folder of the data set
    dataset: PathBuf,
    /// Serve the page on 127.0.0.1 and save corrections to the data set, until Ctrl-C
    #[arg(long, conflicts_with_all = ["apply", "undo"])]
    serve: bool,
    /// Port of the server; 0 for any free one
    #[arg(long, default_value_t = 8277, requires = "serve", conflicts_with_all = ["apply", "undo"])]
    port: u16,
    /// Apply the corrections of a table, all or none: the corrections.csv that the page has
    /// exported
    #[arg(long, value_name = "CSV", conflicts_with = "undo")]
    apply: Option<PathBuf>,
    /// Say what --apply would do, and change nothing
    #[arg(long, requires = "apply", conflicts_with_all = ["serve", "undo"])]
    dry_run: bool,
    /// Undo the last corrections that were applied
    #[arg(long)]
    undo: bool,
    /// Up to this number of images, the page embeds thumbnails of all and works anywhere
    #[arg(long, value_name = "IMAGES", default_value_t = ReviewOptions::default().inline)]
    inline: usize,
}

const EXAMPLES: &str = "\
Exit code: 0, or 2 if it failed; nothing was changed then.

Examples:
  ai4fashion review dataset --serve
  ai4fashion review dataset
  ai4fashion review dataset --apply corrections.csv
  ai4fashion review dataset --undo";

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    if arguments.serve {
        serve(arguments)?;
    } else if let Some(table) = &arguments.apply {
        apply(arguments, &CorrectionTable::open(table)?)?;
    } else if arguments.undo {
        undo(arguments)?;
    } else {
        write_page(arguments, &Dataset::open(&arguments.dataset)?)?;
        say("Open it in a browser. It exports corrections.csv, for --apply.");
    }
    Ok(Outcome::Complete)
}

fn serve(arguments: &Arguments) -> anyhow::Result<()> {
    let server = Server::bind(&arguments.dataset, arguments.port)?;
    let stop = stop_on_ctrl_c()?;
    say(format_args!("http://{}", server.address()));
    say("Corrections are saved to the data set. Ctrl-C ends.");
    server.run(|| stop.is_requested());
    Ok(())
}

fn apply(arguments: &Arguments, table: &CorrectionTable) -> anyhow::Result<()> {
    let mut editor = open(arguments)?;
    let plan = editor.check(table).inspect_err(skips::report_rows)?;
    say(&plan);
    if arguments.dry_run {
        say("Nothing was changed.");
        return Ok(());
    }
    if plan.is_empty() {
        say("Nothing to change.");
        return Ok(());
    }
    editor.apply(table)?;
    renew_page(arguments, editor.dataset())?;
    say("Applied. --undo reverts it.");
    Ok(())
}

/// Opens the data set for corrections, which rewrite its charts, too.
fn open(arguments: &Arguments) -> Result<LabelEditor, Error> {
    Ok(LabelEditor::open(&arguments.dataset)?.with_sidecar(DistributionCharts))
}

fn undo(arguments: &Arguments) -> anyhow::Result<()> {
    let mut editor = open(arguments)?;
    if !editor.undo()? {
        anyhow::bail!(
            "there are no corrections to undo in `{}`",
            arguments.dataset.display()
        );
    }
    renew_page(arguments, editor.dataset())?;
    let left = editor.undo_depth()?;
    say("The last corrections are undone.");
    if left > 0 {
        say(format_args!("{left} more can be undone."));
    }
    Ok(())
}

/// An older page would not show the current labels.
fn renew_page(arguments: &Arguments, dataset: &Dataset) -> anyhow::Result<()> {
    if arguments.dataset.join(REVIEW_PAGE).is_file() {
        write_page(arguments, dataset)?;
    }
    Ok(())
}

fn write_page(arguments: &Arguments, dataset: &Dataset) -> anyhow::Result<()> {
    let options = ReviewOptions::default().with_inline(arguments.inline);
    let page = ai4fashion_review::write_page(dataset, &options)?;
    let megabytes = page.metadata()?.len() as f64 / 1e6;
    say(format_args!(
        "page  {} ({}, {megabytes:.1} MB)",
        page.display(),
        count(dataset.len(), "image")
    ));
    Ok(())
}
