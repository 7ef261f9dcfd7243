//! What a source is, and what it has.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

use super::{entry::Entry, type_table::TypeTable};
use crate::{
    decode::{Limits, read_file},
    error::Error,
    record::Skip,
};

/// A place that pictures come from. Planning reads names and tables only; pictures are read later, one by one.
pub trait Source: fmt::Debug + Send + Sync {
    /// The kind of source, as it stands in manifests, e.g. `"small-fashion"`.
    fn name(&self) -> &'static str;

    /// The folder or archive that it reads, if it is one: data sets are not written into it.
    fn root(&self) -> Option<&Path>;

    /// Which pictures there are, in a fixed order, and what is known of them.
    ///
    /// # Errors
    /// If there is no picture, or a table cannot be read.
    fn plan(&self) -> Result<SourcePlan, Error>;

    /// The table that its pictures' types are taken from, if the user gave one.
    fn types(&self) -> Option<&TypeTable> {
        None
    }

    /// The bytes of a picture. Called from many threads.
    ///
    /// # Errors
    /// If it cannot be read, is empty, or is over the limits.
    fn read(&self, picture: &Entry, limits: &Limits) -> Result<Vec<u8>, Error> {
        read_file(&picture.path, limits)
    }
}

/// What a source has.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct SourcePlan {
    /// The pictures to take in.
    pub pictures: Vec<Entry>,
    /// Picture files that the source's own selection leaves out, counted by reason.
    pub left_out: BTreeMap<&'static str, usize>,
    /// Picture files that cannot be read.
    pub unreadable: Vec<Skip>,
    /// Folders that cannot be read: pictures may be missing.
    pub unreadable_folders: Vec<Skip>,
    /// Rows of its table that cannot be used.
    pub refused_rows: Vec<Skip>,
    /// Rows of its table whose picture is not there.
    pub rows_without_picture: usize,
    /// Rows of its table that had more fields than the header.
    pub rows_repaired: usize,
    /// Pictures that no row tells of.
    pub pictures_without_row: usize,
}
