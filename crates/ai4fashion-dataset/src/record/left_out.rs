//! What programs leave beside photos.

use std::fmt;

use ai4fashion_files::count;
use serde::{Deserialize, Serialize};

/// Image files that no person has put there, and that are not taken: thumbnails, trash, hidden
/// files. They are neither rejected nor counted as found.
///
/// ```
/// use ai4fashion_dataset::record::LeftOut;
///
/// let mut left_out = LeftOut::default();
/// left_out.add(".thumbnails/a.jpg");
/// left_out.add(".trash/b.jpg");
/// assert_eq!(left_out.to_string(), "2 files left out (the first: `.thumbnails/a.jpg`)");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LeftOut {
    /// Number of files.
    pub count: usize,
    /// The path of the first below the source's root.
    pub first: Option<String>,
}

impl LeftOut {
    /// Counts a file.
    pub fn add(&mut self, source_path: impl Into<String>) {
        self.count += 1;
        self.first.get_or_insert_with(|| source_path.into());
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub(crate) fn in_words(&self) -> Option<String> {
        (!self.is_empty()).then(|| self.to_string())
    }
}

/// A few words, for people.
impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} left out", count(self.count, "file"))?;
        match &self.first {
            Some(first) => write!(f, " (the first: `{first}`)"),
            None => Ok(()),
        }
    }
}
