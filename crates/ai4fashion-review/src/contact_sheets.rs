//! Contact sheets: small copies of all images of a colour and type on one page.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::{Dataset, ProductType};
use ai4fashion_files::write_atomic;
use minijinja::{Environment, Value, context};
use rayon::prelude::*;

use crate::{
    data::{annotated, css, stem},
    error::{Error, ErrorKind},
    thumbnails,
};

/// The page with links to the others.
const INDEX: &str = "index.html";
const SHEET: &str = "sheet.html";
const TEMPLATES: [(&str, &str); 4] = [
    ("sheets.css", include_str!("page/sheets/sheets.css")),
    ("layout.html", include_str!("page/sheets/layout.html")),
    (INDEX, include_str!("page/sheets/index.html")),
    (SHEET, include_str!("page/sheets/sheet.html")),
];
/// Images on a page: about 2 MB.
const PER_PAGE: usize = 500;

/// The images of a page, as places in the data set.
struct Sheet {
    color: BasicColor,
    product_type: Option<ProductType>,
    /// The number of the page among those with the same labels, from 1, and how many these are.
    number: (usize, usize),
    places: Vec<usize>,
}

/// Writes a contact sheet for each colour and type to a folder.
///
/// Returns the path of `index.html`, which links to the sheets. Images with the lowest confidence
/// come first. The pages hold all that they show.
///
/// ```
/// # use ai4fashion_dataset::{Dataset, Ingest, IngestOptions, SmallFashion};
/// # use ai4fashion_synthetic::Catalogue;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let [photos, out, sheets] = ["photos", "out", "sheets"].map(|name| folder.path().join(name));
/// # Catalogue::new(7).with_per_label(1).write_small_fashion(&photos)?;
/// # Ingest::new(IngestOptions::default())?.run(&[&SmallFashion::open(photos)?], &out, &())?;
/// use ai4fashion_review::write_contact_sheets;
///
/// let index = write_contact_sheets(&Dataset::open(out)?, &sheets)?;
/// assert_eq!(index, sheets.join("index.html"));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// If an image cannot be read, or a page cannot be written.
pub fn write_contact_sheets(dataset: &Dataset, folder: impl AsRef<Path>) -> Result<PathBuf, Error> {
    let folder = folder.as_ref();
    fs::create_dir_all(folder).map_err(|source| ErrorKind::Io {
        action: "create",
        path: folder.to_owned(),
        source,
    })?;
    let mut pages = Environment::new();
    for (name, text) in TEMPLATES {
        pages
            .add_template(name, text)
            .map_err(Error::page(&folder.join(name)))?;
    }
    let write = |name: &str, template: &str, content: Value| -> Result<PathBuf, Error> {
        let path = folder.join(name);
        let page = pages.get_template(template).and_then(|page| page.render(content));
        let page = page.map_err(Error::page(&path))?;
        write_atomic(&path, page.as_bytes()).map_err(Error::write(&path))?;
        Ok(path)
    };
    let data_set = dataset.root().file_name().unwrap_or_default().to_string_lossy();
    let sheets = sheets(dataset);
    for (place, sheet) in sheets.iter().enumerate() {
        let content = context! {
            data_set => &*data_set,
            title => sheet.title(),
            before => place.checked_sub(1).map(|before| sheets[before].link()),
            after => sheets.get(place + 1).map(Sheet::link),
            images => sheet.images(dataset)?,
        };
        write(&sheet.file(), SHEET, content)?;
    }
    write(INDEX, INDEX, index(dataset, &data_set, &sheets))
}

/// Plans all pages, by colour, then type, the unknown type last.
fn sheets(dataset: &Dataset) -> Vec<Sheet> {
    let mut by_label: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (place, record) in dataset.records().iter().enumerate() {
        let number = record.product_type.map_or(u8::MAX, ProductType::number);
        by_label
            .entry((record.color.index(), number))
            .or_default()
            .push(place);
    }
    let mut sheets = Vec::new();
    for mut places in by_label.into_values() {
        let confidence = |place: &usize| dataset.records()[*place].confidence;
        places.sort_by(|a, b| confidence(a).total_cmp(&confidence(b)));
        let first = &dataset.records()[places[0]];
        let pages = places.len().div_ceil(PER_PAGE);
        sheets.extend((1..).zip(places.chunks(PER_PAGE)).map(|(page, places)| Sheet {
            color: first.color,
            product_type: first.product_type,
            number: (page, pages),
            places: places.to_vec(),
        }));
    }
    sheets
}

