//! Command lines of `strace`.

use std::{ffi::OsString, fs, path::Path};

use anyhow::{Result, bail};

use crate::{
    program::run,
    slot::Slot,
    trace::{Call, parse},
};

/// Calls that change files or make changes durable. A `?` lets through what a CPU does not have.
const CALLS: &str = "?open,?openat,?openat2,?creat,?mkdir,?mkdirat,?write,?pwrite64,?writev,?pwritev,?pwritev2,\
                     ?copy_file_range,?sendfile,?fsync,?fdatasync,?sync,?syncfs,?rename,?renameat,?renameat2,\
                     ?unlink,?unlinkat,?rmdir,?link,?linkat,?symlink,?symlinkat,?truncate,?ftruncate,\
                     ?fallocate,?flock";

/// Whether `strace` may be used here; the reason if not.
pub(crate) fn available(folder: &Path) -> Result<()> {
    let line = ["strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "true"].map(OsString::from);
    let ran = run(&line, folder)?;
    if ran.code != Some(0) {
        bail!("`strace` cannot be used here: {}", ran.stderr.trim());
    }
    Ok(())
}

/// The start of a command line that writes `log`, with paths of descriptors and without data.
pub(crate) fn writing_to(log: &Path) -> Vec<OsString> {
    let mut line: Vec<OsString> = ["strace", "-y", "-s", "0", "-o"].map(Into::into).into();
    line.push(log.into());
    line
}

/// A command line that follows all threads, and fast: `--seccomp-bpf` injects no signals.
pub(crate) fn following(log: &Path) -> Vec<OsString> {
    let mut line = writing_to(log);
    line.extend(["-f", "--seccomp-bpf"].map(OsString::from));
    line
}

/// Runs the operation of `slot` from its start and returns all calls that were made.
pub(crate) fn record(slot: &Slot) -> Result<Vec<Call>> {
    slot.restore()?;
    let log = slot.root().join("strace.log");
    let mut line = following(&log);
    line.extend(["-e".into(), format!("trace={CALLS}").into()]);
    line.extend(slot.line(slot.operation().command));
    let ran = run(&line, slot.root())?;
    if ran.code != slot.code() {
        bail!("{} under strace: {}", slot.operation().name, ran.describe());
    }
    let calls = parse(&fs::read_to_string(log)?);
    Ok(calls)
}
