//! Which call of a run to strike, and how `strace` finds it again.

use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
};

use crate::trace::Call;

/// A call to strike.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Target {
    /// Name of the call.
    pub(crate) call: String,
    /// Path of `strace -P`, below the work folder; without one all calls of the name count.
    pub(crate) selector: Option<PathBuf>,
    /// Which of them, from 1, counted in each thread.
    pub(crate) when: usize,
    /// Whether a full disk can make it fail.
    pub(crate) needs_room: bool,
    /// What it does, for reports.
    pub(crate) label: String,
}

/// Calls that a full disk can make fail.
const NEED_ROOM: [&str; 20] = [
    "mkdir",
    "mkdirat",
    "write",
    "pwrite64",
    "writev",
    "pwritev",
    "pwritev2",
    "copy_file_range",
    "sendfile",
    "fsync",
    "fdatasync",
    "syncfs",
    "rename",
    "renameat",
    "renameat2",
    "fallocate",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
];

/// A target for each of `calls` in the folder `work`, and the number of calls that cannot be struck
/// alone.
///
/// `strace` counts calls in each thread, and strikes whichever thread comes first. So a call is
/// found by a path of its own if that path is in `stable` (not random), else by its number.
pub(crate) fn targets(calls: &[Call], work: &Path, stable: &BTreeSet<PathBuf>) -> (Vec<Target>, usize) {
    let mut targets = Vec::new();
    let mut masked = 0;
    for (index, call) in calls.iter().enumerate().filter(|(_, call)| call.is_in(work)) {
        let paths = call
            .selectors
            .iter()
            .filter(|path| path.starts_with(work) && stable.contains(*path));
        let mut selectors = paths.map(Some).chain([None]);
        let found = selectors.find_map(|selector| Some((selector, number(calls, index, selector)?)));
        let Some((selector, when)) = found else {
            masked += 1;
            continue;
        };
        targets.push(Target {
            call: call.name.clone(),
            selector: selector
                .and_then(|path| path.strip_prefix(work).ok())
                .map(Path::to_owned),
            when,
            needs_room: call.creates() || NEED_ROOM.contains(&&*call.name),
            label: label(call, work),
        });
    }
    (targets, masked)
}

/// The number of a call among those of its name and `selector` in its thread, if no other thread
/// comes to that number before.
fn number(calls: &[Call], index: usize, selector: Option<&PathBuf>) -> Option<usize> {
    let mut counts: HashMap<u32, usize> = HashMap::new();
    let mut first: HashMap<usize, usize> = HashMap::new();
    for (place, call) in calls[..=index].iter().enumerate() {
        let is_counted =
            call.name == calls[index].name && selector.is_none_or(|path| call.selectors.contains(path));
        if is_counted {
            let count = counts.entry(call.thread).or_default();
            *count += 1;
            first.entry(*count).or_insert(place);
        }
    }
    let count = *counts.get(&calls[index].thread)?;
    (first.get(&count) == Some(&index)).then_some(count)
}

/// The call with paths below `work`, without the random part of temporary names.
fn label(call: &Call, work: &Path) -> String {
    let paths = call.paths.iter().map(|path| {
        let path = path.strip_prefix(work).unwrap_or(path).to_string_lossy();
        if path.is_empty() {
            ".".to_owned()
        } else {
            without_random(&path)
        }
    });
    format!("{}({})", call.name, paths.collect::<Vec<_>>().join(", "))
}

/// A path in which the six random characters of `.partial-XXXXXX` are replaced.
pub(crate) fn without_random(path: &str) -> String {
    let parts = path.split('/').map(|part| match part.rsplit_once('-') {
        Some((name, random)) if name.starts_with('.') && random.len() == 6 && name.ends_with("partial") => {
            format!("{name}-XXXXXX")
        }
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::parse;

    const LOG: &str = r#"1 openat(AT_FDCWD</r>, "/lib/a", O_RDONLY) = 3</lib/a>
1 openat(AT_FDCWD</r>, "/lib/b", O_RDONLY) = 3</lib/b>
2 openat(AT_FDCWD</r>, "/w/x", O_WRONLY|O_CREAT, 0666) = 4</w/x>
2 openat(AT_FDCWD</r>, "/w/.partial-Ab12Cd", O_WRONLY|O_CREAT, 0666) = 5</w/.partial-Ab12Cd>
1 openat(AT_FDCWD</r>, "/w/.partial-Zz12Cd", O_WRONLY|O_CREAT, 0666) = 5</w/.partial-Zz12Cd>
2 write(4</w/x>, ""..., 2) = 2
2 write(4</w/x>, ""..., 2) = 2
2 rename("/w/.partial-Ab12Cd", "/w/y") = 0
"#;

    #[test]
    fn calls_are_found_by_stable_paths_or_by_their_number() {
        let stable = ["/w/x", "/w/y"].map(PathBuf::from).into();
        let (targets, masked) = targets(&parse(LOG), Path::new("/w"), &stable);
        let found: Vec<_> = targets
            .iter()
            .map(|it| {
                (
                    &*it.label,
                    it.selector.as_ref().map(|path| path.to_string_lossy()),
                    it.when,
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("openat(x)", Some("x".into()), 1),
                // The third of the first thread.
                ("openat(.partial-XXXXXX)", None, 3),
                ("write(x)", Some("x".into()), 1),
                ("write(x)", Some("x".into()), 2),
                ("rename(.partial-XXXXXX, y)", Some("y".into()), 1),
            ]
        );
        // The second of the second thread: the first thread has opened two files before.
        assert_eq!(masked, 1);
    }

    #[test]
    fn only_some_calls_need_room() {
        let log = "1 fsync(3</w/x>) = 0\n1 unlinkat(3</w>, \"x\", 0) = 0\n1 flock(3</w/x>, LOCK_EX) = 0\n\
                   1 openat(AT_FDCWD</r>, \"/w/x\", O_RDONLY) = 3</w/x>\n1 linkat(3</w>, \"x\", 3</w>, \"y\", 0) = 0\n";
        let (targets, _) = targets(&parse(log), Path::new("/w"), &BTreeSet::new());
        let room: Vec<_> = targets.iter().map(|it| (&*it.call, it.needs_room)).collect();
        assert_eq!(
            room,
            [
                ("fsync", true),
                ("unlinkat", false),
                ("flock", false),
                ("openat", false),
                ("linkat", true)
            ]
        );
    }

    #[test]
    fn random_names_are_made_equal() {
        assert_eq!(without_random("a/.partial-Ab12Cd"), "a/.partial-XXXXXX");
        assert_eq!(
            without_random("a/.step-000002.partial/x-123456"),
            "a/.step-000002.partial/x-123456"
        );
    }
}
