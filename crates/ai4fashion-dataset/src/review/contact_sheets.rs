//! Contact sheets: all pictures of a colour and type, small, on a page to look through.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use minijinja::{Environment, Value, context};
use rayon::prelude::*;

use super::{data::stem, thumbnails};
use crate::{BasicColor, Dataset, Error, ErrorKind, ProductType, write_atomic};

/// The page that leads to the others.
const INDEX: &str = "index.html";
const SHEET: &str = "sheet.html";
const TEMPLATES: [(&str, &str); 4] = [
    ("sheets.css", include_str!("page/sheets/sheets.css")),
    ("layout.html", include_str!("page/sheets/layout.html")),
    (INDEX, include_str!("page/sheets/index.html")),
    (SHEET, include_str!("page/sheets/sheet.html")),
];
/// Pictures on a page: about 2 MB.
const PER_PAGE: usize = 500;

/// The pictures of a page, as places in the data set.
struct Sheet {
    color: BasicColor,
    product_type: Option<ProductType>,
    /// The page's number of those with the same labels, from 1, and how many these are.
    part: (usize, usize),
    places: Vec<usize>,
}

/// Writes a page of small pictures for each colour and type that occur, least sure first, and `index.html`, which leads to
/// them, to `folder`. They hold all they show. Says where the index is.
///
/// # Errors
/// If a picture cannot be read, or a page not be written.
pub fn write_contact_sheets(dataset: &Dataset, folder: impl AsRef<Path>) -> Result<PathBuf, Error> {
    let folder = folder.as_ref();
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    let mut pages = Environment::new();
    let broken = |name: &str| {
        let path = folder.join(name);
        move |source: minijinja::Error| {
            let source = source.into();
            Error::from(ErrorKind::Page { path, source })
        }
    };
    for (name, text) in TEMPLATES {
        pages.add_template(name, text).map_err(broken(name))?;
    }
    let write = |name: &str, template: &str, content: Value| -> Result<PathBuf, Error> {
        let page = pages.get_template(template).and_then(|page| page.render(content));
        let path = folder.join(name);
        write_atomic(&path, page.map_err(broken(name))?.as_bytes())?;
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
            pictures => sheet.pictures(dataset)?,
        };
        write(&sheet.file(), SHEET, content)?;
    }
    write(INDEX, INDEX, index(dataset, &data_set, &sheets))
}

/// All pages, by colour, then type, the unknown one last.
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
        let sure = |place: &usize| dataset.records()[*place].margin;
        places.sort_by(|a, b| sure(a).total_cmp(&sure(b)));
        let first = &dataset.records()[places[0]];
        let parts = places.len().div_ceil(PER_PAGE);
        sheets.extend(places.chunks(PER_PAGE).enumerate().map(|(part, places)| Sheet {
            color: first.color,
            product_type: first.product_type,
            part: (part + 1, parts),
            places: places.to_vec(),
        }));
    }
    sheets
}

impl Sheet {
    fn file(&self) -> String {
        let product_type = self.product_type.map_or("unknown", ProductType::name);
        match self.part.0 {
            1 => format!("{}_{product_type}.html", self.color),
            part => format!("{}_{product_type}_{part}.html", self.color),
        }
    }

    fn title(&self) -> String {
        let product_type = self.product_type.map_or("type not known", ProductType::name);
        match self.part {
            (_, 1) => format!("{} {product_type}", self.color),
            (part, parts) => format!("{} {product_type}, {part} of {parts}", self.color),
        }
    }

    fn link(&self) -> Value {
        context! { file => self.file(), title => self.title() }
    }

    fn pictures(&self, dataset: &Dataset) -> Result<Vec<Value>, Error> {
        self.places
            .par_iter()
            .map(|place| {
                let record = &dataset.records()[*place];
                Ok(context! {
                    jpeg => thumbnails::copy(dataset, *place)?,
                    name => stem(&record.file),
                    original => &record.original,
                    sure => (record.margin * 100.0).round() as i32,
                    runner_up => record.runner_up.as_str(),
                    said => record.checked.is_some(),
                })
            })
            .collect()
    }
}

/// Colours down, types across; a cell leads to its first page.
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
        let [red, green, blue] = color.srgb();
        let cells: Vec<_> = types()
            .map(|product_type| {
                let (count, file) = count(color, product_type);
                context! { count, file }
            })
            .collect();
        context! { name => color.as_str(), hex => format!("#{red:02x}{green:02x}{blue:02x}"), cells }
    });
    let types: Vec<_> = types()
        .map(|known| known.map_or("not known", ProductType::name))
        .collect();
    context! { data_set, pictures => dataset.len(), types, rows => Vec::from(rows) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Ingest, IngestOptions, SmallFashion, synthetic::Catalogue};

    #[test]
    fn every_picture_is_on_the_page_of_its_labels_and_every_page_is_led_to() {
        let folder = tempfile::tempdir().unwrap();
        let [photos, out, sheets] = ["photos", "out", "sheets"].map(|name| folder.path().join(name));
        Catalogue::new(3)
            .with_per_label(1)
            .write_small_fashion(&photos)
            .unwrap();
        let options = IngestOptions::default().with_size(32);
        let source = SmallFashion::open(&photos).unwrap();
        Ingest::new(options).unwrap().run(&[&source], &out, &()).unwrap();
        let dataset = Dataset::open(&out).unwrap();
        let index = fs::read_to_string(write_contact_sheets(&dataset, &sheets).unwrap()).unwrap();
        let mut shown = 0;
        for record in dataset.records() {
            let product_type = record.product_type.map_or("unknown", ProductType::name);
            let file = format!("{}_{product_type}.html", record.color);
            assert!(index.contains(&format!("href=\"{file}\"")), "{file}");
            let page = fs::read_to_string(sheets.join(&file)).unwrap();
            shown += usize::from(page.contains(&format!("<b>{}</b>", stem(&record.file))));
        }
        assert_eq!(shown, dataset.len());
    }
}
