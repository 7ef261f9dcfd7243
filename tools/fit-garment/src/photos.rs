//! Labelled photos.

use std::{
    collections::{BTreeMap, HashMap},
    fs::{self, File},
    io::Read,
    path::Path,
};

use ai4fashion_dataset::{BasicColor, ProductType, source::base_color_candidates};
use ai4fashion_fit::Example;
use ai4fashion_image::{DecodedImage, Limits, decode, image::RgbImage};
use anyhow::Context;
use rayon::prelude::*;
use serde::Deserialize;
use zip::ZipArchive;

use crate::garments_alone::UNLISTED;

/// Photos of the whole catalogue at 60x80, with its table; ids are even.
pub(crate) const CATALOGUE: &str = "kaggle-small/even.zip";
/// Table that says of some photos whether they show a garment alone.
pub(crate) const LABELS: &str = "smallfashion/labels.csv";

/// Some of these photos at 168x224.
pub(crate) const LARGE: &str = "smallfashion/images";

/// Blocks of ids.
pub(crate) const BLOCKS: u32 = 8;

/// Articles that are told apart beside the twelve types, the most frequent ones.
const OTHER_ARTICLES: usize = 26;
/// The part of the photos of other articles that an epoch shows, and the weight of their colours.
const OTHERS: [f32; 2] = [0.4, 0.5];

/// The part of the large photos that an epoch shows.
const LARGE_CHANCE: f32 = 0.5;

/// A photo and its labels in the catalogue.
#[derive(Clone, Debug)]
pub(crate) struct Photo {
    pub(crate) id: u32,
    pub(crate) image: RgbImage,
    pub(crate) color: Option<BasicColor>,
    /// The catalogue's word for the colour, which is finer.
    pub(crate) base_color: String,
    pub(crate) product_type: Option<ProductType>,
    /// By the list, which is not complete.
    pub(crate) is_garment_only: Option<bool>,
    /// What is learned.
    pub(crate) example: Example,
    /// The photo at 168x224.
    pub(crate) large: Option<RgbImage>,
}

impl Photo {
    /// A thousand of ids: neighbours are one shoot.
    pub(crate) fn thousand(&self) -> u32 {
        self.id / 1000
    }

    /// One of eight groups of ids, whole thousands of them.
    pub(crate) fn block(&self) -> u32 {
        self.thousand() % BLOCKS
    }

    /// The photo as an example, and at its larger size.
    pub(crate) fn examples(&self) -> impl Iterator<Item = Example> {
        let small = self.example.clone();
        let large = self.large.as_ref().map(|image| {
            let chance = small.chance() * LARGE_CHANCE;
            small.clone().with_image(image).with_chance(chance)
        });
        [small].into_iter().chain(large)
    }
}

/// A photo's row of `styles.csv`, and its file.
struct Row {
    id: u32,
    article: String,
    base_color: String,
    bytes: Vec<u8>,
}

/// Reads the photos below `data` that have a row in the table, by id.
pub(crate) fn read(data: &Path) -> anyhow::Result<Vec<Photo>> {
    let rows = rows(&data.join(CATALOGUE))?;
    let garment_only = garment_only(&data.join(LABELS))?;
    let articles = other_articles(&rows);
    let mut photos: Vec<Photo> = rows
        .into_par_iter()
        .map(|row| {
            let image = decode(&row.bytes, &Limits::default())
                .with_context(|| format!("cannot read `images/{}.jpg` of `{CATALOGUE}`", row.id))?
                .into_rgb8();
            let product_type = ProductType::from_article(&row.article);
            let color = color(&row.base_color);
            let is_garment_only = garment_only.get(&row.id).copied();
            let large = data.join(LARGE).join(format!("{}.jpg", row.id));
            let large = large.is_file().then(|| fs::read(large)).transpose()?;
            let large = large
                .map(|bytes| decode(&bytes, &Limits::default()))
                .transpose()
                .with_context(|| format!("cannot read `{LARGE}/{}.jpg`", row.id))?;
            let example = Example::new(&image).with_color(color);
            let mut example = match product_type {
                Some(_) => example.with_type(product_type),
                None => {
                    let number = articles.get(&row.article).copied().unwrap_or(OTHER_ARTICLES);
                    let [chance, weight] = OTHERS;
                    example
                        .with_other_article(number)
                        .with_chance(chance)
                        .with_weight(weight)
                }
            };
            if let Some(is_listed) = is_garment_only {
                example = example.with_garment_only(is_listed || UNLISTED.contains(&row.id));
            }
            Ok(Photo {
                id: row.id,
                image,
                color,
                base_color: row.base_color,
                product_type,
                is_garment_only,
                example,
                large: large.map(DecodedImage::into_rgb8),
            })
        })
        .collect::<anyhow::Result<_>>()?;
    photos.sort_by_key(|photo| photo.id);
    Ok(photos)
}

