//! The notebooks' rules against the Python package colorthief and the notebooks' own code.
//!
//! `golden/dominant_colors.json` and `golden/names.json` hold what those give for images and
//! colours that are generated here too; `golden/generate.py` writes them. The tests that run the
//! script need a Python with colorthief.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use ai4fashion_color::{
    BasicColor,
    image::{Rgb, RgbImage},
    notebook::{LookBookRule, SmallFashionRule, dominant_color},
};
use ai4fashion_testkit::{golden::word, interpreter, printed, shared_path, textured};
use serde_json::{Value, json};

/// An image, its dominant colour and both names of that.
#[derive(Debug, PartialEq, serde::Deserialize)]
struct Row {
    /// Number or name of a generated image, or the name of a file.
    image: Value,
    color: Option<[u8; 3]>,
    lookbook: Option<String>,
    small_fashion: Option<String>,
}

/// What we find.
fn row(name: Value, image: &RgbImage) -> Row {
    let color = dominant_color(image);
    let name_of = |name: Option<BasicColor>| name.map(|name| name.to_string());
    Row {
        image: name,
        color,
        lookbook: name_of(color.and_then(|color| LookBookRule.classify_color(color))),
        small_fashion: name_of(color.and_then(|color| SmallFashionRule.classify_color(color))),
    }
}

fn cases<T: serde::de::DeserializeOwned>(json: &str) -> Vec<T> {
    let mut file: Value = serde_json::from_str(json).unwrap();
    serde_json::from_value(file["cases"].take()).unwrap()
}

/// Every image gets the expected colour and both of its names; `open` finds an image by its name.
fn compare(expected: &[Row], open: impl Fn(&Value) -> RgbImage) {
    let found = expected
        .iter()
        .map(|row_| row(row_.image.clone(), &open(&row_.image)));
    let wrong: Vec<String> = found
        .zip(expected)
        .filter(|(found, expected)| found != *expected)
        .map(|(found, expected)| format!("{found:?} instead of {expected:?}"))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {}: {wrong:#?}",
        wrong.len(),
        expected.len()
    );
}

/// The image that `golden/generate.py` has under this name.
fn generated(name: &Value) -> RgbImage {
    let white = RgbImage::from_pixel(8, 8, Rgb([255; 3]));
    match name.as_str() {
        Some("white") => white,
        Some("one_blue_pixel") => {
            let mut image = white;
            image.put_pixel(3, 3, Rgb([20, 40, 220]));
            image
        }
        _ => numbered(u32::try_from(name.as_u64().unwrap()).unwrap()),
    }
}

/// Few colours, many colours, dark ones, bright ones, from 40 on cloth on white: each cuts the
/// boxes another way.
fn numbered(seed: u32) -> RgbImage {
    let (width, pattern) = (24 + seed, textured(64, 64));
    RgbImage::from_fn(width, 40, |x, y| {
        let [r, g, b] = pattern.get_pixel(x % 64, y % 64).0;
        let block = (x / (1 + seed % 9) + 3 * (y / 7) + seed) as u8;
        let is_cloth = (width / 4..width * 3 / 4).contains(&x) && (10..30).contains(&y);
        Rgb(match seed % 4 {
            _ if seed >= 40 && is_cloth => {
                let noise = word(seed, y * width + x);
                [0, 1, 2].map(|channel| {
                    let base = word(1000 + seed, channel) % 200;
                    (base + (noise >> (8 * channel) & 31)) as u8
                })
            }
            _ if seed >= 40 => [255; 3],
            0 => [
                block.wrapping_mul(37),
                block.wrapping_mul(11),
                block.wrapping_mul(5),
            ],
            1 => [r / 4, g / 3, b / 2],
            2 => [255 - r / 8, 255 - g / 4, 255 - b / 2],
            _ => [r, g.wrapping_add(block), b ^ block],
        })
    })
}

#[expect(clippy::disallowed_methods, reason = "our own files")]
fn open(path: &Path) -> RgbImage {
    ai4fashion_color::image::open(path).unwrap().into_rgb8()
}

fn script() -> Command {
    let mut command = Command::new(interpreter("PEER_PYTHON"));
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/generate.py"));
    command
}

#[test]
fn generated_images_get_the_notebooks_colour_and_names() {
    let expected: Vec<Row> = cases(include_str!("golden/dominant_colors.json"));
    compare(&expected, generated);
    // One step of one component would be told.
    let Row { color, .. } = &expected[0];
    let wrong = color.map(|[r, g, b]| [r, g, b + 1]);
    assert_ne!(dominant_color(&generated(&json!(0))), wrong);
}

#[test]
fn colours_have_the_notebooks_names() {
    #[derive(serde::Deserialize)]
    struct Names {
        rule: String,
        letters: BTreeMap<char, Option<String>>,
        names: String,
    }
    let levels = || (0..=255_u8).step_by(17);
    let colors = levels().flat_map(|r| levels().flat_map(move |g| levels().map(move |b| [r, g, b])));
    let colors: Vec<[u8; 3]> = colors.collect();
    for Names { rule, letters, names } in cases(include_str!("golden/names.json")) {
        assert_eq!(names.len(), colors.len());
        let wrong: Vec<String> = colors
            .iter()
            .zip(names.chars())
            .filter_map(|(color, letter)| {
                let found = match &*rule {
                    "lookbook" => LookBookRule.classify_color(*color),
                    _ => SmallFashionRule.classify_color(*color),
                };
                let (found, expected) = (found.map(|name| name.to_string()), &letters[&letter]);
                (found != *expected).then(|| format!("{color:?}: {found:?} instead of {expected:?}"))
            })
            .collect();
        assert!(wrong.is_empty(), "{rule}: {wrong:#?}");
    }
}

#[test]
#[ignore = "needs PEER_PYTHON: computes the golden results again and compares them"]
fn golden_results_are_what_colorthief_computes() {
    println!("{}", String::from_utf8(printed(script().arg("--check"))).unwrap());
}

#[test]
#[ignore = "needs PEER_PYTHON, and real photos in AI4FASHION_SHARED: compares with colorthief on them"]
fn real_images_get_the_notebooks_colour_and_names() {
    let folder = tempfile::tempdir().unwrap();
    let mut files: Vec<PathBuf> = fs::read_dir(shared_path("data/smallfashion/images"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    // As PNG files, so that both sides see the same pixels.
    for file in files.iter().step_by(200) {
        let name = Path::new(file.file_stem().unwrap()).with_extension("png");
        open(file).save(folder.path().join(name)).unwrap();
    }
    let rows = printed(script().arg("--images").arg(folder.path()));
    let rows = String::from_utf8(rows).unwrap();
    let expected: Vec<Row> = rows
        .lines()
        .map(|row| serde_json::from_str(row).unwrap())
        .collect();
    assert_eq!(expected.len(), fs::read_dir(folder.path()).unwrap().count());
    compare(&expected, |name| {
        open(&folder.path().join(name.as_str().unwrap()))
    });
}
