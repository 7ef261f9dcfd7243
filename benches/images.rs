//! The images that the colour bench names: synthetic garments, or those of a folder of one's own.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use ai4fashion_color::BasicColor;
use ai4fashion_files::{chain, count};
use ai4fashion_image::{Error, Limits, decode_file, fit};
use ai4fashion_synthetic::{Catalogue, View};
use anyhow::{Context as _, bail, ensure};
use image::{DynamicImage, RgbImage};
use rayon::prelude::*;
use walkdir::WalkDir;

/// Variable that names the folder.
const FOLDER: &str = "AI4FASHION_BENCH_DIR";
/// Images at most.
const MOST: usize = 500;
/// Pixels of the longer side at most, as in a data set: some peers take seconds for a larger image.
const LONGER_SIDE: u32 = 256;
/// Time for reading files; those that are left then are left out.
const READING: Duration = Duration::from_secs(10);
/// Endings of the files that can be read.
const EXTENSIONS: [&str; 6] = ["jpg", "jpeg", "png", "webp", "bmp", "gif"];

/// An image, and the colour of its label.
pub(crate) struct Labelled {
    pub(crate) image: RgbImage,
    pub(crate) color: Option<BasicColor>,
}

/// The images, at least one; the first few of them are spread over all.
pub(crate) struct Images {
    pub(crate) all: Vec<Labelled>,
    /// What they are, and what was left out: a line each.
    pub(crate) remarks: Vec<String>,
}

/// A file, and the colour of its label.
type Listed = (PathBuf, Option<BasicColor>);

impl Images {
    /// Reads the images of the folder that the variable names, or renders synthetic garments.
    ///
    /// A relative path starts at the root of the repository: Cargo runs a bench in the folder of
    /// its package.
    pub(crate) fn load() -> anyhow::Result<Self> {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = package.parent().unwrap_or(package);
        let folder = env::var_os(FOLDER).filter(|folder| !folder.is_empty());
        folder.map_or_else(
            || Ok(Self::synthetic()),
            |folder| Self::read(&root.join(folder)).with_context(|| format!("{FOLDER} cannot be used")),
        )
    }

    /// Whether all of them have a label.
    pub(crate) fn are_labelled(&self) -> bool {
        self.all.iter().all(|it| it.color.is_some())
    }

    fn synthetic() -> Self {
        let catalogue = Catalogue::new(1);
        let labels = catalogue.labels();
        let garments = labels.par_iter().enumerate().map(|(index, (color, _))| Labelled {
            image: catalogue.render(index, View::GarmentOnly),
            color: Some(*color),
        });
        let all: Vec<Labelled> = garments.collect();
        let number = count(all.len(), "synthetic garment");
        Self {
            all,
            remarks: vec![format!("{number}, alone on white paper; {FOLDER} is not set")],
        }
    }

    fn read(folder: &Path) -> anyhow::Result<Self> {
        let name = folder.display();
        ensure!(folder.is_dir(), "`{name}` is not a folder");
        let table = folder.join("labels.csv");
        let is_labelled = table.exists();
        let (files, others) = if is_labelled {
            labelled(folder, &table).with_context(|| format!("cannot read `{}`", table.display()))?
        } else {
            (files(folder)?, 0)
        };
        let left_out = if others > 0 {
            let rows = count(others, "row");
            format!(" ({rows} left out: no colour among the eleven names, or no file)")
        } else {
            String::new()
        };
        let what = if is_labelled { "labelled image" } else { "image" };
        ensure!(!files.is_empty(), "there is no {what} in `{name}`{left_out}");

        let started = Instant::now();
        let read: Vec<Option<Result<Labelled, Error>>> = spread(&files)
            .par_iter()
            .map(|(path, color)| (started.elapsed() < READING).then(|| decoded(path, *color)))
            .collect();
        let late = read.iter().filter(|it| it.is_none()).count();
        let (mut all, mut failures) = (Vec::new(), Vec::new());
        for result in read.into_iter().flatten() {
            match result {
                Ok(image) => all.push(image),
                Err(error) => failures.push(error),
            }
        }

        if let (true, Some(first)) = (all.is_empty(), failures.first()) {
            bail!(
                "no image in `{name}` can be read, the first because: {}",
                chain(first)
            );
        }

        let number = count(files.len(), what);
        let mut remarks = vec![format!(
            "{} of {number} in `{name}`{left_out}, at most {LONGER_SIDE} pixels a side",
            all.len()
        )];
        if let Some(first) = failures.first() {
            let number = count(failures.len(), "file");
            remarks.push(format!("{number} left out, the first because: {}", chain(first)));
        }
        if late > 0 {
            let (number, seconds) = (count(late, "file"), READING.as_secs());
            remarks.push(format!("{number} left out: reading took {seconds} s"));
        }
        remarks.push(if is_labelled {
            "ours were fitted to photos of fashion-product-images-small, where accuracy says little"
                .to_owned()
        } else {
            "no accuracy: there is no labels.csv".to_owned()
        });
        Ok(Self { all, remarks })
    }
}

/// Lists the files that a table labels with one of the eleven names, and counts its other rows.
fn labelled(folder: &Path, table: &Path) -> anyhow::Result<(Vec<Listed>, usize)> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(table)?;
    let header = reader.headers()?.clone();
    let column = |name: &str| header.iter().position(|it| it == name);
    let (id, file, color) = (column("id"), column("file"), column("color"));
    ensure!(
        color.is_some() && (id.is_some() || file.is_some()),
        "expected the columns color and id or file; its columns are {}",
        header.iter().collect::<Vec<_>>().join(", ")
    );
    let (mut found, mut others) = (Vec::new(), 0);
    for row in reader.records() {
        let row = row?;
        let cell = |column: Option<usize>| {
            let text = column.and_then(|column| row.get(column));
            text.filter(|text| !text.is_empty())
        };
        let of_id = || cell(id).map(|id| format!("images/{id}.jpg"));
        let path = cell(file).map(str::to_owned).or_else(of_id);
        let name: Option<BasicColor> = cell(color).and_then(|word| word.parse().ok());
        match path {
            Some(path) if name.is_some() => found.push((folder.join(path), name)),
            _ => others += 1,
        }
    }
    Ok((found, others))
}

/// Lists the image files of a folder and those below it.
fn files(folder: &Path) -> anyhow::Result<Vec<Listed>> {
    let mut found = Vec::new();
    for entry in WalkDir::new(folder).follow_links(true).sort_by_file_name() {
        let path = entry?.into_path();
        let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
        if EXTENSIONS.iter().any(|it| it.eq_ignore_ascii_case(extension)) {
            found.push((path, None));
        }
    }
    Ok(found)
}

/// Chooses items evenly; the first few of them are spread over all as well.
fn spread<T>(items: &[T]) -> Vec<&T> {
    let number = items.len().min(MOST);
    let mut places: Vec<usize> = (0..number).collect();
    places.sort_by_key(|place| place.reverse_bits());
    let chosen = places
        .into_iter()
        .map(|place| &items[place * items.len() / number]);
    chosen.collect()
}

fn decoded(path: &Path, color: Option<BasicColor>) -> Result<Labelled, Error> {
    let image = decode_file(path, &Limits::default())?.into_rgb8();
    let is_large = image.width().max(image.height()) > LONGER_SIDE;
    let image = if is_large {
        fit(&DynamicImage::ImageRgb8(image), LONGER_SIDE)?.into_rgb8()
    } else {
        image
    };
    Ok(Labelled { image, color })
}
