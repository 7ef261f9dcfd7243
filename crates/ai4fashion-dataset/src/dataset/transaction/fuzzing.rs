//! The body of the fuzz target of the journal of a change.

use std::{
    fs,
    path::{Component, Path},
};

use super::{
    ChangeFolder,
    journal::{Journal, UndoEntry},
    rename::Rename,
};

/// A journal that is accepted names no file outside the data set, and none of a source.
pub fn change_journal(bytes: &[u8], root: &Path) {
    let folder = ChangeFolder::new(root);
    let path = folder.journal();
    let written = fs::write(&path, bytes).or_else(|_| {
        fs::create_dir_all(root.join("review"))?;
        fs::write(&path, bytes)
    });
    let Ok(Some(journal)) = written.map(|()| Journal::read(&folder).ok().flatten()) else {
        return;
    };
    let json = serde_json::to_vec(&journal).unwrap_or_default();
    assert_eq!(serde_json::from_slice(&json).ok().as_ref(), Some(&journal));
    let Journal {
        renames,
        files,
        removed,
        undo,
    } = &journal;
    let images = renames.iter().flat_map(|Rename { from, to }| [from, to]);
    for image in images {
        assert!(is_within(image) && image.starts_with("images/"), "{image:?}");
    }
    for file in files.iter().chain(removed) {
        assert!(is_within(file) && !file.starts_with("images"), "{file:?}");
    }
    let (UndoEntry::Push(entry) | UndoEntry::Pop(entry)) = undo;
    assert!(is_within(entry) && !entry.contains(['/', '\\', '.']), "{entry:?}");
}

/// Whether all parts of a path are plain names.
fn is_within(file: &str) -> bool {
    let is_plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    !file.is_empty() && Path::new(file).components().all(is_plain)
}
