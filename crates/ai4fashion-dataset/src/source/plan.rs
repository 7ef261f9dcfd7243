//! What a source has, before any image is read.

use std::collections::BTreeMap;

use super::{entry::Entry, table_fit::TableFit};
use crate::record::{LeftOut, Rejected};

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
    /// How well its table fits, if it has one of ours.
    pub(crate) table: Option<TableFit>,
}
