//! Tables for people and JSON for programs.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    power_cuts::PowerCuts,
    recovery::{Outcome, Verdict},
    sync_cost::SyncCost,
    sync_order::{Rule, SyncOrder},
    syscalls::{Campaign, Fault, Tried},
};

/// Findings that are printed of each operation; JSON has all.
const PRINTED: usize = 12;

/// A text for people, the same as JSON, and whether a fault was found.
#[derive(Debug)]
pub(crate) struct Report {
    /// Markdown.
    pub(crate) text: String,
    /// Counts and all findings, as JSON.
    pub(crate) json: Value,
    /// Whether the program has a fault.
    pub(crate) has_fault: bool,
}

/// The head of a table.
fn head(columns: &[&str]) -> String {
    let rule = columns.iter().map(|_| "---").collect::<Vec<_>>().join("|");
    format!("| {} |\n|{rule}|\n", columns.join(" | "))
}

fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

fn count(verdicts: &[&Verdict], is: impl Fn(&Verdict) -> bool) -> usize {
    verdicts.iter().filter(|verdict| is(verdict)).count()
}

/// The columns that all tables of verdicts have.
const VERDICTS: [&str; 9] = [
    "same bytes",
    "litter",
    "other bytes",
    "by hand",
    "lost",
    "crashes",
    "silently fewer",
    "readers refused",
    "wrong exit code",
];

fn verdict_counts(verdicts: &[&Verdict]) -> Vec<usize> {
    let outcomes = Outcome::ALL.map(|outcome| count(verdicts, |it| it.outcome == outcome));
    let rest = [
        count(verdicts, |it| it.crash.is_some()),
        count(verdicts, |it| it.silent.is_some()),
        count(verdicts, |it| it.refused),
        count(verdicts, |it| it.false_success || it.false_failure),
    ];
    outcomes.into_iter().chain(rest).collect()
}

