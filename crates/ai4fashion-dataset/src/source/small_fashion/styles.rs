//! The rows of `styles.csv`.

mod fields;
mod header;

use std::{collections::HashMap, ops::Range, path::Path};

use crate::{
    error::{Error, RejectReason},
    record::{Rejected, SourceRow},
    table::Table,
};
use fields::Fields;
use header::Header;

/// The name of the table.
pub(in crate::source) const TABLE: &str = "styles.csv";
/// The most lines of one row.
const MAX_LINES: usize = 64;

/// What a row says of its image.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Style {
    pub(super) master_category: Option<String>,
    pub(super) article_type: String,
    pub(super) base_color: Option<String>,
    pub(super) row: SourceRow,
}

/// The rows that can be used, and what is wrong with the others.
#[derive(Debug)]
pub(super) struct Styles {
    text: String,
    header: Header,
    fields: Fields,
    rows: Vec<Row>,
    by_id: HashMap<String, usize>,
    pub(super) rejected: Vec<Rejected>,
    /// Number of rows with more fields than the header.
    pub(super) repaired: usize,
}

/// Where a row is.
#[derive(Debug)]
struct Row {
    line: u64,
    place: Range<usize>,
}

/// Reads the table line by line: a row is a line, so that an unclosed quote spoils its own row
/// only. A row that ends in quotes goes on in the next lines, if they close the quotes and all has
/// just the fields of the header.
pub(super) fn read(path: &Path, bytes: &[u8]) -> Result<Styles, Error> {
    let Table {
        text,
        delimiter,
        skipped,
    } = Table::decode(path, bytes, &[&[header::ID], &[header::ARTICLE_TYPE]])?;
    let mut fields = Fields::new(delimiter);
    let first = line_at(&text, 0);
    let header = Header::new(path, &fields.of(&text[first.clone()]).0)?;
    let mut styles = Styles {
        header,
        fields,
        rows: Vec::new(),
        by_id: HashMap::new(),
        rejected: Vec::new(),
        repaired: 0,
        text: String::new(),
    };
    let (mut start, mut line) = (first.end + 1, skipped + 2);
    while start < text.len() {
        let place = styles.row_at(&text, start);
        let row = &text[place.clone()];
        if !row.trim().is_empty() {
            styles.add(path, row, line, place.clone());
        }
        line += 1 + row.bytes().filter(|byte| *byte == b'\n').count() as u64;
        start = place.end + 1;
    }
    styles.text = text;
    Ok(styles)
}

/// The line that begins at a place, without its end.
fn line_at(text: &str, start: usize) -> Range<usize> {
    let end = text[start..]
        .find('\n')
        .map_or(text.len(), |length| start + length);
    start..end
}

impl Styles {
    /// The place of the row that begins at a place.
    fn row_at(&mut self, text: &str, start: usize) -> Range<usize> {
        let first = line_at(text, start);
        let quotes = |line: Range<usize>| text[line].bytes().filter(|byte| *byte == b'"').count();
        let (mut place, mut open) = (first.clone(), quotes(first.clone()));
        for _ in 1..MAX_LINES {
            if open % 2 == 0 || place.end >= text.len() {
                break;
            }
            let next = line_at(text, place.end + 1);
            open += quotes(next.clone());
            place.end = next.end;
        }
        let is_joined = place != first && open % 2 == 0 && {
            let (fields, is_one) = self.fields.of(&text[place.clone()]);
            is_one && fields.len() == self.header.len()
        };
        if is_joined { place } else { first }
    }

