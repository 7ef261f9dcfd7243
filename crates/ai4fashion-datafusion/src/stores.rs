//! Where shards lie: local files, and object stores that are opened when they are named.

use std::sync::Arc;

use datafusion::{
    error::Result,
    execution::object_store::{DefaultObjectStoreRegistry, ObjectStoreRegistry, ObjectStoreUrl},
};
use object_store::{ObjectStore, path::Path};
use url::Url;

use crate::error::plan;

/// Object stores by URL; `s3://BUCKET` is opened by the variables `AWS_ACCESS_KEY_ID`,
/// `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT` and `AWS_ALLOW_HTTP`.
///
/// All processes of a cluster need them.
#[derive(Debug, Default)]
pub struct ObjectStores {
    known: DefaultObjectStoreRegistry,
}

impl ObjectStoreRegistry for ObjectStores {
    fn register_store(&self, url: &Url, store: Arc<dyn ObjectStore>) -> Option<Arc<dyn ObjectStore>> {
        self.known.register_store(url, store)
    }

    fn deregister_store(&self, url: &Url) -> Result<Arc<dyn ObjectStore>> {
        self.known.deregister_store(url)
    }

    fn get_store(&self, url: &Url) -> Result<Arc<dyn ObjectStore>> {
        self.known.get_store(url).or_else(|error| match opened(url)? {
            Some(store) => {
                self.known.register_store(url, Arc::clone(&store));
                Ok(store)
            }
            None => Err(error),
        })
    }
}

/// The whole URL of a path in a store. Names may hold `%`, `#` and `\`.
pub(crate) fn url_of(store: &ObjectStoreUrl, path: &Path) -> String {
    let mut url: Url = AsRef::<Url>::as_ref(store).clone();
    url.set_path(&path.as_ref().replace('%', "%25").replace('\\', "%5C"));
    url.into()
}

/// Opens a store that is not known yet; `None` for those that always are.
fn opened(url: &Url) -> Result<Option<Arc<dyn ObjectStore>>> {
    match url.scheme() {
        "file" => Ok(None),
        "s3" => s3(url).map(Some),
        other => {
            let message =
                format!("`{url}`: no store for `{other}`, expected a local path or s3://BUCKET/PATH");
            Err(plan(message))
        }
    }
}

#[cfg(feature = "s3")]
fn s3(url: &Url) -> Result<Arc<dyn ObjectStore>> {
    use object_store::aws::AmazonS3Builder;
    let bucket = url.host_str().unwrap_or_default();
    let store = AmazonS3Builder::from_env().with_bucket_name(bucket).build()?;
    Ok(Arc::new(store))
}

#[cfg(not(feature = "s3"))]
fn s3(url: &Url) -> Result<Arc<dyn ObjectStore>> {
    let message = format!("`{url}`: this build reads no object stores; build it with the feature `s3`");
    Err(plan(message))
}