/// A row of `styles.csv`.
#[derive(Deserialize)]
struct Style {
    id: u32,
    #[serde(rename = "articleType")]
    article: String,
    #[serde(rename = "baseColour")]
    base_color: String,
}

fn rows(path: &Path) -> anyhow::Result<Vec<Row>> {
    let file = File::open(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let mut zip = ZipArchive::new(file)?;
    let mut table = String::new();
    zip.by_name("styles.csv")?.read_to_string(&mut table)?;
    let mut rows = Vec::new();
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(table.as_bytes());
    for row in reader.deserialize() {
        let Style {
            id,
            article,
            base_color,
        } = row.with_context(|| format!("cannot read `styles.csv` of `{}`", path.display()))?;
        // Some rows have no photo.
        let Ok(mut file) = zip.by_name(&format!("images/{id}.jpg")) else {
            continue;
        };
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        rows.push(Row {
            id,
            article,
            base_color,
            bytes,
        });
    }
    Ok(rows)
}

fn garment_only(path: &Path) -> anyhow::Result<HashMap<u32, bool>> {
    #[derive(Deserialize)]
    struct Label {
        id: u32,
        garment_only: u8,
    }
    let context = || format!("cannot read `{}`", path.display());
    let mut table = csv::Reader::from_path(path).with_context(context)?;
    let rows = table.deserialize().map(|row| {
        let Label { id, garment_only } = row.with_context(context)?;
        Ok((id, garment_only == 1))
    });
    rows.collect()
}

/// Numbers of the most frequent articles that are none of the twelve types.
fn other_articles(rows: &[Row]) -> HashMap<String, usize> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let is_other = |row: &&Row| ProductType::from_article(&row.article).is_none();
    for row in rows.iter().filter(is_other) {
        *counts.entry(&row.article).or_default() += 1;
    }
    let mut articles: Vec<(&str, usize)> = counts.into_iter().collect();
    articles.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let names = articles.into_iter().map(|(name, _)| name.to_owned());
    names.take(OTHER_ARTICLES).zip(0..).collect()
}

/// The name that a word of the catalogue stands for, if it is one of the eleven.
fn color(word: &str) -> Option<BasicColor> {
    match base_color_candidates(word) {
        // Shiny things have the colours of what they reflect.
        _ if ["Silver", "Steel", "Metallic"].contains(&word) => None,
        [color] => Some(*color),
        [color, ..] if ["Charcoal", "Turquoise Blue"].contains(&word) => Some(*color),
        _ => None,
    }
}

/// The photos that are not nearly the same as one of `others`: 7% of the catalogue's photos stand
/// in it twice.
pub(crate) fn without_near_duplicates(photos: Vec<Photo>, others: &[Photo]) -> Vec<Photo> {
    /// Largest root mean square difference of two bytes.
    const NEAR: f64 = 5.0;
    let distance = |a: &[u8], b: &[u8]| -> f64 {
        let squares = a.iter().zip(b).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2));
        squares.sum::<f64>() / a.len() as f64
    };
    let thumbnail =
        |photo: &Photo| ai4fashion_image::image::imageops::thumbnail(&photo.image, 6, 8).into_raw();
    let others: Vec<(&Photo, Vec<u8>)> = others.par_iter().map(|photo| (photo, thumbnail(photo))).collect();
    let is_new = |photo: &Photo| {
        let small = thumbnail(photo);
        let near = NEAR * NEAR;
        !others.iter().any(|(other, thumbnail)| {
            // Means differ less than what they are means of; a margin for rounding.
            distance(&small, thumbnail) < near + 4.0
                && photo.image.dimensions() == other.image.dimensions()
                && distance(photo.image.as_raw(), other.image.as_raw()) < near
        })
    };
    photos.into_par_iter().filter(is_new).collect()
}
