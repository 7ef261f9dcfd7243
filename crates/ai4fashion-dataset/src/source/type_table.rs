//! Product types from a table that the user gives.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::Path,
};

use ai4fashion_files::sha256_hex;

use super::entry::Entry;
use crate::{
    error::{Error, ErrorKind, RejectReason},
    labels::{ProductType, TypeSource},
    table::{columns, line, without_mark},
};

/// Product types by file name without extension.
///
/// ```
/// use ai4fashion_dataset::{ProductType, source::TypeTable};
///
/// let table = TypeTable::new([("shirt-1", ProductType::Shirt)])?;
/// assert_eq!(table.len(), 1);
/// # Ok::<(), ai4fashion_dataset::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypeTable(HashMap<String, ProductType>);

impl TypeTable {
    /// Reads a CSV table with the columns `stem` and `type`; types are names (`Dresses`)
    /// or numbers (1 to 12).
    ///
    /// # Errors
    /// If the table cannot be read, lacks a column, a type is unknown, or a stem has two types; the
    /// error names the row.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        if !path.is_file() {
            return Err(ErrorKind::Missing {
                what: "table of types",
                path: path.to_owned(),
            }
            .into());
        }
        let bytes = fs::read(path).map_err(Error::io("read", path))?;
        let bytes = without_mark(&bytes);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        let header = reader.headers().map_err(Error::malformed(path, Some(1)))?.clone();
        let header: Vec<&str> = header.iter().collect();
        let [stem, product_type] = columns(path, &header, ["stem", "type"])?;
        let mut table = Self::default();
        for row in reader.records() {
            let row = row.map_err(|error| {
                let number = line(bytes, error.position());
                Error::malformed(path, Some(number))(error)
            })?;
            let number = line(bytes, row.position());
            let known = row[product_type].parse();
            let known = known.map_err(Error::malformed(path, Some(number)))?;
            let added = table.add(row[stem].to_owned(), known);
            added.map_err(Error::malformed(path, Some(number)))?;
        }
        Ok(table)
    }

    /// Collects stems and their types.
    ///
    /// # Errors
    /// If a stem has two types.
    pub fn new<T: Into<String>>(types: impl IntoIterator<Item = (T, ProductType)>) -> Result<Self, Error> {
        let mut table = Self::default();
        for (stem, known) in types {
            table.add(stem.into(), known)?;
        }
        Ok(table)
    }

    fn add(&mut self, stem: String, known: ProductType) -> Result<(), Error> {
        match self.0.insert(stem.clone(), known) {
            Some(before) if before != known => {
                let message = format!("`{}` has another type in an earlier row", stem.escape_debug());
                Err(Error::rejected(RejectReason::DuplicateId, message))
            }
            _ => Ok(()),
        }
    }

    /// Number of stems.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no stems.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A hash of the rows, in any order.
    pub(crate) fn fingerprint(&self) -> String {
        let mut rows: Vec<String> = self
            .0
            .iter()
            .map(|(stem, known)| format!("{stem}\t{known}\n"))
            .collect();
        rows.sort_unstable();
        sha256_hex(rows.concat().as_bytes())
    }

    /// Gives images their types, and returns the number of stems without an image.
    pub(super) fn apply(&self, images: &mut [Entry]) -> usize {
        let mut used = HashSet::new();
        for image in images {
            let stem = image.path.file_stem().unwrap_or_default().to_string_lossy();
            if let Some((stem, known)) = self.0.get_key_value(&*stem) {
                image.product_type = Some((*known, TypeSource::Table));
                used.insert(stem);
            }
        }
        self.0.len() - used.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let table = open("type,stem\nSkirts,a\n1, b\n").unwrap();
        let mut images = ["a", "b", "c"].map(|stem| Entry::new(format!("x/{stem}.jpg"), ""));
        assert_eq!(table.apply(&mut images), 0);
        assert_eq!(table.apply(&mut []), 2);
        let types = images.map(|image| image.product_type.map(|(known, _)| known));
        assert_eq!(types, [Some(ProductType::Skirt), Some(ProductType::Dress), None]);
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
                .contains("`13` is not a product type; expected 1 Dresses"),
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
