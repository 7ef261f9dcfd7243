//! Types of pictures, from a table that the user gives.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::Path,
};

use super::entry::Entry;
use crate::{
    error::{Error, ErrorKind},
    files::sha256,
    labels::{ProductType, TypeSource},
    table::{line, places, unreadable, without_mark},
};

/// Which type a picture has, by its file name without extension.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypeTable(HashMap<String, ProductType>);

impl TypeTable {
    /// Reads a CSV table with the columns `stem` and `type`; types are names (`Dresses`) or numbers (1 to 12).
    ///
    /// # Errors
    /// If the table cannot be read, lacks a column, a row's type is unknown, or a stem stands there with two types; the
    /// row is named.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        if !path.is_file() {
            return Err(ErrorKind::Missing {
                what: "table of types",
                path: path.to_owned(),
            }
            .into());
        }
        let csv = unreadable(path);
        let bytes = fs::read(path).map_err(Error::io("read", path))?;
        let bytes = without_mark(&bytes);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        let header = reader.headers().map_err(&csv)?.clone();
        let header: Vec<&str> = header.iter().collect();
        let [stem, product_type] = places(path, &header, ["stem", "type"])?;
        let mut table = Self::default();
        for row in reader.records() {
            let row = row.map_err(&csv)?;
            let refused = |source| ErrorKind::Row {
                path: path.to_owned(),
                row: line(bytes, row.position()),
                source: Box::new(source),
            };
            let known = row[product_type].parse().map_err(refused)?;
            table.add(row[stem].to_owned(), known).map_err(refused)?;
        }
        Ok(table)
    }

    /// A table of these stems and their types.
    ///
    /// # Errors
    /// If a stem stands there with two types.
    pub fn new<T: Into<String>>(types: impl IntoIterator<Item = (T, ProductType)>) -> Result<Self, Error> {
        let mut table = Self::default();
        for (stem, known) in types {
            table.add(stem.into(), known)?;
        }
        Ok(table)
    }

    fn add(&mut self, stem: String, known: ProductType) -> Result<(), Error> {
        match self.0.insert(stem.clone(), known) {
            Some(before) if before != known => Err(ErrorKind::DuplicateId { id: stem }.into()),
            _ => Ok(()),
        }
    }

    /// How many stems it knows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it knows none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A hash of what it says, in whatever order.
    pub(crate) fn fingerprint(&self) -> String {
        let mut rows: Vec<String> = self
            .0
            .iter()
            .map(|(stem, known)| format!("{stem}\t{known}\n"))
            .collect();
        rows.sort_unstable();
        sha256(rows.concat().as_bytes())
    }

    /// Gives `pictures` their types; returns how many stems of the table have no picture.
    pub(super) fn apply(&self, pictures: &mut [Entry]) -> usize {
        let mut used = HashSet::new();
        for picture in pictures {
            let stem = picture.path.file_stem().unwrap_or_default().to_string_lossy();
            if let Some((stem, known)) = self.0.get_key_value(&*stem) {
                picture.product_type = Some((*known, TypeSource::Table));
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
    fn tables_of_spreadsheets_are_read_and_their_rows_numbered_as_they_show_them() {
        assert_eq!(open("\u{feff}stem,type\r\na,Skirts\r\n").unwrap().len(), 1);
        let error = open("\u{feff}stem,type\r\na,Skirts\r\nb,Socks\r\n").unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Row { row: 3, .. }), "{error}");
    }

    #[test]
    fn names_and_numbers_are_read() {
        let table = open("type,stem\nSkirts,a\n1, b\n").unwrap();
        let mut pictures = ["a", "b", "c"].map(|stem| Entry::new(format!("x/{stem}.jpg").into(), ""));
        assert_eq!(table.apply(&mut pictures), 0);
        assert_eq!(table.apply(&mut []), 2);
        let types = pictures.map(|picture| picture.product_type.map(|(known, _)| known));
        assert_eq!(
            types,
            [Some(ProductType::Skirts), Some(ProductType::Dresses), None]
        );
    }

    #[test]
    fn unknown_type_is_refused_with_its_row() {
        let error = open("stem,type\na,1\nb,13\n").unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Row { row: 3, .. }), "{error}");
        assert!(
            error.chain().contains("`13` is none of 1 Dresses"),
            "{}",
            error.chain()
        );
    }

    #[test]
    fn stem_with_two_types_is_refused() {
        assert_eq!(open("stem,type\na,1\na,1\n").unwrap().len(), 1);
        let error = open("stem,type\na,1\na,2\n").unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Row { row: 3, .. }), "{error}");
    }

    #[test]
    fn missing_column_is_named_with_those_found() {
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
