//! What syncing costs an ingestion, beside a copy of the same files.

use std::{
    ffi::OsString,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

use crate::{
    input::write_photos,
    program::{Program, run},
    strace::following,
};

/// Seconds of each way, the median of all runs.
#[derive(Debug)]
pub(crate) struct SyncCost {
    /// Images of the data set.
    pub(crate) images: usize,
    /// Runs of each way.
    pub(crate) runs: usize,
    /// An ingestion.
    pub(crate) ingest: f64,
    /// An ingestion whose syncs return at once and do nothing.
    pub(crate) ingest_unsynced: f64,
    /// `cp -r` of the data set, then `sync` of its file system.
    pub(crate) copy: f64,
}

const SYNCS: &str = "?fsync,?fdatasync,?sync,?syncfs,?sync_file_range";

/// Measures in `root`, on whatever disk that is.
pub(crate) fn sync_cost(root: &Path, program: &Program, images: usize, runs: usize) -> Result<SyncCost> {
    let (photos, dataset, copy) = (root.join("photos"), root.join("dataset"), root.join("copy"));
    write_photos(&photos, images)?;
    let words = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
    let mut ingest: Vec<OsString> = vec![program.0.clone().into(), "ingest".into(), photos.into()];
    ingest.extend(["--out".into(), dataset.clone().into(), "--quiet".into()]);
    let mut unsynced = following(Path::new("/dev/null"));
    unsynced.extend(words(&[
        "-e",
        &format!("trace={SYNCS}"),
        "-e",
        &format!("inject={SYNCS}:retval=0"),
    ]));
    unsynced.extend(ingest.clone());
    let copying: Vec<OsString> = [
        words(&["cp", "-r"]),
        vec![dataset.clone().into(), copy.clone().into()],
    ]
    .concat();
    let syncing: Vec<OsString> = [words(&["sync", "-f"]), vec![root.into()]].concat();

    let mut seconds = [const { Vec::new() }; 3];
    for _ in 0..runs {
        for (index, lines) in [vec![&unsynced], vec![&ingest], vec![&copying, &syncing]]
            .into_iter()
            .enumerate()
        {
            let target = if index == 2 { &copy } else { &dataset };
            if target.is_dir() {
                fs::remove_dir_all(target)?;
            }
            time(&syncing, root)?;
            let times: Result<Vec<_>> = lines.into_iter().map(|line| time(line, root)).collect();
            seconds[index].push(times?.iter().sum::<Duration>().as_secs_f64());
        }
    }
    let [ingest_unsynced, ingest, copy] = seconds.map(median);
    Ok(SyncCost {
        images,
        runs,
        ingest,
        ingest_unsynced,
        copy,
    })
}

fn time(line: &[OsString], folder: &Path) -> Result<Duration> {
    let begin = Instant::now();
    let ran = run(line, folder)?;
    if ran.code != Some(0) {
        bail!("{line:?}: {}", ran.describe());
    }
    Ok(begin.elapsed())
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
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
    }
}
