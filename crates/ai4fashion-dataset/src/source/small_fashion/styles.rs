//! The rows of `styles.csv`.

use std::{collections::HashMap, path::Path};

use csv_core::ReadRecordResult;

use crate::{
    error::{Error, RejectReason},
    record::Rejected,
    table::{columns, without_mark},
};

/// The name of the table.
pub(in crate::source) const TABLE: &str = "styles.csv";

/// What a row says of its image.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Style {
    pub(super) master_category: Option<String>,
    pub(super) article_type: String,
    pub(super) base_color: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct Styles {
    pub(super) by_id: HashMap<String, Style>,
    pub(super) rejected: Vec<Rejected>,
    /// Number of rows with more fields than the header.
    pub(super) repaired: usize,
}

/// Reads the table line by line: a row is a line, so that an unclosed quote spoils its own row
/// only.
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
            Err(error) => {
                let rejected = Rejected::new(TABLE, &error).with_row(line);
                styles.rejected.push(rejected);
            }
        }
    }
    Ok(styles)
}

/// Splits lines into fields. One reader serves all lines: making one costs more than reading a
/// line.
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
        // A field is not longer than the line, and there is at most one field more than there are
        // commas.
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
            // An empty rest tells the reader that the line ends.
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
            let message = format!(
                "id `{}` stands in an earlier row, which counts",
                id.escape_debug()
            );
            return Err(Error::rejected(RejectReason::DuplicateId, message));
        }
        self.by_id.insert(id, style);
        Ok(())
    }
}

/// The indices of the columns.
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
        let [id, article_type] = columns(path, &header, ["id", "articleType"])?;
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
                let message = format!("row has {} of {} fields", row.len(), self.fields);
                return Err(Error::rejected(RejectReason::ShortRow, message));
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
            let message = format!("id `{}` is not a file name", id.escape_debug());
            return Err(Error::rejected(RejectReason::UnsafeId, message));
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
    use crate::error::ErrorKind;

    const KAGGLE: &str =
        "id,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,productDisplayName";

    fn read_text(text: impl AsRef<[u8]>) -> Result<Styles, Error> {
        read(Path::new("styles.csv"), text.as_ref())
    }

    fn reasons(styles: &Styles) -> Vec<(Option<u64>, &str)> {
        styles
            .rejected
            .iter()
            .map(|rejected| (rejected.row, rejected.reason.as_str()))
            .collect()
    }

    #[test]
    fn kaggles_own_rows_are_read() {
        let styles = read_text(format!(
            "{KAGGLE}\n1,Men,Apparel,Topwear,Shirts,Navy Blue,Fall,2011,Casual,\"Men's \"\"Check\"\" Shirt\"\n\
             2,Women,Apparel,Topwear,Tops,NA,Summer,2012,NA,A top, with, commas\n"
        ))
        .unwrap();
        assert!(styles.rejected.is_empty());
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
    fn rejected_rows_have_their_line() {
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
    fn unclosed_quote_spoils_its_own_row_only() {
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
    fn bytes_that_are_not_utf8_are_read() {
        let text = b"\xEF\xBB\xBFid,masterCategory,articleType,baseColour\n1,Apparel,Jeans,Caf\xE9\n2,Apparel,Tops,Red\n";
        assert_eq!(read_text(text).unwrap().by_id.len(), 2);
    }

    #[test]
    fn optional_columns_may_be_missing() {
        let styles = read_text("articleType,id\nJeans,1\n").unwrap();
        let style = &styles.by_id["1"];
        assert_eq!(style.article_type, "Jeans");
        assert_eq!((&style.master_category, &style.base_color), (&None, &None));
    }

    #[test]
    fn missing_column_is_named_beside_the_found_ones() {
        let error = read_text("id,masterCategory,baseColour\n").unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Column { column: "articleType", found, .. } if found == "id, masterCategory, baseColour"),
            "{error}"
        );
    }
}
