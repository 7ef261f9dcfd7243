//! Colour naming of decoded images on one thread, in three minutes: `cargo bench --bench color`
//!
//! Our classifiers, other crates and the notebooks' rules name the same images: synthetic garments,
//! or with `AI4FASHION_BENCH_DIR=DIR` those of a folder. A table comes first, accuracy and
//! microseconds of an image side by side, then Criterion's figures at several sizes.
//!
//! The colours are in `DIR/labels.csv`: `color`, one of the eleven names, and `id` of an image
//! `DIR/images/ID.jpg`, or `file` below `DIR`. Without that table all images of the folder are
//! named and there is no accuracy. At most 500 images are read, evenly chosen, and scaled down to
//! 256 pixels.
//!
//! `cargo bench --bench color -- table` prints the table alone. Any other filter leaves it out.
#![allow(clippy::unwrap_used, reason = "a bench that cannot be set up must not pass")]
#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

mod images;
mod peers;
mod table;

use std::{env, hint::black_box, thread, time::Duration};

use ai4fashion_color::{__private::Phases, ColorClassifier, Workspace};
use ai4fashion_garment::{GarmentClassifier, GarmentWorkspace, TypeHint};
use ai4fashion_image::letterbox;
use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput};
use image::{
    RgbImage,
    imageops::{FilterType, crop_imm, resize},
};
use rayon::ThreadPoolBuilder;

use images::Images;

/// Images of a benchmark, named in turn.
const COUNT: usize = 24;
/// Peers that may take seconds for an image: left out at 1024x1024, with more time at 256x256.
const SLOW: [&str; 2] = ["kmeans_colors", "auto-palette"];

/// Prints the table, for which a peer gets 15 s at most, and runs 46 benchmarks of some 1.3 s each;
/// a few take 3 or 4 s.
fn main() -> anyhow::Result<()> {
    let images = Images::load()?;
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if matches!(
        arguments[..],
        ["--bench"] | ["table", "--bench"] | ["--bench", "table"]
    ) {
        table::print(&images);
    }
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .nresamples(10_000)
        .without_plots()
        .configure_from_args();
    namers(&mut criterion, &images);
    phases(&mut criterion, &images);
    threads(&mut criterion, &images);
    large(&mut criterion, &images);
    criterion.final_summary();
    Ok(())
}

/// Returns some of the images at a size, on a white square; what is wider is cut off.
fn some(images: &Images, [width, height]: [u32; 2]) -> Vec<RgbImage> {
    let some = images.all.iter().take(COUNT);
    let sized = some.map(|it| {
        let square = letterbox(&it.image, height).unwrap();
        crop_imm(&square, (height - width) / 2, 0, width, height).to_image()
    });
    sized.collect()
}

/// Benchmarks each namer on the same images.
fn namers(criterion: &mut Criterion, images: &Images) {
    for [width, height] in [[60, 80], [64, 64], [256, 256], [1024, 1024]] {
        let images = some(images, [width, height]);
        let mut group = criterion.benchmark_group(format!("color/{width}x{height}"));
        group.throughput(Throughput::Elements(1));
        for (name, mut namer) in peers::all() {
            let is_slow = width > 64 && SLOW.contains(&name);
            if is_slow && width > 256 {
                continue;
            }
            group.measurement_time(Duration::from_secs(if is_slow { 4 } else { 1 }));
            let mut turns = images.iter().cycle();
            group.bench_function(name, |bencher| {
                bencher.iter(|| turns.next().map(|image| namer(black_box(image))));
            });
        }
        group.finish();
    }
}

/// Benchmarks the phases of the colour classifier, each for all images, and both classifiers with a
/// new workspace for each image.
fn phases(criterion: &mut Criterion, images: &Images) {
    let images = some(images, [256, 256]);
    let mut group = criterion.benchmark_group("color-phases/256x256");
    group.throughput(Throughput::Elements(images.len() as u64));
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
    group.throughput(Throughput::Elements(1));
    let (color, garment) = (ColorClassifier::default(), GarmentClassifier::new());
    let mut turns = images.iter().cycle();
    group.bench_function("ColorClassifier-without-workspace", |bencher| {
        bencher.iter(|| turns.next().map(|image| color.classify(black_box(image))));
    });
    group.bench_function("GarmentClassifier-without-workspace", |bencher| {
        bencher.iter(|| {
            let image = turns.next();
            image.map(|image| garment.classify(black_box(image), TypeHint::Unknown))
        });
    });
    group.finish();
}

/// Benchmarks many images at once, on one thread and on all.
fn threads(criterion: &mut Criterion, images: &Images) {
    let images = some(images, [256, 256]);
    let many: Vec<RgbImage> = std::iter::repeat_n(images, 8).flatten().collect();
    let mut group = criterion.benchmark_group("color-threads/256x256");
    group
        .sampling_mode(SamplingMode::Flat)
        .measurement_time(Duration::from_secs(3))
        .throughput(Throughput::Elements(many.len() as u64));
    let (color, garment) = (ColorClassifier::default(), GarmentClassifier::new());
    let all = thread::available_parallelism().map_or(1, usize::from);
    let mut numbers = vec![1, all];
    numbers.dedup();
    for threads in numbers {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        group.bench_function(BenchmarkId::new("ColorClassifier", threads), |bencher| {
            bencher.iter(|| pool.install(|| color.classify_batch(black_box(&many))));
        });
        group.bench_function(BenchmarkId::new("GarmentClassifier", threads), |bencher| {
            bencher.iter(|| pool.install(|| garment.classify_batch(black_box(&many), TypeHint::Unknown)));
        });
    }
    group.finish();
}

/// Benchmarks one large photo.
fn large(criterion: &mut Criterion, images: &Images) {
    let image = resize(&some(images, [1024, 1024])[0], 4000, 3000, FilterType::Triangle);
    let mut group = criterion.benchmark_group("color/4000x3000");
    group.throughput(Throughput::Elements(1));
    let (color, mut workspace) = (ColorClassifier::default(), Workspace::new());
    group.bench_function("ColorClassifier", |bencher| {
        bencher.iter(|| color.classify_with(&mut workspace, black_box(&image)));
    });
    let (garment, mut workspace) = (GarmentClassifier::new(), GarmentWorkspace::new());
    group.bench_function("GarmentClassifier", |bencher| {
        bencher.iter(|| garment.classify_with(&mut workspace, black_box(&image), TypeHint::Unknown));
    });
    group.finish();
}
