//! Product types from a table that the user gives.

use std::{
    collections::{HashMap, hash_map::Entry as Place},
    fs,
    path::{Path, PathBuf},
};

use ai4fashion_files::sha256_hex;

use super::{plan::SourcePlan, rows::Rows};
use crate::{
    error::{Error, ErrorKind, RejectReason},
    labels::{ProductType, TypeSource},
    table::{Table, column, columns},
};

/// The columns that may name the image.
const NAMES: [&str; 4] = ["stem", "path", "file", "id"];
/// The column of types.
const TYPE: &str = "type";

/// Product types by file name without extension, file name or path.
///
/// A name means the image whose path ends with it: `img_1`, `img_1.jpg` or `Dress_2/img_1.jpg`. A
/// name of several images in several folders is rejected. Where no image has the name as it is
/// written, one counts that differs in case, quotes, slashes, Unicode normal form, extension,
/// leading zeros or `.0`, if there is only one.
///
/// ```
/// use ai4fashion_dataset::{ProductType, source::TypeTable};
///
/// let table = TypeTable::new([("shirt-1", ProductType::Shirt)])?;
/// assert_eq!(table.len(), 1);
/// # Ok::<(), ai4fashion_dataset::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypeTable {
    /// The file, if it was read from one.
    path: Option<PathBuf>,
    rows: Vec<Row>,
    /// The row of each name.
    by_name: HashMap<String, usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    line: u64,
    name: String,
    /// `None`: none of the twelve.
    product_type: Option<ProductType>,
}

