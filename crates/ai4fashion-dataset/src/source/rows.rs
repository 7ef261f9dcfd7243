//! Each image gets the row of a table that fits it best.

use std::collections::HashMap;

use super::{
    entry::Entry,
    matching::{Fit, Matching},
    plan::SourcePlan,
    table_fit::TableFit,
};
use crate::{
    error::{Error, RejectReason},
    record::Rejected,
};

/// The rows of a table, of which each names an image.
pub(super) struct Rows<'a> {
    /// The table, for messages.
    pub(super) table: String,
    /// The line of each row.
    pub(super) lines: Vec<u64>,
    /// The name in each row; no two are equal.
    pub(super) names: Vec<&'a str>,
    /// The folder, with a slash at its end, that names may leave out; empty for none.
    pub(super) base: &'a str,
}

impl Rows<'_> {
    /// Gives the images of a plan their rows, and says in the plan which fit nothing.
    ///
    /// A closer fit counts. A row that fits several images as well as each other, and rows that fit
    /// an image as well as each other, are rejected, unless `is_same` says that they say the same.
    pub(super) fn give(
        &self,
        plan: &mut SourcePlan,
        is_same: impl Fn(usize, usize) -> bool,
        mut describe: impl FnMut(&mut Entry, usize),
    ) {
        let images: Vec<&Entry> = plan.images.iter().collect();
        let matching = Matching::new(&self.names, &images, self.base);
        let mut fits = matching.exact();
        let mut claims = claims(&fits, images.len());
        if claims.contains(&None) {
            matching.loosen(&mut fits);
            claims = self::claims(&fits, images.len());
        }
        let mut errors: Vec<Option<Error>> = self.names.iter().map(|_| None).collect();
        let mut uses = vec![0; self.names.len()];
        let mut given = vec![None; images.len()];
        for (image, claim) in claims.iter().enumerate() {
            let Some(Claim { rows, .. }) = claim else {
                continue;
            };
            let (first, others) = (rows[0], &rows[1..]);
            let of_others = others.iter().filter(|row| !is_same(first, **row));
            let of_others: Vec<usize> = of_others.copied().collect();
            let path = &images[image].source_path;
            if let Fit::Several { images: all, .. } = &fits[first] {
                errors[first] =
                    Some(self.several(first, all.iter().map(|image| &*images[*image].source_path)));
            } else if of_others.is_empty() || fits[first].is_exact() {
                given[image] = Some(first);
                uses[first] += 1;
            } else {
                errors[first] = Some(self.also(path, of_others[0]));
            }
            for row in others {
                if of_others.contains(row) {
                    errors[*row].get_or_insert_with(|| self.also(path, first));
                } else {
                    uses[*row] += 1;
                }
            }
        }
        self.give_namesakes(&fits, &images, &mut given);
        for (image, row) in plan.images.iter_mut().zip(&given) {
            if let Some(row) = row {
                describe(image, *row);
            }
        }
        let mut unused = Vec::new();
        for (row, error) in errors.iter().enumerate() {
            match error {
                Some(error) if uses[row] == 0 => {
                    let rejected = Rejected::new(self.table.clone(), error).with_row(self.lines[row]);
                    plan.rejected_rows.push(rejected);
                }
                _ if uses[row] == 0 => unused.push((self.lines[row], self.names[row].to_owned())),
                _ => {}
            }
        }
        plan.rejected_rows.sort_by_key(|rejected| rejected.row);
        plan.rows_without_image = unused.len();
        plan.images_without_row = given.iter().filter(|row| row.is_none()).count();
        let first_image = given.iter().position(Option::is_none);
        plan.table = Some(TableFit {
            table: self.table.clone(),
            rows: self.names.len(),
            unused,
            images: plan.images.len(),
            images_without_row: plan.images_without_row,
            first_image: first_image.map(|image| plan.images[image].source_path.clone()),
        });
    }

    /// Gives the rows of images in the base folder to those of the same name in folders below it,
    /// which show the same article.
    fn give_namesakes(&self, fits: &[Fit], images: &[&Entry], given: &mut [Option<usize>]) {
        if self.base.is_empty() || !given.contains(&None) {
            return;
        }
        let stem = |image: &Entry| Some(image.path.file_stem()?.to_os_string());
        let mut by_stem = HashMap::new();
        for (row, fit) in fits.iter().enumerate() {
            let Fit::One { images: all, .. } = fit else {
                continue;
            };
            let image = images[all[0]];
            let below = image.source_path.strip_prefix(self.base);
            if given[all[0]] == Some(row) && below.is_some_and(|below| !below.contains('/')) {
                by_stem.insert(stem(image), row);
            }
        }
        for (image, row) in images.iter().zip(given) {
            *row = row.or_else(|| by_stem.get(&stem(image)).copied());
        }
    }

    fn several<'p>(&self, row: usize, mut paths: impl ExactSizeIterator<Item = &'p str>) -> Error {
        let number = paths.len();
        let (first, second) = (paths.next().unwrap_or_default(), paths.next().unwrap_or_default());
        let message = format!(
            "`{}` fits {number} images, such as `{first}` and `{second}`; write the path",
            self.names[row]
        );
        Error::rejected(RejectReason::AmbiguousId, message)
    }

    fn also(&self, path: &str, other: usize) -> Error {
        let message = format!(
            "the row fits `{path}`, and so does `{}` in row {}",
            self.names[other], self.lines[other]
        );
        Error::rejected(RejectReason::AmbiguousId, message)
    }
}

/// The rows that fit an image, and how close they are: all are equally close.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Claim {
    rank: usize,
    rows: Vec<usize>,
}

/// The rows that fit each image best.
fn claims(fits: &[Fit], images: usize) -> Vec<Option<Claim>> {
    let mut claims: Vec<Option<Claim>> = vec![None; images];
    for (row, fit) in fits.iter().enumerate() {
        // A row that fits one image alone comes before one that fits others, too.
        let (images, rank) = match fit {
            Fit::Nothing => continue,
            Fit::One { images, rank } => (images, 2 * rank),
            Fit::Several { images, rank } => (images, 2 * rank + 1),
        };
        for image in images {
            match &mut claims[*image] {
                Some(claim) if claim.rank < rank => {}
                Some(claim) if claim.rank == rank => claim.rows.push(row),
                claim => {
                    let rows = vec![row];
                    *claim = Some(Claim { rank, rows });
                }
            }
        }
    }
    claims
}
