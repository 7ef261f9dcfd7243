//! `corrections.csv`.

use std::{fs, io::Read, path::Path, str::FromStr, sync::Arc};

use ai4fashion_color::BasicColor;

use super::correction::{Change, Correction};
use crate::{
    error::{Error, ErrorKind},
    labels::ProductType,
    table::{line, places, unreadable, without_mark},
};

/// The columns, in the order in which they are written; they are read in any.
const COLUMNS: [&str; 6] = ["file", "old_color", "new_color", "old_type", "new_type", "when"];
/// In a column of new labels: the word of a person is taken back.
const WITHDRAWN: &str = "-";

/// Corrections as they were read: rows that cannot be understood are kept with their reason, so that all bad rows can be
/// told of at once.
///
/// Colours are names; types are numbers, as in file names, or names, and 0 is none of the twelve. An empty `new_color` or
/// `new_type` says nothing of that label; one that is the old label says that it is right; `-` takes back what a person
/// said before.
#[derive(Debug, Default)]
pub struct CorrectionTable {
    rows: Vec<(u64, Result<Correction, Arc<Error>>)>,
}

impl CorrectionTable {
    /// Reads a CSV table with the columns `file`, `old_color`, `new_color`, `old_type`, `new_type` and `when`.
    ///
    /// # Errors
    /// If the file cannot be read or lacks a column.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        if !path.is_file() {
            return Err(ErrorKind::Missing {
                what: "table of corrections",
                path: path.to_owned(),
            }
            .into());
        }
        let file = fs::File::open(path).map_err(Error::io("read", path))?;
        Self::read(file, path)
    }

    /// Reads the same from anywhere; `name` is what errors call it.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn read(mut table: impl Read, name: impl AsRef<Path>) -> Result<Self, Error> {
        let name = name.as_ref();
        let mut bytes = Vec::new();
        table.read_to_end(&mut bytes).map_err(Error::io("read", name))?;
        let bytes = without_mark(&bytes);
        let csv = unreadable(name);
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .trim(csv::Trim::Headers)
            .from_reader(bytes);
        let header = reader.headers().map_err(&csv)?.clone();
        let places = places(name, &header.iter().collect::<Vec<_>>(), COLUMNS)?;
        let rows = reader.records().map(|row| match row {
            Ok(row) => (
                line(bytes, row.position()),
                correction(&row, places, header.len()).map_err(Arc::new),
            ),
            Err(error) => (line(bytes, error.position()), Err(Arc::new(csv(error)))),
        });
        Ok(Self { rows: rows.collect() })
    }

    /// How many rows it has, bad ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The file of each row, as far as it could be understood.
    #[cfg(feature = "review")]
    pub(crate) fn files(&self) -> impl Iterator<Item = Option<&str>> {
        self.rows
            .iter()
            .map(|(_, row)| row.as_ref().ok().map(|row| row.file.as_str()))
    }

    /// The rows with their lines.
    pub(super) fn rows(&self) -> &[(u64, Result<Correction, Arc<Error>>)] {
        &self.rows
    }

    /// The table as text.
    #[must_use]
    pub fn write<'a>(corrections: impl IntoIterator<Item = &'a Correction>) -> String {
        let mut table = csv::Writer::from_writer(Vec::new());
        let mut rows = vec![COLUMNS.map(str::to_owned)];
        rows.extend(corrections.into_iter().map(|correction| {
            [
                correction.file.clone(),
                correction.old_color.to_string(),
                text(correction.new_color, |color| color.to_string()),
                number(correction.old_type),
                text(correction.new_type, number),
                correction.when.clone(),
            ]
        }));
        // A vector takes everything.
        let written = rows.iter().try_for_each(|row| table.write_record(row));
        let bytes = written.ok().and_then(|()| table.into_inner().ok());
        String::from_utf8(bytes.unwrap_or_default()).unwrap_or_default()
    }
}

/// Corrections that were made by a program; their lines are those that they would have in a file.
impl FromIterator<Correction> for CorrectionTable {
    fn from_iter<T: IntoIterator<Item = Correction>>(corrections: T) -> Self {
        let rows = (2..).zip(corrections.into_iter().map(Ok)).collect();
        Self { rows }
    }
}

fn number(product_type: Option<ProductType>) -> String {
    ProductType::number_of(product_type).to_string()
}

fn text<T>(change: Change<T>, text: impl Fn(T) -> String) -> String {
    match change {
        Change::Keep => String::new(),
        Change::Withdraw => WITHDRAWN.to_owned(),
        Change::Say(label) => text(label),
    }
}

