//! Every system call of an operation is struck in turn.

use std::{
    collections::BTreeSet,
    fs,
    sync::{Mutex, mpsc},
    thread,
};

use anyhow::{Result, anyhow};

use crate::{
    program::run,
    recovery::{Verdict, recover},
    sample::sample,
    slot::Slot,
    strace::{record, writing_to},
    target::{Target, targets},
    trace::has_struck,
};

/// What happens at a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// SIGKILL before the call.
    Kill,
    /// The call fails with ENOSPC.
    FullDisk,
    /// The call fails with EIO.
    BadDisk,
}

/// A fault at a call.
#[derive(Clone, Debug)]
pub(crate) struct Point {
    /// The call.
    pub(crate) target: Target,
    /// What happens there.
    pub(crate) fault: Fault,
}

/// What was found at one point; no verdict if the call was not reached.
#[derive(Debug)]
pub(crate) struct Tried {
    /// Where.
    pub(crate) point: Point,
    /// What it led to.
    pub(crate) verdict: Option<Verdict>,
}

/// All that was tried on an operation.
#[derive(Debug)]
pub(crate) struct Campaign {
    /// Name of the operation.
    pub(crate) operation: &'static str,
    /// Calls of each name, undisturbed.
    pub(crate) calls: Vec<(String, usize)>,
    /// Points that there are.
    pub(crate) points: usize,
    /// Calls that cannot be found again.
    pub(crate) left_out: usize,
    /// Points that were tried.
    pub(crate) tried: Vec<Tried>,
}

impl Fault {
    /// All faults.
    pub(crate) const ALL: [Self; 3] = [Self::Kill, Self::FullDisk, Self::BadDisk];

    /// Name in reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Kill => "SIGKILL",
            Self::FullDisk => "ENOSPC",
            Self::BadDisk => "EIO",
        }
    }

    /// The part of `strace -e inject=`.
    fn injection(self) -> &'static str {
        match self {
            Self::Kill => "signal=KILL",
            Self::FullDisk => "error=ENOSPC",
            Self::BadDisk => "error=EIO",
        }
    }
}

impl Point {
    /// What happens where, for reports and samples.
    pub(crate) fn describe(&self) -> String {
        format!(
            "{} at {} [{}]",
            self.fault.name(),
            self.target.label,
            self.options().join(" ")
        )
    }

    /// The options of `strace` that strike it; `{work}` stands for the work folder.
    pub(crate) fn options(&self) -> Vec<String> {
        let Target {
            call,
            selectors,
            when,
            is_first_thread,
            ..
        } = &self.target;
        let mut options = Vec::new();
        if !is_first_thread {
            options.push("-f".to_owned());
        }
        for path in selectors {
            let path = format!("{{work}}/{}", path.display());
            options.extend(["-P".to_owned(), path.trim_end_matches('/').to_owned()]);
        }
        options.extend(["-e".to_owned(), format!("trace={call}"), "-e".to_owned()]);
        options.push(format!("inject={call}:{}:when={when}", self.fault.injection()));
        options
    }
}

/// Strikes the operation of `slots`, each in its own thread, at all points or a sample of them.
pub(crate) fn campaign(slots: &[Slot], size: Option<usize>, seed: u64) -> Result<Campaign> {
    let first = slots.first().ok_or_else(|| anyhow!("there is no slot"))?;
    let work = first.work();
    let calls = record(first)?;
    let stable: BTreeSet<_> = record(first)?
        .into_iter()
        .flat_map(|call| call.selectors)
        .collect();
    let (targets, left_out) = targets(&calls, &work, &stable);
    let mut counts: Vec<(String, usize)> = Vec::new();
    for call in calls.iter().filter(|call| call.is_in(&work)) {
        match counts.iter_mut().find(|(name, _)| *name == call.name) {
            Some((_, count)) => *count += 1,
            None => counts.push((call.name.clone(), 1)),
        }
    }
    let points: Vec<_> = targets.into_iter().flat_map(points).collect();
    let number = points.len();
    let points = sample(points, size, seed, Point::describe);
    Ok(Campaign {
        operation: first.operation().name,
        calls: counts,
        points: number,
        left_out,
        tried: strike_all(slots, points)?,
    })
}

/// The faults that a call can have.
fn points(target: Target) -> impl Iterator<Item = Point> {
    let faults = Fault::ALL
        .into_iter()
        .filter(move |fault| *fault != Fault::FullDisk || target.needs_room);
    let faults: Vec<_> = faults.collect();
    faults.into_iter().map(move |fault| Point {
        target: target.clone(),
        fault,
    })
}

fn strike_all(slots: &[Slot], points: Vec<Point>) -> Result<Vec<Tried>> {
    let queue = Mutex::new(points.into_iter().enumerate());
    let (sender, results) = mpsc::channel();
    thread::scope(|scope| {
        for slot in slots {
            let (queue, sender) = (&queue, sender.clone());
            scope.spawn(move || {
                loop {
                    let next = queue.lock().map(|mut queue| queue.next());
                    let Ok(Some((index, point))) = next else { break };
                    let tried = strike(slot, point);
                    if sender.send((index, tried)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
    });
    let mut tried: Vec<_> = results.into_iter().collect();
    tried.sort_by_key(|(index, _)| *index);
    tried.into_iter().map(|(_, tried)| tried).collect()
}

/// Runs the operation from its start with a fault at `point`, and recovers.
fn strike(slot: &Slot, point: Point) -> Result<Tried> {
    slot.restore()?;
    let log = slot.root().join("injected.log");
    let mut line = writing_to(&log);
    let work = slot.work().to_string_lossy().into_owned();
    line.extend(
        point
            .options()
            .iter()
            .map(|word| word.replace("{work}", &work).into()),
    );
    line.extend(slot.line(slot.operation().command));
    let ran = run(&line, slot.root())?;
    if !has_struck(&fs::read_to_string(&log)?) {
        return Ok(Tried { point, verdict: None });
    }
    let is_killed = point.fault == Fault::Kill && !ran.is_hung;
    let verdict = recover(slot, Some(&ran).filter(|_| !is_killed))?;
    Ok(Tried {
        point,
        verdict: Some(verdict),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(selector: Option<&str>, needs_room: bool) -> Target {
        Target {
            call: "fsync".to_owned(),
            selectors: selector.map(Into::into).into_iter().collect(),
            when: 2,
            is_first_thread: false,
            is_alone: true,
            needs_room,
            label: "fsync(a)".to_owned(),
        }
    }

    #[test]
    fn a_point_is_an_option_of_strace() {
        let point = Point {
            target: target(Some("dataset/a"), true),
            fault: Fault::BadDisk,
        };
        let options = [
            "-f",
            "-P",
            "{work}/dataset/a",
            "-e",
            "trace=fsync",
            "-e",
            "inject=fsync:error=EIO:when=2",
        ];
        assert_eq!(point.options(), options);
        assert_eq!(
            point.describe(),
            "EIO at fsync(a) [-f -P {work}/dataset/a -e trace=fsync -e inject=fsync:error=EIO:when=2]"
        );
        let whole = Point {
            target: target(Some(""), true),
            fault: Fault::Kill,
        };
        assert_eq!(whole.options()[2], "{work}");
    }

    #[test]
    fn a_full_disk_fails_only_what_needs_room() {
        let faults = |needs_room| {
            points(target(None, needs_room))
                .map(|it| it.fault)
                .collect::<Vec<_>>()
        };
        assert_eq!(faults(true), Fault::ALL);
        assert_eq!(faults(false), [Fault::Kill, Fault::BadDisk]);
    }
}
