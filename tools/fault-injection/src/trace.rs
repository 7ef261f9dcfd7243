//! Logs of `strace -f -y -s 0`, parsed into calls.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

/// A system call of a log, in the order in which calls were entered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Call {
    /// Thread that made it.
    pub(crate) thread: u32,
    /// Name, such as `openat`.
    pub(crate) name: String,
    /// Arguments as printed.
    pub(crate) arguments: String,
    /// Paths it works on, in the order of its arguments; those relative to a folder are joined.
    pub(crate) paths: Vec<PathBuf>,
    /// Paths by which `strace -P` finds it: those of descriptors, and of arguments as they stand.
    pub(crate) selectors: Vec<PathBuf>,
    /// Return value, or `None` if it did not return.
    pub(crate) result: Option<i64>,
}

/// Calls whose strings are data, not paths.
const ON_DESCRIPTORS: [&str; 13] = [
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
    "ftruncate",
    "fallocate",
    "flock",
];

impl Call {
    /// Tells whether the call works on something in `folder`.
    pub(crate) fn is_in(&self, folder: &Path) -> bool {
        self.paths.iter().any(|path| path.starts_with(folder))
    }

    /// Tells whether the call succeeded.
    pub(crate) fn is_done(&self) -> bool {
        self.result.is_some_and(|result| result >= 0)
    }

    /// Tells whether the call may create a file.
    pub(crate) fn creates(&self) -> bool {
        self.name == "creat" || self.arguments.contains("O_CREAT")
    }
}

/// Parses a log. Lines that are no calls, such as signals, are left out.
pub(crate) fn parse(log: &str) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    let mut unfinished: HashMap<u32, usize> = HashMap::new();
    for line in log.lines() {
        let Some((thread, rest)) = line.split_once(' ') else {
            continue;
        };
        let Ok(thread) = thread.parse() else { continue };
        let rest = rest.trim_start();
        if rest.starts_with("<... ") {
            if let Some(index) = unfinished.remove(&thread) {
                calls[index].result = result(rest);
            }
            continue;
        }
        let Some((name, arguments)) = rest.split_once('(') else {
            continue;
        };
        if name.is_empty()
            || !name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            continue;
        }
        let is_unfinished = arguments.ends_with("<unfinished ...>");
        if is_unfinished {
            unfinished.insert(thread, calls.len());
        }
        let end = arguments.rfind(" = ").unwrap_or(arguments.len());
        let (paths, selectors) = paths(name, &arguments[..end]);
        calls.push(Call {
            thread,
            name: name.to_owned(),
            arguments: arguments[..end].to_owned(),
            paths,
            selectors,
            result: if is_unfinished { None } else { result(rest) },
        });
    }
    calls
}

/// Whether an injection struck: an error was returned, or the program was killed.
pub(crate) fn has_struck(log: &str) -> bool {
    log.contains("(INJECTED)") || log.contains("+++ killed by SIGKILL +++")
}

/// The number after the last ` = `, before which `strace` pads.
fn result(line: &str) -> Option<i64> {
    let (_, value) = line.rsplit_once(" = ")?;
    let end = value.find([' ', '<']).unwrap_or(value.len());
    value[..end].parse().ok()
}

#[derive(Debug)]
enum Token {
    /// A descriptor with its path.
    Descriptor(PathBuf),
    /// The folder of the process.
    Here(PathBuf),
    /// A string.
    Text(PathBuf),
}

/// The paths of a call, joined, and as `strace -P` sees them.
fn paths(name: &str, arguments: &str) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let (mut joined, mut selectors) = (Vec::new(), Vec::new());
    let mut folder: Option<PathBuf> = None;
    let mut pending = false;
    let tokens = tokens(arguments);
    let has_text = !ON_DESCRIPTORS.contains(&name);
    for token in tokens {
        match token {
            Token::Descriptor(path) => {
                if pending && let Some(folder) = folder.take() {
                    joined.push(folder);
                }
                selectors.push(path.clone());
                folder = Some(path);
                pending = true;
            }
            Token::Here(path) => {
                folder = Some(path);
                pending = false;
            }
            Token::Text(path) if has_text => {
                joined.push(folder.take().unwrap_or_default().join(&path));
                selectors.push(path);
                pending = false;
            }
            Token::Text(_) => {}
        }
    }
    if pending && let Some(folder) = folder {
        joined.push(folder);
    }
    (joined, selectors)
}