fn correction(
    row: &csv::StringRecord,
    places: [usize; COLUMNS.len()],
    expected: usize,
) -> Result<Correction, Error> {
    if row.len() < expected {
        return Err(ErrorKind::ShortRow {
            fields: row.len(),
            expected,
        }
        .into());
    }
    let [file, old_color, new_color, old_type, new_type, when] = places.map(|place| &row[place]);
    Ok(Correction {
        file: file.to_owned(),
        old_color: color(old_color)?,
        new_color: change(new_color, color)?,
        old_type: product_type(old_type)?,
        new_type: change(new_type, product_type)?,
        when: when.to_owned(),
    })
}

fn color(text: &str) -> Result<BasicColor, Error> {
    BasicColor::from_str(text.trim()).map_err(|source| ErrorKind::Color { source }.into())
}

fn product_type(text: &str) -> Result<Option<ProductType>, Error> {
    match text.trim() {
        "0" => Ok(None),
        text => text.parse().map(Some),
    }
}

fn change<T>(text: &str, read: impl Fn(&str) -> Result<T, Error>) -> Result<Change<T>, Error> {
    match text.trim() {
        "" => Ok(Change::Keep),
        WITHDRAWN => Ok(Change::Withdraw),
        text => read(text).map(Change::Say),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Result<Correction, String>> {
        let table = CorrectionTable::read(text.as_bytes(), "c.csv").unwrap();
        let rows = table.rows.into_iter();
        rows.map(|(_, row)| row.map_err(|error| error.to_string()))
            .collect()
    }

    #[test]
    fn what_is_written_is_read_back() {
        let one = Correction::new(
            "images/red_a, \"b\"_1.jpg",
            BasicColor::Red,
            Some(ProductType::Dresses),
        );
        let corrections = [
            one.clone()
                .with_color(Change::Say(BasicColor::Pink))
                .with_when("2026-11-25T10:00:00Z"),
            one.clone().with_type(Change::Say(None)),
            one.with_color(Change::Withdraw)
                .with_type(Change::Say(Some(ProductType::Coats))),
        ];
        let text = CorrectionTable::write(&corrections);
        assert!(
            text.starts_with("file,old_color,new_color,old_type,new_type,when\n"),
            "{text}"
        );
        assert_eq!(read(&text), corrections.map(Ok));
    }

    #[test]
    fn columns_stand_in_any_order() {
        let rows = read(
            "\u{feff}when,new_type,old_type,new_color,old_color,file,note\r\n,Coats,0, blue ,gray,grey_a_0.jpg,hm\r\n",
        );
        let row = rows[0].as_ref().unwrap();
        assert_eq!(row.file, "grey_a_0.jpg");
        assert_eq!((row.old_color, row.old_type), (BasicColor::Grey, None));
        assert_eq!(row.new_type, Change::Say(Some(ProductType::Coats)));
    }

    #[test]
    fn rows_are_numbered_as_an_editor_numbers_lines() {
        let lines = |text: &str| -> Vec<u64> {
            let table = CorrectionTable::read(text.as_bytes(), "c.csv").unwrap();
            table.rows.iter().map(|(line, _)| *line).collect()
        };
        let rows = [
            "\u{feff}file,old_color,new_color,old_type,new_type,when",
            "a,red,blue,1,,",
            "b,teal,blue,1,,",
            "",
            "c,red,blue,1,,\"x\ny\"",
            "d,red,blue,1,,",
        ];
        assert_eq!(lines(&rows.join("\n")), [2, 3, 5, 7]);
        assert_eq!(lines(&rows.join("\r\n")), [2, 3, 5, 7]);
    }

    #[test]
    fn bad_rows_are_kept_with_their_reasons() {
        let rows = read(
            "file,old_color,new_color,old_type,new_type,when\n\
             a,teal,red,1,,\na,red,crimson,1,,\na,red,blue,13,,\na,red,blue\na,red,blue,1,Hats,\na,red,blue,1,,\n",
        );
        let reasons = ["`teal`", "`crimson`", "`13`", "3 of 6 fields", "`Hats`"];
        for (row, reason) in rows.iter().zip(reasons) {
            let message = row.as_ref().unwrap_err();
            assert!(message.contains(reason), "{message}");
        }
        assert!(rows[5].is_ok());
    }

    #[test]
    fn table_without_a_column_is_refused() {
        let error = CorrectionTable::read("file,old_color\n".as_bytes(), "c.csv").unwrap_err();
        assert!(
            matches!(
                error.kind(),
                ErrorKind::Column {
                    column: "new_color",
                    ..
                }
            ),
            "{error}"
        );
    }
}
