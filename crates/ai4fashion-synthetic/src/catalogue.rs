//! Catalogues of synthetic garments.

use std::{
    fs,
    path::{Path, PathBuf},
};

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::ProductType;
use ai4fashion_image::encode_jpeg;
use image::RgbImage;
use rand::{RngExt, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha12Rng;
use rayon::prelude::*;

use crate::{
    error::{Error, ErrorKind},
    garment,
    ground_truth::{GroundTruth, View},
    styles,
};

/// Width and height of an image in pixels.
const SIZE: (u32, u32) = (168, 224);
/// JPEG qualities, as of photos from many sources.
const QUALITIES: std::ops::RangeInclusive<u8> = 60..=95;

/// A catalogue of synthetic garments; the same seed gives the same images.
///
/// ```
/// use ai4fashion_synthetic::Catalogue;
///
/// let catalogue = Catalogue::new(1).with_per_label(3);
/// assert_eq!(catalogue.len(), 3 * 11 * 12);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Catalogue {
    seed: u64,
    per_label: usize,
}

impl Catalogue {
    /// Creates a catalogue with two garments of each colour and type.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed, per_label: 2 }
    }

    /// Sets the number of garments for each of the 132 pairs of colour and type.
    #[must_use]
    pub fn with_per_label(mut self, per_label: usize) -> Self {
        self.per_label = per_label;
        self
    }

    /// Counts the garments.
    #[must_use]
    pub fn len(&self) -> usize {
        self.per_label * BasicColor::ALL.len() * ProductType::ALL.len()
    }

    /// Tells whether there are no garments.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.per_label == 0
    }

    /// Lists the labels of all garments, shuffled like a shop's catalogue.
    ///
    /// ```
    /// use ai4fashion_synthetic::Catalogue;
    ///
    /// let labels = Catalogue::new(1).labels();
    /// assert_eq!(labels, Catalogue::new(1).labels());
    /// assert_ne!(labels, Catalogue::new(2).labels());
    /// ```
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

    /// Renders the garment at `index` of [`labels`](Self::labels), as an image of 168 x 224 pixels.
    ///
    /// ```
    /// use ai4fashion_synthetic::{Catalogue, View};
    ///
    /// let catalogue = Catalogue::new(1);
    /// let [alone, on_model] = View::ALL.map(|view| catalogue.render(5, view));
    /// assert_eq!(alone.dimensions(), on_model.dimensions());
    /// // White paper, or a wall.
    /// assert!(alone.get_pixel(0, 0).0 == [255; 3] && on_model.get_pixel(0, 0).0 != [255; 3]);
    /// ```
    ///
    /// # Panics
    /// If `index` is not below [`len`](Self::len).
    #[must_use]
    #[track_caller]
    pub fn render(&self, index: usize, view: View) -> RgbImage {
        let (color, product_type) = self.labels()[index];
        garment::render(&mut self.rng(index as u64), SIZE, color, product_type, view)
    }

    /// Writes the catalogue to `folder` in the layout of LookBook.
    ///
    /// Garments are `PID000123_CLEAN1_000004.jpg`. Beside every second one there is an on-model
    /// image of it, `PID000123_CLEAN0_000005.jpg`. A
    /// [`TypeTable`](ai4fashion_dataset::source::TypeTable) is in `types.csv`.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn write_lookbook(&self, folder: impl AsRef<Path>) -> Result<Vec<GroundTruth>, Error> {
        let folder = folder.as_ref();
        let truth = self.write(folder, |index, view| {
            let is_on_model = view == View::OnModel;
            let name = format!(
                "PID{index:06}_CLEAN{}_{:06}.jpg",
                u8::from(!is_on_model),
                2 * index + usize::from(is_on_model)
            );
            (!is_on_model || index % 2 == 0).then(|| name.into())
        })?;
        let mut types = "stem,type\n".to_owned();
        for image in truth.iter().filter(|image| image.view == View::GarmentOnly) {
            let stem = image.file.with_extension("");
            types.push_str(&format!("{},{}\n", stem.display(), image.product_type));
        }
        let table = folder.join("types.csv");
        fs::write(&table, types).map_err(Error::io("write", &table))?;
        Ok(truth)
    }

    /// Writes the catalogue to `folder` in the layout of Kaggle's `fashion-product-images-small`.
    ///
    /// Garments are `images/ID.jpg`. The table `styles.csv` has the oddities of the real one:
    /// unquoted commas, quotes, `NA`, and a row without an image.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn write_small_fashion(&self, folder: impl AsRef<Path>) -> Result<Vec<GroundTruth>, Error> {
        let folder = folder.as_ref();
        let images = folder.join("images");
        fs::create_dir_all(&images).map_err(Error::io("create", &images))?;
        let path = |index| PathBuf::from(format!("images/{}.jpg", styles::id(index)));
        let truth = self.write(folder, |index, view| {
            (view == View::GarmentOnly).then(|| path(index))
        })?;
        let table = folder.join("styles.csv");
        fs::write(&table, styles::table(&self.labels())).map_err(Error::io("write", &table))?;
        Ok(truth)
    }

    /// Writes every garment in every view for which `name` gives a file.
    fn write(
        &self,
        folder: &Path,
        name: impl Fn(usize, View) -> Option<PathBuf> + Sync,
    ) -> Result<Vec<GroundTruth>, Error> {
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        let labels = self.labels();
        let images: Vec<(usize, View)> = (0..labels.len())
            .flat_map(|index| View::ALL.map(|view| (index, view)))
            .collect();
        let written = images.into_par_iter().filter_map(|(index, view)| {
            let file = name(index, view)?;
            let (color, product_type) = labels[index];
            let mut rng = self.rng(index as u64);
            let image = garment::render(&mut rng, SIZE, color, product_type, view);
            let written = write_jpeg(&folder.join(&file), &image, rng.random_range(QUALITIES));
            Some(written.map(|()| GroundTruth {
                file,
                color,
                product_type,
                view,
            }))
        });
        written.collect()
    }

    /// Makes the random numbers of one garment, whatever the order in which garments are rendered.
    fn rng(&self, place: u64) -> ChaCha12Rng {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&self.seed.to_le_bytes());
        key[8..16].copy_from_slice(&place.to_le_bytes());
        ChaCha12Rng::from_seed(key)
    }
}

fn write_jpeg(path: &Path, image: &RgbImage, quality: u8) -> Result<(), Error> {
    let jpeg = encode_jpeg(image, quality).map_err(|source| ErrorKind::Encode {
        path: path.to_owned(),
        source: source.into(),
    })?;
    fs::write(path, jpeg).map_err(Error::io("write", path))
}
