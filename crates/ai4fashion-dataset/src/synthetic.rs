//! A catalogue that is drawn: garments of all twelve types in all eleven colours on white, with soft shadows, folds,
//! prints, stripes, collars, hangers and JPEG noise.
//!
//! It stands in for photos in tests and first steps, with the true labels. That a classifier is right about it proves
//! nothing about photos.

mod canvas;
mod cloth;
mod garment;
mod shape;

use std::{
    fs,
    path::{Path, PathBuf},
};

use ai4fashion_color::BasicColor;
use image::RgbImage;
use rand::{RngExt, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha12Rng;
use rayon::prelude::*;

use crate::{Error, ProductType, files};

/// Width and height of a picture in pixels.
const SIZE: (u32, u32) = (168, 224);

/// Draws garments, the same for the same seed.
#[derive(Clone, Copy, Debug)]
pub struct Catalogue {
    seed: u64,
    per_label: usize,
}

/// What a drawn picture shows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Truth {
    /// The file, below the catalogue's folder.
    pub file: PathBuf,
    /// The colour of the cloth.
    pub color: BasicColor,
    /// The type of garment.
    pub product_type: ProductType,
    /// Whether somebody wears it: such pictures are not for the data set.
    pub worn: bool,
}

impl Catalogue {
    /// A catalogue with two garments of each colour and type.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed, per_label: 2 }
    }

    /// Sets how many garments there are of each of the 132 pairs of colour and type.
    #[must_use]
    pub fn with_per_label(mut self, per_label: usize) -> Self {
        self.per_label = per_label;
        self
    }

    /// How many garments there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.per_label * BasicColor::ALL.len() * ProductType::ALL.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.per_label == 0
    }

    /// The labels of all garments, shuffled, as a shop's catalogue is.
    #[must_use]
    pub fn labels(&self) -> Vec<(BasicColor, ProductType)> {
        let pairs = || {
            BasicColor::ALL
                .into_iter()
                .flat_map(|color| ProductType::ALL.map(|known| (color, known)))
        };
        let mut labels: Vec<_> = (0..self.per_label).flat_map(|_| pairs()).collect();
        labels.shuffle(&mut self.rng(u64::MAX));
        labels
    }

    /// Draws the garment at `index` of [`labels`](Self::labels), alone or worn.
    ///
    /// # Panics
    /// If `index` is not below [`len`](Self::len).
    #[must_use]
    #[track_caller]
    pub fn draw(&self, index: usize, worn: bool) -> RgbImage {
        let (color, product_type) = self.labels()[index];
        garment::draw(&mut self.rng(index as u64), SIZE, color, product_type, worn)
    }

    /// Writes the catalogue to `folder` as LookBook has it: `PID000123_CLEAN1_000004.jpg`, and beside every second
    /// garment a worn photo of it, `..._CLEAN0_...`; and `types.csv`, a [`TypeTable`](crate::TypeTable).
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn write_lookbook(&self, folder: impl AsRef<Path>) -> Result<Vec<Truth>, Error> {
        let name = |index: usize, worn: bool| {
            let clean = u8::from(!worn);
            PathBuf::from(format!(
                "PID{index:06}_CLEAN{clean}_{:06}.jpg",
                2 * index + usize::from(worn)
            ))
        };
        let folder = folder.as_ref();
        let truth = self.write(folder, |index, worn| {
            (!worn || index % 2 == 0).then(|| name(index, worn))
        })?;
        let mut types = "stem,type\n".to_owned();
        for Truth {
            file, product_type, ..
        } in truth.iter().filter(|truth| !truth.worn)
        {
            types.push_str(&format!("{},{product_type}\n", file.with_extension("").display()));
        }
        let table = folder.join("types.csv");
        fs::write(&table, types).map_err(Error::io("write", &table))?;
        Ok(truth)
    }

    /// Writes the catalogue to `folder` as Kaggle's `fashion-product-images-small` has it: `images/ID.jpg` and
    /// `styles.csv`, with the oddities of the real one: unquoted commas, quotes, `NA`, and a row without picture.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn write_small_fashion(&self, folder: impl AsRef<Path>) -> Result<Vec<Truth>, Error> {
        let folder = folder.as_ref();
        let images = folder.join("images");
        fs::create_dir_all(&images).map_err(Error::io("create", &images))?;
        let path = |index| PathBuf::from(format!("images/{}.jpg", id(index)));
        let truth = self.write(folder, |index, worn| (!worn).then(|| path(index)))?;
        let table = folder.join("styles.csv");
        fs::write(&table, styles(&self.labels())).map_err(Error::io("write", &table))?;
        Ok(truth)
    }

    /// Draws and writes every garment that `name` has a name for, alone and worn.
    fn write(
        &self,
        folder: &Path,
        name: impl Fn(usize, bool) -> Option<PathBuf> + Sync,
    ) -> Result<Vec<Truth>, Error> {
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        let labels = self.labels();
        let pictures: Vec<(usize, bool)> = (0..labels.len())
            .flat_map(|index| [(index, false), (index, true)])
            .collect();
        let written = pictures.into_par_iter().filter_map(|(index, worn)| {
            let file = name(index, worn)?;
            let (color, product_type) = labels[index];
            let mut rng = self.rng(index as u64);
            let picture = garment::draw(&mut rng, SIZE, color, product_type, worn);
            let write = files::jpeg(&picture, rng.random_range(60..=95)).and_then(|jpeg| {
                let path = folder.join(&file);
                fs::write(&path, jpeg).map_err(Error::io("write", &path))
            });
            Some(write.map(|()| Truth {
                file,
                color,
                product_type,
                worn,
            }))
        });
        written.collect()
    }

    fn rng(&self, place: u64) -> ChaCha12Rng {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&self.seed.to_le_bytes());
        key[8..16].copy_from_slice(&place.to_le_bytes());
        ChaCha12Rng::from_seed(key)
    }
}

