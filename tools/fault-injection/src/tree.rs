//! Folders as they are on the disk: read, copied and compared byte by byte.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::documented::may_differ;

/// The content of a folder: a file's bytes, or `None` for a folder, by the path below it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tree {
    entries: BTreeMap<String, Option<Vec<u8>>>,
}

/// How a folder differs from the one that was expected; what may differ is left out.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Difference {
    /// Expected, and not there.
    pub(crate) missing: Vec<String>,
    /// There with fewer lines, or without a byte.
    pub(crate) shortened: Vec<String>,
    /// There with other bytes.
    pub(crate) changed: Vec<String>,
    /// There, and not expected.
    pub(crate) extra: Vec<String>,
}

impl Tree {
    /// Reads `folder`; one that does not exist is empty.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let mut tree = Self::default();
        if folder.is_dir() {
            tree.add(folder, folder)?;
        }
        Ok(tree)
    }

    fn add(&mut self, root: &Path, folder: &Path) -> Result<()> {
        for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry?.path();
            let name = path.strip_prefix(root)?.to_string_lossy().into_owned();
            if path.is_dir() {
                self.entries.insert(name, None);
                self.add(root, &path)?;
            } else {
                let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
                self.entries.insert(name, Some(bytes));
            }
        }
        Ok(())
    }

    /// Writes the content to `folder` after removing everything in it.
    pub(crate) fn restore(&self, folder: &Path) -> Result<()> {
        clear(folder)?;
        for (path, bytes) in &self.entries {
            let path = folder.join(path);
            match bytes {
                None => fs::create_dir(&path),
                Some(bytes) => fs::write(&path, bytes),
            }
            .with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }

    /// Lists all paths below the folder `root`, with whether each is a folder.
    pub(crate) fn paths(&self, root: &Path) -> Vec<(PathBuf, bool)> {
        let paths = self.entries.iter();
        paths
            .map(|(path, bytes)| (root.join(path), bytes.is_none()))
            .collect()
    }

    /// Compares this folder with the one that was `expected`.
    pub(crate) fn difference(&self, expected: &Self) -> Difference {
        let mut found = Difference::default();
        for (path, bytes) in expected.entries.iter().filter(|(path, _)| !may_differ(path)) {
            match (self.entries.get(path), bytes) {
                (None, _) => found.missing.push(path.clone()),
                (Some(now), before) if now == before => {}
                (Some(Some(now)), Some(before)) if is_shortened(path, now, before) => {
                    found.shortened.push(path.clone());
                }
                _ => found.changed.push(path.clone()),
            }
        }
        let is_extra = |path: &&String| !expected.entries.contains_key(*path) && !may_differ(path);
        found.extra = self.entries.keys().filter(is_extra).cloned().collect();
        found
    }

    /// Whether everything below `path` is a folder.
    pub(crate) fn is_without_files(&self, path: &str) -> bool {
        let below = format!("{path}/");
        let mut entries = self.entries.iter();
        entries.all(|(it, bytes)| bytes.is_none() || (it != path && !it.starts_with(&below)))
    }
}

impl Difference {
    /// Whether nothing differs.
    pub(crate) fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Whether data of the expected folder are gone.
    pub(crate) fn is_loss(&self) -> bool {
        !self.missing.is_empty() || !self.shortened.is_empty()
    }

    /// Whether all that was expected is there, and beside it only hidden files and empty folders of
    /// `tree`.
    pub(crate) fn is_litter(&self, tree: &Tree) -> bool {
        let is_hidden = |path: &String| path.split('/').any(|part| part.starts_with('.'));
        !self.is_loss()
            && self.changed.is_empty()
            && self
                .extra
                .iter()
                .all(|path| is_hidden(path) || tree.is_without_files(path))
    }

