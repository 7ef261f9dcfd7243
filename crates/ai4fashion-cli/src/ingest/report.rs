//! What an ingestion has done, or would do, in words and as JSON.

use std::path::Path;

use ai4fashion_dataset::{
    ProductType, Split,
    ingest::{IngestPlan, IngestReport, SourceSummary},
    layout::PLOTS,
};
use ai4fashion_files::{count, numbers::thousands};

use crate::say::say;

/// Says what would be done.
pub(super) fn say_plan(plan: &IngestPlan, json: bool) {
    let sum = |of: fn(&SourceSummary) -> usize| plan.sources.iter().map(of).sum::<usize>();
    let written = sum(|source| source.written);
    if json {
        say(serde_json::json!({
            "found": sum(|source| source.found),
            "to_write": written,
            "reused": plan.reused,
            "skipped": sum(|source| source.rejected),
            "filtered": sum(|source| source.filtered.values().sum()),
            "types": plan.types,
            "renamed": plan.renamed.len(),
            "left_out": sum(|source| source.left_out.count),
            "first_left_out": first_left_out(&plan.sources),
            "sources": plan.sources,
        }));
        return;
    }
    let new = written.saturating_sub(plan.reused);
    say(format_args!(
        "{} would be written; this was a dry run",
        count(new, "image")
    ));
    if plan.reused > 0 {
        say(format_args!("  {:>6} already in the data set", plan.reused));
    }
    for source in &plan.sources {
        say(format_args!("  {source:#}"));
    }
    for (number, images) in &plan.types {
        let name = ProductType::ALL
            .into_iter()
            .find(|known| known.number() == *number);
        say(format_args!(
            "  {images:>6} {}",
            name.map_or("type not known", ProductType::as_str)
        ));
    }
    for (original, stem) in &plan.renamed {
        say(format_args!(
            "  `{original}` would be named {stem}: its name is taken"
        ));
    }
}

/// Says what was done, as one line of JSON.
pub(super) fn say_json(report: &IngestReport, seconds: f64, peak_mib: Option<f64>) {
    let summary = &report.summary;
    let filtered = summary.sources.iter().flat_map(|source| source.filtered.values());
    let left_out = summary.sources.iter().map(|source| source.left_out.count);
    say(serde_json::json!({
        "found": summary.found,
        "written": summary.written,
        "skipped": summary.rejected,
        "filtered": filtered.sum::<usize>(),
        "reused": report.reused,
        "left_out": left_out.sum::<usize>(),
        "first_left_out": first_left_out(&summary.sources),
        "seconds": seconds,
        "images_per_s": summary.written as f64 / seconds,
        "peak_mib": peak_mib,
    }));
}

/// The first image file that programs have left beside the photos.
fn first_left_out(sources: &[SourceSummary]) -> Option<&str> {
    sources.iter().find_map(|source| source.left_out.first.as_deref())
}

/// Says what was done to the data set at `out`.
pub(super) fn say_words(report: &IngestReport, seconds: f64, out: &Path) {
    let summary = &report.summary;
    if report.is_unchanged {
        say(format_args!(
            "{} already in the data set; nothing to do",
            count(summary.written, "image")
        ));
    } else {
        let (written, found) = (summary.written, count(summary.found, "image"));
        let rate = summary.written as f64 / seconds;
        say(format_args!("{written} of {found} written, {rate:.0} images/s"));
    }
    if report.reused > 0 && !report.is_unchanged {
        say(format_args!("            {} reused", report.reused));
    }
    for source in &summary.sources {
        say(format_args!("  {source}"));
    }
    let splits = Split::ALL.map(|split| format!("{} {split}", summary.splits[split.as_str()]));
    say(format_args!("splits      {}", splits.join(", ")));
    if summary.duplicates + summary.near_duplicates > 0 {
        say(format_args!(
            "duplicates  {} exact, {} near; each is in the split of its first image",
            summary.duplicates, summary.near_duplicates
        ));
    }
    if report.lost_annotations > 0 {
        say(format_args!(
            "lost        human labels of {}: changed, or not in the sources any more",
            count(report.lost_annotations, "image")
        ));
    }
    let flags: Vec<String> = summary
        .flags
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(name, count)| match *count == summary.written {
            // Of what is true of all there is no list to look through.
            true => format!("all {name}"),
            false => format!("{} {name}", thousands(*count)),
        })
        .collect();
    if !flags.is_empty() {
        say(format_args!("flags       {}", flags.join(", ")));
    }
    say(format_args!("data set    {}", out.display()));
    say(format_args!("charts      {}", out.join(PLOTS).display()));
}
