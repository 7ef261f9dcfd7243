//! Errors of an engine, in words.

use std::error::Error;

use datafusion::error::DataFusionError;

/// The cause of an error, in words that name the file.
///
/// Errors that come back from a cluster hold those of each layer as debug text, one in the other;
/// the cause stands in the last quotation marks.
///
/// ```
/// use ai4fashion_datafusion::{datafusion::error::DataFusionError, root_cause};
///
/// let far = DataFusionError::Execution(
///     r#"Job 7 failed: DataFusionError(External(Execution("no such column")))"#.to_owned(),
/// );
/// assert_eq!(root_cause(&far), "no such column");
/// ```
#[must_use]
pub fn root_cause(error: &(dyn Error + 'static)) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        let says_more = source.is::<std::io::Error>() && inner.to_string().contains(&source.to_string());
        // Both say the same as their source, and of which file.
        if inner.is::<object_store::Error>() || says_more {
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
    ai4fashion_files::printable(&of_debug_text(text)).into_owned()
}

/// The innermost message of debug text: that of a variant, as in `Plan("...")`, or of an error of
/// the system with its path. Other text stays as it is.
fn of_debug_text(mut text: String) -> String {
    while let Some(inner) = in_quotes(&text) {
        text = inner;
    }
    text
}

fn in_quotes(text: &str) -> Option<String> {
    let (mut path, mut message) = (None, None);
    let mut rest = 0;
    while let Some(start) = text[rest..].find('"').map(|at| rest + at) {
        let (literal, end) = literal(&text[start + 1..])?;
        let before = &text[..start];
        if before.ends_with("path: ") {
            path = Some(literal);
        } else if before.ends_with("message: ") {
            message = Some(match path.take() {
                Some(path) => format!("{path}: {literal}"),
                None => literal,
            });
        } else if is_variant(before) {
            message = Some(literal);
        }
        rest = start + 1 + end;
    }
    message
}

/// Whether the text ends with a variant's name and its bracket.
fn is_variant(before: &str) -> bool {
    let Some(before) = before.strip_suffix('(') else {
        return false;
    };
    let name = before.rfind(|letter: char| !letter.is_ascii_alphanumeric());
    let name = &before[name.map_or(0, |at| at + 1)..];
    name.starts_with(|letter: char| letter.is_ascii_uppercase())
}

/// The text up to the closing quotation mark, and the place behind that.
fn literal(text: &str) -> Option<(String, usize)> {
    let mut found = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((found, at + 1)),
            '\\' => match letters.next()?.1 {
                'n' => found.push('\n'),
                other => found.push(other),
            },
            other => found.push(other),
        }
    }
    None
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
        assert!(root_cause(&error).contains(within.as_ref()), "{error}");
    }

    #[cfg(feature = "s3")]
    #[tokio::test]
    async fn errors_of_a_store_name_the_object() {
        let retry = object_store::RetryConfig {
            max_retries: 0,
            ..Default::default()
        };
        let store = object_store::aws::AmazonS3Builder::new()
            .with_bucket_name("photos")
            .with_region("us-east-1")
            .with_access_key_id("key")
            .with_secret_access_key("secret")
            .with_endpoint("http://127.0.0.1:9")
            .with_allow_http(true)
            .with_retry(retry)
            .build()
            .unwrap();
        let error = store.head(&"in/a.parquet".into()).await.unwrap_err();
        let error = DataFusionError::from(error);
        assert!(root_cause(&error).contains("photos/in/a.parquet"), "{error}");
    }

    #[test]
    fn errors_from_afar_are_their_cause() {
        let layers = r#"Job a failed: Execution("failed to decode: Plan(\"no column `b`\")")"#;
        let missing = r#"Job a failed: ObjectStore(NotFound { path: "/in/a.parquet", source: Os { code: 2, kind: NotFound, message: "No such file or directory" } })"#;
        let ours = "no column `photo (\"front\")`; there are `Id (\"1\")`";
        for (text, cause) in [
            (layers, "no column `b`"),
            (missing, "/in/a.parquet: No such file or directory"),
            (ours, ours),
        ] {
            assert_eq!(root_cause(&plan(text)), cause);
        }
    }
}
