//! Waiting for a change that another process is carrying out.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant, SystemTime},
};

/// How long a change that does nothing is waited for: its process may be stopped. Less in tests.
const STANDSTILL: Duration = Duration::from_secs(if cfg!(test) { 1 } else { 5 });
/// The longest that any change is waited for.
const LONGEST: Duration = Duration::from_secs(60);
/// How long we wait before we say so.
const SILENCE: Duration = Duration::from_secs(1);
/// How often we look.
const TICK: Duration = Duration::from_millis(20);

/// Waits until `is_over`, or until nothing has happened in `folders` for some seconds; `root` is
/// for messages.
pub(super) fn wait(root: &Path, folders: &[PathBuf], mut is_over: impl FnMut() -> bool) {
    let begin = Instant::now();
    let (mut seen, mut since, mut is_said) = (state(folders), begin, false);
    while !is_over() {
        let now = state(folders);
        if now != seen {
            (seen, since) = (now, Instant::now());
        }
        if since.elapsed() > STANDSTILL || begin.elapsed() > LONGEST {
            return;
        }
        if !is_said && begin.elapsed() > SILENCE {
            is_said = true;
            log::warn!(
                "waiting for another process, which is correcting the labels of `{}`",
                root.display()
            );
        }
        thread::sleep(TICK);
    }
}

/// The times of the last change of names in each folder.
fn state(folders: &[PathBuf]) -> Vec<Option<SystemTime>> {
    let changed = |folder: &PathBuf| fs::metadata(folder).ok()?.modified().ok();
    folders.iter().map(changed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn change_that_goes_on_is_waited_for_and_one_that_stands_still_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let folders = [folder.path().to_owned()];
        let begin = Instant::now();
        wait(folder.path(), &folders, || begin.elapsed() > TICK);
        assert!(begin.elapsed() < STANDSTILL);

        let begin = Instant::now();
        let mut number = 0;
        let is_at_work = STANDSTILL / 2;
        wait(folder.path(), &folders, || {
            if begin.elapsed() < is_at_work {
                number += 1;
                fs::write(folder.path().join(number.to_string()), "").unwrap();
            }
            false
        });
        // The last change may be some time before the end of the work.
        assert!(begin.elapsed() > STANDSTILL + is_at_work / 2);
        assert!(begin.elapsed() < LONGEST);
    }
}
