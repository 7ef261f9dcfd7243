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

impl SyncOrder {
    fn new(operation: &'static str) -> Self {
        Self {
            operation,
            checked: 0,
            syncs: 0,
            violations: Vec::new(),
            at_end: Vec::new(),
        }
    }
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
    let journal = slot.operation().journal.map(|path| work.join(path));
    let mut checker = Checker {
        files: Files::new(&work, slot.start().paths(&work)),
        work,
        journal,
        order: SyncOrder::new(slot.operation().name),
    };
    for call in &calls {
        checker.step(call);
    }
    Ok(checker.finish())
}

/// Follows the calls of an operation.
struct Checker {
    files: Files,
    work: PathBuf,
    journal: Option<PathBuf>,
    order: SyncOrder,
}

impl Checker {
    fn step(&mut self, call: &Call) {
        if !call.is_done() {
            return;
        }
        if call.name == "sync" {
            self.order.syncs += 1;
            return self.files.sync_all();
        }
        let (Some(first), Some(last)) = (call.paths.first(), call.paths.last()) else {
            return;
        };
        if !call.is_in(&self.work) {
            return;
        }
        match &*call.name {
            "open" | "openat" | "openat2" | "creat" => self.open(call, last),
            "mkdir" | "mkdirat" => self.files.create(last, true),
            "write" | "pwrite64" | "writev" | "pwritev" | "pwritev2" | "fallocate" | "sendfile"
            | "truncate" | "ftruncate" => self.files.write(first),
            "copy_file_range" => self.files.write(last),
            "fsync" | "fdatasync" => {
                self.order.syncs += 1;
                self.files.sync(first);
            }
            "syncfs" => {
                self.order.syncs += 1;
                self.files.sync_all();
            }
            "link" | "linkat" | "symlink" | "symlinkat" => self.files.link(first, last),
            "rename" | "renameat" | "renameat2" => self.rename(call, first, last),
            "unlink" | "unlinkat" => self.remove(call, last),
            "rmdir" => self.files.remove(last),
            _ => {}
        }
    }

    fn open(&mut self, call: &Call, path: &Path) {
        let truncates = call.arguments.contains("O_TRUNC") || call.name == "creat";
        if truncates && self.files.is_kept(path) {
            self.report(Rule::Truncated, call, &[path.to_owned()]);
        }
        if call.creates() {
            self.files.create(path, false);
        }
    }

    fn rename(&mut self, call: &Call, from: &Path, to: &Path) {
        let exchanges = call.arguments.contains("RENAME_EXCHANGE");
        for (moved, place) in [(from, to), (to, from)]
            .into_iter()
            .take(if exchanges { 2 } else { 1 })
        {
            if self.files.is_visible(place) {
                self.order.checked += 1;
                self.report(Rule::RenamedUnsynced, call, &self.files.unsynced(moved));
            }
        }
        if exchanges {
            self.files.exchange(from, to);
        } else {
            self.files.rename(from, to);
        }
    }

    fn remove(&mut self, call: &Call, path: &Path) {
        if self.files.is_kept(path) {
            self.order.checked += 1;
            // What a journal describes is repeated after a power cut, as long as it is there.
            let is_described = self
                .journal
                .as_ref()
                .is_some_and(|it| it != path && self.files.is_durable(it));
            if !is_described {
                let mut others = self.files.unsynced_in_place();
                others.retain(|other| other != path);
                self.report(Rule::RemovedBefore, call, &others);
            }
        }
        self.files.remove(path);
    }

    /// Notes that `call` broke a rule, if anything is not synced.
    fn report(&mut self, rule: Rule, call: &Call, unsynced: &[PathBuf]) {
        if let Some(path) = unsynced.first() {
            let call = call.paths.iter().map(|path| name(path, &self.work));
            self.order.violations.push(Violation {
                rule,
                call: call.collect::<Vec<_>>().join(", "),
                unsynced: (name(path, &self.work), unsynced.len()),
            });
        }
    }

    fn finish(mut self) -> SyncOrder {
        let at_end = self.files.unsynced_in_place();
        self.order.at_end = at_end.iter().map(|path| name(path, &self.work)).collect();
        self.order
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
        let start = start.map(|(path, is_folder)| (path.into(), is_folder));
        let mut checker = Checker {
            files: Files::new(Path::new("/w"), start),
            work: "/w".into(),
            journal: Some("/w/s/journal".into()),
            order: SyncOrder::new("test"),
        };
        for call in parse(&log.concat()) {
            checker.step(&call);
        }
        checker.finish()
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
    fn a_durable_journal_allows_removals_but_its_own() {
        let journal = [
            r#"openat(AT_FDCWD</>, "/w/s/.j", O_RDWR|O_CREAT|O_EXCL, 0666) = 3</w/s/.j>"#,
            r#"write(3</w/s/.j>, ""..., 10) = 10"#,
            "fsync(3</w/s/.j>) = 0",
            r#"rename("/w/s/.j", "/w/s/journal") = 0"#,
        ];
        let change = [CREATE, WRITE, SYNC, RENAME, REMOVE];
        let close = r#"unlink("/w/s/journal") = 0"#;
        let all = [&journal[..], &[SYNC_FOLDER], &change, &[SYNC_FOLDER, close]].concat();
        assert_eq!(rules(&checked(&all)), []);
        // The journal is removed too early; it is not durable.
        let early = [&journal[..], &[SYNC_FOLDER], &change, &[close]].concat();
        assert_eq!(rules(&checked(&early)), [Rule::RemovedBefore]);
        let unsynced = [&journal[..], &change, &[SYNC_FOLDER, close]].concat();
        assert_eq!(rules(&checked(&unsynced)), [Rule::RemovedBefore]);
    }

    #[test]
    fn an_exchange_puts_two_folders_into_place() {
        let begin = [
            r#"mkdir("/w/.t", 0777) = 0"#,
            r#"openat(AT_FDCWD</>, "/w/.t/x", O_WRONLY|O_CREAT, 0666) = 3</w/.t/x>"#,
            r#"write(3</w/.t/x>, ""..., 1) = 1"#,
        ];
        let exchange = r#"renameat2(AT_FDCWD</>, "/w/.t", AT_FDCWD</>, "/w/s", RENAME_EXCHANGE) = 0"#;
        let remove = r#"unlink("/w/.t/old") = 0"#;
        let order = checked(&[&begin[..], &[exchange, remove]].concat());
        assert_eq!(rules(&order), [Rule::RenamedUnsynced, Rule::RemovedBefore]);
        let synced = ["syncfs(3</w/.t/x>) = 0", exchange, "fsync(4</w>) = 0", remove];
        assert_eq!(rules(&checked(&[&begin[..], &synced].concat())), []);
    }

    #[test]
    fn files_that_are_not_finished_may_be_removed() {
        let remove = r#"unlink("/w/s/.new") = 0"#;
        let order = checked(&[CREATE, WRITE, remove]);
        assert_eq!((order.violations.len(), order.checked), (0, 0));
    }
}
