//! Colour naming of decoded pictures, one at a time on one thread: `cargo bench --bench color`
//!
//! Ours stands beside the crate `color-thief`, the quantizer that people use for this, which finds a dominant colour but
//! no name. The pictures are drawn from a seed; how often a name is right on real photos is in docs/color-naming.md.
#![allow(missing_docs, reason = "criterion_group! makes public items")]
#![allow(clippy::unwrap_used, reason = "a bench that cannot be set up must not pass")]

use std::hint::black_box;

use ai4fashion_color::{ColorClassifier, rules::LookBook};
use ai4fashion_dataset::{letterbox, synthetic::Catalogue};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use image::RgbImage;

/// Pictures of a round.
const COUNT: usize = 24;

fn pictures(size: u32) -> Vec<RgbImage> {
    let catalogue = Catalogue::new(1).with_per_label(1);
    let drawn = (0..COUNT).map(|index| catalogue.draw(index, false));
    drawn
        .filter_map(|picture| letterbox(&picture, size).ok())
        .collect()
}

fn bench(criterion: &mut Criterion) {
    let classifier = ColorClassifier::default();
    for size in [64, 256, 1024] {
        let pictures = pictures(size);
        let mut group = criterion.benchmark_group(format!("color/{size}x{size}"));
        group
            .sample_size(10)
            .throughput(Throughput::Elements(COUNT as u64));
        group.bench_function("perceptual", |bencher| {
            bencher.iter(|| {
                pictures
                    .iter()
                    .map(|p| classifier.classify(black_box(p)).name())
                    .max()
            });
        });
        group.bench_function("lookbook-rule", |bencher| {
            bencher.iter(|| pictures.iter().map(|p| LookBook.name_picture(black_box(p))).max());
        });
        group.bench_function("color-thief", |bencher| {
            bencher.iter(|| {
                let dominant = |picture: &RgbImage| {
                    color_thief::get_palette(black_box(picture), color_thief::ColorFormat::Rgb, 1, 5).unwrap()
                        [0]
                };
                pictures.iter().map(|picture| dominant(picture).r).max()
            });
        });
        group.finish();
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
