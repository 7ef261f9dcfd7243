//! The columns that every format has beside the image.

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::{ProductType, Record, layout, record::TypeSource};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value as Json, json};

/// The word for images of no known product type.
pub(crate) const NO_TYPE: &str = "none";

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// A 32-bit number.
    Real,
    /// The index of one of these names.
    Class(Vec<&'static str>),
}

/// A value of a column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Text(String),
    Real(f32),
    Class(usize),
}

/// A column: its name, what it means, and its value for a record.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) meaning: &'static str,
    pub(crate) kind: Kind,
    value: fn(&Record) -> Option<Value>,
}

impl Column {
    /// The value for a record; each of those that [`columns`] was made for has one.
    pub(crate) fn value(&self, record: &Record) -> Value {
        (self.value)(record).unwrap_or_else(|| match self.kind {
            Kind::Text => Value::Text(String::new()),
            Kind::Real => Value::Real(0.0),
            Kind::Class(_) => Value::Class(0),
        })
    }
}

/// The columns of a data set. No value is missing: a text that is not known is empty, and a number
/// that not every record has is no column. So programs that guess a column's type from its first
/// values guess right.
pub(crate) fn columns<'a>(records: impl Iterator<Item = &'a Record> + Clone) -> Vec<Column> {
    let mut all = all();
    all.retain(|column| records.clone().all(|record| (column.value)(record).is_some()));
    all
}

fn all() -> Vec<Column> {
    let colors = || Kind::Class(BasicColor::ALL.map(BasicColor::as_str).to_vec());
    let types = || {
        let names = ProductType::ALL.map(ProductType::as_str);
        Kind::Class([NO_TYPE].into_iter().chain(names).collect())
    };
    vec![
        column("color", "the colour", colors(), |r| color(r.color)),
        column("type", "the product type, or none", types(), |r| {
            kind_of(r.product_type)
        }),
        column(
            "classified_color",
            "the classifier's colour, also where a person has set another",
            colors(),
            |r| {
                let replaced = r.annotation.as_ref().and_then(|it| it.model_color);
                color(replaced.unwrap_or(r.color))
            },
        ),
        column(
            "confidence",
            "calibrated probability of the classifier's colour",
            Kind::Real,
            |r| Some(Value::Real(r.confidence)),
        ),
        column(
            "margin",
            "lead of the classifier's colour over the runner-up in its scores; no probability",
            Kind::Real,
            |r| Some(Value::Real(r.margin)),
        ),
        column("runner_up", "the second most likely colour", colors(), |r| {
            color(r.runner_up)
        }),
        column(
            "color_source",
            "`classifier`, or `human` if a person has set the colour",
            Kind::Text,
            |r| text_of(r.color_source().as_str()),
        ),
        column(
            "type_source",
            "`article-type`, `table`, `classifier` (a suggestion), `human`, or empty",
            Kind::Text,
            |r| text_of(r.type_source.map_or("", TypeSource::as_str)),
        ),
        column(
            "suggested_type",
            "the product type that the label model sees, or none",
            types(),
            |r| {
                r.suggested_type_confidence
                    .and_then(|_| kind_of(r.suggested_type))
            },
        ),
        column(
            "suggested_type_confidence",
            "its calibrated probability",
            Kind::Real,
            |r| r.suggested_type_confidence.map(Value::Real),
        ),
        column(
            "garment_only_probability",
            "calibrated probability of a garment alone",
            Kind::Real,
            |r| r.garment_only_probability.map(Value::Real),
        ),
        column(
            "flags",
            "defects of the photo: `small`, `blurred`, `nearly-empty`, `unusable-profile`, or empty",
            Kind::Text,
            |r| {
                let flags: Vec<&str> = r.flags.iter().map(|flag| flag.as_str()).collect();
                text_of(&flags.join(","))
            },
        ),
        column(
            "base_color",
            "the source's own word for the colour, or empty",
            Kind::Text,
            |r| text_of(r.base_color.as_deref().unwrap_or_default()),
        ),
        column(
            "group",
            "equal for all duplicates of an image, or empty",
            Kind::Text,
            |r| text_of(r.group.as_deref().unwrap_or_default()),
        ),
        column("file_name", "the image's name in the data set", Kind::Text, |r| {
            text_of(layout::image_name(&r.file))
        }),
        column("source", "kind of the source", Kind::Text, |r| text_of(&r.source)),
        column(
            "source_path",
            "path of the photo below its source",
            Kind::Text,
            |r| text_of(&r.source_path),
        ),
        column(
            "source_row",
            "the photo's row in the source's table as JSON, or empty",
            Kind::Text,
            |r| {
                let row = r.source_row.as_ref().map(serde_json::to_string);
                Some(Value::Text(row.transpose().ok().flatten().unwrap_or_default()))
            },
        ),
    ]
}

fn column(
    name: &'static str,
    meaning: &'static str,
    kind: Kind,
    value: fn(&Record) -> Option<Value>,
) -> Column {
    Column {
        name,
        meaning,
        kind,
        value,
    }
}

fn text_of(text: &str) -> Option<Value> {
    Some(Value::Text(text.to_owned()))
}

fn color(color: BasicColor) -> Option<Value> {
    Some(Value::Class(color.index()))
}

fn kind_of(product_type: Option<ProductType>) -> Option<Value> {
    Some(Value::Class(ProductType::number_of(product_type).into()))
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
        for column in self.columns {
            map.serialize_key(column.name)?;
            match (column.value(self.record), &column.kind, &self.file_name) {
                (_, _, Some(name)) if column.name == "file_name" => map.serialize_value(name)?,
                (Value::Class(index), Kind::Class(names), _) => map.serialize_value(names[index])?,
                (Value::Class(index), ..) => map.serialize_value(&index)?,
                (Value::Text(text), ..) => map.serialize_value(&text)?,
                (Value::Real(number), ..) => map.serialize_value(&number)?,
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
        let feature = match &column.kind {
            Kind::Text => json!({ "dtype": "string", "_type": "Value" }),
            Kind::Real => json!({ "dtype": "float32", "_type": "Value" }),
            Kind::Class(names) => json!({ "names": names, "_type": "ClassLabel" }),
        };
        features.insert(column.name.to_owned(), feature);
    }
    json!({ "info": { "features": features } })
}
