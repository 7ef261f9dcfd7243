//! The images to ingest, and what is known before any is read.

use std::collections::{BTreeMap, HashSet};

use super::{id_list::IdList, job::Job, options::IngestOptions, unique_stems::UniqueStems};
use crate::{
    dataset::{Filter, SourceSummary},
    error::Error,
    record::Rejected,
    source::{Entry, Source, SourcePlan, TableFit, TypeTable},
};

/// The images to ingest, with counts and rejections so far.
#[derive(Debug, Default)]
pub(super) struct Jobs {
    pub(super) jobs: Vec<Job>,
    pub(super) sources: Vec<SourceSummary>,
    pub(super) rejected: Vec<Rejected>,
    pub(super) renamed: Vec<(String, String)>,
}

impl Jobs {
    pub(super) fn of(sources: &[&dyn Source], options: &IngestOptions) -> Result<Self, Error> {
        let plans = sources
            .iter()
            .map(|source| source.plan())
            .collect::<Result<Vec<_>, _>>()?;
        let mut all = Self {
            rejected: unmatched(sources, &plans),
            ..Self::default()
        };
        let (mut stems, mut selection) = (UniqueStems::default(), Selection::new(options, &plans));
        for (index, (source, plan)) in sources.iter().zip(plans).enumerate() {
            all.add(index, *source, plan, &mut stems, &mut selection);
        }
        all.rejected.append(&mut selection.rejected);
        Ok(all)
    }

    fn add(
        &mut self,
        index: usize,
        source: &dyn Source,
        plan: SourcePlan,
        stems: &mut UniqueStems,
        selection: &mut Selection<'_>,
    ) {
        let mut filtered: BTreeMap<String, usize> = plan.filtered;
        let found = plan.images.len() + plan.unreadable.len() + filtered.values().sum::<usize>();
        for entry in plan.images {
            if let Some(reason) = selection.reason_against(&entry) {
                *filtered.entry(reason.to_owned()).or_default() += 1;
                continue;
            }
            let (stem, is_new) = stems.unique(&entry.path);
            if !is_new {
                self.renamed.push((entry.source_path.clone(), stem.clone()));
            }
            self.jobs.push(Job {
                source: index,
                entry,
                stem,
            });
        }
        let types_sha256 = source.type_table().map(TypeTable::fingerprint);
        let settings = selection.options.settings();
        self.sources.push(SourceSummary {
            name: source.name().to_owned(),
            settings_sha256: settings.fingerprint(types_sha256.as_deref()),
            types_sha256,
            found,
            written: 0,
            rejected: plan.unreadable.len(),
            filtered,
            rows_without_image: plan.rows_without_image,
            rows_repaired: plan.rows_repaired,
            left_out: plan.left_out,
            folders_unreadable: plan.unreadable_folders.len(),
            rows_rejected: plan.rejected_rows.len(),
            images_without_row: plan.images_without_row,
        });
        let rejected = plan.rejected_rows.into_iter().chain(plan.unreadable_folders);
        let rejected = rejected.chain(plan.unreadable);
        self.rejected
            .extend(rejected.map(|rejected| rejected.with_source(source.name())));
    }
}

/// Says which tables are probably not those of the images. Sources may share one.
fn unmatched(sources: &[&dyn Source], plans: &[SourcePlan]) -> Vec<Rejected> {
    let mut tables: Vec<(&str, TableFit)> = Vec::new();
    for (source, plan) in sources.iter().zip(plans) {
        let Some(table) = &plan.table else {
            continue;
        };
        let is_shared = source.type_table().is_some();
        let same = |(_, known): &&mut (&str, TableFit)| is_shared && known.table == table.table;
        match tables.iter_mut().find(same) {
            Some((_, known)) => known.add(table),
            None => tables.push((source.name(), table.clone())),
        }
    }
    let rejected = tables.iter().filter_map(|(source, table)| {
        let error = table.problem()?;
        Some(Rejected::new(table.table.clone(), &error).with_source(source))
    });
    rejected.collect()
}

/// The images that are wanted, by their place among those of all sources.
struct Selection<'a> {
    options: &'a IngestOptions,
    selected: Option<HashSet<usize>>,
    excluded: Option<HashSet<usize>>,
    /// Number of images that were asked about.
    asked: usize,
    /// Names of the lists that mean no image.
    rejected: Vec<Rejected>,
}

impl<'a> Selection<'a> {
    fn new(options: &'a IngestOptions, plans: &[SourcePlan]) -> Self {
        let images: Vec<&Entry> = plans.iter().flat_map(|plan| &plan.images).collect();
        let mut rejected = Vec::new();
        let mut find = |list: &Option<IdList>| {
            let (found, unknown) = list.as_ref()?.find(&images);
            rejected.extend(unknown);
            Some(found)
        };
        Self {
            options,
            selected: find(&options.select),
            excluded: find(&options.exclude),
            asked: 0,
            rejected,
        }
    }

    /// Why the next image is filtered, if it is: the first of exclusion list, selection list and
    /// filter.
    fn reason_against(&mut self, entry: &Entry) -> Option<&'static str> {
        let place = self.asked;
        self.asked += 1;
        let is_in = |list: &HashSet<usize>| list.contains(&place);
        if self.excluded.as_ref().is_some_and(is_in) {
            return Some("excluded");
        }
        match self.options.filter {
            _ if !self.selected.as_ref().is_none_or(is_in) => Some("not-selected"),
            Filter::Apparel if entry.is_apparel != Some(true) => Some("not-apparel"),
            Filter::Typed if !matches!(entry.product_type, Some((Some(_), _))) => Some("not-typed"),
            _ => None,
        }
    }
}
