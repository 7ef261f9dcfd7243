//! A model of files and folders that knows what has been synced.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// A file or folder, whatever its path is at the moment.
#[derive(Clone, Debug, Default)]
struct Node {
    is_folder: bool,
    /// It was there at the start, or has been put into its place since.
    is_kept: bool,
    /// Data were written at least once.
    is_written: bool,
    /// Data were written and not synced.
    is_dirty: bool,
    /// Names in this folder that were added and not synced.
    added: BTreeSet<PathBuf>,
}

/// All files below a folder.
#[derive(Debug)]
pub(crate) struct Files {
    root: PathBuf,
    nodes: Vec<Node>,
    paths: BTreeMap<PathBuf, usize>,
}

impl Files {
    /// Files as they are at the start: synced.
    pub(crate) fn new(root: &Path, start: impl IntoIterator<Item = (PathBuf, bool)>) -> Self {
        let mut files = Self {
            root: root.to_owned(),
            nodes: Vec::new(),
            paths: BTreeMap::new(),
        };
        let all = start.into_iter().chain([(root.to_owned(), true)]);
        for (path, is_folder) in all {
            files.insert(
                path,
                Node {
                    is_folder,
                    is_kept: true,
                    is_written: true,
                    ..Node::default()
                },
            );
        }
        files
    }

    fn insert(&mut self, path: PathBuf, node: Node) {
        self.paths.insert(path, self.nodes.len());
        self.nodes.push(node);
    }

    fn node(&mut self, path: &Path) -> Option<&mut Node> {
        self.paths.get(path).map(|index| &mut self.nodes[*index])
    }

    /// Whether `path` is below the root, and no part of it is hidden: the place of finished files.
    pub(crate) fn is_visible(&self, path: &Path) -> bool {
        let below = path.strip_prefix(&self.root);
        below.is_ok_and(|below| !below.iter().any(|part| part.to_string_lossy().starts_with('.')))
    }

    /// Whether something that must not be lost is at `path`.
    pub(crate) fn is_kept(&self, path: &Path) -> bool {
        let node = self.paths.get(path).map(|index| &self.nodes[*index]);
        node.is_some_and(|node| node.is_kept && !node.is_folder)
    }

    /// Whether a file is there, with its data and its name synced.
    pub(crate) fn is_durable(&self, path: &Path) -> bool {
        let node = |path: &Path| self.paths.get(path).map(|index| &self.nodes[*index]);
        let is_named = || {
            path.parent()
                .and_then(node)
                .is_some_and(|folder| !folder.added.contains(path))
        };
        node(path).is_some_and(|file| !file.is_dirty) && is_named()
    }

    /// A file or folder is made, if it is not there.
    pub(crate) fn create(&mut self, path: &Path, is_folder: bool) {
        if !self.paths.contains_key(path) {
            self.insert(
                path.to_owned(),
                Node {
                    is_folder,
                    ..Node::default()
                },
            );
            self.add(path);
        }
    }

    /// A name is new in its folder.
    fn add(&mut self, path: &Path) {
        if let Some(folder) = path.parent().and_then(|parent| self.node(parent)) {
            folder.added.insert(path.to_owned());
        }
    }

    /// Data are written.
    pub(crate) fn write(&mut self, path: &Path) {
        if let Some(node) = self.node(path) {
            node.is_written = true;
            node.is_dirty = true;
        }
    }

    /// The data of a file, or the names of a folder, are synced.
    pub(crate) fn sync(&mut self, path: &Path) {
        if let Some(node) = self.node(path) {
            node.is_dirty = false;
            node.added.clear();
        }
    }

    /// The whole file system is synced.
    pub(crate) fn sync_all(&mut self) {
        for node in &mut self.nodes {
            node.is_dirty = false;
            node.added.clear();
        }
    }

    /// Another name of the same file.
    pub(crate) fn link(&mut self, from: &Path, to: &Path) {
        if let Some(index) = self.paths.get(from).copied() {
            self.paths.insert(to.to_owned(), index);
            self.add(to);
        }
    }

    /// What is at `from`, and below it, moves to `to`.
    pub(crate) fn rename(&mut self, from: &Path, to: &Path) {
        self.remove(to);
        let moved = self.below(from);
        for (path, index) in moved {
            self.paths.remove(&path);
            let place = path
                .strip_prefix(from)
                .map(|below| join(to, below))
                .unwrap_or(path);
            let node = &mut self.nodes[index];
            node.added = node
                .added
                .iter()
                .filter_map(|name| Some(to.join(name.strip_prefix(from).ok()?)))
                .collect();
            self.paths.insert(place, index);
        }
        self.forget(from);
        self.add(to);
        self.keep(to);
    }

    /// What is at two paths changes places.
    pub(crate) fn exchange(&mut self, one: &Path, other: &Path) {
        let between = self.root.join(".between");
        self.rename(one, &between);
        self.rename(other, one);
        self.rename(&between, other);
    }

    /// What was put into its place must not be lost any more.
    fn keep(&mut self, path: &Path) {
        if self.is_visible(path) {
            for (_, index) in self.below(path) {
                self.nodes[index].is_kept = true;
            }
        }
    }

    /// A file or folder is removed.
    pub(crate) fn remove(&mut self, path: &Path) {
        for (path, _) in self.below(path) {
            self.paths.remove(&path);
        }
        self.forget(path);
    }