    fn add(&mut self, path: &Path, row: &str, line: u64, place: Range<usize>) {
        let (fields, _) = self.fields.of(row);
        let is_long = fields.len() > self.header.len();
        let id = if row.contains('\0') {
            let message = "row holds a zero byte, so it is no text";
            Err(Error::rejected(RejectReason::Unreadable, message))
        } else {
            self.header.id(&fields)
        };
        let id = id.and_then(|id| {
            if self.by_id.contains_key(id) {
                let message = format!(
                    "id `{}` stands in an earlier row, which counts",
                    id.escape_debug()
                );
                return Err(Error::rejected(RejectReason::DuplicateId, message));
            }
            Ok(id.to_owned())
        });
        match id {
            Ok(id) => {
                self.by_id.insert(id, self.rows.len());
                self.rows.push(Row { line, place });
                self.repaired += usize::from(is_long);
            }
            Err(error) => {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                self.rejected.push(Rejected::new(name, &error).with_row(line));
            }
        }
    }

    /// The lines of the rows.
    pub(super) fn lines(&self) -> Vec<u64> {
        self.rows.iter().map(|row| row.line).collect()
    }

    /// The ids of the rows.
    pub(super) fn ids(&self) -> Vec<&str> {
        let mut ids = vec![""; self.rows.len()];
        for (id, row) in &self.by_id {
            ids[*row] = id;
        }
        ids
    }

    /// What a row says of its image.
    pub(super) fn style(&self, fields: &mut Fields, row: usize) -> Style {
        let (fields, _) = fields.of(&self.text[self.rows[row].place.clone()]);
        self.header.style(&fields)
    }

    /// A splitter of rows, for [`style`](Self::style).
    pub(super) fn fields(&self) -> Fields {
        Fields::new(self.fields.delimiter())
    }
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

    fn style(styles: &Styles, id: &str) -> Style {
        styles.style(&mut styles.fields(), styles.by_id[id])
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
        assert_eq!(style(&styles, "1").base_color.as_deref(), Some("Navy Blue"));
        assert_eq!(style(&styles, "2").article_type, "Tops");
        assert_eq!(style(&styles, "2").base_color, None);
        assert_eq!(styles.repaired, 1);
    }

    #[test]
    fn every_way_to_end_a_line_is_read() {
        let rows = [
            "\u{feff}id,masterCategory,articleType,baseColour",
            "1,A,Jeans,Blue",
            "2,A,Tops,Red",
        ];
        for (end, last) in [
            ("\n", ""),
            ("\r\n", ""),
            ("\r", ""),
            ("\r", "\n"),
            ("\r", "\r\n"),
            ("\r", "\n\r\n"),
            ("\r\r\n", "\n"),
        ] {
            let styles = read_text(rows.join(end) + last).unwrap();
            assert!(styles.rejected.is_empty(), "{end:?} {last:?}");
            assert_eq!(style(&styles, "1").base_color.as_deref(), Some("Blue"), "{end:?}");
            assert_eq!(style(&styles, "2").base_color.as_deref(), Some("Red"), "{end:?}");
        }
    }

    #[test]
    fn rows_after_each_way_to_end_a_line_are_numbered_as_an_editor_does() {
        let styles = read_text("id,articleType\r1,Jeans\r\n2,Tops\n\n3\r4,Shirts\n").unwrap();
        assert_eq!(styles.lines(), [2, 3, 6]);
        assert_eq!(reasons(&styles), [(Some(5), "short-row")]);
    }

    #[test]
    fn row_goes_on_in_the_next_line_if_quotes_say_so() {
        for end in ["\n", "\r", "\r\n"] {
            let rows = [
                "id,articleType,productDisplayName",
                "1,Jeans,\"one",
                "two, \"\"three\"\"\"",
                "2,Tops,5\" heel",
                "3,Shirts,6\" heel",
            ];
            let styles = read_text(rows.join(end)).unwrap();
            assert_eq!(styles.lines(), [2, 4, 5], "{end:?}");
            let name = |id| {
                style(&styles, id)
                    .row
                    .get("productDisplayName")
                    .map(str::to_owned)
            };
            assert_eq!(name("1").unwrap(), "one\ntwo, \"three\"");
            assert_eq!(name("3").unwrap(), "6\" heel");
        }
    }

