//! Ingestion by phase on one thread, and whole on all: `cargo bench --bench ingest`
//!
//! Uses real photos if there are any (`AI4FASHION_SHARED`), otherwise synthetic ones of the same
//! size. Beside Python's image libraries: `python benches/against_pillow.py`.
#![allow(missing_docs, reason = "criterion_group! makes public items")]
#![allow(clippy::unwrap_used, reason = "a bench that cannot be set up must not pass")]
#![allow(clippy::print_stdout, reason = "a bench that prints figures")]

mod photos;

use std::{
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    time::Duration,
};

use ai4fashion_dataset::{Ingest, IngestOptions, SmallFashion};
use ai4fashion_files::sha256_hex;
use ai4fashion_garment::{GarmentWorkspace, TypeHint};
use ai4fashion_image::{Limits, PerceptualHash, decode, encode_jpeg, letterbox};
use ai4fashion_plot::DistributionCharts;
use ai4fashion_synthetic::Catalogue;
use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};

use photos::files;

/// Images of a round.
const COUNT: usize = 1024;

/// Some photos, in a folder of their own.
fn some_photos(folder: &Path) -> PathBuf {
    let some = folder.join("photos");
    let Some(real) = photos::folder() else {
        let catalogue = Catalogue::new(1).with_per_label(2);
        catalogue.write_small_fashion(&some).unwrap();
        return some;
    };
    fs::create_dir_all(some.join("images")).unwrap();
    fs::copy(real.join("styles.csv"), some.join("styles.csv")).unwrap();
    for photo in files(&real.join("images")).iter().step_by(4).take(COUNT) {
        let name = photo.file_name().unwrap();
        fs::copy(photo, some.join("images").join(name)).unwrap();
    }
    some
}

fn phases(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let photos = some_photos(folder.path());
    let paths = files(&photos.join("images"));
    let (options, limits) = (IngestOptions::default(), Limits::default());
    let (size, quality) = (options.image_size, options.jpeg_quality);
    let bytes: Vec<_> = paths.iter().map(|path| fs::read(path).unwrap()).collect();
    let decoded: Vec<_> = bytes
        .iter()
        .map(|bytes| decode(bytes, &limits).unwrap())
        .collect();
    let images: Vec<_> = decoded
        .iter()
        .map(|decoded| decoded.clone().into_rgb8())
        .collect();
    let squares: Vec<_> = images
        .iter()
        .map(|image| letterbox(image, size).unwrap())
        .collect();
    let jpegs: Vec<_> = squares
        .iter()
        .map(|square| encode_jpeg(square, quality).unwrap())
        .collect();

    let mut group = criterion.benchmark_group("ingest");
    group
        .sample_size(10)
        .throughput(Throughput::Elements(paths.len() as u64));
    group.bench_function("read", |bencher| {
        bencher.iter(|| {
            paths
                .iter()
                .map(|path| fs::read(path).unwrap().len())
                .sum::<usize>()
        });
    });
    group.bench_function("decode", |bencher| {
        bencher.iter(|| {
            bytes
                .iter()
                .for_each(|bytes| drop(black_box(decode(bytes, &limits))))
        });
    });
    group.bench_function("resize", |bencher| {
        bencher.iter(|| {
            images
                .iter()
                .for_each(|image| drop(black_box(letterbox(image, size))));
        });
    });
    let mut workspace = GarmentWorkspace::new();
    group.bench_function("labels", |bencher| {
        bencher.iter(|| {
            squares.iter().for_each(|square| {
                black_box(options.garment_classifier.classify_with(
                    &mut workspace,
                    square,
                    TypeHint::Unknown,
                ));
            });
        });
    });
    group.bench_function("hashes", |bencher| {
        bencher.iter(|| {
            let photos = bytes.iter().map(|bytes| blake3::hash(bytes).as_bytes().len());
            let jpegs = jpegs.iter().map(|bytes| sha256_hex(bytes).len());
            let seen = decoded.iter().map(|decoded| decoded.pixels_blake3().len());
            squares.iter().for_each(|square| {
                black_box(PerceptualHash::of(square));
            });
            photos.chain(jpegs).chain(seen).sum::<usize>()
        });
    });
    group.bench_function("encode", |bencher| {
        bencher.iter(|| {
            squares
                .iter()
                .for_each(|square| drop(black_box(encode_jpeg(square, quality))));
        });
    });
    let source = SmallFashion::open(&photos).unwrap();
    let ingest = Ingest::new(options).unwrap().with_sidecar(DistributionCharts);
    // Each into a folder of its own, and few: file systems are slow where many files were deleted
    // or overwritten a moment ago.
    let mut round = 0;
    group
        .sampling_mode(SamplingMode::Flat)
        .warm_up_time(Duration::from_millis(500));
    group.bench_function("whole, all threads", |bencher| {
        bencher.iter(|| {
            round += 1;
            let out = folder.path().join(format!("dataset-{round}"));
            ingest.run(&[&source], out, &()).unwrap()
        });
    });
    let out = folder.path().join("dataset-1");
    group.bench_function("nothing to do", |bencher| {
        bencher.iter(|| assert!(ingest.run(&[&source], &out, &()).unwrap().is_unchanged));
    });
    group.finish();
}

criterion_group!(benches, phases);
criterion_main!(benches);
