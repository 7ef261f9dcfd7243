//! The two charts that every data set has: colours and product types.

use std::{fs, path::Path};

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::{Distribution, ProductType, Record, Sidecar};
use ai4fashion_files::{count, numbers::thousands};

use crate::{
    canvas::Chart,
    chart::{
        BLUE,
        bars::{Bar, BarChart},
    },
    error::{Error, ErrorKind},
};

/// The names of the charts' files, without extension.
pub(super) const COLORS: &str = "colors";
pub(super) const TYPES: &str = "types";

/// Draws the charts of colours and of product types, as an ingestion's or an editor's sidecar.
///
/// Each is in the folder `plots` of the data set as `colors` and `types`, as `.svg` and `.png`.
/// They are written in the same transaction as the labels.
///
/// ```
/// use ai4fashion_dataset::{Dataset, Ingest, IngestOptions, SmallFashion};
/// use ai4fashion_plot::DistributionCharts;
/// use ai4fashion_synthetic::Catalogue;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// let (photos, out) = (folder.path().join("photos"), folder.path().join("dataset"));
/// Catalogue::new(7).with_per_label(1).write_small_fashion(&photos)?;
/// let ingest = Ingest::new(IngestOptions::default())?.with_sidecar(DistributionCharts);
/// ingest.run(&[&SmallFashion::open(photos)?], &out, &())?;
/// assert!(out.join("plots/colors.svg").is_file());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct DistributionCharts;

impl Sidecar for DistributionCharts {
    fn write(&self, records: &[Record], folder: &Path) -> Result<(), ai4fashion_dataset::Error> {
        write_distributions(&Distribution::of(records), folder).map_err(ai4fashion_dataset::Error::other)
    }

    fn is_complete(&self, _: &[Record], folder: &Path) -> bool {
        [COLORS, TYPES].into_iter().all(|name| {
            let path = folder.join(name);
            path.with_extension("svg").is_file() && path.with_extension("png").is_file()
        })
    }
}

/// Draws the charts of colours and of product types to a folder.
///
/// The folder is created. It gets `colors` and `types`, each as `.svg` and `.png`.
///
/// # Errors
/// If a file cannot be written.
pub fn write_distributions(labels: &Distribution, folder: impl AsRef<Path>) -> Result<(), Error> {
    let folder = folder.as_ref();
    create(folder)?;
    colors(labels).save(folder.join(COLORS))?;
    types(labels).save(folder.join(TYPES))
}

/// Creates a folder for charts.
pub(super) fn create(folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|source| {
        let (action, path) = ("create", folder.to_owned());
        ErrorKind::Io { action, path, source }.into()
    })
}

/// Counts colours, each bar in its own colour.
pub(super) fn colors(labels: &Distribution) -> BarChart {
    let bars = BasicColor::ALL.map(|color| Bar::new(color.as_str(), labels.color(color), color.srgb()));
    let title = format!("{} by colour", count(labels.total(), "image"));
    BarChart::new(title, "images").with_bars(bars)
}

/// Counts product types.
pub(super) fn types(labels: &Distribution) -> BarChart {
    let known =
        ProductType::ALL.map(|known| Bar::new(known.as_str(), labels.product_type(Some(known)), BLUE));
    BarChart::new(with_unknown("Product types", labels), "images").with_bars(known)
}

/// A title that counts the images with a type, and those without: as a bar, thousands of shoes
/// would flatten all others.
pub(super) fn with_unknown(what: &str, labels: &Distribution) -> String {
    let unknown = labels.product_type(None);
    let known = count(labels.total() - unknown, "image");
    match unknown {
        0 => format!("{what}, {known}"),
        _ => format!("{what}, {known}; {} of unknown type", thousands(unknown)),
    }
}
