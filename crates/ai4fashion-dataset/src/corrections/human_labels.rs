//! Human labels that outlive a new ingestion of the same photos.

use std::collections::HashMap;

use crate::{
    dataset::layout::{IMAGES, image_name},
    error::Error,
    labels::LabeledName,
    record::{Annotation, Identity, Record},
};

/// The human labels of a data set, for the same images in another data set.
///
/// Images are the same if source, path and bytes are. Where sources of one kind have the same file
/// at the same path, the stems of the images tell them apart.
#[derive(Clone, Debug, Default)]
pub struct HumanLabels(HashMap<Identity<'static>, Vec<Record>>);

impl HumanLabels {
    /// Collects the human labels of records.
    #[must_use]
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut all: HashMap<_, Vec<&Record>> = HashMap::new();
        for record in records {
            all.entry(record.identity()).or_default().push(record);
        }
        all.retain(|_, same| same.iter().any(|record| record.annotation.is_some()));
        let own = |(identity, same): (Identity<'_>, Vec<&Record>)| {
            (identity.into_owned(), same.into_iter().cloned().collect())
        };
        Self(all.into_iter().map(own).collect())
    }

    /// Number of images with human labels.
    #[must_use]
    pub fn len(&self) -> usize {
        let all = self.0.values().flatten();
        all.filter(|record| record.annotation.is_some()).count()
    }

    /// Whether there are no human labels.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Gives a record the human labels of its image.
    ///
    /// Returns the file that the image had until then, if its labels give it another one. The
    /// caller renames the file.
    ///
    /// # Errors
    /// If the record's file is not a [`LabeledName`].
    pub fn apply(&self, record: &mut Record) -> Result<Option<String>, Error> {
        let name: LabeledName = image_name(&record.file).parse()?;
        let Some((annotated, annotation)) = self.annotated(record, name.stem()) else {
            return Ok(None);
        };
        let Annotation {
            model_color,
            source_type,
            annotated_at,
        } = annotation;
        if model_color.is_some() {
            record.annotate_color(Some(annotated.color), annotated_at);
        }
        if source_type.is_some() {
            record.annotate_type(Some(annotated.product_type), annotated_at);
        }
        let name = name.with_color(record.color).with_type(record.product_type);
        let file = format!("{IMAGES}/{name}");
        let before = std::mem::replace(&mut record.file, file);
        Ok((before != record.file).then_some(before))
    }

    /// The annotated record of the same image, and its annotation.
    fn annotated(&self, record: &Record, stem: &str) -> Option<(&Record, &Annotation)> {
        let same = self.0.get(&record.identity().into_owned())?;
        let has_stem = |record: &&Record| {
            let name = image_name(&record.file).parse::<LabeledName>();
            name.is_ok_and(|name| name.stem() == stem)
        };
        let found = match &**same {
            [only] => Some(only),
            several => several.iter().find(has_stem),
        };
        found.and_then(|found| Some((found, found.annotation.as_ref()?)))
    }
}
