//! What a person has said outlives a new ingestion of the same photos.

use std::collections::HashMap;

use crate::{
    dataset::layout::{IMAGES, name_of},
    error::Error,
    labels::LabeledName,
    record::{Checked, Record},
};

/// What was said of the pictures of a data set, kept by their source, path and bytes, for the same pictures in another
/// data set. Where sources of one kind have the same file in the same place, the pictures' names tell them apart.
#[derive(Clone, Debug, Default)]
pub struct Carried(HashMap<[String; 3], Vec<Record>>);

impl Carried {
    /// Takes what was said from these records.
    #[must_use]
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut all: HashMap<_, Vec<&Record>> = HashMap::new();
        for record in records {
            all.entry(key(record)).or_default().push(record);
        }
        all.retain(|_, same| same.iter().any(|record| record.checked.is_some()));
        let own = |(key, same): ([&String; 3], Vec<&Record>)| {
            (key.map(Clone::clone), same.into_iter().cloned().collect())
        };
        Self(all.into_iter().map(own).collect())
    }

    /// Of how many pictures something was said.
    #[must_use]
    pub fn len(&self) -> usize {
        let all = self.0.values().flatten();
        all.filter(|record| record.checked.is_some()).count()
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
        let name: LabeledName = name_of(&record.file).parse()?;
        let Some((said, checked)) = self.said_of(record, name.stem()) else {
            return Ok(None);
        };
        let Checked {
            color_was,
            type_was,
            when,
        } = checked;
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

    /// The record of the same picture of which something was said, and what.
    fn said_of(&self, record: &Record, stem: &str) -> Option<(&Record, &Checked)> {
        let same = self.0.get(&key(record).map(Clone::clone))?;
        let has_stem = |record: &&Record| {
            let name = name_of(&record.file).parse::<LabeledName>();
            name.is_ok_and(|name| name.stem() == stem)
        };
        let found = match &**same {
            [only] => Some(only),
            several => several.iter().find(has_stem),
        };
        found.and_then(|found| Some((found, found.checked.as_ref()?)))
    }
}

fn key(record: &Record) -> [&String; 3] {
    [&record.source, &record.original, &record.sha256]
}
