//! Stems that no two images share.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use crate::labels::LabeledName;

/// The stems given so far.
#[derive(Debug, Default)]
pub(super) struct UniqueStems {
    given: HashSet<String>,
    /// The number that was tried last for a stem that was asked for more than once.
    last: HashMap<String, u64>,
}

impl UniqueStems {
    /// Returns the stem of `file`, with `~2`, `~3`, ... if an earlier image has it, and whether
    /// none had it. Upper and lower case count as the same, as on some file systems.
    pub(super) fn unique(&mut self, file: &Path) -> (String, bool) {
        let stem = LabeledName::clean_stem(file);
        if self.given.insert(stem.to_lowercase()) {
            return (stem, true);
        }
        let number = self.last.entry(stem.to_lowercase()).or_insert(1);
        loop {
            *number += 1;
            let found = LabeledName::stem_with_suffix(&stem, &format!("~{number}"));
            if self.given.insert(found.to_lowercase()) {
                return (found, false);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(files: &[&str]) -> Vec<String> {
        let mut stems = UniqueStems::default();
        files.iter().map(|file| stems.unique(Path::new(file)).0).collect()
    }

    #[test]
    fn equal_stems_are_numbered() {
        assert_eq!(
            all(&["a/x.jpg", "b/x.png", "c/X.jpg", "x~2.jpg"]),
            ["x", "x~2", "X~3", "x~2~2"]
        );
    }

    #[test]
    fn long_stems_stay_within_the_limit() {
        let file = "y".repeat(300);
        let found = all(&[&file, &file]);
        assert_eq!(found[0].len(), LabeledName::MAX_STEM_LEN);
        assert_eq!(found[1].len(), LabeledName::MAX_STEM_LEN);
        assert!(found[1].ends_with("y~2"));
    }

    proptest! {
        #[test]
        fn no_stem_is_given_twice(files in proptest::collection::vec("[aA~2]{1,3}", 0..40)) {
            let mut stems = UniqueStems::default();
            let mut seen = HashSet::new();
            for file in files {
                prop_assert!(seen.insert(stems.unique(Path::new(&file)).0.to_lowercase()));
            }
        }
    }
}
