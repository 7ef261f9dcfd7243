//! Sources as they are named on the command line.

use std::path::Path;

use ai4fashion_dataset::{Folder, LookBook, SmallFashion, Source, TypeTable, detect};
use anyhow::bail;
use clap::ValueEnum;

/// The kinds of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Kaggle's fashion-product-images-small: `images/ID.jpg` and `styles.csv`
    SmallFashion,
    /// LookBook: the pictures whose name contains CLEAN1
    #[value(name = "lookbook")]
    LookBook,
    /// Every picture in a folder and below
    Folder,
    /// Whichever of these the folder looks like
    Auto,
}

/// Opens the source of that kind at `root`; `types` tells product types where the source does not.
///
/// # Errors
/// If `root` is no such source, or has types of its own.
pub fn open(kind: Kind, root: &Path, types: Option<&TypeTable>) -> anyhow::Result<Box<dyn Source>> {
    Ok(match (kind, types) {
        (Kind::Auto, None) => detect(root)?,
        (Kind::SmallFashion, None) => Box::new(SmallFashion::open(root)?),
        (Kind::LookBook, _) => Box::new(LookBook::open(root)?.with_types(types.cloned().unwrap_or_default())),
        (Kind::Folder, _) => Box::new(Folder::open(root)?.with_types(types.cloned().unwrap_or_default())),
        (Kind::SmallFashion | Kind::Auto, Some(_)) => {
            bail!(
                "a table of types goes with the sources lookbook and folder only; small-fashion has its own"
            )
        }
    })
}
