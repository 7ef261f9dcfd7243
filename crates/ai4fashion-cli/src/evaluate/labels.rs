//! Tables of colour labels.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use ai4fashion_color::BasicColor;
use anyhow::{Context, bail, ensure};
use serde::{Deserialize, de::DeserializeOwned};

/// An image and its colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Labeled {
    /// File, below the folder of images.
    pub(super) file: PathBuf,
    /// Colour in the catalogue.
    pub(super) color: BasicColor,
    /// Other names that count as right.
    pub(super) accepted: Vec<BasicColor>,
}

#[derive(Deserialize)]
struct Label {
    id: Option<String>,
    file: Option<String>,
    color: String,
}

#[derive(Deserialize)]
struct Accepted {
    id: Option<String>,
    file: Option<String>,
    accepted: String,
}

/// The file that one of the columns names.
fn file_of(id: Option<String>, file: Option<String>) -> anyhow::Result<PathBuf> {
    let file = file.or(id.map(|id| format!("{id}.jpg")));
    let file = file.context("there is neither a column id nor a column file")?;
    Ok(file.into())
}

/// Reads a table with the columns `id` (of an image `ID.jpg`) or `file`, and `color`. Rows without
/// a colour are left out. A second table, with `id` or `file` and `accepted`, has more names that
/// count as right, separated by blanks.
///
/// # Errors
/// If a table cannot be read, has other names than the eleven, or gives an image two colours.
pub(super) fn read(labels: &Path, accepted: Option<&Path>) -> anyhow::Result<Vec<Labeled>> {
    let mut others = match accepted {
        Some(path) => read_accepted(path)
            .with_context(|| format!("cannot read the accepted names `{}`", path.display()))?,
        None => HashMap::new(),
    };
    let mut colors = HashMap::new();
    let labeled = |Label { id, file, color }| {
        let file = file_of(id, file)?;
        if color.is_empty() {
            return Ok(None);
        }
        let color = color.parse()?;
        if let Some(before) = colors.insert(file.clone(), color) {
            let file = file.display();
            ensure!(
                before == color,
                "`{file}` is {before} in an earlier row, {color} here"
            );
            return Ok(None);
        }
        let accepted = others.remove(&file).unwrap_or_default();
        Ok(Some(Labeled {
            file,
            color,
            accepted,
        }))
    };
    let found: Vec<Option<Labeled>> = rows(labels, "color", labeled)
        .with_context(|| format!("cannot read the labels `{}`", labels.display()))?;
    Ok(found.into_iter().flatten().collect())
}

fn read_accepted(path: &Path) -> anyhow::Result<HashMap<PathBuf, Vec<BasicColor>>> {
    rows(path, "accepted", |Accepted { id, file, accepted }| {
        let names = accepted.split_whitespace().map(str::parse);
        Ok((file_of(id, file)?, names.collect::<Result<_, _>>()?))
    })
}

/// What `read` makes of each row of a table that has a `column`; its errors name the row, the
/// header being the first.
fn rows<T: DeserializeOwned, U, All: FromIterator<U>>(
    path: &Path,
    column: &str,
    mut read: impl FnMut(T) -> anyhow::Result<U>,
) -> anyhow::Result<All> {
    let mut reader = csv::Reader::from_path(path)?;
    let header = reader.headers()?.clone();
    if !header.iter().any(|name| name == column) {
        let columns: Vec<&str> = header.iter().collect();
        bail!(
            "there is no column {column}; its columns are {}",
            columns.join(", ")
        );
    }
    let rows = reader.records().zip(2..).map(|(row, number)| {
        read(row?.deserialize(Some(&header))?).with_context(|| format!("row {number} cannot be used"))
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
                "there is no column color; its columns are id, colour",
            ),
            (
                "id,color\r\n1,red\r\n2,blue\r\n1,white\r\n",
                "row 4 cannot be used: `1.jpg` is red in an earlier row, white here",
            ),
        ] {
            fs::write(&labels, table).unwrap();
            let error = format!("{:#}", read(&labels, None).unwrap_err());
            assert!(error.ends_with(expected), "{error}");
        }
    }

    #[test]
    fn accepted_names_belong_to_the_image_of_their_id() {
        let temp = tempfile::tempdir().unwrap();
        let [labels, accepted] = ["labels.csv", "accepted.csv"].map(|name| temp.path().join(name));
        fs::write(&labels, "id,type,color\n007,1,red\n8,2,\n9,2,navy\n").unwrap();
        fs::write(&accepted, "id,accepted\n007,pink  purple\n8,red\n").unwrap();
        let error = format!("{:#}", read(&labels, Some(&accepted)).unwrap_err());
        assert!(
            error.contains("row 4 cannot be used: ") && error.contains("navy"),
            "{error}"
        );
        fs::write(&labels, "id,type,color\n007,1,red\n8,2,\n007,1,red\n").unwrap();
        let found = read(&labels, Some(&accepted)).unwrap();
        let expected = Labeled {
            file: "007.jpg".into(),
            color: BasicColor::Red,
            accepted: vec![BasicColor::Pink, BasicColor::Purple],
        };
        assert_eq!(found, [expected]);
        fs::write(&accepted, "id,accepted\n007,navy\n").unwrap();
        let error = read(&labels, Some(&accepted)).unwrap_err().to_string();
        assert!(error.contains("cannot read the accepted names"), "{error}");
    }
}
