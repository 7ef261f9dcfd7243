//! Whether an operation syncs new data before it gives up old data, read from its system calls.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{files::Files, slot::Slot, strace::record, target::without_random, trace::Call};

/// The rule that a call broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rule {
    /// Something was put into its place by a rename before it was synced.
    RenamedUnsynced,
    /// A file was removed while something in its place was not synced.
    RemovedBefore,
    /// A file in its place was truncated.
    Truncated,
}

/// A call that broke a rule.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Violation {
    /// The rule.
    pub(crate) rule: Rule,
    /// The call.
    pub(crate) call: String,
    /// What a power cut would lose: the first path and the number of all.
    pub(crate) unsynced: (String, usize),
}

/// What is known of an operation's order.
#[derive(Debug)]
pub(crate) struct SyncOrder {
    /// Name of the operation.
    pub(crate) operation: &'static str,
    /// Calls that were checked: renames into place, and removals of what was there.
    pub(crate) checked: usize,
    /// Calls that make changes durable.
    pub(crate) syncs: usize,
    /// Calls that broke a rule.
    pub(crate) violations: Vec<Violation>,
    /// Paths that are not durable when the operation ends.
    pub(crate) at_end: Vec<String>,
}

impl Rule {
    /// What it says, for reports.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::RenamedUnsynced => "renamed into place before it was synced",
            Self::RemovedBefore => "old data removed before the new were synced",
            Self::Truncated => "truncated in its place",
        }
    }
}

/// Runs the operation of `slot` and checks its calls.
pub(crate) fn sync_order(slot: &Slot) -> Result<SyncOrder> {
    let calls = record(slot)?;
    let work = slot.work();
    Ok(check(
        slot.operation().name,
        &calls,
        &work,
        Files::new(&work, slot.start().paths(&work)),
    ))
}

fn check(operation: &'static str, calls: &[Call], work: &Path, mut files: Files) -> SyncOrder {
    let mut order = SyncOrder {
        operation,
        checked: 0,
        syncs: 0,
        violations: Vec::new(),
        at_end: Vec::new(),
    };
    for call in calls.iter().filter(|call| call.is_done()) {
        step(call, work, &mut files, &mut order);
    }
    order.at_end = files
        .unsynced_in_place()
        .iter()
        .map(|path| name(path, work))
        .collect();
    order
}

/// Follows one call.
fn step(call: &Call, work: &Path, files: &mut Files, order: &mut SyncOrder) {
    if call.name == "sync" {
        order.syncs += 1;
        return files.sync_all();
    }
    if !call.is_in(work) {
        return;
    }
    let first = &call.paths[0];
    let last = call.paths.last().unwrap_or(first);
    let mut report = |rule, unsynced: Vec<PathBuf>| {
        if let Some(path) = unsynced.first() {
            let call = call
                .paths
                .iter()
                .map(|path| name(path, work))
                .collect::<Vec<_>>()
                .join(", ");
            let unsynced = (name(path, work), unsynced.len());
            order.violations.push(Violation { rule, call, unsynced });
        }
    };
    match &*call.name {
        "open" | "openat" | "openat2" | "creat" => {
            if call.arguments.contains("O_TRUNC") || call.name == "creat" {
                if files.is_kept(last) {
                    report(Rule::Truncated, vec![last.clone()]);
                }
            }
            if call.creates() {
                files.create(last, false);
            }
        }
        "truncate" | "ftruncate" => files.write(first),
        "mkdir" | "mkdirat" => files.create(last, true),
        "write" | "pwrite64" | "writev" | "pwritev" | "pwritev2" | "fallocate" => files.write(first),
        "copy_file_range" => files.write(last),
        "sendfile" => files.write(first),
        "fsync" | "fdatasync" => {
            order.syncs += 1;
            files.sync(first);
        }
        "syncfs" => {
            order.syncs += 1;
            files.sync_all();
        }
        "link" | "linkat" | "symlink" | "symlinkat" => files.link(first, last),
        "rename" | "renameat" | "renameat2" => {
            if files.is_visible(last) {
                order.checked += 1;
                report(Rule::RenamedUnsynced, files.unsynced(first));
            }
            files.rename(first, last);
        }
        "unlink" | "unlinkat" => {
            if files.is_kept(last) {
                order.checked += 1;
                let others = files.unsynced_in_place().into_iter().filter(|path| path != last);
                report(Rule::RemovedBefore, others.collect());
            }
            files.remove(last);
        }
        "rmdir" => files.remove(last),
        _ => {}
    }
}

