//! Power cuts: what the disk holds at many moments during and after an operation.

use std::{
    collections::HashSet,
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::{
    disk::{Mount, format, snapshot},
    operation::Operation,
    program::Program,
    recovery::{Verdict, recover},
    slot::Slot,
    strace::following,
    tree::Tree,
};

/// Seconds after the end of the operation. The journal is committed every second, data are written
/// after some 30 s at the latest.
const AFTER: [f64; 9] = [0.0, 0.5, 1.0, 1.5, 2.5, 4.0, 7.0, 15.0, 40.0];
/// Time between two moments while the operation runs.
const DURING: Duration = Duration::from_millis(200);
/// Time after which an operation counts as hanging.
const LIMIT: Duration = Duration::from_secs(180);
/// Each call that changes names or syncs is followed by this pause, so that ext4 commits in the
/// middle of the operation, too.
const SLOW: &str =
    "inject=?rename,?renameat,?renameat2,?unlink,?unlinkat,?fsync,?fdatasync,?syncfs:delay_exit=150000";

/// A state of the disk.
#[derive(Debug)]
pub(crate) struct Cut {
    /// Moment of the cut.
    pub(crate) moment: String,
    /// What it led to.
    pub(crate) verdict: Verdict,
    /// Whether the work folder was as before the operation.
    pub(crate) is_old: bool,
    /// Whether the work folder was as after the operation.
    pub(crate) is_new: bool,
}

/// All cuts of an operation.
#[derive(Debug)]
pub(crate) struct PowerCuts {
    /// Name of the operation.
    pub(crate) operation: &'static str,
    /// Moments at which the disk was copied.
    pub(crate) moments: usize,
    /// The states that differed.
    pub(crate) cuts: Vec<Cut>,
}

/// Runs an operation on a file system of its own, copies that at many moments, and recovers from
/// each copy. Without `wait` the last moment is 7 s after the end.
pub(crate) fn power_cuts(
    root: &Path,
    program: &Program,
    operation: &'static Operation,
    wait: bool,
) -> Result<PowerCuts> {
    let root = root.join(operation.name);
    fs::create_dir_all(&root)?;
    let (image, work) = (root.join("disk.ext4"), root.join("work"));
    format(&image)?;
    let mount = Mount::new(&image, &work)?;
    let slot = Slot::prepare(&root, program, operation)?;
    slot.restore()?;
    drop(mount);
    let start = fs::read(&image)?;

    let mut copies = Copies::default();
    for is_slow in [true, false] {
        fs::write(&image, &start)?;
        let mount = Mount::new(&image, &work)?;
        copies.add_all(&slot, &image, is_slow, wait)?;
        drop(mount);
    }
    let mut cuts = Vec::new();
    for (moment, bytes) in copies.states {
        fs::write(&image, bytes)?;
        let _mount = Mount::new(&image, &work).context("a power cut left a disk that cannot be mounted")?;
        let found = Tree::read(&work)?;
        let is_old = found.difference(slot.start()).is_litter(&found);
        let is_new = found.difference(slot.end()).is_litter(&found);
        cuts.push(Cut {
            moment,
            verdict: recover(&slot, None)?,
            is_old,
            is_new,
        });
    }
    Ok(PowerCuts {
        operation: operation.name,
        moments: copies.moments,
        cuts,
    })
}

/// Copies of the disk that differ, each with the first moment at which it was made.
#[derive(Default)]
struct Copies {
    moments: usize,
    seen: HashSet<Vec<u8>>,
    states: Vec<(String, Vec<u8>)>,
}

impl Copies {
    /// Copies the disk while the operation runs, and after it.
    fn add_all(&mut self, slot: &Slot, image: &Path, is_slow: bool, wait: bool) -> Result<()> {
        let kind = if is_slow { "slowed down" } else { "at full speed" };
        let begin = Instant::now();
        let mut child = start(slot, is_slow)?;
        while child.try_wait()?.is_none() {
            let seconds = begin.elapsed().as_secs_f64();
            self.add(image, || format!("{seconds:.1} s after its beginning, {kind}"));
            if begin.elapsed() > LIMIT {
                child.kill()?;
                bail!("{} does not end", slot.operation().name);
            }
            thread::sleep(DURING);
        }
        let end = Instant::now();
        for after in AFTER
            .into_iter()
            .filter(|after| *after <= 7.0 || (wait && !is_slow))
        {
            thread::sleep(Duration::from_secs_f64(after).saturating_sub(end.elapsed()));
            self.add(image, || format!("{after} s after its end, {kind}"));
        }
        Ok(())
    }

    /// Copies the disk. Between two changes that follow each other closely there is no moment.
    fn add(&mut self, image: &Path, moment: impl Fn() -> String) {
        if let Ok(bytes) = snapshot(image) {
            self.moments += 1;
            if self.seen.insert(Sha256::digest(&bytes).to_vec()) {
                self.states.push((moment(), bytes));
            }
        }
    }
}

fn start(slot: &Slot, is_slow: bool) -> Result<Child> {
    let mut line = Vec::new();
    if is_slow {
        line = following(Path::new("/dev/null"));
        line.extend(
            [
                "-e",
                "trace=?rename,?renameat,?renameat2,?unlink,?unlinkat,?fsync,?fdatasync,?syncfs",
            ]
            .map(Into::into),
        );
        line.extend(["-e", SLOW].map(Into::into));
    }
    line.extend(slot.line(slot.operation().command));
    let child = Command::new(&line[0])
        .args(&line[1..])
        .current_dir(slot.root())
        .env("RAYON_NUM_THREADS", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    child.with_context(|| format!("cannot run {line:?}"))
}
