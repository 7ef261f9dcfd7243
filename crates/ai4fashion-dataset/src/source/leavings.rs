//! The names of what programs and systems leave beside photos.

use std::path::Path;

/// Folders by name, in any case. Those whose names begin with a dot are hidden anyway.
const FOLDERS: [&str; 19] = [
    // macOS: in archives, and on servers.
    "__MACOSX",
    "Network Trash Folder",
    "Temporary Items",
    "TheVolumeSettingsFolder",
    // Windows: trash of each version, the system's own.
    "$RECYCLE.BIN",
    "RECYCLER",
    "RECYCLED",
    "System Volume Information",
    "$WINDOWS.~BT",
    // Linux: what a check of the disk has found.
    "lost+found",
    // Synology, QNAP and NetApp: thumbnails, trash, snapshots.
    "@eaDir",
    "#recycle",
    "#snapshot",
    "@Recycle",
    "@Recently-Snapshot",
    "@__thumb",
    "~snapshot",
    // Python and GoodSync.
    "__pycache__",
    "_gsdata_",
];
/// Ends of the names of folders: previews of Lightroom, and what its catalogue keeps.
const FOLDER_ENDS: [&str; 2] = [".lrdata", ".lrcat-data"];
/// Files that file managers write into every folder that somebody looks at, in any case.
const FILES: [&str; 7] = [
    ".DS_Store",
    ".localized",
    "Icon\r",
    ".directory",
    "Thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
];
/// Chkdsk numbers its folders of found files: `FOUND.000`.
const FOUND: &str = "FOUND.";

/// Whether a path below the root leads to or through what a program has left: hidden files and
/// folders, [`FOLDERS`], and temporary and backup files of editors.
pub(super) fn is_left_out(below: &Path) -> bool {
    let mut parts = below.iter().map(|part| part.to_string_lossy());
    let file = parts.next_back();
    parts.any(|folder| is_hidden(&folder) || is_folder(&folder))
        || file.is_some_and(|file| is_hidden(&file) || is_temporary(&file))
}

/// Whether a folder below the root is left out with all that is in it.
pub(super) fn is_left_out_folder(below: &Path) -> bool {
    let mut parts = below.iter().map(|part| part.to_string_lossy());
    parts.any(|folder| is_hidden(&folder) || is_folder(&folder))
}

/// Whether systems write a file or folder of this name into folders of other people's files.
///
/// macOS keeps attributes of `a.jpg` in `._a.jpg` where a disk has no room for them.
pub(crate) fn is_of_system(name: &str) -> bool {
    FILES.iter().any(|known| name.eq_ignore_ascii_case(known)) || name.starts_with("._") || is_folder(name)
}

fn is_hidden(name: &str) -> bool {
    name.starts_with('.') && !matches!(name, "." | "..")
}

fn is_folder(name: &str) -> bool {
    let end = |end: &&str| {
        let start = name.len().checked_sub(end.len());
        start
            .and_then(|start| name.get(start..))
            .is_some_and(|last| last.eq_ignore_ascii_case(end))
    };
    let is_found = || {
        let (first, number) = name.split_at_checked(FOUND.len()).unwrap_or_default();
        first.eq_ignore_ascii_case(FOUND)
            && number.len() == 3
            && number.bytes().all(|digit| digit.is_ascii_digit())
    };
    FOLDERS.iter().any(|known| name.eq_ignore_ascii_case(known)) || FOLDER_ENDS.iter().any(end) || is_found()
}

/// `~$a.jpg` and `~a.jpg` are open in an office program, `a~.jpg` is an editor's backup.
fn is_temporary(file: &str) -> bool {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    file.starts_with('~') || stem.ends_with('~')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leavings_of_every_system_are_known_wherever_they_lie() {
        for path in [
            ".hidden.jpg",
            "shirts/.ipynb_checkpoints/a-checkpoint.png",
            "@eaDir/a.jpg/SYNOPHOTO_THUMB_M.jpg",
            "shirts/@EADIR/a.jpg/SYNOPHOTO_THUMB_M.jpg",
            ".@__thumb/s100a.jpg",
            "#recycle/a.jpg",
            "$Recycle.Bin/S-1-5-21/$R1.jpg",
            "shirts/__MACOSX/._a.jpg",
            ".Trash-1000/files/a.jpg",
            ".thumbnails/normal/0a.png",
            ".git/logo.png",
            "lost+found/#12.jpg",
            "FOUND.001/FILE0000.jpg",
            "System Volume Information/a.jpg",
            "Catalog Previews.lrdata/0/a.jpg",
            "~$a.jpg",
            "shirts/a~.jpg",
        ] {
            assert!(is_left_out(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn photos_with_similar_names_are_photos() {
        for path in [
            "a.jpg",
            "DRESS~1.JPG",
            "@home/a.jpg",
            "#1/a.jpg",
            "$5 shirts/a.jpg",
            "lost+found.jpg",
            "Recycled cotton/a.jpg",
            "found.red/a.jpg",
            "thumbnails/a.jpg",
            "my.photos/a.b.jpg",
            "lrdata/a.jpg",
            "./a.jpg",
            "../a.jpg",
        ] {
            assert!(!is_left_out(Path::new(path)), "{path}");
        }
    }
}
