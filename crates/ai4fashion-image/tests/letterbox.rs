//! Letterboxes against Pillow's: `golden/letterbox.json` holds its pixels, and `golden/generate.py`
//! writes them.
//!
//! Both filter rows and columns in whole numbers and round in between, Pillow after the rows and
//! the resizer here after the columns: a component may be one step off.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

use std::{path::Path, process::Command};

use ai4fashion_image::{
    image::{Rgb, RgbImage},
    letterbox,
};
use ai4fashion_testkit::{golden::word, interpreter, printed, textured};
use serde_json::Value;

/// Steps of 255 that a component may differ by.
const TOLERANCE: u8 = 1;

/// An image of this content and size, and Pillow's square, as hexadecimal digits.
#[derive(Debug, serde::Deserialize)]
struct Case {
    content: String,
    width: u32,
    height: u32,
    size: u32,
    square: String,
}

impl Case {
    /// Components between 64 and 191: where filtering leaves 0 to 255, each side clips between its
    /// own passes.
    fn image(&self) -> RgbImage {
        let (width, height) = (self.width, self.height);
        let mut image = match &*self.content {
            "noise" => RgbImage::from_fn(width, height, |x, y| {
                let [red, green, blue, _] = word(width, y * width + x).to_le_bytes();
                Rgb([red, green, blue])
            }),
            _ => textured(width, height),
        };
        image
            .iter_mut()
            .for_each(|component| *component = *component / 2 + 64);
        image
    }

    fn expected(&self) -> Vec<u8> {
        let (pairs, _) = self.square.as_bytes().as_chunks::<2>();
        let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        pairs.iter().map(byte).collect()
    }
}

fn cases() -> Vec<Case> {
    let mut file: Value = serde_json::from_str(include_str!("golden/letterbox.json")).unwrap();
    serde_json::from_value(file["cases"].take()).unwrap()
}

/// The largest difference of a component.
fn worst(found: &[u8], expected: &[u8]) -> u8 {
    assert_eq!(found.len(), expected.len());
    let differences = found.iter().zip(expected).map(|(f, e)| f.abs_diff(*e));
    differences.max().unwrap_or_default()
}

#[test]
fn letterboxes_are_pillows() {
    for case in cases() {
        let square = letterbox(&case.image(), case.size).unwrap();
        let worst = worst(&square, &case.expected());
        println!("{} of {}x{}: {worst}", case.content, case.width, case.height);
        assert!(worst <= TOLERANCE, "off by {worst}: {case:?}");
    }
}

/// A mirrored image, or one that lacks a row, is told.
#[test]
fn other_letterboxes_are_told_from_pillows() {
    use ai4fashion_image::image::imageops::{crop_imm, flip_horizontal};
    // Of noise, little is left.
    for case in cases().iter().filter(|case| case.content == "textured") {
        let image = case.image();
        let cut = crop_imm(&image, 0, 1, case.width, case.height - 1).to_image();
        for wrong in [cut, flip_horizontal(&image)] {
            let square = letterbox(&wrong, case.size).unwrap();
            let worst = worst(&square, &case.expected());
            assert!(worst > 2 * TOLERANCE, "{case:?}");
        }
    }
}

#[test]
#[ignore = "needs PEER_PYTHON: computes the golden results again and compares them"]
fn golden_results_are_what_pillow_computes() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/generate.py");
    let mut command = Command::new(interpreter("PEER_PYTHON"));
    let output = printed(command.arg(script).arg("--check"));
    println!("{}", String::from_utf8(output).unwrap());
}
