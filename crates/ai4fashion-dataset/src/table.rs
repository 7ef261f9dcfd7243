//! CSV tables that people write.

use std::path::Path;

use ai4fashion_files::{decode, line_with_nul};

use crate::error::{Error, ErrorKind};

/// What parts the fields of a table: commas, or what spreadsheets write instead.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];
/// The most columns, and characters of each, that a message names.
const SHOWN: (usize, usize) = (24, 40);

/// The text of a table, and what parts its fields.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) text: String,
    pub(crate) delimiter: u8,
    /// The lines before the header.
    pub(crate) skipped: u64,
}

impl Table {
    /// Decodes a table that has the columns `required` as `columns` finds them.
    ///
    /// # Errors
    /// If its header is not text. A table without a column is not found out here.
    pub(crate) fn decode(path: &Path, bytes: &[u8], required: &[&[&str]]) -> Result<Self, Error> {
        let mut text = decode(bytes);
        let mut skipped = 0;
        let mut named = None;
        // Empty lines, and the line in which spreadsheets name what parts the fields.
        loop {
            let line = text.split('\n').next().unwrap_or_default();
            let is_empty = line.trim().is_empty() && line.len() < text.len();
            let part = line.strip_prefix("sep=").map(|part| part.trim_end_matches('"'));
            match part.map(str::as_bytes) {
                Some([part]) => named = Some(*part),
                _ if is_empty => {}
                _ => break,
            }
            text.drain(..(line.len() + 1).min(text.len()));
            skipped += 1;
        }
        let header = text.split('\n').next().unwrap_or_default();
        if header.contains('\0') {
            return Err(not_text(path, skipped + 1));
        }
        let has_all = |delimiter: &u8| {
            let names = fields(header, *delimiter);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            required.iter().all(|aliases| position(&names, aliases).is_some())
        };
        let delimiter = DELIMITERS.into_iter().find(has_all);
        Ok(Self {
            delimiter: named.or(delimiter).unwrap_or(b','),
            text,
            skipped,
        })
    }

    /// Refuses a table that is not text.
    ///
    /// # Errors
    /// If it holds a zero byte; the error names the line.
    pub(crate) fn check(&self, path: &Path) -> Result<(), Error> {
        line_with_nul(&self.text).map_or(Ok(()), |line| Err(not_text(path, line + self.skipped)))
    }

    /// A reader of all rows; fields are not trimmed.
    pub(crate) fn reader(&self, is_flexible: bool) -> csv::Reader<&[u8]> {
        csv::ReaderBuilder::new()
            .delimiter(self.delimiter)
            .flexible(is_flexible)
            .trim(if is_flexible {
                csv::Trim::Headers
            } else {
                csv::Trim::All
            })
            .from_reader(self.text.as_bytes())
    }

    /// The line where a row begins, as an editor counts. To `csv`, empty lines and the rest of the
    /// line end before it are part of the row.
    pub(crate) fn line(&self, row: Option<&csv::Position>) -> u64 {
        row.map_or(0, |row| {
            let rest = usize::try_from(row.byte()).ok();
            let rest = rest.and_then(|start| self.text.as_bytes().get(start..));
            let before = rest.unwrap_or_default().iter();
            self.skipped + row.line() + before.take_while(|byte| **byte == b'\n').count() as u64
        })
    }
}

/// Says that a line of a table or list is not text.
pub(crate) fn not_text(path: &Path, line: u64) -> Error {
    let problem = "it holds a zero byte, so it is no text; save it as UTF-8";
    Error::malformed(path, Some(line))(problem)
}

fn fields(header: &str, delimiter: u8) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .trim(csv::Trim::All)
        .from_reader(header.as_bytes());
    let names = reader
        .headers()
        .map(|names| names.iter().map(str::to_owned).collect());
    names.unwrap_or_default()
}

/// Finds the indices of columns.
///
/// # Errors
/// If one is missing in the table at `path`.
pub(crate) fn columns<const N: usize>(
    path: &Path,
    header: &[&str],
    columns: [&'static str; N],
) -> Result<[usize; N], Error> {
    let mut indices = [0; N];
    for (index, name) in indices.iter_mut().zip(columns) {
        *index = column(path, header, &[name])?;
    }
    Ok(indices)
}

/// Finds the index of a column that may have one of several names; a message has the first.
///
/// # Errors
/// If it is missing in the table at `path`.
pub(crate) fn column(path: &Path, header: &[&str], names: &[&'static str]) -> Result<usize, Error> {
    position(header, names).ok_or_else(|| {
        let short = |name: &&str| name.chars().take(SHOWN.1).collect::<String>();
        let mut found: Vec<String> = header.iter().take(SHOWN.0).map(short).collect();
        if header.len() > SHOWN.0 {
            found.push("...".to_owned());
        }
        ErrorKind::Column {
            path: path.to_owned(),
            column: names.first().copied().unwrap_or_default(),
            found: found.join(", "),
        }
        .into()
    })
}

/// The index of the column with one of the names, as it is written or but for case, spaces and
/// marks.
pub(crate) fn position(header: &[&str], names: &[&str]) -> Option<usize> {
    fn letters(name: &str) -> impl Iterator<Item = char> {
        let letters = name.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase)
    }
    let exact = |name: &&str| header.iter().position(|found| found == name);
    let loose = |name: &&str| header.iter().position(|found| letters(found).eq(letters(name)));
    let found = names.iter().find_map(exact);
    found.or_else(|| names.iter().find_map(loose))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        Table::decode(
            Path::new("t.csv"),
            text.as_bytes(),
            &[&["stem"], &["type", "kind"]],
        )
        .unwrap()
    }

    #[test]
    fn what_parts_the_fields_is_found_by_the_header() {
        for (text, delimiter) in [
            ("stem,type\n", b','),
            ("stem;type\n", b';'),
            ("Stem\tTYPE\tnote, or not\n", b'\t'),
            ("sep=;\nstem;kind\n", b';'),
            ("sep=|\nstem|kind\n", b'|'),
            ("nothing\n", b','),
        ] {
            assert_eq!(table(text).delimiter, delimiter, "{text}");
        }
    }

    #[test]
    fn lines_are_counted_as_an_editor_counts() {
        let table = table("\r\nsep=;\r\nstem;type\r\n\r\na;1\r\n");
        let mut reader = table.reader(false);
        let row = reader.records().next().unwrap().unwrap();
        assert_eq!(table.line(row.position()), 5);
    }

    #[test]
    fn zero_byte_is_found_with_its_line() {
        let error = table("sep=,\nstem,type\na,\0\n")
            .check(Path::new("t.csv"))
            .unwrap_err();
        assert!(
            error
                .chain()
                .starts_with("cannot parse line 3 of `t.csv`: it holds a zero byte"),
            "{error}"
        );
        let error = Table::decode(Path::new("t.csv"), &[0; 8], &[]).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Malformed { line: Some(1), .. }),
            "{error}"
        );
    }

    #[test]
    fn columns_are_found_in_other_case_and_the_list_of_them_is_short() {
        assert_eq!(position(&["ID", "Article Type"], &["articleType"]), Some(1));
        assert_eq!(position(&["ID", "id"], &["id"]), Some(1));
        let many = vec!["x"; 5000];
        let error = column(Path::new("t.csv"), &many, &["id"])
            .unwrap_err()
            .to_string();
        assert!(error.ends_with("x, ...") && error.len() < 200, "{error}");
    }
}
