//! `corrections.csv`.

use std::{fs, io::Read, path::Path};

use ai4fashion_color::BasicColor;

use super::correction::{Correction, LabelChange, OldLabel};
use crate::{
    error::{Error, ErrorKind, RowProblem},
    labels::ProductType,
    table::{Table, column, position},
};

/// The columns, in the order in which they are written; they are read in any.
const COLUMNS: [&str; 6] = ["file", "old_color", "new_color", "old_type", "new_type", "when"];
/// Resets a human label, in a column of new labels.
const RESET: &str = "-";

/// Corrections as they were read.
///
/// Rows that cannot be parsed are kept with their problem, so that all bad rows are listed at
/// once.
///
/// - A file and a new label are all that is needed: `file,new_color` or `file,new_type`.
/// - Colours are names. Types are numbers, as in file names, or names; 0 and `none` are none of the
///   twelve.
/// - An old label must be the current one, if it is given.
/// - An empty `new_color` or `new_type` keeps the label.
/// - One that equals the old label confirms it.
/// - `-` resets a human label.
///
/// ```
/// use ai4fashion_dataset::corrections::CorrectionTable;
///
/// let csv = "file,old_color,new_color,old_type,new_type,when\nred_a_1.jpg,red,pink,1,,today\n";
/// let table = CorrectionTable::read(csv.as_bytes(), "corrections.csv")?;
/// assert_eq!(table.len(), 1);
/// # Ok::<(), ai4fashion_dataset::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct CorrectionTable {
    rows: Vec<(u64, Result<Correction, RowProblem>)>,
}

