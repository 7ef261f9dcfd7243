//! Colour naming of decoded images, one at a time on one thread: `cargo bench --bench color`
//!
//! It compares our classifier with other crates and the notebooks' rules on the same images:
//! garment-only photos if `AI4FASHION_SHARED` leads to labelled photos, otherwise synthetic
//! garments. With the photos it prints the accuracy of each first.
#![allow(missing_docs, reason = "criterion_group! makes public items")]
#![allow(clippy::unwrap_used, reason = "a bench that cannot be set up must not pass")]

mod peers;

use std::{collections::BTreeMap, fs, hint::black_box, path::Path, time::Duration};

use ai4fashion_color::{__private::Phases, BasicColor, ColorClassifier, Workspace};
use ai4fashion_image::{Limits, decode_file, letterbox};
use ai4fashion_synthetic::{Catalogue, View};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use image::RgbImage;
use rayon::ThreadPoolBuilder;

/// Images of a round.
const COUNT: usize = 24;

fn images(size: u32) -> Vec<RgbImage> {
    let images = garments().map_or_else(synthetic, |photos| {
        let some = photos.len() / COUNT;
        photos
            .into_iter()
            .map(|(photo, _)| photo)
            .step_by(some)
            .take(COUNT)
            .collect()
    });
    let squares = images.iter().map(|image| letterbox(image, size).unwrap());
    squares.collect()
}

fn synthetic() -> Vec<RgbImage> {
    let catalogue = Catalogue::new(1).with_per_label(1);
    (0..COUNT)
        .map(|index| catalogue.render(index, View::GarmentOnly))
        .collect()
}

/// Reads the garment-only photos that have a colour, if there are any.
fn garments() -> Option<Vec<(RgbImage, BasicColor)>> {
    let shared = std::env::var_os("AI4FASHION_SHARED").unwrap_or_else(|| "../../shared".into());
    let data = Path::new(&shared).join("data/smallfashion");
    let labels = fs::read_to_string(data.join("labels.csv")).ok()?;
    let photo = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        let [id, color, .., "1"] = fields[..] else {
            return None;
        };
        let photo = decode_file(data.join(format!("images/{id}.jpg")), &Limits::default());
        Some((photo.ok()?.into_rgb8(), color.parse().ok()?))
    };
    Some(labels.lines().filter_map(photo).collect())
}

/// Benchmarks each namer on the same images.
fn namers(criterion: &mut Criterion) {
    for size in [64, 256, 1024] {
        let images = images(size);
        let mut group = criterion.benchmark_group(format!("color/{size}x{size}"));
        group
            .sample_size(10)
            .measurement_time(Duration::from_secs(3))
            .throughput(Throughput::Elements(COUNT as u64));
        for (name, mut namer) in peers::all() {
            // Some peers take a second for an image of this size.
            if size > 256 && ["kmeans_colors", "auto-palette"].contains(&name) {
                continue;
            }
            group.bench_function(name, |bencher| {
                bencher.iter(|| images.iter().map(|image| namer(black_box(image))).max());
            });
        }
        group.finish();
    }
}

/// Benchmarks the phases of our classifier, and all of it with a new workspace for each image.
fn phases(criterion: &mut Criterion) {
    let images = images(256);
    let mut group = criterion.benchmark_group("color-phases/256x256");
    group
        .sample_size(20)
        .throughput(Throughput::Elements(COUNT as u64));
    let mut phases = Phases::new();
    group.bench_function("sample", |bencher| {
        bencher.iter(|| images.iter().for_each(|image| phases.sample(image)));
    });
    let mut samples: Vec<Phases> = images
        .iter()
        .map(|image| {
            let mut phases = Phases::new();
            phases.sample(image);
            phases
        })
        .collect();
    group.bench_function("mask", |bencher| {
        bencher.iter(|| samples.iter_mut().for_each(Phases::mask));
    });
    group.bench_function("count", |bencher| {
        bencher.iter(|| samples.iter_mut().for_each(Phases::count));
    });
    group.bench_function("name", |bencher| {
        bencher.iter(|| samples.iter().map(|phases| phases.name().name()).max());
    });
    let classifier = ColorClassifier::default();
    group.bench_function("all-without-workspace", |bencher| {
        bencher.iter(|| {
            images
                .iter()
                .map(|image| classifier.classify(black_box(image)).name())
                .max()
        });
    });
    group.finish();
}

/// Benchmarks many images at once, on one thread and on all.
fn threads(criterion: &mut Criterion) {
    let many: Vec<RgbImage> = std::iter::repeat_n(images(256), 8).flatten().collect();
    let mut group = criterion.benchmark_group("color-threads/256x256");
    group
        .sample_size(20)
        .throughput(Throughput::Elements(many.len() as u64));
    let all = std::thread::available_parallelism().map_or(1, usize::from);
    for threads in [1, all] {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        group.bench_function(format!("{threads}"), |bencher| {
            bencher.iter(|| pool.install(|| ColorClassifier::default().classify_batch(black_box(&many))));
        });
    }
    group.finish();
}

/// Benchmarks one large photo.
fn large(criterion: &mut Criterion) {
    let image = image::imageops::resize(
        &images(1024)[0],
        4000,
        3000,
        image::imageops::FilterType::Triangle,
    );
    let (classifier, mut workspace) = (ColorClassifier::default(), Workspace::new());
    let mut group = criterion.benchmark_group("color/4000x3000");
    group.throughput(Throughput::Elements(1));
    group.bench_function("ours", |bencher| {
        bencher.iter(|| classifier.classify_with(&mut workspace, black_box(&image)));
    });
    group.finish();
}

/// Prints the accuracy of each namer on garment-only photos.
#[allow(clippy::print_stderr, reason = "criterion owns standard output")]
fn accuracy(_: &mut Criterion) {
    let Some(photos) = garments() else {
        eprintln!("no accuracy, and synthetic images: AI4FASHION_SHARED leads to no labelled photos");
        return;
    };
    eprintln!("named as the catalogue does, of {} garments alone:", photos.len());
    for (method, mut namer) in peers::all() {
        let mut names: BTreeMap<BasicColor, [usize; 2]> = BTreeMap::new();
        for (photo, color) in &photos {
            let [right, all] = names.entry(*color).or_default();
            *right += usize::from(namer(photo) == Some(*color));
            *all += 1;
        }
        let right: usize = names.values().map(|[right, _]| right).sum();
        let recalls = names.values().map(|&[right, all]| right as f64 / all as f64);
        let mean = recalls.sum::<f64>() / names.len() as f64;
        let accuracy = right as f64 / photos.len() as f64;
        eprintln!("{method:20} {accuracy:.3}, mean over the names {mean:.3}");
    }
    eprintln!(
        "ours has seen these photos: docs/measurements/color-naming.md has the figures of models that have not"
    );
}

criterion_group!(benches, accuracy, namers, phases, threads, large);
criterion_main!(benches);