/// Kaggle's ids have no order and gaps.
fn id(index: usize) -> usize {
    10_000 + 7 * index
}

fn styles(labels: &[(BasicColor, ProductType)]) -> String {
    let mut table =
        "id,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,productDisplayName\n"
            .to_owned();
    for (index, (color, product_type)) in labels.iter().enumerate() {
        let article = article(*product_type);
        let color = if index % 17 == 3 {
            "NA".to_owned()
        } else {
            capitalised(color.as_str())
        };
        let name = match index % 11 {
            2 => format!("\"Drawn \"\"Studio\"\" {article}\""),
            5 => format!("Drawn {article}, pack of 1, unisex"),
            _ => format!("Drawn Unisex {article}"),
        };
        table.push_str(&format!(
            "{},Unisex,Apparel,Drawn,{article},{color},Summer,2026,Casual,{name}\n",
            id(index)
        ));
    }
    table.push_str("39403,Men,Apparel,Drawn,Shirts,Blue,Fall,2012,Casual,Row without picture\n");
    table
}

/// An `articleType` of the type. Kaggle has no blouses and coats of their own: what stands for them gives no type.
fn article(product_type: ProductType) -> &'static str {
    match product_type {
        ProductType::Dresses => "Dresses",
        ProductType::Tops => "Tops",
        ProductType::TShirts => "Tshirts",
        ProductType::Shirts => "Shirts",
        ProductType::Blouses => "Blouses",
        ProductType::Jackets => "Jackets",
        ProductType::Shorts => "Shorts",
        ProductType::Pants => "Trousers",
        ProductType::Jeans => "Jeans",
        ProductType::Skirts => "Skirts",
        ProductType::Jumpsuits => "Jumpsuit",
        ProductType::Coats => "Coats",
    }
}

fn capitalised(name: &str) -> String {
    name.get(..1).unwrap_or_default().to_uppercase() + name.get(1..).unwrap_or_default()
}
