//! What a person has said outlives a new ingestion of the same photos.

use std::collections::HashMap;

use crate::{Error, LabeledName, Record, checked::Checked, record::IMAGES};

/// What was said of the pictures of a data set, kept by their source, path and bytes, for the same pictures in another
/// data set.
#[derive(Clone, Debug, Default)]
pub struct Carried(HashMap<[String; 3], Record>);

impl Carried {
    /// Takes what was said from these records.
    #[must_use]
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let said = records.into_iter().filter(|record| record.checked.is_some());
        Self(said.map(|record| (key(record), record.clone())).collect())
    }

    /// Of how many pictures something was said.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Gives a new record what was said of its picture. The file that the picture had until then, if it has another one
    /// now: whoever calls renames it.
    ///
    /// # Errors
    /// If its file is no [`LabeledName`].
    pub fn apply(&self, record: &mut Record) -> Result<Option<String>, Error> {
        let Some(said) = self.0.get(&key(record)) else {
            return Ok(None);
        };
        let Some(Checked {
            color_was,
            type_was,
            when,
        }) = &said.checked
        else {
            return Ok(None);
        };
        let name: LabeledName = record
            .file
            .trim_start_matches(IMAGES)
            .trim_start_matches('/')
            .parse()?;
        if color_was.is_some() {
            record.say_color(Some(said.color), when);
        }
        if type_was.is_some() {
            record.say_type(Some(said.product_type), when);
        }
        let name = name.with_color(record.color).with_type(record.product_type);
        let file = format!("{IMAGES}/{name}");
        let before = std::mem::replace(&mut record.file, file);
        Ok((before != record.file).then_some(before))
    }
}

fn key(record: &Record) -> [String; 3] {
    [&record.source, &record.original, &record.sha256].map(Clone::clone)
}
