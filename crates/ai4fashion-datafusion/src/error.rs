//! Errors of an engine, in words.

use std::error::Error;

use datafusion::error::DataFusionError;

/// The innermost message of an error.
///
/// Errors that come back from a cluster hold those of each layer as debug text, one in the other;
/// the cause stands in the last quotation marks.
///
/// ```
/// use ai4fashion_datafusion::{datafusion::error::DataFusionError, innermost};
///
/// let far = DataFusionError::Execution(
///     r#"Job 7 failed: DataFusionError(External(Execution("no such column")))"#.to_owned(),
/// );
/// assert_eq!(innermost(&far), "no such column");
/// ```
#[must_use]
pub fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        if source.is::<std::io::Error>() && inner.to_string().contains(&source.to_string()) {
            // It says the same, and of which file.
            break;
        }
        inner = source;
    }
    let text = match inner.downcast_ref::<DataFusionError>() {
        // Without the kind of error, which says nothing to the person.
        Some(DataFusionError::Plan(text) | DataFusionError::Execution(text)) => text.clone(),
        Some(error) => error.strip_backtrace(),
        None => inner.to_string(),
    };
    let text = quoted(&text, "message: \"", "\"")
        .or_else(|| quoted(&text, "(\"", "\")"))
        .unwrap_or(text);
    ai4fashion_files::printable(&text).into_owned()
}

/// What stands between the last `start` and the last `end`.
fn quoted(text: &str, start: &str, end: &str) -> Option<String> {
    let from = text.rfind(start)? + start.len();
    let to = text.rfind(end).filter(|to| from < *to)?;
    // Of an error of the system there is more behind it.
    let inner = text[from..to].split(end).next()?;
    Some(inner.replace("\\\"", "\""))
}

pub(crate) fn plan(message: impl Into<String>) -> DataFusionError {
    DataFusionError::Plan(message.into())
}

pub(crate) fn execution(message: impl Into<String>) -> DataFusionError {
    DataFusionError::Execution(message.into())
}

#[cfg(test)]
mod tests {
    use object_store::{ObjectStoreExt, local::LocalFileSystem};

    use super::*;

    #[tokio::test]
    async fn errors_of_the_system_name_the_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let within = object_store::path::Path::from_absolute_path(file.path()).unwrap();
        let (store, below) = (LocalFileSystem::new(), within.clone().join("a"));
        let error = store.put(&below, vec![1].into()).await.unwrap_err();
        let error = DataFusionError::from(error);
        assert!(innermost(&error).contains(within.as_ref()), "{error}");
    }
}
