//! Tables of labels.

use std::{
    collections::{BTreeMap, HashMap},
    fmt, fs,
    path::{Path, PathBuf},
};

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::ProductType;
use ai4fashion_files::{count, decode, line_with_nul};
use anyhow::{Context, bail, ensure};
use serde::{Deserialize, de::DeserializeOwned};

use super::words::Words;

/// An image and its labels, at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Labeled {
    /// File, below the folder of images.
    pub(super) file: PathBuf,
    /// Colour in the catalogue.
    pub(super) color: Option<BasicColor>,
    /// Type in the catalogue; `Some(None)` is none of the twelve.
    pub(super) product_type: Option<Option<ProductType>>,
    /// Other names that count as right.
    pub(super) accepted: Vec<BasicColor>,
}

/// Labels of images, and the words that are none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) labels: Vec<Labeled>,
    pub(super) unknown: Unknown,
}

/// Words that are no label, by column, with the number of rows that have them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Unknown {
    rows: BTreeMap<(&'static str, String), usize>,
    /// Whether words of a catalogue are colours.
    has_catalogue: bool,
}

#[derive(Deserialize)]
struct Label {
    id: Option<String>,
    file: Option<String>,
    color: Option<String>,
    #[serde(rename = "type")]
    product_type: Option<String>,
}

#[derive(Deserialize)]
struct Accepted {
    id: Option<String>,
    file: Option<String>,
    accepted: String,
}

/// The file that one of the columns names.
fn file_of(id: Option<String>, file: Option<String>) -> anyhow::Result<PathBuf> {
    ensure!(
        id.is_some() || file.is_some(),
        "there is neither a column id nor a column file"
    );
    let [id, file] = [id, file].map(|text| text.filter(|text| !text.is_empty()));
    let file = file.or(id.map(|id| format!("{id}.jpg")));
    Ok(file.context("its id or file is empty")?.into())
}

impl Unknown {
    /// Number of rows with a word that is no label; a row counts once for each of its columns.
    pub(super) fn rows(&self) -> usize {
        self.rows.values().sum()
    }

    /// Parses a word; an empty one, and one that is no label, is `None`.
    fn parse<T>(
        &mut self,
        column: &'static str,
        word: Option<String>,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let word = word.as_deref().map(str::trim).filter(|word| !word.is_empty())?;
        let found = parse(word);
        if found.is_none() {
            *self.rows.entry((column, word.to_owned())).or_default() += 1;
        }
        found
    }
}

impl Unknown {
    fn legal_colors(&self) -> String {
        let names = BasicColor::ALL.map(BasicColor::as_str).join(", ");
        let mut words = self.rows.keys().filter(|(column, _)| *column == "color");
        if self.has_catalogue {
            format!("{names}, or a word of a catalogue such as navy blue")
        } else if words.any(|(_, word)| Words::Catalogue.parse(word).is_some()) {
            format!("{names}; --words catalogue knows more")
        } else {
            names
        }
    }
}

/// A line for each column, with all words.
impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (column, expected) in [
            ("color", self.legal_colors()),
            ("type", "0 to 12, none, or the name of a type".to_owned()),
        ] {
            let words = self.rows.iter().filter(|((of, _), _)| *of == column);
            let words: Vec<String> = words
                .map(|((_, word), rows)| format!("`{}` ({})", word.escape_debug(), count(*rows, "row")))
                .collect();
            if !words.is_empty() {
                let words = words.join(", ");
                write!(
                    f,
                    "{separator}unknown words of the column {column}: {words}; expected {expected}"
                )?;
                separator = "\n";
            }
        }
        Ok(())
    }
}

