//! The rows of `styles.csv`.

use std::{collections::HashMap, path::Path};

use csv_core::ReadRecordResult;

use crate::{
    error::{Error, ErrorKind},
    record::Skip,
    table::{places, without_mark},
};

/// The table.
pub(in crate::source) const TABLE: &str = "styles.csv";

/// What a row tells of its picture.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Style {
    pub(super) master_category: Option<String>,
    pub(super) article_type: String,
    pub(super) base_color: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct Styles {
    pub(super) by_id: HashMap<String, Style>,
    pub(super) refused: Vec<Skip>,
    /// Rows with more fields than the header.
    pub(super) repaired: usize,
}

/// Reads the table line by line: a row is a line, so that a quote that is not closed spoils its own row only.
pub(super) fn read(path: &Path, bytes: &[u8]) -> Result<Styles, Error> {
    let bytes = without_mark(bytes);
    // Spreadsheets on old Macs end lines with a carriage return alone.
    let end = if bytes.contains(&b'\n') { b'\n' } else { b'\r' };
    let mut lines = (1..).zip(bytes.split(|byte| *byte == end));
    let (_, first) = lines.next().unwrap_or((1, b""));
    let mut fields = Fields::new();
    let header = Header::new(path, &fields.of(first))?;
    let mut styles = Styles::default();
    for (line, row) in lines.filter(|(_, row)| !row.trim_ascii().is_empty()) {
        let row = fields.of(row);
        let read = header
            .style(&row)
            .and_then(|(id, style)| styles.insert(id, style));
        match read {
            Ok(()) => styles.repaired += usize::from(row.len() > header.fields),
            Err(error) => styles.refused.push(Skip::new(TABLE, &error).with_row(line)),
        }
    }
    Ok(styles)
}

/// Splits lines into fields. One reader serves all lines: making one costs more than reading a line with it.
struct Fields {
    reader: csv_core::Reader,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Fields {
    fn new() -> Self {
        Self {
            reader: csv_core::Reader::new(),
            bytes: Vec::new(),
            ends: Vec::new(),
        }
    }

    fn of(&mut self, line: &[u8]) -> Vec<String> {
        self.reader.reset();
        // A field is no longer than what it was read from, and there is at most one more than there are commas.
        self.bytes.resize(line.len() + 1, 0);
        self.ends.resize(line.len() + 2, 0);
        let (mut read, mut written, mut count) = (0, 0, 0);
        loop {
            let (result, bytes_read, bytes_written, ends) =
                self.reader
                    .read_record(&line[read..], &mut self.bytes[written..], &mut self.ends[count..]);
            read += bytes_read;
            written += bytes_written;
            count += ends;
            // The end of the line is told to the reader by nothing more to read.
            if !matches!(result, ReadRecordResult::InputEmpty) {
                break;
            }
        }
        let mut start = 0;
        let ends = self.ends[..count].iter();
        ends.map(|end| text(&self.bytes[std::mem::replace(&mut start, *end)..*end]))
            .collect()
    }
}

impl Styles {
    fn insert(&mut self, id: String, style: Style) -> Result<(), Error> {
        if self.by_id.contains_key(&id) {
            return Err(ErrorKind::DuplicateId { id }.into());
        }
        self.by_id.insert(id, style);
        Ok(())
    }
}

/// Where the columns are.
#[derive(Debug)]
struct Header {
    fields: usize,
    id: usize,
    article_type: usize,
    master_category: Option<usize>,
    base_color: Option<usize>,
    /// The column that unquoted commas belong to.
    display_name: Option<usize>,
}

impl Header {
    fn new(path: &Path, names: &[String]) -> Result<Self, Error> {
        let header: Vec<&str> = names.iter().map(String::as_str).collect();
        let [id, article_type] = places(path, &header, ["id", "articleType"])?;
        let place = |column| header.iter().position(|name| *name == column);
        Ok(Self {
            fields: names.len(),
            id,
            article_type,
            master_category: place("masterCategory"),
            base_color: place("baseColour"),
            display_name: place("productDisplayName"),
        })
    }

