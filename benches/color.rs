//! Colour naming of decoded pictures, one at a time on one thread: `cargo bench --bench color`
//!
//! Ours stands beside other crates and the notebooks' rules, on the same pictures: garments alone where the labelled photos are
//! there (`AI4FASHION_SHARED`), else drawn ones. With the photos, how often each is right is printed first.
#![allow(missing_docs, reason = "criterion_group! makes public items")]
#![allow(clippy::unwrap_used, reason = "a bench that cannot be set up must not pass")]

mod peers;

use std::{collections::BTreeMap, fs, hint::black_box, path::Path, time::Duration};

use ai4fashion_color::{__private::Phases, BasicColor, ColorClassifier, Workspace};
use ai4fashion_dataset::{Limits, decode_file, letterbox, synthetic::Catalogue};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use image::RgbImage;
use rayon::ThreadPoolBuilder;

/// Pictures of a round.
const COUNT: usize = 24;

fn pictures(size: u32) -> Vec<RgbImage> {
    let pictures = garments().map_or_else(drawn, |photos| {
        let some = photos.len() / COUNT;
        photos
            .into_iter()
            .map(|(photo, _)| photo)
            .step_by(some)
            .take(COUNT)
            .collect()
    });
    let squares = pictures.iter().map(|picture| letterbox(picture, size).unwrap());
    squares.collect()
}

fn drawn() -> Vec<RgbImage> {
    let catalogue = Catalogue::new(1).with_per_label(1);
    (0..COUNT).map(|index| catalogue.draw(index, false)).collect()
}

/// The labelled photos of a garment alone and its colour, if they are there.
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
        Some((photo.ok()?.into_rgb(), color.parse().ok()?))
    };
    Some(labels.lines().filter_map(photo).collect())
}

/// Each namer on the same pictures.
fn namers(criterion: &mut Criterion) {
    for size in [64, 256, 1024] {
        let pictures = pictures(size);
        let mut group = criterion.benchmark_group(format!("color/{size}x{size}"));
        group
            .sample_size(10)
            .measurement_time(Duration::from_secs(3))
            .throughput(Throughput::Elements(COUNT as u64));
        for (name, mut namer) in peers::all() {
            // Some peers take a second for a picture of this size.
            if size > 256 && ["kmeans_colors", "auto-palette"].contains(&name) {
                continue;
            }
            group.bench_function(name, |bencher| {
                bencher.iter(|| pictures.iter().map(|picture| namer(black_box(picture))).max());
            });
        }
        group.finish();
    }
}

/// What takes how much of ours, and a workspace made anew for each picture.
fn phases(criterion: &mut Criterion) {
    let pictures = pictures(256);
    let mut group = criterion.benchmark_group("color-phases/256x256");
    group
        .sample_size(20)
        .throughput(Throughput::Elements(COUNT as u64));
    let mut phases = Phases::new();
    group.bench_function("sample", |bencher| {
        bencher.iter(|| pictures.iter().for_each(|picture| phases.sample(picture)));
    });
    let mut samples: Vec<Phases> = pictures
        .iter()
        .map(|picture| {
            let mut phases = Phases::new();
            phases.sample(picture);
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
            pictures
                .iter()
                .map(|picture| classifier.classify(black_box(picture)).name())
                .max()
        });
    });
    group.finish();
}

/// Many pictures at once, on one thread and on all.
fn threads(criterion: &mut Criterion) {
    let many: Vec<RgbImage> = std::iter::repeat_n(pictures(256), 8).flatten().collect();
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

/// One large photo.
fn large(criterion: &mut Criterion) {
    let picture = image::imageops::resize(
        &pictures(1024)[0],
        4000,
        3000,
        image::imageops::FilterType::Triangle,
    );
    let (classifier, mut workspace) = (ColorClassifier::default(), Workspace::new());
    let mut group = criterion.benchmark_group("color/4000x3000");
    group.throughput(Throughput::Elements(1));
    group.bench_function("ours", |bencher| {
        bencher.iter(|| classifier.classify_with(&mut workspace, black_box(&picture)));
    });
    group.finish();
}

/// How often each is right on the garments alone.
#[allow(clippy::print_stderr, reason = "criterion owns standard output")]
fn accuracy(_: &mut Criterion) {
    let Some(photos) = garments() else {
        eprintln!("no accuracy, and drawn pictures: AI4FASHION_SHARED leads to no labelled photos");
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
    eprintln!("ours has seen these photos: docs/color-naming.md has the figures of models that have not");
}

criterion_group!(benches, accuracy, namers, phases, threads, large);
criterion_main!(benches);
