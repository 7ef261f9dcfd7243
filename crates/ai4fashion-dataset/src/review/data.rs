//! What the page knows of the pictures, column by column.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::{
    BasicColor, Dataset, Flag, LabeledName, ProductType, Record, Split, dataset::layout::name_of, meanings,
    sha256,
};

/// A name and how it is shown.
#[derive(Debug, Serialize)]
struct Color {
    name: &'static str,
    hex: String,
}

/// A word of the source for a colour, and the places of the names that it can mean.
#[derive(Debug, Serialize)]
struct Word {
    word: String,
    means: Vec<usize>,
}

/// Numbers stand for names: colours by their place in [`BasicColor::ALL`], types by their number.
#[derive(Debug, Default, Serialize)]
pub(super) struct Data {
    /// Another one for another set of pictures, whatever their labels.
    pub(super) id: String,
    pub(super) name: String,
    /// Whether corrections go to a server.
    pub(super) serve: bool,
    /// Small copies in each sheet; 0 without sheets.
    pub(super) per_sheet: usize,
    colors: Vec<Color>,
    types: Vec<&'static str>,
    words: Vec<Word>,
    stem: Vec<String>,
    color: Vec<usize>,
    #[serde(rename = "type")]
    product_type: Vec<u8>,
    /// What a person has said: 1 the colour, 2 the type.
    said: Vec<u8>,
    first_color: Vec<usize>,
    first_type: Vec<u8>,
    second: Vec<usize>,
    /// Confidence in thousandths.
    sure: Vec<u16>,
    dominant: Vec<String>,
    /// The place of the source's word; -1 without.
    word: Vec<i32>,
    /// A number that pictures share which look the same; -1 for all others.
    group: Vec<i32>,
    split: Vec<Split>,
    flags: Vec<Vec<Flag>>,
}

impl Data {
    pub(super) fn of(dataset: &Dataset) -> Self {
        let whole = std::path::absolute(dataset.root()).unwrap_or_else(|_| dataset.root().to_owned());
        let name = whole
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let records = dataset.records();
        let mut data = Self {
            id: id(records),
            name,
            colors: BasicColor::ALL.map(color).into(),
            types: std::iter::once("not known")
                .chain(ProductType::ALL.map(ProductType::name))
                .collect(),
            group: groups(records),
            ..Self::default()
        };
        let mut words = BTreeMap::new();
        for record in records {
            data.add(record, &mut words);
        }
        data
    }

    fn add(&mut self, record: &Record, words: &mut BTreeMap<String, i32>) {
        self.stem.push(stem(&record.file));
        self.color.push(record.color.index());
        self.product_type
            .push(ProductType::number_of(record.product_type));
        self.said.push(said(record));
        self.first_color.push(record.classified_color().index());
        self.first_type.push(ProductType::number_of(record.source_type()));
        self.second.push(record.runner_up.index());
        self.sure
            .push((record.margin.clamp(0.0, 1.0) * 1000.0).round() as u16);
        let [red, green, blue] = record.dominant;
        self.dominant.push(format!("#{red:02x}{green:02x}{blue:02x}"));
        self.split.push(record.split);
        self.flags.push(record.flags.clone());
        let word = record.base_color.as_ref().map_or(-1, |word| {
            *words.entry(word.clone()).or_insert_with(|| {
                let means = meanings(word).iter().map(|color| color.index()).collect();
                self.words.push(Word {
                    word: word.clone(),
                    means,
                });
                self.words.len() as i32 - 1
            })
        });
        self.word.push(word);
    }
}

/// What a person has said of a record, in bits.
pub(super) fn said(record: &Record) -> u8 {
    record.checked.as_ref().map_or(0, |checked| {
        u8::from(checked.color_was.is_some()) | u8::from(checked.type_was.is_some()) << 1
    })
}

/// What stays of a file's name when its labels change.
pub(super) fn stem(file: &str) -> String {
    let name = name_of(file);
    let parsed = name.parse::<LabeledName>();
    parsed.map_or_else(|_| name.to_owned(), |name| name.stem().to_owned())
}

fn color(color: BasicColor) -> Color {
    let [red, green, blue] = color.srgb();
    Color {
        name: color.as_str(),
        hex: format!("#{red:02x}{green:02x}{blue:02x}"),
    }
}

fn id(records: &[Record]) -> String {
    let mut text = String::new();
    for record in records {
        text.extend([
            &*record.source,
            "\n",
            &record.original,
            "\n",
            &record.sha256,
            "\n",
        ]);
    }
    sha256(text.as_bytes())[..16].to_owned()
}

/// Numbers for the groups, in the order in which they come.
fn groups(records: &[Record]) -> Vec<i32> {
    let mut numbers: HashMap<&str, i32> = HashMap::new();
    let mut number = |group| {
        let next = numbers.len() as i32;
        *numbers.entry(group).or_insert(next)
    };
    let groups = records.iter().map(|record| record.group.as_deref());
    groups.map(|group| group.map_or(-1, &mut number)).collect()
}
