//! The columns of `styles.csv`.

use std::{borrow::Cow, collections::HashSet, path::Path};

use super::Style;
use crate::{
    error::{Error, RejectReason},
    record::SourceRow,
    table::{columns, position},
};

/// The column that names the image.
pub(super) const ID: &str = "id";
/// The column of types.
pub(super) const ARTICLE_TYPE: &str = "articleType";

/// The indices of the columns.
#[derive(Debug)]
pub(super) struct Header {
    /// A row without values, which has the names of all columns.
    columns: SourceRow,
    len: usize,
    id: usize,
    article_type: usize,
    master_category: Option<usize>,
    base_color: Option<usize>,
    /// The column that unquoted commas belong to.
    display_name: Option<usize>,
}

impl Header {
    pub(super) fn new(path: &Path, names: &[&str]) -> Result<Self, Error> {
        let [id, article_type] = columns(path, names, [ID, ARTICLE_TYPE])?;
        let unique = unique(names);
        Ok(Self {
            columns: unique.iter().map(|name| (name, "")).collect(),
            len: names.len(),
            id,
            article_type,
            master_category: position(names, &["masterCategory"]),
            base_color: position(names, &["baseColour", "baseColor"]),
            display_name: position(names, &["productDisplayName"]),
        })
    }

    /// Number of columns.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The id in a row.
    ///
    /// # Errors
    /// If the row is short, or the id is neither a file name nor a path below the source.
    pub(super) fn id<'a>(&self, row: &[&'a str]) -> Result<&'a str, Error> {
        if row.len() < self.len || (row.len() > self.len && self.display_name.is_none()) {
            let message = format!("row has {} of {} fields", row.len(), self.len);
            return Err(Error::rejected(RejectReason::ShortRow, message));
        }
        let id = row[self.place(row, self.id)];
        let mut parts = id.trim_start_matches("./").split(['/', '\\']);
        let is_unsafe =
            id.is_empty() || id.chars().any(char::is_control) || parts.any(|part| part.starts_with('.'));
        if is_unsafe {
            let message = format!("id `{}` is not a file name", id.escape_debug());
            return Err(Error::rejected(RejectReason::UnsafeId, message));
        }
        Ok(id)
    }

    /// What a row says that has an [`id`](Self::id).
    pub(super) fn style(&self, row: &[&str]) -> Style {
        let field = |column: usize| row[self.place(row, column)].to_owned();
        let extra = row.len() - self.len;
        let value = |column: usize| -> Cow<'_, str> {
            let place = self.place(row, column);
            match self.display_name {
                Some(name) if name == column && extra > 0 => row[place..=place + extra].join(", ").into(),
                _ => row[place].into(),
            }
        };
        let values: Vec<Cow<'_, str>> = (0..self.len).map(value).collect();
        Style {
            master_category: self.master_category.map(field),
            article_type: field(self.article_type),
            base_color: self
                .base_color
                .map(field)
                .filter(|word| !word.is_empty() && word != "NA"),
            row: self.columns.with_values(values.iter().map(|value| &**value)),
        }
    }

    /// Where a column is in a row, whose display name may hold commas.
    fn place(&self, row: &[&str], column: usize) -> usize {
        let is_moved = self
            .display_name
            .is_some_and(|display_name| column > display_name);
        column + if is_moved { row.len() - self.len } else { 0 }
    }
}

/// A name for each column: `column 3` for one without, and `~2` behind the second of a name.
fn unique(names: &[&str]) -> Vec<String> {
    let mut seen = HashSet::new();
    let names = (1..).zip(names).map(|(number, name)| {
        let name = if name.is_empty() {
            format!("column {number}")
        } else {
            (*name).to_owned()
        };
        let numbered = std::iter::once(name.clone()).chain((2..).map(|number| format!("{name}~{number}")));
        let mut free = numbered.filter(|name| !seen.contains(name));
        let name = free.next().unwrap_or_default();
        seen.insert(name.clone());
        name
    });
    names.collect()
}
