//! The photos and tables that the operations read: synthetic garments.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
};

use anyhow::Result;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// Colour and type of each garment.
const GARMENTS: [([u8; 3], &str); 8] = [
    ([200, 30, 30], "Dresses"),
    ([30, 30, 200], "Tops"),
    ([30, 160, 30], "Jeans"),
    ([20, 20, 20], "Skirts"),
    ([240, 220, 40], "Shirts"),
    ([250, 130, 20], "Jackets"),
    ([120, 70, 30], "Shorts"),
    ([120, 40, 150], "Tshirts"),
];

/// Garments of the first ingestion; `more` holds all.
const FIRST: usize = 6;

/// Size of an image in pixels.
const WIDTH: usize = 48;
const HEIGHT: usize = 64;

/// Labels that a person corrects.
const CORRECTIONS: &str = "file,old_color,new_color,old_type,new_type,when\n\
    images/red_1000_1.jpg,red,pink,1,1,2026-01-01\n\
    images/black_1003_10.jpg,black,grey,10,9,2026-01-01\n";

/// Writes `photos/`, `photos.zip`, `more/` and `corrections.csv` to `folder`.
pub(crate) fn write(folder: &Path) -> Result<()> {
    write_photos(&folder.join("photos"), FIRST)?;
    write_photos(&folder.join("more"), GARMENTS.len())?;
    write_zip(&folder.join("photos"), &folder.join("photos.zip"))?;
    Ok(fs::write(folder.join("corrections.csv"), CORRECTIONS)?)
}

/// Writes `number` garments in the layout of Kaggle's `fashion-product-images-small`.
pub(crate) fn write_photos(folder: &Path, number: usize) -> Result<()> {
    fs::create_dir_all(folder.join("images"))?;
    let mut table = "id,articleType\n".to_owned();
    for index in 0..number {
        let (color, known) = GARMENTS[index % GARMENTS.len()];
        let id = 1000 + index;
        let path = folder.join(format!("images/{id}.png"));
        write_garment(&path, color, index / GARMENTS.len())?;
        table.push_str(&format!("{id},{known}\n"));
    }
    Ok(fs::write(folder.join("styles.csv"), table)?)
}

/// Writes a garment of one colour on white, with stripes that differ with `pattern`, as a PNG.
fn write_garment(path: &Path, color: [u8; 3], pattern: usize) -> Result<()> {
    let mut pixels = Vec::with_capacity(WIDTH * HEIGHT * 3);
    for (y, x) in (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (y, x))) {
        let is_inside = (WIDTH / 4..WIDTH * 3 / 4).contains(&x) && (HEIGHT / 8..HEIGHT * 7 / 8).contains(&y);
        let stripe = (y * (pattern % 61 + 1) + x * (pattern / 61)) % 16;
        let shade = |channel: u8| channel.saturating_add(stripe as u8);
        pixels.extend(if is_inside { color.map(shade) } else { [255; 3] });
    }
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(path)?), WIDTH as u32, HEIGHT as u32);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    Ok(writer.finish()?)
}

fn write_zip(folder: &Path, archive: &Path) -> Result<()> {
    let mut names = vec!["styles.csv".to_owned()];
    for entry in fs::read_dir(folder.join("images"))? {
        names.push(format!("images/{}", entry?.file_name().to_string_lossy()));
    }
    names.sort();
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut writer = ZipWriter::new(File::create(archive)?);
    for name in names {
        writer.start_file(&*name, options)?;
        writer.write_all(&fs::read(folder.join(&name))?)?;
    }
    writer.finish()?;
    Ok(())
}
