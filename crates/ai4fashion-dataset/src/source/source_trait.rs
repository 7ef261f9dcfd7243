//! The trait of all sources.

use std::{fmt, path::Path};

use ai4fashion_image::{Limits, read_file};

use super::{entry::Entry, plan::SourcePlan, type_table::TypeTable};
use crate::error::Error;

/// A place that images come from.
///
/// Planning reads names and tables only; images are read later, one by one. The trait may gain
/// methods with a default.
pub trait Source: fmt::Debug + Send + Sync {
    /// The kind of source, as in manifests, such as `"small-fashion"`.
    fn name(&self) -> &str;

    /// The folder or archive that is read, if there is one: data sets are not written into it.
    fn root(&self) -> Option<&Path> {
        None
    }

    /// Lists the images in a fixed order, with what is known of them.
    ///
    /// # Errors
    /// If there is no image, or a table cannot be read.
    fn plan(&self) -> Result<SourcePlan, Error>;

    /// The table that gives the images their types, if the user gave one.
    fn type_table(&self) -> Option<&TypeTable> {
        None
    }

    /// Reads the bytes of an image. Called from many threads.
    ///
    /// # Errors
    /// If it cannot be read, is empty, or is over the limits.
    fn read(&self, image: &Entry, limits: &Limits) -> Result<Vec<u8>, Error> {
        Ok(read_file(&image.path, limits)?)
    }
}
