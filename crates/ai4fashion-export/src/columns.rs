//! The columns that every format has beside the image.

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::{ProductType, Record, layout, record::TypeSource};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value as Json, json};

/// The column whose values depend on where an image lies in the export.
pub(crate) const FILE_NAME: &str = "file_name";

/// What a column holds, and its value for a record.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Values {
    Text(fn(&Record) -> String),
    /// A 32-bit number.
    Real(fn(&Record) -> Option<f32>),
    Color(fn(&Record) -> BasicColor),
    /// A product type or none of the twelve.
    Type(fn(&Record) -> Option<Option<ProductType>>),
}

impl Values {
    /// The names of classes, of which Parquet holds the indices.
    pub(crate) fn classes(self) -> Option<Vec<&'static str>> {
        let types = ProductType::ALL.map(Some);
        match self {
            Self::Text(_) | Self::Real(_) => None,
            Self::Color(_) => Some(BasicColor::ALL.map(BasicColor::as_str).to_vec()),
            Self::Type(_) => Some(
                [None]
                    .into_iter()
                    .chain(types)
                    .map(ProductType::name_of)
                    .collect(),
            ),
        }
    }

    fn is_known(self, record: &Record) -> bool {
        match self {
            Self::Text(_) | Self::Color(_) => true,
            Self::Real(get) => get(record).is_some(),
            Self::Type(get) => get(record).is_some(),
        }
    }
}

/// A column: its name, what it means, and its values.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) meaning: &'static str,
    pub(crate) values: Values,
}

/// The columns of a data set. No value is missing: a text that is not known is empty, and a number
/// that not every record has is no column. So programs that guess a column's type from its first
/// values guess right.
pub(crate) fn columns<'a>(records: impl Iterator<Item = &'a Record> + Clone) -> Vec<Column> {
    let mut all = all();
    all.retain(|column| records.clone().all(|record| column.values.is_known(record)));
    all
}

fn all() -> Vec<Column> {
    use Values::{Color, Real, Text, Type};
    let column = |name, meaning, values| Column {
        name,
        meaning,
        values,
    };
    vec![
        column("color", "the colour", Color(|r| r.color)),
        column(
            "type",
            "the product type, or none",
            Type(|r| Some(r.product_type)),
        ),
        column(
            "classified_color",
            "the classifier's colour, also where a person has set another",
            Color(|r| {
                let replaced = r.annotation.as_ref().and_then(|it| it.model_color);
                replaced.unwrap_or(r.color)
            }),
        ),
        column(
            "confidence",
            "calibrated probability of the classifier's colour",
            Real(|r| Some(r.confidence)),
        ),
        column(
            "margin",
            "lead of the classifier's colour over the runner-up in its scores; no probability",
            Real(|r| Some(r.margin)),
        ),
        column(
            "runner_up",
            "the second most likely colour",
            Color(|r| r.runner_up),
        ),
        column(
            "color_source",
            "`classifier`, or `human` if a person has set the colour",
            Text(|r| r.color_source().to_string()),
        ),
        column(
            "type_source",
            "`article-type`, `table`, `classifier` (a suggestion), `human`, or empty",
            Text(|r| r.type_source.map_or("", TypeSource::as_str).to_owned()),
        ),
        column(
            "suggested_type",
            "the product type that the label model sees, or none",
            Type(|r| r.suggested_type_confidence.map(|_| r.suggested_type)),
        ),
        column(
            "suggested_type_confidence",
            "its calibrated probability",
            Real(|r| r.suggested_type_confidence),
        ),
        column(
            "garment_only_probability",
            "calibrated probability of a garment alone",
            Real(|r| r.garment_only_probability),
        ),
        column(
            "flags",
            "defects of the photo: `small`, `blurred`, `nearly-empty`, `unusable-profile`, or empty",
            Text(|r| {
                let flags: Vec<&str> = r.flags.iter().map(|flag| flag.as_str()).collect();
                flags.join(",")
            }),
        ),
        column(
            "base_color",
            "the source's own word for the colour, or empty",
            Text(|r| r.base_color.clone().unwrap_or_default()),
        ),
        column(
            "group",
            "equal for all duplicates of an image, or empty",
            Text(|r| r.group.clone().unwrap_or_default()),
        ),
        column(
            FILE_NAME,
            "the image's name in the data set",
            Text(|r| layout::image_name(&r.file).to_owned()),
        ),
        column("source", "kind of the source", Text(|r| r.source.clone())),
        column(
            "source_path",
            "path of the photo below its source",
            Text(|r| r.source_path.clone()),
        ),
        column(
            "source_row",
            "the photo's row in the source's table as JSON, or empty",
            Text(|r| {
                r.source_row
                    .as_ref()
                    .map_or_else(String::new, |row| json!(row).to_string())
            }),
        ),
    ]
}

/// A record as JSON: classes by their names, in the order of the columns.
pub(crate) struct Row<'a> {
    pub(crate) columns: &'a [Column],
    pub(crate) record: &'a Record,
    /// In place of the column `file_name`.
    pub(crate) file_name: Option<String>,
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.columns.len()))?;
        for Column { name, values, .. } in self.columns {
            match (values, &self.file_name) {
                (_, Some(path)) if *name == FILE_NAME => map.serialize_entry(name, path)?,
                (Values::Text(get), _) => map.serialize_entry(name, &get(self.record))?,
                (Values::Real(get), _) => map.serialize_entry(name, &get(self.record))?,
                (Values::Color(get), _) => map.serialize_entry(name, get(self.record).as_str())?,
                (Values::Type(get), _) => {
                    map.serialize_entry(name, &get(self.record).map(ProductType::name_of))?;
                }
            }
        }
        map.end()
    }
}

/// The columns with the image as Hugging Face's `datasets` notes features in Parquet.
pub(crate) fn features(columns: &[Column]) -> Json {
    let mut features = serde_json::Map::new();
    features.insert("image".to_owned(), json!({ "_type": "Image" }));
    for column in columns {
        let feature = match column.values {
            Values::Text(_) => json!({ "dtype": "string", "_type": "Value" }),
            Values::Real(_) => json!({ "dtype": "float32", "_type": "Value" }),
            Values::Color(_) | Values::Type(_) => {
                json!({ "names": column.values.classes(), "_type": "ClassLabel" })
            }
        };
        features.insert(column.name.to_owned(), feature);
    }
    json!({ "info": { "features": features } })
}
