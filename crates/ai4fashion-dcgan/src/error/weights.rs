//! Errors of files of weights.

mod misfit;

use super::Foreign;
pub use misfit::Misfit;

/// What does not fit in a file of weights.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WeightsError {
    /// The values could not be taken out of the network, or put into it.
    #[error(transparent)]
    Store(Foreign),
    /// The file is a safetensors file that is damaged.
    #[error("a damaged safetensors file")]
    Format(#[source] Foreign),
    /// The file is of another kind.
    #[error("it is {0}; expected safetensors, or what `torch.save(network.state_dict(), FILE)` writes")]
    Kind(String),
    /// The file is one of PyTorch that cannot be read.
    #[cfg(feature = "pytorch")]
    #[error(
        "a file of PyTorch that cannot be read; expected tensors of float32, float16, bfloat16 or float64, \
         as `torch.save(network.state_dict(), FILE)` writes them"
    )]
    Pytorch(#[source] Foreign),
    /// The file is one of PyTorch, which this build does not read.
    #[error(
        "a file of PyTorch, which is read with the feature `pytorch`, or when it is saved as safetensors"
    )]
    NoPytorch,
    /// The file does not hold exactly the network's tensors.
    #[error(transparent)]
    Misfit(Box<Misfit>),
    /// Several parts of the file are such a network.
    #[error(
        "several of its entries are such a network: {}; save the one to be read in a file of its own",
        few(.0, ", ")
    )]
    Ambiguous(Vec<String>),
    /// Tensors of a type that is not converted to the network's.
    #[error("{}; expected {legal}", few(tensors, ", "))]
    #[non_exhaustive]
    Type {
        /// The tensors and their types.
        tensors: Vec<String>,
        /// The types that are converted.
        legal: &'static str,
    },
    /// Tensors in the file that the optimizer does not have.
    #[error("it also holds {}", few(.0, ", "))]
    Unused(Vec<String>),
    /// Two tensors of the network have one name in files.
    #[error("two tensors of the network are named {0}")]
    SameName(String),
    /// Tensors with values that are NaN or infinite, and how many of how many.
    #[error("values that are NaN or infinite: {}; a network with such weights generates nothing", few(.0, ", "))]
    NotFinite(Vec<String>),
    /// Tensors whose shape or values do not fit.
    #[error("tensors that do not fit: {}", few(.0, "; "))]
    Mismatched(Vec<String>),
}

impl WeightsError {
    pub(crate) fn store(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Store(Box::new(source))
    }

    pub(crate) fn format(source: safetensors::SafeTensorError) -> Self {
        use safetensors::SafeTensorError as E;

        match source {
            E::HeaderTooSmall | E::InvalidHeaderLength | E::MetadataIncompleteBuffer => {
                Self::Format("it is not as long as its header says; was it copied as a whole?".into())
            }
            other => Self::Format(without_controls(other)),
        }
    }

    #[cfg(feature = "pytorch")]
    pub(crate) fn pytorch(source: impl Into<burn::store::pytorch_reader::PytorchError>) -> Self {
        Self::Pytorch(without_controls(source.into()))
    }
}

/// An error of a damaged file, whose message may hold any characters of it.
fn without_controls(error: impl std::error::Error + Send + Sync + 'static) -> Foreign {
    let text = error.to_string();
    match text.contains(char::is_control) {
        true => text.escape_debug().to_string().into(),
        false => error.into(),
    }
}

/// Joins the first names of a list that may be long.
fn few(names: &[String], between: &str) -> String {
    first(names, 3, between)
}

/// Joins the first `count` names of a list that may be long.
pub(crate) fn first(names: &[String], count: usize, between: &str) -> String {
    let joined = names.get(..count).unwrap_or(names).join(between);
    match names.len().saturating_sub(count) {
        0 => joined,
        more => format!("{joined}{between}and {more} more"),
    }
}

/// A name from a file, without control characters and not too long.
pub(crate) fn shown(name: &str) -> String {
    const LONGEST: usize = 80;
    let mut shown = name.escape_debug();
    let mut start: String = shown.by_ref().take(LONGEST).collect();
    if shown.next().is_some() {
        start.push_str("...");
    }
    start
}
