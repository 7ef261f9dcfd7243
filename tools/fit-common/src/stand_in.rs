//! A small folder of the same layout as the photos and tables that the programs need.

use std::path::Path;

use ai4fashion_color::{__private::published, BasicColor};
use ai4fashion_image::{
    encode_jpeg,
    image::{RgbImage, imageops},
};
use ai4fashion_synthetic::{Catalogue, View};
use ai4fashion_testkit::{ZipFile, write, zip};

use crate::names::NAMES;

/// Writes synthetic garments and a made-up survey to `folder`, for a program to be tried where the
/// photos are not.
///
/// There is a garment of each colour and type, in eight groups of ids.
///
/// # Errors
/// If an image cannot be encoded.
///
/// # Panics
/// If a file cannot be written.
pub fn write_stand_in(folder: &Path) -> anyhow::Result<()> {
    let catalogue = Catalogue::new(3).with_per_label(1);
    let mut labels = "id,color,base_colour,type,garment_only\n".to_owned();
    let mut styles = "id,articleType,baseColour\n".to_owned();
    let mut zipped = Vec::new();
    for (index, (color, product_type)) in catalogue.labels().into_iter().enumerate() {
        let id = 10_000 + 1000 * (index % 8) + 2 * index;
        let (view, is_alone) = [(View::GarmentOnly, 1), (View::OnModel, 0)][index / 8 % 2];
        let garment = catalogue.render(index, view);
        let jpeg = |size| encode_jpeg(&scaled(&garment, size), 90);
        write(
            folder.join(format!("smallfashion/images/{id}.jpg")),
            jpeg([168, 224])?,
        );
        zipped.push(ZipFile::new(format!("images/{id}.jpg"), jpeg([60, 80])?));
        labels.push_str(&format!(
            "{id},{color},{color},{},{is_alone}\n",
            product_type.number()
        ));
        // Some are articles of other types.
        let article = if index % 5 == 4 { "Watches" } else { "Tshirts" };
        let capital = color.as_str()[..1].to_uppercase();
        styles.push_str(&format!("{id},{article},{capital}{}\n", &color.as_str()[1..]));
    }
    zipped.push(ZipFile::new("styles.csv", styles));
    write(folder.join("kaggle-small/even.zip"), zip(&zipped).bytes);
    write(folder.join("smallfashion/labels.csv"), labels);
    for survey in ["xkcd_c3_basic11.csv", "english_basic11.csv"] {
        write(folder.join("color-naming").join(survey), made_up_survey());
    }
    Ok(())
}

fn scaled(garment: &RgbImage, [width, height]: [u32; 2]) -> RgbImage {
    imageops::resize(garment, width, height, imageops::FilterType::Triangle)
}

/// Colours on a grid; thirty people have given each the name of the published table.
fn made_up_survey() -> String {
    let mut table = format!("r,g,b8,{}\n", NAMES.join(","));
    let grid = || (0..=255).step_by(51);
    for r in grid() {
        for (g, b) in grid().flat_map(|g| grid().map(move |b| (g, b))) {
            let name = published([r, g, b]);
            let counts = BasicColor::ALL.map(|each| if each == name { "30" } else { "0" });
            table.push_str(&format!("{r},{g},{b},{}\n", counts.join(",")));
        }
    }
    table
}