impl CorrectionTable {
    /// Reads a CSV table with the columns `file`, and `new_color` or `new_type` or both, in UTF-8,
    /// UTF-16 or Windows-1252. It may have `old_color`, `old_type` and `when`.
    ///
    /// # Errors
    /// If the file cannot be read, is no text or lacks a column that is needed.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        if !path.exists() {
            return Err(ErrorKind::Missing {
                what: "table of corrections",
                path: path.to_owned(),
            }
            .into());
        }
        let file = fs::File::open(path).map_err(Error::io("read", path))?;
        Self::read(file, path)
    }

    /// Reads a CSV table from anywhere; `name` is for messages.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn read(mut table: impl Read, name: impl AsRef<Path>) -> Result<Self, Error> {
        let name = name.as_ref();
        let mut bytes = Vec::new();
        table.read_to_end(&mut bytes).map_err(Error::io("read", name))?;
        let table = Table::decode(name, &bytes, &[&["file"], &["new_color", "new_type"]])?;
        table.check(name)?;
        let mut reader = table.reader(true);
        let header = reader.headers().map_err(Error::malformed(name, Some(1)))?.clone();
        let columns = find(name, &header.iter().collect::<Vec<_>>())?;
        let rows = reader.records().map(|row| match row {
            Ok(row) => (
                table.line(row.position()),
                correction(&row, columns, header.len()),
            ),
            Err(error) => {
                let message = error.to_string();
                (table.line(error.position()), Err(RowProblem::NotCsv { message }))
            }
        });
        Ok(Self { rows: rows.collect() })
    }

    /// Number of rows, bad ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The file of each row, if the row could be parsed.
    pub fn files(&self) -> impl Iterator<Item = Option<&str>> {
        self.rows
            .iter()
            .map(|(_, row)| row.as_ref().ok().map(|row| row.file.as_str()))
    }

    /// The rows with their lines.
    pub(super) fn rows(&self) -> &[(u64, Result<Correction, RowProblem>)] {
        &self.rows
    }

    /// Writes corrections as CSV.
    #[must_use]
    pub fn write<'a>(corrections: impl IntoIterator<Item = &'a Correction>) -> String {
        let mut table = csv::Writer::from_writer(Vec::new());
        let mut rows = vec![COLUMNS.map(str::to_owned)];
        rows.extend(corrections.into_iter().map(|correction| {
            [
                correction.file.clone(),
                old(correction.old_color, |color| color.to_string()),
                text(correction.new_color, |color| color.to_string()),
                old(correction.old_type, number),
                text(correction.new_type, number),
                correction.annotated_at.clone(),
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

fn old<T>(label: OldLabel<T>, text: impl Fn(T) -> String) -> String {
    match label {
        OldLabel::Any => String::new(),
        OldLabel::Is(label) => text(label),
    }
}

fn text<T>(change: LabelChange<T>, text: impl Fn(T) -> String) -> String {
    match change {
        LabelChange::Keep => String::new(),
        LabelChange::Reset => RESET.to_owned(),
        LabelChange::Set(label) => text(label),
    }
}

/// Finds the columns: the file, and a new label or both.
fn find(name: &Path, header: &[&str]) -> Result<[Option<usize>; COLUMNS.len()], Error> {
    column(name, header, &["file"])?;
    column(name, header, &["new_color", "new_type"])?;
    Ok(COLUMNS.map(|column| position(header, &[column])))
}

fn correction(
    row: &csv::StringRecord,
    columns: [Option<usize>; COLUMNS.len()],
    expected: usize,
) -> Result<Correction, RowProblem> {
    if row.len() < expected {
        return Err(RowProblem::ShortRow {
            fields: row.len(),
            expected,
        });
    }
    let [file, old_color, new_color, old_type, new_type, annotated_at] =
        columns.map(|column| column.map_or("", |column| &row[column]));
    Ok(Correction {
        file: file.to_owned(),
        old_color: old_label(old_color, color)?,
        new_color: change(new_color, color)?,
        old_type: old_label(old_type, product_type)?,
        new_type: change(new_type, product_type)?,
        annotated_at: annotated_at.to_owned(),
    })
}

fn color(text: &str) -> Result<BasicColor, RowProblem> {
    let text = text.trim();
    text.parse().map_err(|_| RowProblem::Label {
        what: "a colour",
        text: text.to_owned(),
        legal: BasicColor::ALL.map(BasicColor::as_str).join(", "),
    })
}

fn product_type(text: &str) -> Result<Option<ProductType>, RowProblem> {
    ProductType::parse_or_none(text.trim()).map_err(|_| {
        let legal = ProductType::ALL.map(|known| format!("{} {known}", known.number()));
        RowProblem::Label {
            what: "a product type",
            text: text.trim().to_owned(),
            legal: format!("0 none, {}", legal.join(", ")),
        }
    })
}

fn old_label<T>(text: &str, read: impl Fn(&str) -> Result<T, RowProblem>) -> Result<OldLabel<T>, RowProblem> {
    match text.trim() {
        "" => Ok(OldLabel::Any),
        text => read(text).map(OldLabel::Is),
    }
}

fn change<T>(text: &str, read: impl Fn(&str) -> Result<T, RowProblem>) -> Result<LabelChange<T>, RowProblem> {
    match text.trim() {
        "" => Ok(LabelChange::Keep),
        RESET => Ok(LabelChange::Reset),
        text => read(text).map(LabelChange::Set),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Result<Correction, String>> {
        let table = CorrectionTable::read(text.as_bytes(), "c.csv").unwrap();
        let rows = table.rows.into_iter();
        rows.map(|(_, row)| row.map_err(|problem| problem.to_string()))
            .collect()
    }

    #[test]
    fn corrections_read_back() {
        let one = Correction::new(
            "images/red_a, \"b\"_1.jpg",
            BasicColor::Red,
            Some(ProductType::Dress),
        );
        let corrections = [
            one.clone()
                .with_color(LabelChange::Set(BasicColor::Pink))
                .with_time("2026-11-25T10:00:00Z"),
            one.clone().with_type(LabelChange::Set(None)),
            one.with_color(LabelChange::Reset)
                .with_type(LabelChange::Set(Some(ProductType::Coat))),
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
        assert_eq!(row.old_color, OldLabel::Is(BasicColor::Grey));
        assert_eq!(row.old_type, OldLabel::Is(None));
        assert_eq!(row.new_type, LabelChange::Set(Some(ProductType::Coat)));
    }

    #[test]
    fn file_and_a_new_label_suffice() {
        for (text, correction) in [
            (
                "file,new_color\na.jpg,pink\n",
                Correction::of_any("a.jpg").with_color(LabelChange::Set(BasicColor::Pink)),
            ),
            (
                "new_type,old_type,file\nnone,,a.jpg\n",
                Correction::of_any("a.jpg").with_type(LabelChange::Set(None)),
            ),
        ] {
            assert_eq!(read(text), [Ok(correction.clone())]);
            assert_eq!(read(&CorrectionTable::write([&correction])), [Ok(correction)]);
        }
    }

    #[test]
    fn table_that_a_spreadsheet_has_saved_is_read() {
        let text =
            "\u{feff}File;Old_Color;New_Color;Old_Type;New_Type;When\r\"red_\u{e9}_1.jpg\";red;pink;1;;\r";
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let table = CorrectionTable::read(&*bytes, "c.csv").unwrap();
        assert_eq!(table.files().collect::<Vec<_>>(), [Some("red_\u{e9}_1.jpg")]);
        let error = CorrectionTable::read("file\n\0".as_bytes(), "c.csv").unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Malformed { line: Some(2), .. }),
            "{error}"
        );
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