    #[test]
    fn tables_of_other_programs_are_read() {
        let text = "ID;Article Type;BASECOLOUR\r\n1;Jeans;Navy Blue\r\n";
        let utf_16 =
            |to_bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to_bytes).collect::<Vec<u8>>();
        for bytes in [
            text.as_bytes().to_vec(),
            text.replace(';', "\t").into_bytes(),
            utf_16(u16::to_le_bytes),
            utf_16(u16::to_be_bytes),
            [b"\xff\xfe".to_vec(), utf_16(u16::to_le_bytes)].concat(),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        ] {
            let styles = read_text(&bytes).unwrap();
            assert_eq!(
                style(&styles, "1").base_color.as_deref(),
                Some("Navy Blue"),
                "{bytes:?}"
            );
        }
    }

    #[test]
    fn zero_byte_spoils_its_own_row() {
        let styles = read_text("id,articleType\n1,Jeans\n2,To\0ps\n3,Tops\n").unwrap();
        assert_eq!(styles.lines(), [2, 4]);
        assert_eq!(reasons(&styles), [(Some(3), "unreadable")]);
        let error = read_text("id,article\0Type\n").unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Malformed { line: Some(1), .. }),
            "{error}"
        );
    }

    #[test]
    fn whole_row_is_kept() {
        let styles = read_text(format!(
            "{KAGGLE},,note,note\n1,Men,Apparel,Topwear,Shirts,Navy Blue,Fall,2011,,One, two,x,y,z\n"
        ))
        .unwrap();
        let row = style(&styles, "1").row;
        let fields: Vec<String> = row
            .iter()
            .map(|(column, text)| format!("{column}={text}"))
            .collect();
        let expected = "id=1 gender=Men masterCategory=Apparel subCategory=Topwear articleType=Shirts \
            baseColour=Navy_Blue season=Fall year=2011 productDisplayName=One,_two column_11=x note=y note~2=z";
        assert_eq!(fields.join(" "), expected.replace('_', " "));
    }

    #[test]
    fn extra_commas_belong_to_the_display_name_wherever_it_stands() {
        let styles = read_text(
            "id,productDisplayName,articleType,masterCategory,baseColour\n7,a,b,c,Jeans,Apparel,Blue\n",
        )
        .unwrap();
        assert_eq!(style(&styles, "7").article_type, "Jeans");
        assert_eq!(style(&styles, "7").base_color.as_deref(), Some("Blue"));
    }

    #[test]
    fn rejected_rows_have_their_line() {
        let rows = [
            "1,A,Jeans,Blue,x",
            "2,A,Jeans",
            "1,A,Jeans,Red,x",
            "../3,A,Jeans,Red,x",
            ",A,Jeans,Red,x",
            "a/../../4,A,Jeans,Red,x",
            "a/4.jpg,A,Jeans,Red,x",
        ];
        let header = "id,masterCategory,articleType,baseColour,productDisplayName\n";
        let styles = read_text(format!("{header}{}\n", rows.join("\n"))).unwrap();
        let expected = [
            (3, "short-row"),
            (4, "duplicate-id"),
            (5, "unsafe-id"),
            (6, "unsafe-id"),
            (7, "unsafe-id"),
        ];
        assert_eq!(
            reasons(&styles),
            expected.map(|(line, reason)| (Some(line), reason))
        );
        assert_eq!(style(&styles, "1").base_color.as_deref(), Some("Blue"));
    }

    #[test]
    fn unclosed_quote_spoils_its_own_row_only() {
        let styles = read_text(format!(
            "{KAGGLE}\r\n1,Men,Apparel,Topwear,Shirts,Red,Fall,2011,Casual,\"never closed\r\n\
             2,\"Men,Apparel,Topwear,Shirts,Red,Fall,2011,Casual,closed nowhere\r\n\
             3,Men,Apparel,Topwear,Tshirts,Blue,Fall,2011,Casual,fine\r\n\r\n"
        ))
        .unwrap();
        assert_eq!(style(&styles, "1").article_type, "Shirts");
        assert_eq!(style(&styles, "3").base_color.as_deref(), Some("Blue"));
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
        let style = style(&styles, "1");
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
