//! `ai4fashion ingest`: photos to a colour-labelled data set.

use std::time::Instant;

use ai4fashion_dataset::{Ingest, layout::REJECTED, source::Source};
use ai4fashion_plot::DistributionCharts;

use crate::{exit::Outcome, interrupt::stop_on_ctrl_c, memory::peak_mib, progress::ImageBar, skips};

mod arguments;
mod report;
mod sources;

pub(crate) use arguments::Arguments;

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let ingest = Ingest::new(arguments.options.options()?)?.with_sidecar(DistributionCharts);
    let sources = arguments.sources.open()?;
    let sources: Vec<&dyn Source> = sources.iter().map(|source| &**source).collect();
    let bar = if arguments.quiet {
        ImageBar::hidden()
    } else {
        ImageBar::new(if arguments.dry_run {
            "looking at"
        } else {
            "ingesting"
        })
    };
    let bar = bar.stopping(stop_on_ctrl_c()?);
    if arguments.dry_run {
        let plan = ingest.plan(&sources, Some(&arguments.out), &bar)?;
        drop(bar);
        plan.rejected.iter().for_each(skips::rejected);
        report::say_plan(&plan, arguments.json);
        return Ok(Outcome::of_skips(plan.rejected.len()));
    }
    let start = Instant::now();
    let report = ingest
        .run(&sources, &arguments.out, &bar)
        .inspect_err(skips::report_all)?;
    drop(bar);
    let seconds = start.elapsed().as_secs_f64();
    skips::report(&report.rejected, &arguments.out.join(REJECTED));
    if arguments.json {
        report::say_json(&report, seconds, peak_mib());
    } else {
        report::say_words(&report, seconds, &arguments.out);
    }
    Ok(Outcome::of_skips(report.rejected.len()))
}
