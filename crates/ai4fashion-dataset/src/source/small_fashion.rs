//! Kaggle's `fashion-product-images-small` (P. Aggarwal): `images/ID.jpg` and `styles.csv`.

mod styles;

use std::{
    collections::{BTreeMap, HashSet},
    path::{Path, PathBuf},
};

use styles::Style;
pub(super) use styles::TABLE;

use super::{
    entry::Entry,
    place::Place,
    plan::{Source, SourcePlan},
};
use crate::{
    decode::Limits,
    error::{Error, ErrorKind},
    labels::{ProductType, TypeSource},
};

/// The folder of pictures.
const IMAGES: &str = "images/";
/// The `masterCategory` of clothing.
const APPAREL: &str = "Apparel";

/// All pictures of the folder `images`, with what the rows of `styles.csv` say of them.
///
/// 1. Columns are found by name; `id` and `articleType` are needed. Without `masterCategory` nothing is known to be clothing,
///    without `baseColour` there is no word for the colour.
/// 2. A row with more fields than the header has unquoted commas in `productDisplayName`.
/// 3. A row with fewer fields, with an id that is no file name, or with the id of an earlier row is refused.
/// 4. A field `NA` tells nothing.
/// 5. A row without a picture is counted; a picture without a row has no type.
#[derive(Clone, Debug)]
pub struct SmallFashion {
    place: Place,
}

impl SmallFashion {
    /// Opens the folder that has `styles.csv` and `images`, or a `.zip` of it.
    ///
    /// # Errors
    /// If one of them is missing.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, Error> {
        let place = Place::open(root.into())?.at(TABLE)?;
        if !place.has_file(TABLE)? {
            return Err(ErrorKind::Missing {
                what: "the table of a small-fashion source",
                path: place.path_of(TABLE),
            }
            .into());
        }
        if let Place::Folder(root) = &place
            && !root.join(IMAGES).is_dir()
        {
            return Err(ErrorKind::Missing {
                what: "the folder of a small-fashion source",
                path: root.join(IMAGES),
            }
            .into());
        }
        Ok(Self { place })
    }
}

impl Source for SmallFashion {
    fn name(&self) -> &'static str {
        "small-fashion"
    }

    fn root(&self) -> Option<&Path> {
        Some(self.place.root())
    }

    fn plan(&self) -> Result<SourcePlan, Error> {
        let mut found = self.place.pictures(IMAGES)?;
        if found.is_empty() {
            let what = "files ending in jpg, jpeg, jfif, png, webp, bmp or gif";
            let path = self.place.path_of(IMAGES);
            return Err(ErrorKind::NoPictures { path, what }.into());
        }
        let styles = styles::read(&self.place.path_of(TABLE), &self.place.table(TABLE)?)?;
        let mut seen = HashSet::new();
        let mut pictures_without_row = 0;
        for picture in &mut found.pictures {
            picture.original.insert_str(0, IMAGES);
            let id = picture
                .path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .unwrap_or_default();
            match styles.by_id.get_key_value(id) {
                Some((id, style)) => {
                    describe(picture, style);
                    seen.insert(id);
                }
                None => pictures_without_row += 1,
            }
        }
        for skip in found.unreadable.iter_mut().chain(&mut found.unreadable_folders) {
            skip.original.insert_str(0, IMAGES);
        }
        Ok(SourcePlan {
            pictures: found.pictures,
            left_out: BTreeMap::new(),
            unreadable: found.unreadable,
            unreadable_folders: found.unreadable_folders,
            rows_without_picture: styles.by_id.len() - seen.len(),
            rows_repaired: styles.repaired,
            refused_rows: styles.refused,
            pictures_without_row,
        })
    }

    fn read(&self, picture: &Entry, limits: &Limits) -> Result<Vec<u8>, Error> {
        self.place.read(picture, limits)
    }
}

fn describe(picture: &mut Entry, style: &Style) {
    let known = ProductType::from_article(&style.article_type);
    picture.product_type = known.map(|known| (known, TypeSource::ArticleType));
    picture.base_color.clone_from(&style.base_color);
    picture.is_apparel = style.master_category.as_ref().map(|category| category == APPAREL);
}