    /// Names the first paths of each kind.
    pub(crate) fn describe(&self) -> String {
        let kinds = [
            ("missing", &self.missing),
            ("shortened", &self.shortened),
            ("changed", &self.changed),
            ("extra", &self.extra),
        ];
        let kinds = kinds.into_iter().filter(|(_, paths)| !paths.is_empty());
        let kinds = kinds.map(|(kind, paths)| {
            let more = if paths.len() > 1 {
                format!(" and {} more", paths.len() - 1)
            } else {
                String::new()
            };
            format!("{kind} {}{more}", paths[0])
        });
        kinds.collect::<Vec<_>>().join(", ")
    }
}

/// Removes everything in `folder`, and makes it if it is not there.
pub(crate) fn clear(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        }
        .with_context(|| format!("cannot remove {}", path.display()))?;
    }
    Ok(())
}

/// Whether data are gone: all bytes of a file, or lines of a table.
fn is_shortened(path: &str, now: &[u8], before: &[u8]) -> bool {
    let lines = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count();
    let is_table = [".jsonl", ".csv"].iter().any(|end| path.ends_with(end));
    now.is_empty() || (is_table && lines(now) < lines(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(entries: &[(&str, Option<&str>)]) -> Tree {
        let entries = entries.iter();
        Tree {
            entries: entries
                .map(|(path, text)| ((*path).to_owned(), text.map(|text| text.as_bytes().to_vec())))
                .collect(),
        }
    }

    #[test]
    fn a_folder_is_restored_to_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let saved = tree(&[("a", None), ("a/b.txt", Some("one")), ("c", None)]);
        fs::write(folder.path().join("old"), "x").unwrap();
        saved.restore(folder.path()).unwrap();
        assert_eq!(Tree::read(folder.path()).unwrap(), saved);
        assert_eq!(Tree::read(&folder.path().join("none")).unwrap(), Tree::default());
    }

    #[test]
    fn differences_are_told_apart() {
        let expected = tree(&[("a", None), ("a/x.jpg", Some("xx")), ("m.jsonl", Some("1\n2\n"))]);
        let same = expected.difference(&expected);
        assert!(same.is_none() && same.is_litter(&expected) && !same.is_loss());

        let short = tree(&[("a", None), ("a/x.jpg", Some("xx")), ("m.jsonl", Some("1\n"))]);
        let found = short.difference(&expected);
        assert_eq!(found.shortened, ["m.jsonl"]);
        assert!(found.is_loss());

        let empty = tree(&[("a", None), ("a/x.jpg", Some("")), ("m.jsonl", Some("1\n3\n"))]);
        let found = empty.difference(&expected);
        assert_eq!((found.shortened.len(), &found.changed[0][..]), (1, "m.jsonl"));

        let gone = tree(&[("a", None), ("m.jsonl", Some("1\n2\n"))]);
        assert!(gone.difference(&expected).is_loss());
    }

    #[test]
    fn only_hidden_files_and_empty_folders_are_litter() {
        let expected = tree(&[("m.jsonl", Some("1\n"))]);
        for (extra, is_litter) in [
            (
                tree(&[("m.jsonl", Some("1\n")), (".partial-abc", Some("x"))]),
                true,
            ),
            (
                tree(&[("m.jsonl", Some("1\n")), ("staged", None), ("staged/0", None)]),
                true,
            ),
            (
                tree(&[
                    ("m.jsonl", Some("1\n")),
                    ("staged", None),
                    ("staged/0", Some("x")),
                ]),
                false,
            ),
            (
                tree(&[("m.jsonl", Some("2\n")), (".partial-abc", Some("x"))]),
                false,
            ),
        ] {
            assert_eq!(
                extra.difference(&expected).is_litter(&extra),
                is_litter,
                "{extra:?}"
            );
        }
    }

    #[test]
    fn what_is_documented_may_differ() {
        let expected = tree(&[("run", None), ("run/timing.jsonl", Some("1\n"))]);
        let other = tree(&[("run", None), ("run/timing.jsonl", Some("2\n"))]);
        assert!(other.difference(&expected).is_none());
    }
}
