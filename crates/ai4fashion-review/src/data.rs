//! The data of the page, column by column.

use std::collections::{BTreeMap, HashMap};

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::{
    Dataset, LabeledName, ProductType, Record, Split, layout::image_name, record::TypeSource,
    source::base_color_candidates,
};
use ai4fashion_files::{hex, sha256_hex};
use ai4fashion_image::QualityFlag;
use serde::Serialize;

use crate::doubt::{Suggestion, doubt};

/// A name and the colour that it is shown in.
#[derive(Debug, Serialize)]
struct Color {
    name: &'static str,
    hex: String,
}

/// A colour of the source, and the places of the names that it can mean.
#[derive(Debug, Serialize)]
struct SourceColor {
    name: String,
    means: Vec<usize>,
}

/// The columns. Colours are places in [`BasicColor::ALL`]; types are their numbers, 0 if unknown.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Data {
    /// Identifies the set of images, whatever their labels.
    pub(crate) id: String,
    pub(crate) name: String,
    /// True if annotations go to a server.
    pub(crate) serve: bool,
    /// Thumbnails in each sheet; 0 without sheets.
    pub(crate) per_sheet: usize,
    colors: Vec<Color>,
    types: Vec<&'static str>,
    source_colors: Vec<SourceColor>,
    /// What the source calls its types.
    source_words: Vec<String>,
    stem: Vec<String>,
    color: Vec<usize>,
    #[serde(rename = "type")]
    product_type: Vec<u8>,
    /// See [`annotated`].
    annotated: Vec<u8>,
    model_color: Vec<usize>,
    source_type: Vec<u8>,
    /// 1 if `source_type` is the classifier's, since the source says nothing; 0 otherwise.
    type_is_suggested: Vec<u8>,
    /// The type that the classifier sees; -1 if it was not asked.
    suggested_type: Vec<i32>,
    /// Of the suggested type, in thousandths; 0 if the classifier was not asked.
    type_confidence: Vec<u16>,
    runner_up: Vec<usize>,
    /// In thousandths.
    confidence: Vec<u16>,
    /// See [`doubt`]; in thousandths.
    doubt: Vec<u16>,
    dominant_color: Vec<String>,
    /// The place in `source_colors`; -1 without.
    source_color: Vec<i32>,
    /// The place in `source_words`; -1 without.
    source_word: Vec<i32>,
    /// A number that duplicates share; -1 for all others.
    group: Vec<i32>,
    split: Vec<Split>,
    flags: Vec<Vec<QualityFlag>>,
}

impl Data {
    /// Collects the columns of a data set.
    pub(crate) fn new(dataset: &Dataset) -> Self {
        let whole = std::path::absolute(dataset.root()).unwrap_or_else(|_| dataset.root().to_owned());
        let name = whole.file_name().unwrap_or_default();
        let records = dataset.records();
        let mut data = Self {
            id: id(records),
            name: name.to_string_lossy().into_owned(),
            colors: BasicColor::ALL.map(color).into(),
            types: std::iter::once("unknown")
                .chain(ProductType::ALL.map(ProductType::as_str))
                .collect(),
            group: groups(records),
            ..Self::default()
        };
        let (mut source_colors, mut source_words) = (BTreeMap::new(), BTreeMap::new());
        for record in records {
            data.add(record, &mut source_colors);
            data.add_word(record.source_type_name(), &mut source_words);
        }
        data
    }

    fn add_word(&mut self, word: Option<&str>, places: &mut BTreeMap<String, i32>) {
        let place = word.map_or(-1, |word| {
            *places.entry(word.to_owned()).or_insert_with(|| {
                self.source_words.push(word.to_owned());
                self.source_words.len() as i32 - 1
            })
        });
        self.source_word.push(place);
    }

    fn add(&mut self, record: &Record, source_colors: &mut BTreeMap<String, i32>) {
        self.stem.push(stem(&record.file));
        self.color.push(record.color.index());
        self.product_type
            .push(ProductType::number_of(record.product_type));
        self.annotated.push(annotated(record));
        self.model_color.push(record.classified_color().index());
        self.source_type
            .push(ProductType::number_of(record.source_type()));
        self.type_is_suggested.push(u8::from(is_type_suggested(record)));
        let suggestion = Suggestion::of(record);
        self.suggested_type.push(suggestion.map_or(-1, |suggestion| {
            i32::from(ProductType::number_of(suggestion.product_type))
        }));
        self.type_confidence
            .push(suggestion.map_or(0, |suggestion| thousandths(suggestion.confidence)));
        self.runner_up.push(record.runner_up.index());
        self.confidence.push(thousandths(record.confidence));
        let is_human = |bit: u8| annotated(record) & bit != 0;
        self.doubt.push(thousandths(doubt(
            (!is_human(1)).then_some(record.confidence),
            record.product_type,
            suggestion.filter(|_| !is_human(2)),
        )));
        self.dominant_color.push(css(record.dominant_color));
        self.split.push(record.split);
        self.flags.push(record.flags.clone());
        let place = record.base_color.as_ref().map_or(-1, |name| {
            *source_colors.entry(name.clone()).or_insert_with(|| {
                let means = base_color_candidates(name)
                    .iter()
                    .map(|color| color.index())
                    .collect();
                let name = name.clone();
                self.source_colors.push(SourceColor { name, means });
                self.source_colors.len() as i32 - 1
            })
        });
        self.source_color.push(place);
    }
}

/// Tells which labels are human, as bits: 1 for the colour, 2 for the type.
pub(crate) fn annotated(record: &Record) -> u8 {
    record.annotation.as_ref().map_or(0, |annotation| {
        u8::from(annotation.model_color.is_some()) | u8::from(annotation.source_type.is_some()) << 1
    })
}

/// Tells whether the type, whatever a person has set, is the classifier's.
fn is_type_suggested(record: &Record) -> bool {
    let replaced = record.annotation.as_ref().and_then(|it| it.source_type);
    let type_source = replaced.map_or(record.type_source, |it| it.type_source);
    type_source == Some(TypeSource::Classifier)
}

fn thousandths(probability: f32) -> u16 {
    (probability.clamp(0.0, 1.0) * 1000.0).round() as u16
}

/// Finds the part of a file's name that stays when its labels change.
pub(crate) fn stem(file: &str) -> String {
    let name = image_name(file);
    let parsed = name.parse::<LabeledName>();
    parsed.map_or_else(|_| name.to_owned(), |name| name.stem().to_owned())
}

/// Writes a colour as in CSS.
pub(crate) fn css([red, green, blue]: [u8; 3]) -> String {
    format!("#{}", hex(&[red, green, blue]))
}

fn color(color: BasicColor) -> Color {
    Color {
        name: color.as_str(),
        hex: css(color.srgb()),
    }
}

fn id(records: &[Record]) -> String {
    let mut text = String::new();
    for record in records {
        for part in [&*record.source, &record.source_path, &record.source_blake3] {
            text.push_str(part);
            text.push('\n');
        }
    }
    sha256_hex(text.as_bytes())[..16].to_owned()
}

/// Numbers the groups of duplicates in the order in which they come.
fn groups(records: &[Record]) -> Vec<i32> {
    let mut numbers: HashMap<&str, i32> = HashMap::new();
    let mut number = |group| {
        let next = numbers.len() as i32;
        *numbers.entry(group).or_insert(next)
    };
    let groups = records.iter().map(|record| record.group.as_deref());
    groups.map(|group| group.map_or(-1, &mut number)).collect()
}