fn name(path: &Path, work: &Path) -> String {
    without_random(&path.strip_prefix(work).unwrap_or(path).to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::parse;

    /// Checks a log of the new file `new` that takes the place of `old` in `/w/s`.
    fn checked(log: &[&str]) -> SyncOrder {
        let log: Vec<String> = log.iter().map(|line| format!("1 {line}\n")).collect();
        let start = [("/w/s", true), ("/w/s/old", false)];
        let files = Files::new(
            Path::new("/w"),
            start.map(|(path, is_folder)| (path.into(), is_folder)),
        );
        check("test", &parse(&log.concat()), Path::new("/w"), files)
    }

    fn rules(order: &SyncOrder) -> Vec<Rule> {
        order.violations.iter().map(|it| it.rule).collect()
    }

    const CREATE: &str = r#"openat(AT_FDCWD</>, "/w/s/.new", O_RDWR|O_CREAT|O_EXCL, 0666) = 3</w/s/.new>"#;
    const WRITE: &str = r#"write(3</w/s/.new>, ""..., 10) = 10"#;
    const SYNC: &str = "fsync(3</w/s/.new>) = 0";
    const RENAME: &str = r#"rename("/w/s/.new", "/w/s/new") = 0"#;
    const SYNC_FOLDER: &str = "fsync(4</w/s>) = 0";
    const REMOVE: &str = r#"unlink("/w/s/old") = 0"#;

    #[test]
    fn the_right_order_breaks_no_rule() {
        let order = checked(&[CREATE, WRITE, SYNC, RENAME, SYNC_FOLDER, REMOVE]);
        assert_eq!((rules(&order), order.checked, order.syncs), (vec![], 2, 2));
        assert!(order.at_end.is_empty());
        let order = checked(&[
            CREATE,
            WRITE,
            "syncfs(3</w/s/.new>) = 0",
            RENAME,
            "syncfs(4</w>) = 0",
            REMOVE,
        ]);
        assert!(order.violations.is_empty());
    }

    #[test]
    fn each_sync_that_is_left_out_is_found() {
        let order = checked(&[CREATE, WRITE, RENAME, SYNC_FOLDER, REMOVE]);
        assert_eq!(rules(&order), [Rule::RenamedUnsynced, Rule::RemovedBefore]);
        assert_eq!(order.violations[0].unsynced, ("s/.new".to_owned(), 1));
        assert_eq!(order.violations[0].call, "s/.new, s/new");

        let order = checked(&[CREATE, WRITE, SYNC, RENAME, REMOVE]);
        assert_eq!(rules(&order), [Rule::RemovedBefore]);
        assert_eq!(order.at_end, ["s/new"]);

        // Too late, or in vain.
        assert_eq!(
            rules(&checked(&[CREATE, SYNC, WRITE, RENAME])),
            [Rule::RenamedUnsynced]
        );
        let failed = "fsync(3</w/s/.new>) = -1 EIO (Input/output error)";
        assert_eq!(
            rules(&checked(&[CREATE, WRITE, failed, RENAME])),
            [Rule::RenamedUnsynced]
        );
    }

    #[test]
    fn a_folder_is_renamed_with_all_its_names() {
        let begin = [
            r#"mkdir("/w/.t", 0777) = 0"#,
            r#"openat(AT_FDCWD</>, "/w/.t/x", O_WRONLY|O_CREAT, 0666) = 3</w/.t/x>"#,
            r#"write(3</w/.t/x>, ""..., 1) = 1"#,
            "fdatasync(3</w/.t/x>) = 0",
        ];
        let rename = r#"rename("/w/.t", "/w/t") = 0"#;
        let order = checked(&[&begin[..], &[rename]].concat());
        assert_eq!(
            (rules(&order), &*order.violations[0].unsynced.0),
            (vec![Rule::RenamedUnsynced], ".t/x")
        );
        let order = checked(&[&begin[..], &["fsync(5</w/.t>) = 0", rename]].concat());
        assert_eq!((rules(&order), order.at_end), (vec![], vec!["t".to_owned()]));
    }

    #[test]
    fn finished_files_are_not_truncated() {
        let open = r#"openat(AT_FDCWD</>, "/w/s/old", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3</w/s/old>"#;
        assert_eq!(rules(&checked(&[open])), [Rule::Truncated]);
        assert!(
            checked(&[CREATE, &CREATE.replace("O_EXCL", "O_TRUNC")])
                .violations
                .is_empty()
        );
    }

    #[test]
    fn files_that_are_not_finished_may_be_removed() {
        let remove = r#"unlink("/w/s/.new") = 0"#;
        let order = checked(&[CREATE, WRITE, remove]);
        assert_eq!((order.violations.len(), order.checked), (0, 0));
    }
}