    /// A name is no longer new in its folder.
    fn forget(&mut self, path: &Path) {
        if let Some(folder) = path.parent().and_then(|parent| self.node(parent)) {
            folder.added.remove(path);
        }
    }

    fn below(&self, path: &Path) -> Vec<(PathBuf, usize)> {
        let all = self
            .paths
            .range(path.to_owned()..)
            .filter(|(it, _)| it.starts_with(path));
        all.map(|(path, index)| (path.clone(), *index)).collect()
    }

    /// What at `path` and below it a power cut would lose: data, and names in folders below it.
    pub(crate) fn unsynced(&self, path: &Path) -> Vec<PathBuf> {
        self.unsynced_where(|it| it.starts_with(path))
    }

    /// What a power cut would lose of all that is in its place.
    pub(crate) fn unsynced_in_place(&self) -> Vec<PathBuf> {
        self.unsynced_where(|it| self.is_visible(it))
    }

    fn unsynced_where(&self, is_meant: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
        let mut found = BTreeSet::new();
        for (path, index) in self.paths.iter().filter(|(path, _)| is_meant(path)) {
            let node = &self.nodes[*index];
            if node.is_dirty {
                found.insert(path.clone());
            }
            // An empty file, such as a lock, may be lost.
            let matters = |name: &&PathBuf| {
                let node = self.paths.get(*name).map(|index| &self.nodes[*index]);
                is_meant(name) && node.is_some_and(|node| node.is_written || node.is_folder)
            };
            found.extend(node.added.iter().filter(matters).cloned());
        }
        found.into_iter().collect()
    }
}

/// `folder` itself for nothing below it: joining an empty path would add a slash.
fn join(folder: &Path, below: &Path) -> PathBuf {
    if below.as_os_str().is_empty() {
        folder.to_owned()
    } else {
        folder.join(below)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files {
        let start = [("/w/s", true), ("/w/s/old.jpg", false)];
        Files::new(
            Path::new("/w"),
            start.map(|(path, is_folder)| (path.into(), is_folder)),
        )
    }

    fn names(paths: Vec<PathBuf>) -> Vec<String> {
        paths
            .into_iter()
            .map(|path| path.to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn data_and_names_are_synced_apart() {
        let mut files = files();
        let (folder, file) = (Path::new("/w/s"), Path::new("/w/s/new.jpg"));
        files.create(file, false);
        // Empty: nothing to lose.
        assert!(files.unsynced_in_place().is_empty());
        files.write(file);
        assert_eq!(names(files.unsynced(file)), ["/w/s/new.jpg"]);
        files.sync(file);
        assert!(files.unsynced(file).is_empty());
        assert_eq!(names(files.unsynced_in_place()), ["/w/s/new.jpg"]);
        assert!(!files.is_durable(file));
        files.sync(folder);
        assert!(files.unsynced_in_place().is_empty() && files.is_durable(file));
    }

    #[test]
    fn a_renamed_folder_takes_all_with_it() {
        let mut files = files();
        for (path, is_folder) in [("/w/.s.part", true), ("/w/.s.part/x", false)] {
            files.create(Path::new(path), is_folder);
        }
        files.write(Path::new("/w/.s.part/x"));
        assert!(files.unsynced_in_place().is_empty(), "hidden files may be lost");
        assert!(!files.is_kept(Path::new("/w/.s.part/x")));
        files.rename(Path::new("/w/.s.part"), Path::new("/w/t"));
        assert_eq!(names(files.unsynced_in_place()), ["/w/t", "/w/t/x"]);
        assert!(files.is_kept(Path::new("/w/t/x")));
        files.sync(Path::new("/w/t/x"));
        files.sync(Path::new("/w/t"));
        files.sync(Path::new("/w"));
        assert!(files.unsynced_in_place().is_empty());
    }

    #[test]
    fn what_was_kept_stays_so_where_it_is_hidden() {
        let mut files = files();
        files.rename(Path::new("/w/s"), Path::new("/w/.s.old"));
        assert!(files.is_kept(Path::new("/w/.s.old/old.jpg")));
        files.remove(Path::new("/w/.s.old"));
        assert!(!files.is_kept(Path::new("/w/.s.old/old.jpg")));
        assert!(files.unsynced_in_place().is_empty());
    }

    #[test]
    fn two_folders_change_places() {
        let mut files = files();
        files.create(Path::new("/w/.s.part"), true);
        files.create(Path::new("/w/.s.part/new.jpg"), false);
        files.exchange(Path::new("/w/.s.part"), Path::new("/w/s"));
        assert!(files.is_kept(Path::new("/w/s/new.jpg")) && files.is_kept(Path::new("/w/.s.part/old.jpg")));
        assert!(!files.is_kept(Path::new("/w/s/old.jpg")));
        assert_eq!(names(files.unsynced_in_place()), ["/w/s"]);
    }

    #[test]
    fn all_is_synced_at_once() {
        let mut files = files();
        files.create(Path::new("/w/s/a"), true);
        files.write(Path::new("/w/s/old.jpg"));
        assert_eq!(names(files.unsynced_in_place()), ["/w/s/a", "/w/s/old.jpg"]);
        files.sync_all();
        assert!(files.unsynced_in_place().is_empty());
    }
}
