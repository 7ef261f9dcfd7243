//! Checkpoints on disk.
//!
//! What is half-written or half-removed has a name of its own beside the checkpoint's:
//!
//! ```text
//! .step-NNNNNN.partial     being written
//! .step-NNNNNN.replaced    one of the same step, until the new one is in its place
//! .step-NNNNNN.removed     being removed
//! ```

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{ErrorKind as IoKind, Write as _},
    path::{Path, PathBuf},
};

use ai4fashion_files::sha256_hex;

use crate::{
    error::{Error, ErrorKind},
    run::durable::{create_folder, sync_folder},
    train::checkpoint::{Checkpoint, CheckpointState, damaged},
};

const FOLDER: &str = "checkpoints";
const STATE: &str = "state.json";
/// The file of its hash, a line as `sha256sum -c` reads it.
const STATE_HASH: &str = "state.json.sha256";

const PARTIAL: &str = ".partial";
const REPLACED: &str = ".replaced";
const REMOVED: &str = ".removed";

/// The folder of the checkpoints of a run.
pub(super) fn folder(run: &Path) -> PathBuf {
    run.join(FOLDER)
}

/// Writes a checkpoint beside its place, syncs it, then renames it into its place. The checkpoint
/// before stays until then.
pub(super) fn write(run: &Path, checkpoint: &Checkpoint) -> Result<(), Error> {
    let folder = folder(run);
    create_folder(&folder)?;
    sweep(run)?;
    let name = name_of(checkpoint.state().steps_done);
    let beside = |end: &str| folder.join(format!(".{name}{end}"));
    let (partial, replaced, whole) = (beside(PARTIAL), beside(REPLACED), folder.join(&name));
    if read(&whole).is_ok_and(|there| there.state() == checkpoint.state()) {
        return Ok(());
    }
    let filled = fill(&partial, checkpoint);
    if filled.is_err() {
        // A full disk: make room again.
        let _ = fs::remove_dir_all(&partial);
    }
    filled?;
    // The same step of a run that was damaged, or forced to change.
    let replaces = whole.is_dir();
    if replaces {
        fs::rename(&whole, &replaced).map_err(Error::io("rename", &whole))?;
    }
    fs::rename(&partial, &whole).map_err(Error::io("rename the checkpoint to", &whole))?;
    sync_folder(&folder)?;
    if replaces {
        fs::remove_dir_all(&replaced).map_err(Error::io("remove", &replaced))?;
    }
    Ok(())
}

fn fill(folder: &Path, checkpoint: &Checkpoint) -> Result<(), Error> {
    fs::create_dir(folder).map_err(Error::io("create the folder", folder))?;
    let state = folder.join(STATE);
    let mut text = serde_json::to_vec_pretty(checkpoint.state()).map_err(Error::encode(&state))?;
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
    sync_folder(folder)
}

fn hash_line(state: &[u8]) -> String {
    format!("{}  {STATE}\n", sha256_hex(state))
}

/// The folders of a run's checkpoints by their steps, oldest first.
///
/// Files, and folders whose names only resemble those of checkpoints, are not among them.
pub(super) fn list(run: &Path) -> Result<BTreeMap<usize, PathBuf>, Error> {
    let mut found = BTreeMap::new();
    for path in entries(&folder(run))? {
        let whole = step(&name(&path));
        // Interrupted between two renames: the one before is still there.
        let step = whole.or_else(|| step_beside(&name(&path), REPLACED));
        if let Some(step) = step.filter(|_| path.is_dir())
            && (whole.is_some() || !found.contains_key(&step))
        {
            found.insert(step, path);
        }
    }
    Ok(found)
}

/// Refuses a file that has the name of a checkpoint, where one might have to be written.
pub(super) fn check_places(run: &Path) -> Result<(), Error> {
    for path in entries(&folder(run))? {
        if step(&name(&path)).is_some() && !path.is_dir() {
            let problem = "it is no folder; move it away";
            let problem = std::io::Error::new(IoKind::NotADirectory, problem);
            return Err(Error::io("use as a checkpoint", &path)(problem));
        }
    }
    Ok(())
}

/// The name of the checkpoint after `steps` steps.
fn name_of(steps: usize) -> String {
    format!("step-{steps:06}")
}

/// The name of a checkpoint's folder.
pub(super) fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().display().to_string()
}

