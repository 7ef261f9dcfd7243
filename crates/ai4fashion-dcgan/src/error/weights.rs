//! Errors of files of weights.

/// What does not fit in a file of weights.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WeightsError {
    /// The store could not read or write the file.
    #[error(transparent)]
    Store(Box<dyn std::error::Error + Send + Sync>),
    /// The file is no safetensors file.
    #[error(transparent)]
    Format(Box<dyn std::error::Error + Send + Sync>),
    /// The file is one of PyTorch that cannot be read.
    #[cfg(feature = "pytorch")]
    #[error("a file of PyTorch that cannot be read")]
    Pytorch(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The file is one of PyTorch, which this build does not read.
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
    /// Two tensors of the network have one name in files.
    #[error("two tensors of the network are named {0}")]
    SameName(String),
    /// Tensors whose shape or type differs from the network's.
    #[error("tensors that do not fit: {}", few(.0, "; "))]
    Mismatched(Vec<String>),
}

impl WeightsError {
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

/// Joins the first names of a list that may be long.
fn few(names: &[String], between: &str) -> String {
    const SHOWN: usize = 3;
    let shown = names.get(..SHOWN).unwrap_or(names).join(between);
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown}{between}and {more} more"),
    }
}