/// Reads a table with the columns `id` (of an image `ID.jpg`) or `file`, and `color`, `type` or
/// both. Rows with neither label are left out. The other names that a word for a colour can stand
/// for count as right. A second table, with `id` or `file` and `accepted`, has more names that
/// count as right, separated by blanks.
///
/// # Errors
/// If a table cannot be read, gives an image two colours or types, or if all accepted names are of
/// images without a label.
pub(super) fn read(labels: &Path, words: Words, accepted: Option<&Path>) -> anyhow::Result<Table> {
    let mut others = match accepted {
        Some(path) => read_accepted(path)
            .with_context(|| format!("cannot read the accepted names `{}`", path.display()))?,
        None => HashMap::new(),
    };
    let accepted_images = others.len();
    let mut known = HashMap::new();
    let mut unknown = Unknown {
        has_catalogue: words == Words::Catalogue,
        ..Unknown::default()
    };
    let labeled = |row: Label| {
        let color = unknown.parse("color", row.color, |word| words.parse(word));
        let (color, also) = color.unzip();
        let product_type = unknown.parse("type", row.product_type, |word| {
            ProductType::parse_or_none(word).ok()
        });
        if color.is_none() && product_type.is_none() {
            return Ok(None);
        }
        let file = file_of(row.id, row.file)?;
        if let Some(before) = known.insert(file.clone(), (color, also, product_type)) {
            let name = file.display();
            ensure!(
                before == (color, also, product_type),
                "`{name}` has other labels in an earlier row"
            );
            return Ok(None);
        }
        let mut accepted = others.remove(&file).unwrap_or_default();
        accepted.extend(also.unwrap_or_default());
        Ok(Some(Labeled {
            file,
            color,
            product_type,
            accepted,
        }))
    };
    let found: Vec<Option<Labeled>> = rows(labels, &["color", "type"], labeled)
        .with_context(|| format!("cannot read the labels `{}`", labels.display()))?;
    if let Some(path) = accepted.filter(|_| accepted_images > 0) {
        ensure!(
            others.len() < accepted_images,
            "no image of the accepted names `{}` has a label in `{}`",
            path.display(),
            labels.display()
        );
    }
    Ok(Table {
        labels: found.into_iter().flatten().collect(),
        unknown,
    })
}

fn read_accepted(path: &Path) -> anyhow::Result<HashMap<PathBuf, Vec<BasicColor>>> {
    let mut all: HashMap<PathBuf, Vec<BasicColor>> = HashMap::new();
    let add = |Accepted { id, file, accepted }| {
        let names = accepted.split_whitespace().map(str::parse);
        let names: Vec<BasicColor> = names.collect::<Result<_, _>>()?;
        if !names.is_empty() {
            // The names of several rows count together.
            all.entry(file_of(id, file)?).or_default().extend(names);
        }
        Ok(())
    };
    rows::<_, _, Vec<()>>(path, &["accepted"], add)?;
    Ok(all)
}

