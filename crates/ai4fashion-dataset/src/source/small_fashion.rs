//! Kaggle's `fashion-product-images-small` (P. Aggarwal): `images/ID.jpg` and `styles.csv`.

#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod styles;

use std::path::{Path, PathBuf};

use ai4fashion_image::Limits;

use super::{entry::Entry, place::Place, plan::SourcePlan, rows::Rows, source_trait::Source, walk::READABLE};
use crate::{
    error::{Error, ErrorKind},
    labels::{ProductType, TypeSource},
};
use styles::{Style, TABLE};

/// The folder of images.
const IMAGES: &str = "images";
/// The `masterCategory` of clothing.
const APPAREL: &str = "Apparel";

/// All images of the folder `images`, with what `styles.csv` says of them.
///
/// 1. Columns are found by name, in any case; `id` and `articleType` are required. Without
///    `masterCategory` no image is known to be clothing, without `baseColour` there is no word for
///    the colour. The whole row is kept in the record.
/// 2. The text is UTF-8, UTF-16 or Windows-1252, and lines end in any way. Fields may be parted by
///    semicolons or tabs.
/// 3. A row with more fields than the header has unquoted commas in `productDisplayName`.
/// 4. A row with fewer fields, with an id that is neither a file name nor a path, or with the id of
///    an earlier row is rejected.
/// 5. An id is the file name, with or without its extension, or the end of the path. One of several
///    images in several folders is rejected. Where no image has the id as it is written, one counts
///    that differs in case, quotes, slashes, Unicode normal form, extension, leading zeros or `.0`,
///    if there is only one.
/// 6. A field `NA` is empty.
/// 7. A row without an image is counted; an image without a row has an unknown type. If most images
///    have no row, or most rows no image and more than one of ten images no row, the table is
///    rejected as a whole, too, though its rows count.
#[derive(Clone, Debug)]
pub struct SmallFashion {
    place: Place,
    /// The names of the table and of the folder of images, with a slash at its end.
    table: String,
    images: String,
}

impl SmallFashion {
    /// Opens the folder that has `styles.csv` and `images`, or a `.zip` of it.
    ///
    /// Their names may be in another case.
    ///
    /// # Errors
    /// If the table or the folder is missing.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, Error> {
        let place = Place::open(root.into())?;
        let Some((place, table)) = with_table(&place)? else {
            return Err(ErrorKind::Missing {
                what: "the table of a small-fashion source",
                path: place.at(TABLE).path_of(TABLE),
            }
            .into());
        };
        let mut images = IMAGES.to_owned();
        if let Place::Folder(root) = &place {
            let found = spelled(root, IMAGES).filter(|name| root.join(name).is_dir());
            images = found.ok_or_else(|| ErrorKind::Missing {
                what: "the folder of a small-fashion source",
                path: root.join(IMAGES),
            })?;
        } else {
            for name in spellings(IMAGES) {
                if !place.images(&format!("{name}/"))?.is_empty() {
                    images = name;
                    break;
                }
            }
        }
        images.push('/');
        Ok(Self { place, table, images })
    }
}

/// A place where there is a table of this kind, and the table's name there.
pub(super) fn with_table(place: &Place) -> Result<Option<(Place, String)>, Error> {
    if let Place::Folder(root) = place {
        let table = spelled(root, TABLE).filter(|name| root.join(name).is_file());
        return Ok(table.map(|table| (place.clone(), table)));
    }
    for table in spellings(TABLE) {
        let place = place.clone().at(&table);
        if place.has_file(&table) {
            return Ok(Some((place, table)));
        }
    }
    Ok(None)
}

/// A name as a folder has it, which may be in another case; the first of several.
fn spelled(root: &Path, name: &str) -> Option<String> {
    if root.join(name).exists() {
        return Some(name.to_owned());
    }
    let files = std::fs::read_dir(root).ok()?.filter_map(Result::ok);
    let names = files.filter_map(|file| file.file_name().into_string().ok());
    names.filter(|found| found.eq_ignore_ascii_case(name)).min()
}

/// The ways in which programs write a name: as it is, and each part in lower case, in upper case
/// and with a capital.
fn spellings(name: &str) -> Vec<String> {
    let ways = |part: &str| {
        let mut capital = part.to_owned();
        capital[..1].make_ascii_uppercase();
        [part.to_owned(), capital, part.to_ascii_uppercase()]
    };
    match name.split_once('.') {
        Some((stem, extension)) => ways(stem)
            .iter()
            .flat_map(|stem| ways(extension).map(|extension| format!("{stem}.{extension}")))
            .collect(),
        None => ways(name).into(),
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
        let found = self.place.images(&self.images)?;
        if found.is_empty() {
            return Err(ErrorKind::NoImages {
                path: self.place.path_of(&self.images),
                expected: READABLE,
                left_out: found.left_out.in_words(),
            }
            .into());
        }
        let mut styles = styles::read(&self.place.path_of(&self.table), &self.place.table(&self.table)?)?;
        styles.rejected.extend(self.place.other_tables(&self.table));
        let mut plan = SourcePlan {
            images: found.images,
            unreadable: found.unreadable,
            unreadable_folders: found.unreadable_folders,
            left_out: found.left_out,
            rows_repaired: styles.repaired,
            rejected_rows: styles.rejected.clone(),
            ..SourcePlan::default()
        };
        let rows = Rows {
            table: self.table.clone(),
            lines: styles.lines(),
            names: styles.ids(),
            base: &self.images,
        };
        let mut fields = styles.fields();
        rows.give(
            &mut plan,
            |_, _| false,
            |image, row| describe(image, styles.style(&mut fields, row)),
        );
        Ok(plan)
    }

    fn read(&self, image: &Entry, limits: &Limits) -> Result<Vec<u8>, Error> {
        self.place.read(image, limits)
    }
}

fn describe(image: &mut Entry, style: Style) {
    let known = ProductType::from_article(&style.article_type);
    image.product_type = Some((known, TypeSource::ArticleType));
    image.base_color = style.base_color;
    let category = style.master_category.as_deref();
    image.is_apparel = category.map(|category| category.eq_ignore_ascii_case(APPAREL));
    image.source_row = Some(style.row);
}