/// The number of steps in a checkpoint's name.
fn step(name: &str) -> Option<usize> {
    let step = name.strip_prefix("step-")?.parse().ok()?;
    (name_of(step) == name).then_some(step)
}

/// The number of steps in the name of what is beside a checkpoint.
fn step_beside(name: &str, end: &str) -> Option<usize> {
    step(name.strip_prefix('.')?.strip_suffix(end)?)
}

/// Reads a checkpoint, and checks the hash of each file.
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
    // A state from elsewhere must not make us read outside the folder.
    if name.contains(['/', '\\']) || name == ".." {
        return Err(damaged(name));
    }
    let path = folder.join(name);
    match fs::read(&path) {
        Err(error) if error.kind() == IoKind::NotFound => Err(damaged(name)),
        bytes => bytes.map_err(Error::io("read", &path)),
    }
}

/// Reads the state of a checkpoint, which must be as it was written, and at the step of the
/// folder's name.
pub(super) fn state(folder: &Path) -> Result<CheckpointState, Error> {
    let text = read_inside(folder, STATE)?;
    let path = folder.join(STATE);
    check_format(&text, &path)?;
    if read_inside(folder, STATE_HASH)? != hash_line(&text).as_bytes() {
        return Err(damaged(STATE));
    }
    let state: CheckpointState = serde_json::from_slice(&text).map_err(Error::json(&path))?;
    let named = step(&name(folder));
    if named.is_some_and(|named| named != state.steps_done) {
        let (name, problem) = (STATE.to_owned(), "is of another step than its folder");
        return Err(ErrorKind::DamagedFile { name, problem }.into());
    }
    Ok(state)
}

/// The checkpoints beyond a step, which a run that is resumed there replaces.
pub(super) fn after(run: &Path, step: usize) -> Result<Vec<PathBuf>, Error> {
    let mut checkpoints = list(run)?;
    Ok(checkpoints.split_off(&(step + 1)).into_values().collect())
}

/// Refuses the checkpoint in `folder` if another version has written it; what else is wrong with it
/// does not matter.
pub(super) fn check_version(folder: &Path) -> Result<(), Error> {
    let path = folder.join(STATE);
    match fs::read(&path) {
        Ok(text) => check_format(&text, &path),
        Err(_) => Ok(()),
    }
}

fn check_format(text: &[u8], path: &Path) -> Result<(), Error> {
    #[derive(serde::Deserialize)]
    struct Version {
        #[serde(default)]
        format: u32,
    }
    let Version { format: found } = serde_json::from_slice(text).map_err(Error::json(path))?;
    CheckpointState::check_format(found)
}

/// Removes a checkpoint. A kill in between leaves nothing that looks like one.
pub(super) fn remove(path: &Path) -> Result<(), Error> {
    let removed = path.with_file_name(format!(".{}{REMOVED}", name(path)));
    let gone = fs::rename(path, &removed).and_then(|()| fs::remove_dir_all(&removed));
    gone.map_err(Error::io("remove", path))
}

/// Removes checkpoints, and waits until they are gone from the disk.
pub(super) fn remove_all(run: &Path, checkpoints: &[PathBuf]) -> Result<(), Error> {
    if checkpoints.is_empty() {
        return Ok(());
    }
    checkpoints.iter().try_for_each(|path| remove(path))?;
    sync_folder(&folder(run))
}

/// Whether a process left this half-written or half-removed.
pub(super) fn is_partial(_: &Path, name: &str) -> bool {
    let is_beside = |end| step_beside(name, end).is_some();
    is_beside(PARTIAL) || is_beside(REMOVED)
}

/// Removes what a killed process left half-written or half-removed, and puts back what it was about
/// to replace.
pub(super) fn sweep(run: &Path) -> Result<(), Error> {
    for path in entries(&folder(run))? {
        let name = name(&path);
        if let Some(step) = step_beside(&name, REPLACED).filter(|_| path.is_dir()) {
            let whole = path.with_file_name(name_of(step));
            if whole.exists() {
                fs::remove_dir_all(&path).map_err(Error::io("remove", &path))?;
            } else {
                fs::rename(&path, &whole).map_err(Error::io("rename the checkpoint to", &whole))?;
            }
        } else if is_partial(&path, &name) {
            let removed = match path.is_dir() {
                true => fs::remove_dir_all(&path),
                false => fs::remove_file(&path),
            };
            removed.map_err(Error::io("remove", &path))?;
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
