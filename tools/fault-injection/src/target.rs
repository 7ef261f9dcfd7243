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
    /// Paths of `strace -P`, below the work folder; without any all calls of the name count.
    pub(crate) selectors: Vec<PathBuf>,
    /// Which of them, from 1, counted in each thread.
    pub(crate) when: usize,
    /// Made by the first thread, the only one that `strace` then looks at.
    pub(crate) is_first_thread: bool,
    /// Whether no call of another thread is struck, too.
    pub(crate) is_alone: bool,
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

/// A target for each of `calls` in the folder `work`, and the number of calls without one.
///
/// `strace` counts calls in each thread. Those of the first thread are found without looking at the
/// others. Those of another one are found by paths in `stable` (not random) at which no other
/// thread has as many calls, or by their number alone.
pub(crate) fn targets(calls: &[Call], work: &Path, stable: &BTreeSet<PathBuf>) -> (Vec<Target>, usize) {
    let first_thread = calls.first().map(|call| call.thread);
    let is_stable = |path: &&PathBuf| path.starts_with(work) && stable.contains(*path);
    let mut targets = Vec::new();
    let mut left_out = 0;
    for (index, call) in calls.iter().enumerate().filter(|(_, call)| call.is_in(work)) {
        let own = || call.selectors.iter().filter(is_stable);
        // Paths of the same call in the same thread, which tell it from other threads.
        let others = calls
            .iter()
            .filter(|it| it.thread == call.thread && it.name == call.name);
        let others: BTreeSet<_> = others.flat_map(|it| &it.selectors).filter(is_stable).collect();
        let pairs = own().flat_map(|own| others.iter().map(move |other| vec![own, *other]));
        let ways = || own().map(|path| vec![path]).chain(pairs.clone()).chain([vec![]]);
        let is_first_thread = Some(call.thread) == first_thread;
        let find = |strikes: fn(&Count) -> bool| {
            ways().find_map(|way| {
                let count = count(calls, index, &way, is_first_thread);
                strikes(&count).then_some((way, count))
            })
        };
        let Some((way, count)) = find(|count| count.is_alone).or_else(|| find(|count| count.is_first)) else {
            left_out += 1;
            continue;
        };
        let below = way.into_iter().filter_map(|path| path.strip_prefix(work).ok());
        targets.push(Target {
            call: call.name.clone(),
            selectors: below.map(Path::to_owned).collect(),
            when: count.number,
            is_first_thread,
            is_alone: count.is_alone,
            needs_room: call.creates() || NEED_ROOM.contains(&&*call.name),
            label: label(call, work),
        });
    }
    (targets, left_out)
}

/// The place of a call among those that are counted.
struct Count {
    /// Number of the call in its thread.
    number: usize,
    /// No other thread comes to that number before.
    is_first: bool,
    /// No other thread comes to that number at all.
    is_alone: bool,
}

/// Counts the calls of the same name, at any of the paths `way` if there are some.
fn count(calls: &[Call], index: usize, way: &[&PathBuf], is_first_thread: bool) -> Count {
    let thread = calls[index].thread;
    let mut numbers: HashMap<u32, usize> = HashMap::new();
    let mut found = Count {
        number: 0,
        is_first: true,
        is_alone: true,
    };
    let mut numbered = Vec::new();
    for (place, call) in calls.iter().enumerate() {
        let is_looked_at = call.name == calls[index].name && (!is_first_thread || call.thread == thread);
        if is_looked_at && (way.is_empty() || call.selectors.iter().any(|path| way.contains(&path))) {
            let number = numbers.entry(call.thread).or_default();
            *number += 1;
            numbered.push((place, *number));
            if place == index {
                found.number = *number;
            }
        }
    }
    for (place, _) in numbered
        .into_iter()
        .filter(|(place, number)| *number == found.number && *place != index)
    {
        found.is_first &= place > index;
        found.is_alone = false;
    }
    found
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

/// A text in which the six random characters of each `.partial-XXXXXX` are replaced.
pub(crate) fn without_random(text: &str) -> String {
    const PREFIX: &str = ".partial-";
    let mut parts = text.split(PREFIX);
    let mut replaced = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        replaced.push_str(PREFIX);
        match part
            .get(..6)
            .filter(|random| random.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        {
            Some(_) => replaced.push_str(&format!("XXXXXX{}", &part[6..])),
            None => replaced.push_str(part),
        }
    }
    replaced
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
        let (targets, left_out) = targets(&parse(LOG), Path::new("/w"), &stable);
        let found: Vec<_> = targets
            .iter()
            .map(|it| {
                let paths: Vec<_> = it.selectors.iter().map(|path| path.to_string_lossy()).collect();
                (
                    &*it.label,
                    paths.join(" "),
                    it.when,
                    it.is_first_thread,
                    it.is_alone,
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("openat(x)", "x".into(), 1, false, true),
                // The third of the first thread.
                ("openat(.partial-XXXXXX)", String::new(), 3, true, true),
                ("write(x)", "x".into(), 1, false, true),
                ("write(x)", "x".into(), 2, false, true),
                ("rename(.partial-XXXXXX, y)", "y".into(), 1, false, true),
            ]
        );
        // The second of the second thread: the first thread has opened two files before.
        assert_eq!(left_out, 1);
    }

    #[test]
    fn two_paths_tell_threads_apart() {
        let log = "1 write(3</w/log>, \"\"..., 1) = 1\n2 write(4</w/x>, \"\"..., 1) = 1\n\
                   2 write(3</w/log>, \"\"..., 1) = 1\n1 write(5</w/y>, \"\"..., 1) = 1\n";
        let stable = ["/w/x", "/w/y", "/w/log"].map(PathBuf::from).into();
        let (found, _) = targets(&parse(log), Path::new("/w"), &stable);
        // At `log` alone the first thread comes first; by number both threads have a second call.
        let second = &found[2];
        assert_eq!(
            (second.when, second.is_alone, second.selectors.len()),
            (2, true, 2)
        );
        // Without paths the second thread's first call is not found, and its second not alone.
        let (found, left_out) = targets(&parse(log), Path::new("/w"), &BTreeSet::new());
        assert_eq!((found.len(), left_out), (3, 1));
        assert_eq!(
            (found[1].when, found[1].is_alone, found[1].is_first_thread),
            (2, false, false)
        );
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
        assert_eq!(
            without_random("a/.partial-Ab12Cd, .partial-123456/b"),
            "a/.partial-XXXXXX, .partial-XXXXXX/b"
        );
        for text in [".step-000002.partial/x-123456", ".partial-ab", "a"] {
            assert_eq!(without_random(text), text);
        }
    }
}
