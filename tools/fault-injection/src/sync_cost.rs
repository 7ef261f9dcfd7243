//! What syncing costs an ingestion, beside a copy of the same files.

use std::{
    ffi::OsString,
    fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

use crate::{program::Program, strace::following};

/// Seconds, each the median of all runs.
#[derive(Debug)]
pub(crate) struct SyncCost {
    /// Images of the data set.
    pub(crate) images: usize,
    /// Number of runs.
    pub(crate) runs: usize,
    /// An ingestion.
    pub(crate) ingest: f64,
    /// The part of it that its threads spend in calls that sync, summed.
    pub(crate) syncs: f64,
    /// `cp -r` of the data set, then `sync` of its file system.
    pub(crate) copy: f64,
}

/// Measures with `photos` in `root`, on whatever disk that is, with as many threads as usual.
pub(crate) fn sync_cost(root: &Path, program: &Program, photos: &Path, runs: usize) -> Result<SyncCost> {
    let (dataset, copy, log) = (root.join("dataset"), root.join("copy"), root.join("strace.log"));
    let words = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
    let mut ingest = following(&log);
    ingest.extend(words(&["-T", "-e", "trace=?fsync,?fdatasync,?sync,?syncfs"]));
    ingest.extend([
        program.0.clone().into(),
        "ingest".into(),
        photos.into(),
        "--out".into(),
    ]);
    ingest.extend([dataset.clone().into(), "--quiet".into()]);
    let copying = [
        words(&["cp", "-r"]),
        vec![dataset.clone().into(), copy.clone().into()],
    ]
    .concat();
    let syncing = [words(&["sync", "-f"]), vec![root.into()]].concat();

    let [mut ingests, mut syncs, mut copies] = [const { Vec::new() }; 3];
    for _ in 0..runs {
        for folder in [&dataset, &copy] {
            if folder.is_dir() {
                fs::remove_dir_all(folder)?;
            }
        }
        time(&syncing)?;
        ingests.push(time(&ingest)?.as_secs_f64());
        syncs.push(seconds_in_calls(&fs::read_to_string(&log)?));
        time(&syncing)?;
        copies.push((time(&copying)? + time(&syncing)?).as_secs_f64());
    }
    let images = fs::read_dir(dataset.join("images"))?.count();
    let [ingest, syncs, copy] = [ingests, syncs, copies].map(median);
    Ok(SyncCost {
        images,
        runs,
        ingest,
        syncs,
        copy,
    })
}

/// Sums the seconds that `strace -T` writes at the end of each line.
fn seconds_in_calls(log: &str) -> f64 {
    let times = log
        .lines()
        .filter_map(|line| line.strip_suffix('>')?.rsplit_once('<')?.1.parse::<f64>().ok());
    times.sum()
}

/// Runs a command; 1 says that an ingestion rejected something.
fn time(line: &[OsString]) -> Result<Duration> {
    let begin = Instant::now();
    let output = Command::new(&line[0])
        .args(&line[1..])
        .stdin(Stdio::null())
        .output()?;
    let time = begin.elapsed();
    if !matches!(output.status.code(), Some(0 | 1)) {
        bail!("{line:?}: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(time)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 {
        values[middle]
    } else {
        (values[middle - 1] + values[middle]) / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_calls_are_summed() {
        let log = "1 fsync(3</w/a> <unfinished ...>\n2 syncfs(4</w>) = 0 <0.250000>\n\
                   1 <... fsync resumed>) = 0 <0.500000>\n1 +++ exited with 0 +++\n";
        assert_eq!(seconds_in_calls(log), 0.75);
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
    }
}
