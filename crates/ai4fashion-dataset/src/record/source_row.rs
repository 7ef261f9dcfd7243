//! The row of an image in the table of its source.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The row of an image in the table of its source: the text of each column that has one.
///
/// In JSON it is an object. Columns keep their order. Values that are not text are read as their
/// JSON.
///
/// ```
/// use ai4fashion_dataset::record::SourceRow;
///
/// let row: SourceRow = [("articleType", "Tshirts"), ("season", "")].into_iter().collect();
/// assert_eq!(row.get("articleType"), Some("Tshirts"));
/// assert_eq!(row.iter().count(), 1);
/// ```
#[derive(Clone)]
pub struct SourceRow {
    /// Data sets have many rows: each is two blocks of memory, of which the columns' can be shared.
    columns: Arc<Texts>,
    values: Arc<Texts>,
}

/// Texts one after the other, each with its end.
struct Texts {
    text: Box<str>,
    ends: Box<[usize]>,
}

impl SourceRow {
    /// The text of a column.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&str> {
        self.iter()
            .find(|(name, _)| *name == column)
            .map(|(_, value)| value)
    }

    /// The columns that have a text, with it.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.columns.iter().zip(self.values.iter());
        all.filter(|(_, value)| !value.is_empty())
    }

    /// A row of the same columns.
    pub(crate) fn with_values<'a>(&self, values: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            columns: Arc::clone(&self.columns),
            values: Arc::new(values.into_iter().collect()),
        }
    }
}

impl Texts {
    fn iter(&self) -> impl Iterator<Item = &str> {
        let mut start = 0;
        let ends = self.ends.iter();
        ends.map(move |end| &self.text[std::mem::replace(&mut start, *end)..*end])
    }
}

impl<'a> FromIterator<&'a str> for Texts {
    fn from_iter<T: IntoIterator<Item = &'a str>>(texts: T) -> Self {
        let (mut text, mut ends) = (String::new(), Vec::new());
        for one in texts {
            text.push_str(one);
            ends.push(text.len());
        }
        Self {
            text: text.into(),
            ends: ends.into(),
        }
    }
}

impl<C: AsRef<str>, V: AsRef<str>> FromIterator<(C, V)> for SourceRow {
    fn from_iter<T: IntoIterator<Item = (C, V)>>(fields: T) -> Self {
        let fields: Vec<(C, V)> = fields.into_iter().collect();
        let columns: Texts = fields.iter().map(|(column, _)| column.as_ref()).collect();
        let values: Texts = fields.iter().map(|(_, value)| value.as_ref()).collect();
        Self {
            columns: Arc::new(columns),
            values: Arc::new(values),
        }
    }
}

/// Empty fields are none.
impl PartialEq for SourceRow {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for SourceRow {}

impl fmt::Debug for SourceRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl Serialize for SourceRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for SourceRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> de::Visitor<'de> for Fields {
            type Value = SourceRow;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of texts")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<SourceRow, A::Error> {
                let mut fields = Vec::new();
                while let Some((column, value)) = map.next_entry::<String, serde_json::Value>()? {
                    let text = match value {
                        serde_json::Value::String(text) => text,
                        serde_json::Value::Null => String::new(),
                        other => other.to_string(),
                    };
                    fields.push((column, text));
                }
                Ok(fields.into_iter().collect())
            }
        }

        deserializer.deserialize_map(Fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_reads_back_in_order_and_unknown_content_is_text() {
        let json = r#"{"z":"a, \"b\" é","a":"NA","empty":"","gone":null,"year":2012.0,"list":["x",{}]}"#;
        let row: SourceRow = serde_json::from_str(json).unwrap();
        let text = r#"{"z":"a, \"b\" é","a":"NA","year":"2012.0","list":"[\"x\",{}]"}"#;
        assert_eq!(serde_json::to_string(&row).unwrap(), text);
        assert_eq!(serde_json::from_str::<SourceRow>(text).unwrap(), row);
        assert!(serde_json::from_str::<SourceRow>("\"text\"").is_err());
    }

    #[test]
    fn rows_share_their_columns() {
        let first: SourceRow = [("a", "1"), ("b", "2")].into_iter().collect();
        let second = first.with_values(["", "3"]);
        assert!(Arc::ptr_eq(&first.columns, &second.columns));
        assert_eq!(second.iter().collect::<Vec<_>>(), [("b", "3")]);
        // Whether empty fields are there makes no difference.
        assert_eq!(second, [("b", "3")].into_iter().collect());
    }
}