impl TypeTable {
    /// Reads a CSV table with the columns `stem` (or `path`, `file` or `id`) and `type`; types are
    /// names (`Dresses`) or numbers (1 to 12), or `none` or 0 for none of the twelve.
    ///
    /// A row whose type is empty says nothing of its image, as if it were not there.
    ///
    /// Fields may be parted by semicolons or tabs, and the text may be UTF-8, UTF-16 or
    /// Windows-1252.
    ///
    /// # Errors
    /// If the table cannot be read, lacks a column, a type is unknown, or a name has two types; the
    /// error names the row.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        if !path.exists() {
            return Err(ErrorKind::Missing {
                what: "table of types",
                path: path.to_owned(),
            }
            .into());
        }
        let bytes = fs::read(path).map_err(Error::io("read", path))?;
        let text = Table::decode(path, &bytes, &[&NAMES, &[TYPE]])?;
        text.check(path)?;
        let mut reader = text.reader(false);
        let header = reader.headers().map_err(Error::malformed(path, Some(1)))?.clone();
        let header: Vec<&str> = header.iter().collect();
        let name = column(path, &header, &NAMES)?;
        let [product_type] = columns(path, &header, [TYPE])?;
        let mut table = Self {
            path: Some(path.to_owned()),
            ..Self::default()
        };
        for row in reader.records() {
            let row = row.map_err(|error| {
                let number = text.line(error.position());
                Error::malformed(path, Some(number))(error)
            })?;
            let number = text.line(row.position());
            let known = &row[product_type];
            // Programs that know no whole numbers.
            let known = known.strip_suffix(".0").unwrap_or(known).trim();
            if known.is_empty() {
                continue;
            }
            let known = ProductType::parse_or_none(known);
            let known = known.map_err(Error::malformed(path, Some(number)))?;
            let added = table.add(number, row[name].to_owned(), known);
            added.map_err(Error::malformed(path, Some(number)))?;
        }
        Ok(table)
    }

    /// Collects names and their types; a type that is `None` is none of the twelve.
    ///
    /// # Errors
    /// If a name has two types.
    pub fn new<T, K>(types: impl IntoIterator<Item = (T, K)>) -> Result<Self, Error>
    where
        T: Into<String>,
        K: Into<Option<ProductType>>,
    {
        let mut table = Self::default();
        for (line, (name, known)) in (1..).zip(types) {
            table.add(line, name.into(), known.into())?;
        }
        Ok(table)
    }

    fn add(&mut self, line: u64, name: String, product_type: Option<ProductType>) -> Result<(), Error> {
        match self.by_name.entry(name) {
            Place::Occupied(before) if self.rows[*before.get()].product_type != product_type => {
                let message = format!(
                    "`{}` has another type in an earlier row",
                    before.key().escape_debug()
                );
                return Err(Error::rejected(RejectReason::DuplicateId, message));
            }
            Place::Occupied(_) => {}
            Place::Vacant(place) => {
                let name = place.key().clone();
                place.insert(self.rows.len());
                self.rows.push(Row {
                    line,
                    name,
                    product_type,
                });
            }
        }
        Ok(())
    }

    /// Number of names.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no names.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    #[cfg(any(test, fuzzing))]
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|row| row.name.as_str())
    }

    /// A hash of the rows, in any order.
    pub(crate) fn fingerprint(&self) -> String {
        let rows = self.rows.iter();
        let mut rows: Vec<String> = rows
            .map(|row| match row.product_type {
                Some(known) => format!("{}\t{known}\n", row.name),
                None => format!("{}\t0\n", row.name),
            })
            .collect();
        rows.sort_unstable();
        sha256_hex(rows.concat().as_bytes())
    }

    /// Gives the images of a plan their types, and says in the plan which rows and images have no
    /// partner. Without a table nothing is said.
    pub(super) fn apply(&self, plan: &mut SourcePlan) {
        if self.path.is_none() && self.is_empty() {
            return;
        }
        let name = self.path.as_ref().map(|path| path.display().to_string());
        let rows = Rows {
            table: name.unwrap_or_else(|| "table of types".to_owned()),
            lines: self.rows.iter().map(|row| row.line).collect(),
            names: self.rows.iter().map(|row| row.name.as_str()).collect(),
            base: "",
        };
        let type_of = |row: usize| self.rows[row].product_type;
        rows.give(
            plan,
            |one, other| type_of(one) == type_of(other),
            |image, row| image.product_type = Some((type_of(row), TypeSource::Table)),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Entry;

    fn open(text: &str) -> Result<TypeTable, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("types.csv");
        std::fs::write(&path, text).unwrap();
        TypeTable::open(path)
    }

    #[test]
    fn tables_of_spreadsheets_are_read_with_their_row_numbers() {
        assert_eq!(open("\u{feff}stem,type\r\na,Skirts\r\n").unwrap().len(), 1);
        let error = open("\u{feff}stem,type\r\na,Skirts\r\nb,Socks\r\n").unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Malformed { line: Some(3), .. }),
            "{error}"
        );
    }

    #[test]
    fn names_and_numbers_are_read() {
        let table = open("type,stem\nSkirts,a\n1.0, b\n").unwrap();
        let plan = applied(&table, &["x/a.jpg", "x/b.jpg", "x/c.jpg"]);
        assert_eq!((plan.rows_without_image, plan.images_without_row), (0, 1));
        assert_eq!(applied(&table, &[]).rows_without_image, 2);
        assert_eq!(types(&plan), [10, 1, 0]);
    }

    #[test]
    fn none_of_the_twelve_is_told_and_an_empty_type_says_nothing() {
        let table = open("stem,type\na,0\nb,none\nc,\nd,3\n").unwrap();
        assert_eq!(table.len(), 3);
        let plan = applied(&table, &["a.jpg", "b.jpg", "c.jpg", "d.jpg"]);
        let known = plan.images.iter().map(|image| image.product_type);
        let from_table = |known| Some((known, TypeSource::Table));
        let expected = [
            from_table(None),
            from_table(None),
            None,
            from_table(Some(ProductType::TShirt)),
        ];
        assert_eq!(known.collect::<Vec<_>>(), expected);
        assert_eq!(plan.images_without_row, 1);
        let error = ai4fashion_files::chain(&open("stem,type\na,0\na,1\n").unwrap_err());
        assert!(error.contains("another type in an earlier row"), "{error}");
    }

    fn applied(table: &TypeTable, paths: &[&str]) -> SourcePlan {
        let images = paths
            .iter()
            .map(|path| Entry::new(format!("/data/{path}"), *path));
        let mut plan = SourcePlan {
            images: images.collect(),
            ..SourcePlan::default()
        };
        table.apply(&mut plan);
        plan
    }

    fn types(plan: &SourcePlan) -> Vec<u8> {
        let known = plan
            .images
            .iter()
            .map(|image| image.product_type.and_then(|(known, _)| known));
        known.map(ProductType::number_of).collect()
    }

    #[test]
    fn types_by_path_tell_equal_names_apart() {
        let paths = ["Dress_1/img_1.jpg", "Tee_2/img_1.jpg", "Tee_2/img_2.jpg"];
        let table =
            open("path;TYPE\nimg\\Dress_1\\img_1.jpg;1\n./Tee_2/img_1.JPG;3\nimg_2;T-Shirts\n").unwrap();
        let plan = applied(&table, &paths);
        assert_eq!((types(&plan), plan.rejected_rows.len()), (vec![1, 3, 3], 0));

        let table = open("stem,type\nimg_1,1\nimg_2,3\n").unwrap();
        let plan = applied(&table, &paths);
        assert_eq!(types(&plan), [0, 0, 3]);
        let rejected = &plan.rejected_rows[0];
        assert_eq!(
            (rejected.row, rejected.reason),
            (Some(2), RejectReason::AmbiguousId)
        );
        assert!(
            rejected
                .message
                .starts_with("`img_1` fits 2 images, such as `Dress_1/img_1.jpg` and")
        );
    }

    #[test]
    fn rows_that_fit_an_image_equally_well_are_no_guess() {
        let table = open("id,type\n7,1\n007,2\n8,3\n08,3\n").unwrap();
        let plan = applied(&table, &["0007.jpg", "0008.jpg"]);
        assert_eq!(types(&plan), [0, 3]);
        let rows: Vec<_> = plan.rejected_rows.iter().map(|rejected| rejected.row).collect();
        assert_eq!((rows, plan.rows_without_image), (vec![Some(2), Some(3)], 0));
        // As written, the row fits the image better.
        let plan = applied(&table, &["007.jpg", "8.jpg"]);
        assert_eq!((types(&plan), plan.rejected_rows.len()), (vec![2, 3], 0));
        assert_eq!(plan.rows_without_image, 2);
    }

    #[test]
    fn tables_in_utf_16_are_read_and_zero_bytes_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("types.csv");
        let bytes: Vec<u8> = "\u{feff}stem\ttype\r\nros\u{e9}\t10\r\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        std::fs::write(&path, bytes).unwrap();
        let plan = applied(&TypeTable::open(&path).unwrap(), &["rose\u{301}.png"]);
        assert_eq!(types(&plan), [10]);
        let error = open("stem,type\na,1\nb\0,1\n").unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Malformed { line: Some(3), .. }),
            "{error}"
        );
    }

    #[test]
    fn table_without_rows_fits_nothing() {
        let plan = applied(&open("stem,type\n").unwrap(), &["a.jpg"]);
        assert_eq!(plan.images_without_row, 1);
        assert_eq!(applied(&TypeTable::default(), &["a.jpg"]).images_without_row, 0);
    }

    #[test]
    fn unknown_type_is_refused_with_its_row() {
        let error = open("stem,type\na,1\nb,13\n").unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Malformed { line: Some(3), .. }),
            "{error}"
        );
        assert!(
            error
                .chain()
                .contains("`13` is not a product type; expected 0 none, 1 Dresses"),
            "{}",
            error.chain()
        );
    }

    #[test]
    fn stem_with_two_types_is_refused() {
        assert_eq!(open("stem,type\na,1\na,1\n").unwrap().len(), 1);
        let error = open("stem,type\na,1\na,2\n").unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Malformed { line: Some(3), .. }),
            "{error}"
        );
    }

    #[test]
    fn missing_column_is_named_beside_the_found_ones() {
        let error = open("name,type\na,1\n").unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Column { column: "stem", found, .. } if found == "name, type")
        );
    }

    #[test]
    fn missing_table_is_named() {
        let error = TypeTable::open("no/such.csv").unwrap_err();
        assert_eq!(error.to_string(), "table of types `no/such.csv` does not exist");
    }
}
