//! The trait of all sources, and its plan.

use std::{collections::BTreeMap, fmt, path::Path};

use ai4fashion_image::{Limits, read_file};

use super::{entry::Entry, type_table::TypeTable};
use crate::{
    error::Error,
    record::{LeftOut, Rejected},
};

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

/// The images of a source, and what is wrong with it.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct SourcePlan {
    /// The images to take.
    pub images: Vec<Entry>,
    /// Number of image files that the source itself filters, by reason.
    pub filtered: BTreeMap<String, usize>,
    /// Image files that cannot be read.
    pub unreadable: Vec<Rejected>,
    /// Folders that cannot be read: images may be missing.
    pub unreadable_folders: Vec<Rejected>,
    /// Image files that programs have left beside the photos, and that are not taken.
    pub left_out: LeftOut,
    /// Rows of its table that cannot be used, and other files of its name.
    pub rejected_rows: Vec<Rejected>,
    /// Number of rows of its table without an image.
    pub rows_without_image: usize,
    /// Number of rows of its table that had more fields than the header.
    pub rows_repaired: usize,
    /// Number of images without a row.
    pub images_without_row: usize,
}
