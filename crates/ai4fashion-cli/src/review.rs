//! `ai4fashion review`: labels are corrected by hand.

use std::path::PathBuf;

use ai4fashion_dataset::{
    Dataset, Error, LabelEditor,
    corrections::{CorrectionPlan, CorrectionTable, check, is_applied},
    layout::REVIEW_PAGE,
};
use ai4fashion_files::{chain, count};
use ai4fashion_plot::DistributionCharts;
use ai4fashion_review::{ReviewOptions, Server};
use clap::Args;

use crate::{
    exit::Outcome,
    interrupt::stop_on_ctrl_c,
    say::{remark, say},
    skips,
};

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
Exit code: 0; 1 if labels were changed, but not the page that the data set has; or 2 if it
failed: nothing was changed then, unless the error says so.

Examples:
  ai4fashion review dataset --serve
  ai4fashion review dataset
  ai4fashion review dataset --apply corrections.csv
  ai4fashion review dataset --undo";

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    if arguments.serve {
        serve(arguments)?;
    } else if let Some(table) = &arguments.apply {
        let table = CorrectionTable::open(table)?;
        if !arguments.dry_run {
            return apply(arguments, &table);
        }
        say_plan(&Dataset::open(&arguments.dataset)?, &table)?;
        say("Nothing was changed.");
    } else if arguments.undo {
        return undo(arguments);
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

fn apply(arguments: &Arguments, table: &CorrectionTable) -> anyhow::Result<Outcome> {
    let mut editor = open(arguments)?;
    let plan = say_plan(editor.dataset(), table)?;
    if plan.is_some_and(|plan| !plan.is_empty()) {
        editor.apply(table)?;
        say("Applied. --undo reverts it.");
    } else {
        say("Nothing to change.");
        // Whoever applied them may not have come to the page.
        if !is_applied(editor.dataset(), table) {
            return Ok(Outcome::Complete);
        }
    }
    Ok(renew_page(arguments, editor))
}

/// Says what an application would do; `None` if it was made already.
fn say_plan(dataset: &Dataset, table: &CorrectionTable) -> Result<Option<CorrectionPlan>, Error> {
    match check(dataset, table) {
        Ok(plan) => {
            say(&plan);
            Ok(Some(plan))
        }
        Err(_) if is_applied(dataset, table) => {
            say("These corrections are applied already.");
            Ok(None)
        }
        Err(error) => {
            skips::report_rows(&error);
            Err(error)
        }
    }
}

/// Opens the data set for corrections, which rewrite its charts, too.
fn open(arguments: &Arguments) -> Result<LabelEditor, Error> {
    Ok(LabelEditor::open(&arguments.dataset)?.with_sidecar(DistributionCharts))
}

fn undo(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let mut editor = open(arguments)?;
    if !editor.undo()? {
        anyhow::bail!(
            "there are no corrections to undo in `{}`",
            arguments.dataset.display()
        );
    }
    say("The last corrections are undone.");
    // They are undone, whether the others can be counted or not.
    if let Some(left) = editor.undo_depth().ok().filter(|left| *left > 0) {
        say(format_args!("{left} more can be undone."));
    }
    Ok(renew_page(arguments, editor))
}

/// Writes the page of a data set anew if it has one: an older one would not show the current
/// labels. These are changed by now, whatever becomes of the page.
fn renew_page(arguments: &Arguments, editor: LabelEditor) -> Outcome {
    let dataset = editor.dataset().clone();
    // Others may correct labels again.
    drop(editor);
    if !arguments.dataset.join(REVIEW_PAGE).is_file() {
        return Outcome::Complete;
    }
    match write_page(arguments, &dataset) {
        Ok(()) => Outcome::Complete,
        Err(error) => {
            skips::warning(format_args!(
                "the labels are changed, but `{REVIEW_PAGE}` still shows the old ones: {}",
                chain(&*error)
            ));
            let dataset = arguments.dataset.display();
            remark(format_args!(
                "  hint: `ai4fashion review {dataset}` writes that page"
            ));
            Outcome::WithSkips
        }
    }
}

fn write_page(arguments: &Arguments, dataset: &Dataset) -> anyhow::Result<()> {
    let options = ReviewOptions::default().with_inline(arguments.inline);
    let page = ai4fashion_review::write_page(dataset, &options)?;
    let megabytes = page.metadata().map_or(0, |page| page.len()) as f64 / 1e6;
    say(format_args!(
        "page  {} ({}, {megabytes:.1} MB)",
        page.display(),
        count(dataset.len(), "image")
    ));
    Ok(())
}
