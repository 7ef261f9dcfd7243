//! Checkpoints on disk.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{ErrorKind as IoKind, Write as _},
    path::{Path, PathBuf},
};

use ai4fashion_dataset::sha256;

use crate::{
    error::{Error, ErrorKind},
    train::checkpoint::{Checkpoint, CheckpointState},
};

const FOLDER: &str = "checkpoints";
const STATE: &str = "state.json";
/// The hash of that, a line as `sha256sum -c` reads it.
const STATE_HASH: &str = "state.json.sha256";

/// Writes a checkpoint: beside its place, synced, then renamed into it. The run is never without the one before.
pub(super) fn write(run: &Path, checkpoint: &Checkpoint) -> Result<(), Error> {
    let folder = run.join(FOLDER);
    fs::create_dir_all(&folder).map_err(Error::io("make the folder", &folder))?;
    sweep(&folder)?;
    let name = format!("step-{:06}", checkpoint.state().steps_done);
    let (partial, whole) = (folder.join(format!(".{name}.partial")), folder.join(&name));
    if read(&whole).is_ok_and(|there| there.state() == checkpoint.state()) {
        return Ok(());
    }
    let filled = fill(&partial, checkpoint);
    if filled.is_err() {
        // A full disk: make room again.
        let _ = fs::remove_dir_all(&partial);
    }
    filled?;
    if whole.exists() {
        // The same step of a run that was damaged, or forced to become another.
        remove(&whole)?;
    }
    fs::rename(&partial, &whole).map_err(Error::io("rename the checkpoint to", &whole))?;
    sync(&folder)
}

fn fill(folder: &Path, checkpoint: &Checkpoint) -> Result<(), Error> {
    fs::create_dir(folder).map_err(Error::io("make the folder", folder))?;
    let state = folder.join(STATE);
    let mut text = serde_json::to_vec_pretty(checkpoint.state()).map_err(Error::json(&state))?;
    text.push(b'\n');
    let hash = hash_line(&text);
    let files = checkpoint
        .files()
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    for (name, bytes) in files.chain([(STATE, text.as_slice()), (STATE_HASH, hash.as_bytes())]) {
        let path = folder.join(name);
        let mut file = File::create_new(&path).map_err(Error::io("write", &path))?;
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        written.map_err(Error::io("write", &path))?;
    }
    sync(folder)
}

fn hash_line(state: &[u8]) -> String {
    format!("{}  {STATE}\n", sha256(state))
}

/// The folders of a run's checkpoints by their step, oldest first.
pub(super) fn list(run: &Path) -> Result<BTreeMap<usize, PathBuf>, Error> {
    let folder = run.join(FOLDER);
    let paths = entries(&folder)?.into_iter().filter_map(|path| {
        let name = path.file_name()?.to_str()?;
        Some((step(name)?, path))
    });
    Ok(paths.collect())
}

/// The steps done at the checkpoint of this name.
fn step(name: &str) -> Option<usize> {
    name.strip_prefix("step-")?.parse().ok()
}

/// Reads a checkpoint and checks the hash of each file.
pub(super) fn read(folder: &Path) -> Result<Checkpoint, Error> {
    let state = state(folder)?;
    let files = state.files.keys().map(|name| {
        let bytes = read_inside(folder, name)?;
        Ok((name.clone(), bytes))
    });
    let files = files.collect::<Result<_, Error>>()?;
    Checkpoint::from_parts(state, files)
}

fn read_inside(folder: &Path, name: &str) -> Result<Vec<u8>, Error> {
    // A state that somebody else wrote must not make us read elsewhere.
    if name.contains(['/', '\\']) || name == ".." {
        return Err(damaged(name));
    }
    let path = folder.join(name);
    match fs::read(&path) {
        Err(error) if error.kind() == IoKind::NotFound => Err(damaged(name)),
        bytes => bytes.map_err(Error::io("read", &path)),
    }
}

fn damaged(name: &str) -> Error {
    let name = name.to_owned();
    ErrorKind::DamagedFile { name }.into()
}

/// Reads where a checkpoint stands; it must be what was written, and at the step that the folder is named after.
pub(super) fn state(folder: &Path) -> Result<CheckpointState, Error> {
    #[derive(serde::Deserialize)]
    struct Version {
        #[serde(default)]
        format: u32,
    }
    let text = read_inside(folder, STATE)?;
    let path = folder.join(STATE);
    let Version { format } = serde_json::from_slice(&text).map_err(Error::json(&path))?;
    if format != CheckpointState::FORMAT {
        return Err(ErrorKind::Format {
            found: format,
            expected: CheckpointState::FORMAT,
        }
        .into());
    }
    if read_inside(folder, STATE_HASH)? != hash_line(&text).as_bytes() {
        return Err(damaged(STATE));
    }
    let state: CheckpointState = serde_json::from_slice(&text).map_err(Error::json(&path))?;
    let named = folder.file_name().and_then(|name| step(name.to_str()?));
    if named.is_some_and(|named| named != state.steps_done) {
        return Err(ErrorKind::OtherStep {
            steps: state.steps_done,
        }
        .into());
    }
    Ok(state)
}

/// Removes all checkpoints but the newest `keep` and the one that was the nearest to real pictures, to those of the newest.
pub(super) fn prune(run: &Path, keep: usize) -> Result<(), Error> {
    let checkpoints = list(run)?;
    let known = checkpoints
        .iter()
        .filter_map(|(step, path)| Some((*step, state(path).ok()?)));
    let known: BTreeMap<usize, CheckpointState> = known.collect();
    let best = known.values().next_back().and_then(|newest| {
        let alike = known.iter().filter(|(_, state)| state.has_pictures_of(newest));
        let distances = alike.filter_map(|(step, state)| Some((state.distance?, *step)));
        distances.min_by(|a, b| a.0.total_cmp(&b.0))
    });
    let best = best.map(|(_, step)| step);
    let old = checkpoints.len().saturating_sub(keep);
    for (step, path) in checkpoints.iter().take(old) {
        if Some(*step) != best {
            remove(path)?;
        }
    }
    Ok(())
}

/// The checkpoints beyond a step: a run that goes on from an earlier one has another future.
pub(super) fn after(run: &Path, step: usize) -> Result<Vec<PathBuf>, Error> {
    let mut checkpoints = list(run)?;
    Ok(checkpoints.split_off(&(step + 1)).into_values().collect())
}

/// Removes a checkpoint; killed in the middle it leaves nothing that looks like one.
pub(super) fn remove(path: &Path) -> Result<(), Error> {
    let name = path.file_name().unwrap_or_default().display();
    let removed = path.with_file_name(format!(".{name}.removed"));
    let gone = fs::rename(path, &removed).and_then(|()| fs::remove_dir_all(&removed));
    gone.map_err(Error::io("remove", path))
}

/// Removes what a killed process has left half-written.
fn sweep(folder: &Path) -> Result<(), Error> {
    for path in entries(folder)? {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if name.starts_with(".step-") {
            fs::remove_dir_all(&path).map_err(Error::io("remove", &path))?;
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == IoKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(Error::io("read the folder", folder))?,
    };
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    paths
        .collect::<Result<_, _>>()
        .map_err(Error::io("read the folder", folder))
}

/// Makes sure that the names in a folder are on the disk.
fn sync(folder: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(Error::io("write", folder))?;
    // Elsewhere a folder cannot be opened as a file.
    let _ = folder;
    Ok(())
}
