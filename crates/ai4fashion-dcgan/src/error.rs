//! What can go wrong.

use std::{
    borrow::Cow,
    io,
    path::{Path, PathBuf},
};

use crate::difference::Difference;

/// An error of this crate; [`Error::kind`] tells what happened.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<ErrorKind>);

/// What happened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting is outside its interval.
    #[error("{option} is {value}, legal is {legal}")]
    Setting {
        /// The setting's name.
        option: &'static str,
        /// The value that was given.
        value: String,
        /// What would be legal.
        legal: Cow<'static, str>,
    },
    /// The data set has no picture to train on.
    #[error("the data set has no picture to train on")]
    NoPictures,
    /// Pictures lack a label that the networks are to be told.
    #[error("pictures without a {what}, which the condition needs: {count}; leave them out")]
    Unlabelled {
        /// `color` or `type`.
        what: &'static str,
        /// How many pictures lack it.
        count: usize,
    },
    /// A run would go on with other settings or pictures than it began with.
    #[error("this would be another run: {}", lines(differences))]
    Changed {
        /// What is different.
        differences: Vec<Difference>,
    },
    /// A checkpoint was written by another version.
    #[error("the checkpoint has format {found}, this version reads {expected}")]
    Format {
        /// Its format.
        found: u32,
        /// The format that this version reads.
        expected: u32,
    },
    /// A file of a checkpoint is missing, or its hash is not the one that was written down.
    #[error("`{name}` is missing or damaged")]
    DamagedFile {
        /// The file.
        name: String,
    },
    /// A checkpoint stands in the folder of another step.
    #[error("it is a checkpoint of step {steps}, in a folder of another name")]
    OtherStep {
        /// The steps done at it.
        steps: usize,
    },
    /// A checkpoint cannot be used.
    #[error("cannot use the checkpoint `{}`{}", path.display(), other(instead.as_deref()))]
    Checkpoint {
        /// Its folder.
        path: PathBuf,
        /// Why.
        source: Box<Error>,
        /// The newest one before it.
        instead: Option<PathBuf>,
    },
    /// Another process trains in the run folder.
    #[error("another process trains in `{}`", path.display())]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// A picture of the data set cannot be read or scaled.
    #[error("cannot use picture {index} of the data set")]
    Picture {
        /// Its place in the data set.
        index: usize,
        /// Why.
        source: ai4fashion_dataset::Error,
    },
    /// A picture file of a data set is not the one that was written.
    #[error(
        "`{}` is not the picture that the manifest tells of",
        path.display()
    )]
    OtherPicture {
        /// The file.
        path: PathBuf,
    },
    /// A file could not be written, or a chart not be drawn.
    #[error(transparent)]
    Dataset(#[from] ai4fashion_dataset::Error),
    /// A loss became NaN or infinite: the run cannot go on.
    #[error(
        "loss of the {network} is {value} at epoch {epoch}, step {step}; a smaller learning rate may help, from an earlier \
         checkpoint too"
    )]
    NotFinite {
        /// The network whose loss it is.
        network: &'static str,
        /// The loss.
        value: f32,
        /// The epoch, from 0.
        epoch: usize,
        /// The step in the whole run, from 0.
        step: usize,
    },
    /// Weights became NaN or infinite: the run cannot go on.
    #[error(
        "weights are not finite after step {steps}; a smaller learning rate may help, from an earlier checkpoint too"
    )]
    WeightsNotFinite {
        /// Steps done.
        steps: usize,
    },
    /// A log of a run has fewer lines than the checkpoint has steps.
    #[error("`{}` ends after line {lines}, the checkpoint needs {needed} of them; an earlier checkpoint may fit", path.display())]
    ShortLog {
        /// The log.
        path: PathBuf,
        /// Its whole lines.
        lines: usize,
        /// How many there should be.
        needed: usize,
    },
    /// There is no checkpoint of this name.
    #[error("there is no checkpoint `{name}`; there are: {}", or_none(there))]
    NoCheckpoint {
        /// The name.
        name: String,
        /// Those that there are.
        there: Vec<String>,
    },
    /// A run folder that is not empty would be written into.
    #[error("run folder `{}` exists and is not empty; name another one", path.display())]
    RunExists {
        /// The folder.
        path: PathBuf,
    },
    /// A run would begin in a folder where another has left checkpoints.
    #[error(
        "`{}` holds the checkpoints of a run, which one from the beginning would remove; go on from one of them, or name \
         another folder",
        path.display()
    )]
    HasCheckpoints {
        /// The folder.
        path: PathBuf,
    },
    /// A folder is no run folder, or its run has saved nothing yet.
    #[error("`{}` is not a run folder with a checkpoint: {missing} is missing{}", path.display(), hint(instead.as_deref()))]
    NotARun {
        /// The folder.
        path: PathBuf,
        /// What was looked for.
        missing: &'static str,
        /// A run folder that lies in it.
        instead: Option<PathBuf>,
    },
    /// A JSON file of a run is not as it should be.
    #[error("cannot understand `{}`", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A file of weights could not be read or does not fit the network.
    #[error("cannot use the weights in `{}`", path.display())]
    Weights {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        source: WeightsProblem,
    },
    /// A file or folder could not be read or written.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A film could not be put together.
    #[error("cannot make the film `{}`", path.display())]
    Film {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A page could not be made.
    #[error("cannot make the page `{}`", path.display())]
    Page {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A file that is no cache of pictures would be replaced by one.
    #[error("`{}` is there and no cache of pictures; name another place", path.display())]
    NotACache {
        /// The file.
        path: PathBuf,
    },
    /// A thread that decodes pictures ended early.
    #[error("a thread that decodes pictures ended early")]
    Worker,
    /// Something of another crate: see [`Error::other`].
    #[error(transparent)]
    Other(Box<dyn std::error::Error + Send + Sync>),
}

/// What does not fit in a file of weights.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WeightsProblem {
    /// The store could not read or write the file.
    #[error(transparent)]
    Store(Box<dyn std::error::Error + Send + Sync>),
    /// It is no safetensors file.
    #[error(transparent)]
    Format(Box<dyn std::error::Error + Send + Sync>),
    /// It is a file of PyTorch that cannot be read.
    #[cfg(feature = "pytorch")]
    #[error("a file of PyTorch that cannot be read")]
    Pytorch(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It is a file of PyTorch, which this build does not read.
    #[error(
        "a file of PyTorch, which is read with the feature `pytorch`, or when it is saved as safetensors"
    )]
    NoPytorch,
    /// Tensors that the network needs are not in the file.
    #[error("it lacks {}", few(.0, ", "))]
    Missing(Vec<String>),
    /// Tensors in the file that the network does not have.
    #[error("it also holds {}", few(.0, ", "))]
    Unused(Vec<String>),
    /// Two tensors of the network have one name in files: see [`Network::file_names`](crate::Network::file_names).
    #[error("two tensors of the network are named {0}")]
    SameName(String),
    /// Tensors of another shape or type.
    #[error("tensors that do not fit: {}", few(.0, "; "))]
    Mismatched(Vec<String>),
}

