//! The images to ingest, and what is known before any is read.

use std::collections::{BTreeMap, HashSet};

use super::{id_list::IdList, job::Job, options::IngestOptions, unique_stems::UniqueStems};
use crate::{
    dataset::{Filter, SourceSummary},
    error::Error,
    record::Rejected,
    source::{Entry, Source, SourcePlan, TypeTable},
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
        let mut all = Self::default();
        let (mut stems, mut selection) = (UniqueStems::default(), Selection::new(options));
        for (index, (source, plan)) in sources.iter().zip(plans).enumerate() {
            all.add(index, *source, plan, &mut stems, &mut selection);
        }
        all.rejected.extend(selection.unknown());
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

/// The images that are wanted, and the names of the lists that have occurred.
struct Selection<'a> {
    options: &'a IngestOptions,
    met: HashSet<&'a str>,
}

impl<'a> Selection<'a> {
    fn new(options: &'a IngestOptions) -> Self {
        Self {
            options,
            met: HashSet::new(),
        }
    }

    /// Why an image is filtered, if it is: the first of exclusion list, selection list and filter.
    fn reason_against(&mut self, entry: &Entry) -> Option<&'static str> {
        let options = self.options;
        let mut is_in = |list: &'a IdList| {
            let names: Vec<&str> = list.names_of(entry).collect();
            self.met.extend(&names);
            !names.is_empty()
        };
        let is_selected = options.select.as_ref().is_none_or(&mut is_in);
        let is_excluded = options.exclude.as_ref().is_some_and(&mut is_in);
        if is_excluded {
            return Some("excluded");
        }
        match options.filter {
            _ if !is_selected => Some("not-selected"),
            Filter::Apparel if entry.is_apparel != Some(true) => Some("not-apparel"),
            Filter::Typed if entry.product_type.is_none() => Some("not-typed"),
            _ => None,
        }
    }

    /// Rejects the names of the lists that no image of any source has.
    fn unknown(&self) -> Vec<Rejected> {
        let lists = self.options.select.iter().chain(&self.options.exclude);
        lists
            .flat_map(|list| list.unknown(|name| self.met.contains(name)))
            .collect()
    }
}
