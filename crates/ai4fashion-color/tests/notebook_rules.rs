//! The notebooks' rules against `notebook_labels.py`, which runs the Python package colorthief itself: on pictures drawn
//! here, and on real ones where there are any.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use ai4fashion_color::{
    BasicColor,
    image::{Rgb, RgbImage},
    notebook::{LookBookRule, SmallFashionRule, dominant_color},
};
use ai4fashion_testkit::{printed, python, shared, textured};

/// A row of the reference: file, dominant colour, both names.
#[derive(Debug, serde::Deserialize)]
struct Row {
    file: String,
    r: u8,
    g: u8,
    b: u8,
    lookbook: String,
    small_fashion: String,
}

/// Every picture of `folder`, which holds PNG files, gets the reference's colour and both of its names.
fn compare(interpreter: &Path, script: &Path, folder: &Path) {
    let table = printed(Command::new(interpreter).arg(script).arg(folder));
    let rows: Vec<Row> = csv::Reader::from_reader(&table[..])
        .deserialize()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(rows.len(), fs::read_dir(folder).unwrap().count());
    let name = |name: Option<BasicColor>| name.map_or("", BasicColor::as_str);
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let picture = open(&folder.join(&row.file));
            let found = dominant_color(&picture).unwrap();
            let [r, g, b] = found;
            let names = (
                name(LookBookRule.classify_color(found)),
                name(SmallFashionRule.classify_color(found)),
            );
            let right = (r, g, b) == (row.r, row.g, row.b) && names == (&row.lookbook, &row.small_fashion);
            (!right).then(|| format!("{row:?}: found {r} {g} {b} {names:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), rows.len());
}

#[expect(clippy::disallowed_methods, reason = "our own files")]
fn open(path: &Path) -> RgbImage {
    ai4fashion_color::image::open(path).unwrap().into_rgb8()
}

/// The interpreter and the reference script.
fn reference(test: &str) -> Option<(PathBuf, PathBuf)> {
    Some((
        python(test, "PEER_PYTHON")?,
        shared(test, "peers/notebook_labels.py")?,
    ))
}

#[test]
fn drawn_pictures_get_the_notebooks_colour_and_names() {
    let Some((interpreter, script)) = reference("drawn_pictures_get_the_notebooks_colour_and_names") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for seed in 0..40_u32 {
        // Few colours, many colours, one, dark ones, bright ones: each cuts the boxes another way.
        let picture = RgbImage::from_fn(24 + seed, 40, |x, y| {
            let [r, g, b] = textured(64, 64).get_pixel(x % 64, y % 64).0;
            let block = (x / (1 + seed % 9) + 3 * (y / 7) + seed) as u8;
            Rgb(match seed % 4 {
                0 => [
                    block.wrapping_mul(37),
                    block.wrapping_mul(11),
                    block.wrapping_mul(5),
                ],
                1 => [r / 4, g / 3, b / 2],
                2 => [255 - r / 8, 255 - g / 4, 255 - b / 2],
                _ => [r, g.wrapping_add(block), b ^ block],
            })
        });
        picture.save(folder.path().join(format!("{seed}.png"))).unwrap();
    }
    compare(&interpreter, &script, folder.path());
}

#[test]
fn real_pictures_get_the_notebooks_colour_and_names() {
    const TEST: &str = "real_pictures_get_the_notebooks_colour_and_names";
    let (Some((interpreter, script)), Some(images)) =
        (reference(TEST), shared(TEST, "data/smallfashion/images"))
    else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut files: Vec<PathBuf> = fs::read_dir(images)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    for file in files.iter().step_by(200) {
        let name = Path::new(file.file_stem().unwrap()).with_extension("png");
        open(file).save(folder.path().join(name)).unwrap();
    }
    compare(&interpreter, &script, folder.path());
}