impl WeightsProblem {
    pub(crate) fn store(source: burn::store::SafetensorsStoreError) -> Self {
        Self::Store(source.into())
    }

    pub(crate) fn format(source: safetensors::SafeTensorError) -> Self {
        Self::Format(source.into())
    }

    #[cfg(feature = "pytorch")]
    pub(crate) fn pytorch(source: impl Into<burn::store::pytorch_reader::PytorchError>) -> Self {
        Self::Pytorch(source.into().into())
    }
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }

    /// An error of a [`PictureSource`](crate::PictureSource) or [`Observer`](crate::Observer) of your own.
    pub fn other(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::new(ErrorKind::Other(source.into()))
    }

    pub(crate) fn setting(
        option: &'static str,
        value: impl ToString,
        legal: impl Into<Cow<'static, str>>,
    ) -> Self {
        let (value, legal) = (value.to_string(), legal.into());
        Self::new(ErrorKind::Setting { option, value, legal })
    }

    /// For `map_err`: an input or output error with what was tried on which path.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| {
            Self::new(ErrorKind::Io {
                action,
                path: path.to_owned(),
                source,
            })
        }
    }

    /// For `map_err`: JSON that is not as it should be.
    pub(crate) fn json(path: &Path) -> impl FnOnce(serde_json::Error) -> Self {
        move |source| {
            Self::new(ErrorKind::Json {
                path: path.to_owned(),
                source: source.into(),
            })
        }
    }

    /// What happened.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind)
    }
}

fn lines(differences: &[Difference]) -> String {
    let lines: Vec<String> = differences.iter().map(Difference::to_string).collect();
    lines.join("; ")
}

/// The first names of a list that may be long.
fn few(names: &[String], between: &str) -> String {
    const SHOWN: usize = 3;
    let shown = names.get(..SHOWN).unwrap_or(names).join(between);
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown}{between}and {more} more"),
    }
}

fn or_none(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.join(", ")
}

fn other(instead: Option<&Path>) -> String {
    let name = instead.and_then(Path::file_name);
    name.map(|name| format!("; the one before it is `{}`", name.display()))
        .unwrap_or_default()
}

fn hint(instead: Option<&Path>) -> String {
    instead
        .map(|path| format!("; `{}` is one", path.display()))
        .unwrap_or_default()
}

impl From<ai4fashion_dataset::Error> for Error {
    fn from(source: ai4fashion_dataset::Error) -> Self {
        Self::new(ErrorKind::Dataset(source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_is_one_pointer_and_crosses_threads() {
        fn crosses_threads<T: Send + Sync + 'static>() {}
        crosses_threads::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn foreign_error_is_handed_through_with_its_causes() {
        let error = Error::other(io::Error::other("the camera is off"));
        assert_eq!(error.to_string(), "the camera is off");
        let ErrorKind::Other(source) = error.kind() else {
            panic!("{error:?}")
        };
        assert!(source.is::<io::Error>());
        assert_eq!(Error::other("words alone").to_string(), "words alone");
    }
}