/// Descriptors and strings among printed arguments; names with quotes or brackets do not occur.
fn tokens(arguments: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = arguments;
    while let Some(at) = rest.find(['"', '<']) {
        let is_text = rest[at..].starts_with('"');
        let inside = &rest[at + 1..];
        let Some(end) = inside.find(if is_text { '"' } else { '>' }) else {
            break;
        };
        let path = PathBuf::from(&inside[..end]);
        if is_text {
            tokens.push(Token::Text(path));
        } else if path.is_absolute() && rest[..at].ends_with("AT_FDCWD") {
            tokens.push(Token::Here(path));
        } else if path.is_absolute() {
            tokens.push(Token::Descriptor(path));
        }
        rest = &inside[end + 1..];
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = r#"11 mkdir("/w/.s.part", 0777) = 0
11 openat(AT_FDCWD</r>, "/w/.s.part/a", O_RDWR|O_CREAT|O_CLOEXEC, 0666) = 3</w/.s.part/a>
11 write(3</w/.s.part/a>, ""..., 357) = 357
12 write(1</dev/null>, ""..., 3 <unfinished ...>
11 rename("/w/.s.part", "/w/s" <unfinished ...>
12 <... write resumed>) = 3
11 <... rename resumed>)                = 0
11 unlinkat(4</w/s>, "store", AT_REMOVEDIR) = -1 ENOTEMPTY (Directory not empty)
11 fsync(4</w/s>)                          = -1 EIO (Input/output error) (INJECTED)
11 copy_file_range(3</w/a>, NULL, 4</w/b>, NULL, 100, 0) = 100
--- SIGCHLD {si_signo=SIGCHLD} ---
11 renameat(AT_FDCWD</w>, "a", AT_FDCWD</w>, "b") = ?
11 +++ killed by SIGKILL +++
"#;

    fn call(index: usize) -> Call {
        parse(LOG).swap_remove(index)
    }

    fn paths(paths: &[&str]) -> Vec<PathBuf> {
        paths.iter().map(PathBuf::from).collect()
    }

    #[test]
    fn calls_come_in_the_order_in_which_they_were_entered() {
        let names: Vec<_> = parse(LOG)
            .into_iter()
            .map(|call| (call.thread, call.name))
            .collect();
        let names: Vec<_> = names.iter().map(|(thread, name)| (*thread, &name[..])).collect();
        assert_eq!(
            names,
            [
                (11, "mkdir"),
                (11, "openat"),
                (11, "write"),
                (12, "write"),
                (11, "rename"),
                (11, "unlinkat"),
                (11, "fsync"),
                (11, "copy_file_range"),
                (11, "renameat"),
            ]
        );
    }

    #[test]
    fn results_belong_to_their_calls() {
        let results: Vec<_> = parse(LOG).iter().map(|call| call.result).collect();
        let expected = [0, 3, 357, 3, 0, -1, -1, 100].map(Some);
        assert_eq!(results[..8], expected);
        assert_eq!(results[8], None);
        assert!(call(4).is_done() && !call(5).is_done() && !call(8).is_done());
    }

    #[test]
    fn paths_are_joined_and_selectors_are_not() {
        assert_eq!(call(1).paths, paths(&["/w/.s.part/a"]));
        assert!(call(1).creates() && !call(0).creates());
        assert_eq!(call(2).paths, paths(&["/w/.s.part/a"]));
        assert_eq!(call(4).paths, paths(&["/w/.s.part", "/w/s"]));
        assert_eq!(call(5).paths, paths(&["/w/s/store"]));
        assert_eq!(call(5).selectors, paths(&["/w/s", "store"]));
        assert_eq!(call(7).paths, paths(&["/w/a", "/w/b"]));
        assert_eq!(call(8).paths, paths(&["/w/a", "/w/b"]));
        assert!(call(3).is_in(Path::new("/dev")) && !call(3).is_in(Path::new("/w")));
    }

    #[test]
    fn injections_are_seen() {
        assert!(has_struck(LOG));
        assert!(has_struck(
            "11 fsync(4</w/s>) = -1 EIO (Input/output error) (INJECTED)"
        ));
        assert!(!has_struck("11 fsync(4</w/s>) = 0\n11 +++ exited with 0 +++\n"));
    }
}
