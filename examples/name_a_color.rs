//! Names the colour of images: `cargo run --release --example name_a_color -- shirt.jpg`
#![allow(clippy::print_stdout, reason = "a program prints")]

use ai4fashion_color::{BasicColor, ColorClassifier};
use ai4fashion_image::{
    Limits, decode_file,
    image::{Rgb, RgbImage},
};

fn main() -> anyhow::Result<()> {
    let classifier = ColorClassifier::default();
    let files: Vec<String> = std::env::args().skip(1).collect();
    if files.is_empty() {
        print("a red square on white", &red_square(), &classifier);
    }
    for file in &files {
        // Limits keep a hostile file from taking all memory.
        let image = decode_file(file, &Limits::default())?.into_rgb8();
        print(file, &image, &classifier);
    }
    Ok(())
}

fn print(name: &str, image: &RgbImage, classifier: &ColorClassifier) {
    let found = classifier.classify(image);
    println!("{name}: {}, confidence {:.2}", found.name(), found.confidence());
    println!(
        "  runner-up {}, dominant colour {:?}",
        found.runner_up(),
        found.dominant_color()
    );
    for (color, fraction) in BasicColor::ALL.into_iter().zip(found.fractions()) {
        if fraction > 0.01 {
            println!("  {color:<7} {:>5.1}%", 100.0 * fraction);
        }
    }
}

fn red_square() -> RgbImage {
    RgbImage::from_fn(256, 256, |x, y| {
        let is_garment = (64..192).contains(&x) && (64..192).contains(&y);
        if is_garment {
            Rgb([200, 20, 30])
        } else {
            Rgb([255; 3])
        }
    })
}