    fn style(&self, row: &[String]) -> Result<(String, Style), Error> {
        let extra = row.len().checked_sub(self.fields);
        let extra = match (extra, self.display_name) {
            (Some(0), _) => 0,
            (Some(extra), Some(_)) => extra,
            _ => {
                return Err(ErrorKind::ShortRow {
                    fields: row.len(),
                    expected: self.fields,
                }
                .into());
            }
        };
        let field = |column: usize| {
            let moved = self
                .display_name
                .is_some_and(|display_name| column > display_name);
            row[column + if moved { extra } else { 0 }].clone()
        };
        let id = field(self.id);
        if id.is_empty()
            || id.starts_with('.')
            || id.chars().any(|c| c.is_control() || matches!(c, '/' | '\\'))
        {
            return Err(ErrorKind::UnsafeId { id }.into());
        }
        let style = Style {
            master_category: self.master_category.map(field),
            article_type: field(self.article_type),
            base_color: self
                .base_color
                .map(field)
                .filter(|word| !word.is_empty() && word != "NA"),
        };
        Ok((id, style))
    }
}

fn text(field: &[u8]) -> String {
    String::from_utf8_lossy(field).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KAGGLE: &str =
        "id,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,productDisplayName";

    fn read_text(text: impl AsRef<[u8]>) -> Result<Styles, Error> {
        read(Path::new("styles.csv"), text.as_ref())
    }

    fn reasons(styles: &Styles) -> Vec<(Option<u64>, &str)> {
        styles
            .refused
            .iter()
            .map(|skip| (skip.row, &*skip.reason))
            .collect()
    }

    #[test]
    fn kaggles_own_rows_are_read() {
        let styles = read_text(format!(
            "{KAGGLE}\n1,Men,Apparel,Topwear,Shirts,Navy Blue,Fall,2011,Casual,\"Men's \"\"Check\"\" Shirt\"\n\
             2,Women,Apparel,Topwear,Tops,NA,Summer,2012,NA,A top, with, commas\n"
        ))
        .unwrap();
        assert!(styles.refused.is_empty());
        assert_eq!(styles.by_id["1"].base_color.as_deref(), Some("Navy Blue"));
        assert_eq!(styles.by_id["2"].article_type, "Tops");
        assert_eq!(styles.by_id["2"].base_color, None);
        assert_eq!(styles.repaired, 1);
    }

    #[test]
    fn every_way_to_end_a_line_is_read() {
        for end in ["\n", "\r\n", "\r"] {
            let rows = [
                "\u{feff}id,masterCategory,articleType,baseColour",
                "1,A,Jeans,Blue",
                "2,A,Tops,Red",
            ];
            let styles = read_text(rows.join(end)).unwrap();
            assert_eq!(styles.by_id["1"].base_color.as_deref(), Some("Blue"), "{end:?}");
            assert_eq!(styles.by_id["2"].base_color.as_deref(), Some("Red"), "{end:?}");
        }
    }

    #[test]
    fn extra_commas_belong_to_the_display_name_wherever_it_stands() {
        let styles = read_text(
            "id,productDisplayName,articleType,masterCategory,baseColour\n7,a,b,c,Jeans,Apparel,Blue\n",
        )
        .unwrap();
        assert_eq!(styles.by_id["7"].article_type, "Jeans");
        assert_eq!(styles.by_id["7"].base_color.as_deref(), Some("Blue"));
    }

    #[test]
    fn rows_that_cannot_be_used_are_listed_with_their_line() {
        let rows = [
            "1,A,Jeans,Blue,x",
            "2,A,Jeans",
            "1,A,Jeans,Red,x",
            "../3,A,Jeans,Red,x",
            ",A,Jeans,Red,x",
        ];
        let header = "id,masterCategory,articleType,baseColour,productDisplayName\n";
        let styles = read_text(format!("{header}{}\n", rows.join("\n"))).unwrap();
        let expected = [
            (3, "short-row"),
            (4, "duplicate-id"),
            (5, "unsafe-id"),
            (6, "unsafe-id"),
        ];
        assert_eq!(
            reasons(&styles),
            expected.map(|(line, reason)| (Some(line), reason))
        );
        assert_eq!(styles.by_id["1"].base_color.as_deref(), Some("Blue"));
    }

    #[test]
    fn quote_that_is_not_closed_spoils_its_own_row_only() {
        let styles = read_text(format!(
            "{KAGGLE}\r\n1,Men,Apparel,Topwear,Shirts,Red,Fall,2011,Casual,\"never closed\r\n\
             2,\"Men,Apparel,Topwear,Shirts,Red,Fall,2011,Casual,closed nowhere\r\n\
             3,Men,Apparel,Topwear,Tshirts,Blue,Fall,2011,Casual,fine\r\n\r\n"
        ))
        .unwrap();
        assert_eq!(styles.by_id["1"].article_type, "Shirts");
        assert_eq!(styles.by_id["3"].base_color.as_deref(), Some("Blue"));
        assert_eq!(reasons(&styles), [(Some(3), "short-row")]);
    }

    #[test]
    fn bytes_that_are_no_utf8_do_not_end_the_reading() {
        let text = b"\xEF\xBB\xBFid,masterCategory,articleType,baseColour\n1,Apparel,Jeans,Caf\xE9\n2,Apparel,Tops,Red\n";
        assert_eq!(read_text(text).unwrap().by_id.len(), 2);
    }

    #[test]
    fn columns_that_name_nothing_may_be_missing() {
        let styles = read_text("articleType,id\nJeans,1\n").unwrap();
        let style = &styles.by_id["1"];
        assert_eq!(style.article_type, "Jeans");
        assert_eq!((&style.master_category, &style.base_color), (&None, &None));
    }

    #[test]
    fn missing_column_is_named_with_those_found() {
        let error = read_text("id,masterCategory,baseColour\n").unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Column { column: "articleType", found, .. } if found == "id, masterCategory, baseColour"),
            "{error}"
        );
    }
}
