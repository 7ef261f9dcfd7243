//! Kaggle's `fashion-product-images-small` (P. Aggarwal): `images/ID.jpg` and `styles.csv`.

mod styles;

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use ai4fashion_image::Limits;

use super::{
    entry::Entry,
    place::Place,
    source_trait::{Source, SourcePlan},
    walk::READABLE,
};
use crate::{
    error::{Error, ErrorKind},
    labels::{ProductType, TypeSource},
};
use styles::Style;
pub(super) use styles::TABLE;

/// The folder of images.
const IMAGES: &str = "images/";
/// The `masterCategory` of clothing.
const APPAREL: &str = "Apparel";

/// All images of the folder `images`, with what `styles.csv` says of them.
///
/// 1. Columns are found by name; `id` and `articleType` are required. Without `masterCategory` no
///    image is known to be clothing, without `baseColour` there is no word for the colour.
/// 2. A row with more fields than the header has unquoted commas in `productDisplayName`.
/// 3. A row with fewer fields, with an id that is not a file name, or with the id of an earlier row
///    is rejected.
/// 4. A field `NA` is empty.
/// 5. A row without an image is counted; an image without a row has an unknown type.
#[derive(Clone, Debug)]
pub struct SmallFashion {
    place: Place,
}

impl SmallFashion {
    /// Opens the folder that has `styles.csv` and `images`, or a `.zip` of it.
    ///
    /// # Errors
    /// If the table or the folder is missing.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, Error> {
        let place = Place::open(root.into())?.at(TABLE);
        if !place.has_file(TABLE) {
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
    fn name(&self) -> &str {
        "small-fashion"
    }

    fn root(&self) -> Option<&Path> {
        Some(self.place.root())
    }

    fn plan(&self) -> Result<SourcePlan, Error> {
        let mut found = self.place.images(IMAGES)?;
        if found.is_empty() {
            return Err(ErrorKind::NoImages {
                path: self.place.path_of(IMAGES),
                expected: READABLE,
                left_out: found.left_out.in_words(),
            }
            .into());
        }
        let mut styles = styles::read(&self.place.path_of(TABLE), &self.place.table(TABLE)?)?;
        styles.rejected.extend(self.place.other_tables(TABLE));
        let mut seen = HashSet::new();
        let mut images_without_row = 0;
        for image in &mut found.images {
            let stem = image.path.file_stem().and_then(|stem| stem.to_str());
            match styles.by_id.get_key_value(stem.unwrap_or_default()) {
                Some((id, style)) => {
                    describe(image, style);
                    seen.insert(id);
                }
                None => images_without_row += 1,
            }
        }
        Ok(SourcePlan {
            images: found.images,
            unreadable: found.unreadable,
            unreadable_folders: found.unreadable_folders,
            left_out: found.left_out,
            rows_without_image: styles.by_id.len() - seen.len(),
            rows_repaired: styles.repaired,
            rejected_rows: styles.rejected,
            images_without_row,
            ..SourcePlan::default()
        })
    }

    fn read(&self, image: &Entry, limits: &Limits) -> Result<Vec<u8>, Error> {
        self.place.read(image, limits)
    }
}

fn describe(image: &mut Entry, style: &Style) {
    let known = ProductType::from_article(&style.article_type);
    image.product_type = known.map(|known| (known, TypeSource::ArticleType));
    image.is_other_type = known.is_none();
    image.base_color.clone_from(&style.base_color);
    image.is_apparel = style.master_category.as_ref().map(|category| category == APPAREL);
}