impl Sheet {
    fn file(&self) -> String {
        let product_type = self.product_type.map_or("unknown", ProductType::as_str);
        match self.number.0 {
            1 => format!("{}_{product_type}.html", self.color),
            page => format!("{}_{product_type}_{page}.html", self.color),
        }
    }

    fn title(&self) -> String {
        let product_type = self.product_type.map_or("unknown type", ProductType::as_str);
        match self.number {
            (_, 1) => format!("{} {product_type}", self.color),
            (page, pages) => format!("{} {product_type}, {page} of {pages}", self.color),
        }
    }

    fn link(&self) -> Value {
        context! { file => self.file(), title => self.title() }
    }

    fn images(&self, dataset: &Dataset) -> Result<Vec<Value>, Error> {
        self.places
            .par_iter()
            .map(|place| {
                let record = &dataset.records()[*place];
                Ok(context! {
                    jpeg => thumbnails::base64(dataset, *place)?,
                    name => stem(&record.file),
                    source_path => &record.source_path,
                    confidence => (record.confidence * 100.0).round() as i32,
                    runner_up => record.runner_up.as_str(),
                    annotated => annotated(record) != 0,
                })
            })
            .collect()
    }
}

/// Makes a table, colours down, types across; a cell links to its first page.
fn index(dataset: &Dataset, data_set: &str, sheets: &[Sheet]) -> Value {
    let types = || ProductType::ALL.into_iter().map(Some).chain([None]);
    let count = |color, product_type| -> (usize, Option<String>) {
        let mut cell = sheets
            .iter()
            .filter(|sheet| (sheet.color, sheet.product_type) == (color, product_type))
            .peekable();
        let file = cell.peek().map(|first| first.file());
        (cell.map(|sheet| sheet.places.len()).sum(), file)
    };
    let rows = BasicColor::ALL.map(|color| {
        let cells: Vec<_> = types()
            .map(|product_type| {
                let (count, file) = count(color, product_type);
                context! { count, file }
            })
            .collect();
        context! { name => color.as_str(), hex => css(color.srgb()), cells }
    });
    let types: Vec<_> = types()
        .map(|known| known.map_or("unknown", ProductType::as_str))
        .collect();
    context! { data_set, images => dataset.len(), types, rows => Vec::from(rows) }
}

#[cfg(test)]
mod tests {
    use ai4fashion_dataset::{Ingest, IngestOptions, SmallFashion};
    use ai4fashion_synthetic::Catalogue;

    use super::*;

    #[test]
    fn every_image_is_on_the_page_of_its_labels_and_every_page_has_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let [photos, out, sheets] = ["photos", "out", "sheets"].map(|name| folder.path().join(name));
        Catalogue::new(3)
            .with_per_label(1)
            .write_small_fashion(&photos)
            .unwrap();
        let options = IngestOptions::default().with_image_size(32);
        let source = SmallFashion::open(&photos).unwrap();
        Ingest::new(options).unwrap().run(&[&source], &out, &()).unwrap();
        let dataset = Dataset::open(&out).unwrap();
        let index = fs::read_to_string(write_contact_sheets(&dataset, &sheets).unwrap()).unwrap();
        let mut shown = 0;
        for record in dataset.records() {
            let product_type = record.product_type.map_or("unknown", ProductType::as_str);
            let file = format!("{}_{product_type}.html", record.color);
            assert!(index.contains(&format!("href=\"{file}\"")), "{file}");
            let page = fs::read_to_string(sheets.join(&file)).unwrap();
            shown += usize::from(page.contains(&format!("<b>{}</b>", stem(&record.file))));
        }
        assert_eq!(shown, dataset.len());
    }
}