/// What `read` makes of each row of a table that has one of the `columns`; its errors name the row,
/// the header being the first.
fn rows<T: DeserializeOwned, U, All: FromIterator<U>>(
    path: &Path,
    columns: &[&str],
    mut read: impl FnMut(T) -> anyhow::Result<U>,
) -> anyhow::Result<All> {
    let text = decode(&fs::read(path)?);
    if let Some(line) = line_with_nul(&text) {
        bail!("line {line} holds a zero byte, so it is no text; save it as UTF-8");
    }
    // Spreadsheets part fields by semicolons or tabs, too.
    let of = |delimiter| -> csv::Result<_> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        let header = reader.headers()?.iter().map(|name| name.trim().to_lowercase());
        let header: csv::StringRecord = header.collect();
        let has_column = header.iter().any(|name| columns.contains(&name));
        Ok((reader, header, has_column))
    };
    let mut all = [of(b',')?, of(b';')?, of(b'\t')?];
    let found = all.iter().position(|(.., has_column)| *has_column);
    let (reader, header, has_column) = &mut all[found.unwrap_or(0)];
    if !*has_column {
        let names: Vec<&str> = header.iter().collect();
        bail!(
            "there is no column {}; its columns are {}",
            columns.join(" or "),
            names.join(", ")
        );
    }
    let rows = reader.records().zip(2..).map(|(row, number)| {
        read(row?.deserialize(Some(header))?).with_context(|| format!("row {number} cannot be used"))
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn wrong_row_and_column_are_named() {
        let temp = tempfile::tempdir().unwrap();
        let labels = temp.path().join("labels.csv");
        for (table, expected) in [
            (
                "id,colour\n1,red\n",
                "there is no column color or type; its columns are id, colour",
            ),
            (
                "id,color\r\n1,red\r\n2,blue\r\n1,white\r\n",
                "row 4 cannot be used: `1.jpg` has other labels in an earlier row",
            ),
        ] {
            fs::write(&labels, table).unwrap();
            let error = format!("{:#}", read(&labels, Words::Basic, None).unwrap_err());
            assert!(error.ends_with(expected), "{error}");
        }
    }

    #[test]
    fn unknown_words_are_listed_together_and_the_rest_is_read() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("labels.csv");
        let table = "file,color,type\na.png,navy,3\nb.png,red,0\nc.png,navy,boots\nd.png,, \n";
        fs::write(&path, table).unwrap();
        let Table { labels, unknown } = read(&path, Words::Basic, None).unwrap();
        let found: Vec<_> = labels.iter().map(|it| (it.color, it.product_type)).collect();
        let expected = [
            (None, Some(Some(ProductType::TShirt))),
            (Some(BasicColor::Red), Some(None)),
        ];
        assert_eq!(found, expected);
        assert_eq!(unknown.rows(), 3);
        let lines = unknown.to_string();
        let (colors, types) = lines.split_once('\n').unwrap();
        assert!(colors.starts_with("unknown words of the column color: `navy` (2 rows); expected black,"));
        assert!(
            colors.ends_with("yellow; --words catalogue knows more"),
            "{colors}"
        );
        assert!(
            types.contains("type: `boots` (1 row); expected 0 to 12, none"),
            "{lines}"
        );
        let found = read(&path, Words::Catalogue, None).unwrap();
        assert_eq!(
            (found.labels[0].color, found.unknown.rows()),
            (Some(BasicColor::Blue), 1)
        );
    }

    #[test]
    fn tables_of_other_programs_are_read_and_zero_bytes_are_named() {
        let temp = tempfile::tempdir().unwrap();
        let labels = temp.path().join("labels.csv");
        let text = "File\tCOLOR\r\nros\u{e9}.png\tred\r\n";
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        fs::write(&labels, bytes).unwrap();
        let found = read(&labels, Words::Basic, None).unwrap().labels;
        assert_eq!(
            (&*found[0].file, found[0].color),
            (Path::new("ros\u{e9}.png"), Some(BasicColor::Red))
        );
        fs::write(&labels, "file,color\na.png,red\nb\0.png,red\n").unwrap();
        let error = format!("{:#}", read(&labels, Words::Basic, None).unwrap_err());
        assert!(error.contains("labels.csv`: line 3 holds a zero byte"), "{error}");
    }

    #[test]
    fn accepted_names_belong_to_the_image_of_their_id() {
        let temp = tempfile::tempdir().unwrap();
        let [labels, accepted] = ["labels.csv", "accepted.csv"].map(|name| temp.path().join(name));
        fs::write(&accepted, "id,accepted\n007,pink  \n8,red\n007,purple\n,\n").unwrap();
        fs::write(&labels, "id,type,color\n007,1,red\n8,,\n007,1,red\n,,\n").unwrap();
        let found = read(&labels, Words::Basic, Some(&accepted)).unwrap().labels;
        let expected = Labeled {
            file: "007.jpg".into(),
            color: Some(BasicColor::Red),
            product_type: Some(Some(ProductType::Dress)),
            accepted: vec![BasicColor::Pink, BasicColor::Purple],
        };
        assert_eq!(found, [expected]);
        fs::write(&accepted, "id,accepted\n7,pink\n").unwrap();
        let error = read(&labels, Words::Basic, Some(&accepted))
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("no image of the accepted names"), "{error}");
        fs::write(&accepted, "id,accepted\n007,navy\n").unwrap();
        let error = read(&labels, Words::Basic, Some(&accepted))
            .unwrap_err()
            .to_string();
        assert!(error.contains("cannot read the accepted names"), "{error}");
    }
}
