//! What an ingestion will do.

use std::collections::{BTreeMap, HashSet};

use super::{id_list::IdList, job::Job, names::Names, options::IngestOptions};
use crate::{
    dataset::{Keep, SourceSummary},
    error::Error,
    record::Skip,
    source::{Entry, Source, SourcePlan, TypeTable},
};

/// What an ingestion would do: see [`Ingest::plan`](crate::Ingest::plan).
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Plan {
    /// The counts of each source.
    pub sources: Vec<SourceSummary>,
    /// Pictures of each product type, by number; 0 is not known.
    pub types: BTreeMap<u8, usize>,
    /// Pictures whose stem an earlier one has: the path below the source, and the stem that they get.
    pub renamed: Vec<(String, String)>,
    /// Pictures, folders and rows that cannot be used.
    pub skipped: Vec<Skip>,
    /// Pictures that are in the data set, or in what was begun of it, already.
    pub reused: usize,
}

/// The pictures to read, and what is known of the others before reading.
#[derive(Debug, Default)]
pub(super) struct Jobs {
    pub(super) jobs: Vec<Job>,
    pub(super) sources: Vec<SourceSummary>,
    pub(super) skipped: Vec<Skip>,
    pub(super) renamed: Vec<(String, String)>,
}

impl Jobs {
    pub(super) fn of(sources: &[&dyn Source], options: &IngestOptions) -> Result<Self, Error> {
        let plans = sources
            .iter()
            .map(|source| source.plan())
            .collect::<Result<Vec<_>, _>>()?;
        let mut all = Self::default();
        let (mut names, mut selection) = (Names::default(), Selection::new(options));
        for (place, (source, plan)) in sources.iter().zip(plans).enumerate() {
            all.add(place, *source, plan, &mut names, &mut selection);
        }
        all.skipped.extend(selection.unknown());
        Ok(all)
    }

    fn add(
        &mut self,
        place: usize,
        source: &dyn Source,
        plan: SourcePlan,
        names: &mut Names,
        selection: &mut Selection<'_>,
    ) {
        let mut left_out: BTreeMap<String, usize> = plan
            .left_out
            .iter()
            .map(|(reason, count)| ((*reason).to_owned(), *count))
            .collect();
        let found = plan.pictures.len() + plan.unreadable.len() + left_out.values().sum::<usize>();
        for entry in plan.pictures {
            if let Some(reason) = selection.reason_against(&entry) {
                *left_out.entry(reason.to_owned()).or_default() += 1;
                continue;
            }
            let (stem, is_new) = names.unique(&entry.path);
            if !is_new {
                self.renamed.push((entry.original.clone(), stem.clone()));
            }
            self.jobs.push(Job {
                source: place,
                source_name: source.name(),
                entry,
                stem,
            });
        }
        let types = source.types().map(TypeTable::fingerprint);
        self.sources.push(SourceSummary {
            name: source.name().to_owned(),
            settings_sha256: selection.options.settings().fingerprint(types.as_deref()),
            types,
            found,
            written: 0,
            skipped: plan.unreadable.len(),
            left_out,
            rows_without_picture: plan.rows_without_picture,
            rows_repaired: plan.rows_repaired,
            folders_unreadable: plan.unreadable_folders.len(),
            rows_refused: plan.refused_rows.len(),
            pictures_without_row: plan.pictures_without_row,
        });
        let refused = plan.refused_rows.into_iter().chain(plan.unreadable_folders);
        let refused = refused.chain(plan.unreadable);
        self.skipped
            .extend(refused.map(|skip| skip.of_source(source.name())));
    }
}

/// Which pictures are wanted, and which names of the lists have been met.
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

    /// Why a picture is left out, if it is: the first that holds of the exclusion list, the selection list and `keep`.
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
            Some("excluded")
        } else if !is_selected {
            Some("not-selected")
        } else {
            reason_against(options.keep, entry)
        }
    }

    /// Names that no picture of any source has.
    fn unknown(&self) -> Vec<Skip> {
        let lists = self.options.select.iter().chain(&self.options.exclude);
        lists
            .flat_map(|list| list.unknown(|name| self.met.contains(name)))
            .collect()
    }
}

/// Why a picture is left out, if it is.
fn reason_against(keep: Keep, entry: &Entry) -> Option<&'static str> {
    match keep {
        Keep::Apparel if entry.is_apparel != Some(true) => Some("not-apparel"),
        Keep::Typed if entry.product_type.is_none() => Some("not-typed"),
        _ => None,
    }
}
