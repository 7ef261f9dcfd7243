//! Where pictures come from.

mod archive;
mod folder;
mod kind;
mod list;
mod lookbook;
mod place;
mod small_fashion;
mod type_table;
mod walk;

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

pub use folder::Folder;
pub use kind::SourceKind;
pub use list::FileList;
pub use lookbook::LookBook;
pub use small_fashion::SmallFashion;
pub use type_table::TypeTable;

use crate::{Error, ErrorKind, Limits, ProductType, Skip, read_file};

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

/// One picture of a source.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Entry {
    /// Its file.
    pub path: PathBuf,
    /// Its path below the source's root, with `/`; bytes that are no UTF-8 as `%XX`.
    pub original: String,
    /// Its type, if the source knows it, and how.
    pub product_type: Option<(ProductType, TypeSource)>,
    /// The source's own word for its colour; kept for comparison, never used for naming.
    pub base_color: Option<String>,
    /// Whether the source says that it is clothing; none if it does not say.
    pub is_apparel: Option<bool>,
}

impl Entry {
    /// A picture of which nothing is known but its file.
    #[must_use]
    pub fn new(path: PathBuf, original: impl Into<String>) -> Self {
        Self {
            path,
            original: original.into(),
            product_type: None,
            base_color: None,
            is_apparel: None,
        }
    }
}

/// How a picture's type is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TypeSource {
    /// From the column `articleType` of `styles.csv`.
    ArticleType,
    /// From a table that the user gave.
    Table,
    /// A person has looked at the picture: see [`Checked`](crate::Checked).
    Person,
}

impl TypeSource {
    /// The name, as in the manifest.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ArticleType => "article-type",
            Self::Table => "table",
            Self::Person => "person",
        }
    }
}

fn check_folder(root: &Path) -> Result<(), Error> {
    if root.is_dir() {
        Ok(())
    } else if root.exists() {
        Err(ErrorKind::NotAFolder {
            path: root.to_owned(),
        }
        .into())
    } else {
        Err(ErrorKind::Missing {
            what: "folder",
            path: root.to_owned(),
        }
        .into())
    }
}