fn counts_json(verdicts: &[&Verdict]) -> Value {
    let counts = VERDICTS.into_iter().zip(verdict_counts(verdicts));
    counts
        .map(|(name, count)| (name.replace(' ', "_"), json!(count)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// Reports the faults at system calls.
pub(crate) fn syscalls(campaigns: &[Campaign]) -> Report {
    let mut text = "## Faults at system calls\n\n".to_owned();
    text.push_str(&head(
        &[&["operation", "fault", "points", "tried"][..], &VERDICTS].concat(),
    ));
    let mut json = Vec::new();
    let mut has_fault = false;
    for campaign in campaigns {
        for fault in Fault::ALL {
            let tried: Vec<_> = campaign
                .tried
                .iter()
                .filter(|it| it.point.fault == fault)
                .collect();
            let verdicts: Vec<_> = tried.iter().filter_map(|it| it.verdict.as_ref()).collect();
            let cells = [
                campaign.operation.to_owned(),
                fault.name().to_owned(),
                tried.len().to_string(),
            ];
            let counts = [verdicts.len()].into_iter().chain(verdict_counts(&verdicts));
            text.push_str(&row(&cells
                .into_iter()
                .chain(counts.map(|it| it.to_string()))
                .collect::<Vec<_>>()));
        }
        let verdicts: Vec<_> = campaign
            .tried
            .iter()
            .filter_map(|it| it.verdict.as_ref())
            .collect();
        has_fault |= verdicts.iter().any(|verdict| verdict.is_fault());
        let findings: Vec<_> = findings(&campaign.tried);
        json.push(json!({
            "operation": campaign.operation,
            "calls": campaign.calls.iter().cloned().collect::<BTreeMap<_, _>>(),
            "points": campaign.points,
            "calls_left_out": campaign.left_out,
            "tried": campaign.tried.len(),
            "not_reached": campaign.tried.len() - verdicts.len(),
            "results": counts_json(&verdicts),
            "findings": findings.iter().map(|(_, json)| json).collect::<Vec<_>>(),
        }));
    }
    for campaign in campaigns {
        let findings = findings(&campaign.tried);
        let not_reached = campaign.tried.iter().filter(|it| it.verdict.is_none()).count();
        let calls = campaign
            .calls
            .iter()
            .map(|(name, count)| format!("{count} {name}"));
        text.push_str(&format!(
            "\n{}: {} points, {} calls left out, {not_reached} not reached; {}\n",
            campaign.operation,
            campaign.points,
            campaign.left_out,
            calls.collect::<Vec<_>>().join(", ")
        ));
        text.extend(
            findings
                .iter()
                .take(PRINTED)
                .map(|(text, _)| format!("- {text}\n")),
        );
        if findings.len() > PRINTED {
            text.push_str(&format!("- and {} more\n", findings.len() - PRINTED));
        }
    }
    Report {
        text,
        json: json!({ "syscalls": json }),
        has_fault,
    }
}

/// What was found, equal ones together, as text and as JSON.
fn findings(tried: &[Tried]) -> Vec<(String, Value)> {
    let mut groups: BTreeMap<String, Vec<&Tried>> = BTreeMap::new();
    for tried in tried {
        if let Some(verdict) = tried.verdict.as_ref().filter(|it| !it.is_clean()) {
            groups.entry(verdict.describe()).or_default().push(tried);
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    let outcome = |tried: &Tried| tried.verdict.as_ref().map(|it| it.outcome);
    groups.sort_by_key(|(_, group)| std::cmp::Reverse(outcome(group[0])));
    let groups = groups.into_iter().map(|(found, group)| {
        let points: Vec<_> = group.iter().map(|it| it.point.describe()).collect();
        let text = format!("{found}: {} points, first {}", group.len(), points[0]);
        (text, json!({ "found": found, "points": points }))
    });
    groups.collect()
}

/// Reports the order of syncs.
pub(crate) fn sync_order(orders: &[SyncOrder]) -> Report {
    let mut text = "## Order of syncs\n\n".to_owned();
    let columns = [
        "operation",
        "renames and removals",
        "syncs",
        "out of order",
        "not durable at the end",
    ];
    text.push_str(&head(&columns));
    let mut details = String::new();
    let mut json = Vec::new();
    for order in orders {
        let counts = [
            order.checked,
            order.syncs,
            order.violations.len(),
            order.at_end.len(),
        ];
        let cells = [order.operation.to_owned()]
            .into_iter()
            .chain(counts.map(|it| it.to_string()));
        text.push_str(&row(&cells.collect::<Vec<_>>()));
        let mut violations: BTreeMap<Rule, Vec<String>> = BTreeMap::new();
        for it in &order.violations {
            let (path, number) = &it.unsynced;
            let text = format!("{} (not synced: {number}, first {path})", it.call);
            violations.entry(it.rule).or_default().push(text);
        }
        for (rule, calls) in &violations {
            let (text, number, first) = (rule.text(), calls.len(), &calls[0]);
            details.push_str(&format!(
                "- {}: {text}: {number}, first {first}\n",
                order.operation
            ));
        }
        let violations = violations
            .iter()
            .map(|(rule, calls)| (rule.text().to_owned(), json!(calls)));
        let violations: serde_json::Map<_, _> = violations.collect();
        if let Some(path) = order.at_end.first() {
            let number = order.at_end.len();
            details.push_str(&format!(
                "- {}: not durable at the end: {number}, first {path}\n",
                order.operation
            ));
        }
        json.push(json!({
            "operation": order.operation,
            "checked": order.checked,
            "syncs": order.syncs,
            "violations": violations,
            "not_durable_at_the_end": order.at_end,
        }));
    }
    Report {
        text: format!("{text}\n{details}"),
        json: json!({ "sync_order": json }),
        has_fault: orders.iter().any(|order| !order.violations.is_empty()),
    }
}

/// Reports power cuts.
pub(crate) fn power_cuts(all: &[PowerCuts]) -> Report {
    let mut text = "## Power cuts\n\n".to_owned();
    text.push_str(&head(
        &[
            &[
                "operation",
                "moments",
                "different states",
                "old state",
                "new state",
            ][..],
            &VERDICTS,
        ]
        .concat(),
    ));
    let mut details = String::new();
    let mut json = Vec::new();
    for cuts in all {
        let verdicts: Vec<_> = cuts.cuts.iter().map(|cut| &cut.verdict).collect();
        let is_state =
            |tells: fn(&crate::power_cuts::Cut) -> bool| cuts.cuts.iter().filter(|cut| tells(cut)).count();
        let states = [
            cuts.moments,
            cuts.cuts.len(),
            is_state(|cut| cut.is_old),
            is_state(|cut| cut.is_new),
        ];
        let counts = states.into_iter().chain(verdict_counts(&verdicts));
        let cells = [cuts.operation.to_owned()]
            .into_iter()
            .chain(counts.map(|it| it.to_string()));
        text.push_str(&row(&cells.collect::<Vec<_>>()));
        for cut in cuts.cuts.iter().filter(|cut| cut.verdict.is_fault()) {
            details.push_str(&format!(
                "- {}, {}: {}\n",
                cuts.operation,
                cut.moment,
                cut.verdict.describe()
            ));
        }
        let found = cuts
            .cuts
            .iter()
            .map(|cut| json!({ "moment": cut.moment, "found": cut.verdict.describe() }));
        json.push(json!({
            "operation": cuts.operation,
            "moments": cuts.moments,
            "results": counts_json(&verdicts),
            "cuts": found.collect::<Vec<_>>(),
        }));
    }
    Report {
        text: format!("{text}\n{details}"),
        json: json!({ "power_cuts": json }),
        has_fault: all
            .iter()
            .flat_map(|cuts| &cuts.cuts)
            .any(|cut| cut.verdict.is_fault()),
    }
}

/// Reports what syncing costs.
pub(crate) fn sync_cost(cost: &SyncCost) -> Report {
    let SyncCost {
        images,
        runs,
        ingest,
        syncs,
        copy,
    } = cost;
    let mut text = format!("## Cost of syncing, {images} images, median of {runs} runs\n\n");
    text.push_str(&head(&["what", "seconds"]));
    for (what, seconds) in [
        ("ingest", ingest),
        ("of it in calls that sync", syncs),
        ("cp -r of the data set, and sync", copy),
    ] {
        text.push_str(&row(&[what.to_owned(), format!("{seconds:.2}")]));
    }
    text.push_str(&format!("\nSyncing takes {:.2} times the copy.\n", syncs / copy));
    let json = json!({
        "images": images,
        "runs": runs,
        "ingest_s": ingest,
        "syncs_s": syncs,
        "copy_and_sync_s": copy,
    });
    Report {
        text,
        json: json!({ "sync_cost": json }),
        has_fault: false,
    }
}
