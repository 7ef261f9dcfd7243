//! Ingestion by phase on one thread, and whole on all: `cargo bench --bench ingest`
//!
//! Pictures are drawn from a seed, 168x224 as in the larger of Kaggle's sets; for real ones beside Pillow see
//! docs/performance.md.
#![allow(missing_docs, reason = "criterion_group! makes public items")]
#![allow(clippy::unwrap_used, reason = "a bench that cannot be set up must not pass")]

use std::{fs, hint::black_box};

use ai4fashion_dataset::{
    ColorClassifier, DEFAULT_QUALITY, DEFAULT_SIZE, Ingest, IngestOptions, Limits, PerceptualHash,
    SmallFashion, decode, jpeg, letterbox, sha256, synthetic::Catalogue,
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn bench(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let photos = folder.path().join("photos");
    let catalogue = Catalogue::new(1).with_per_label(2);
    catalogue.write_small_fashion(&photos).unwrap();
    let mut group = criterion.benchmark_group("ingest");
    group.sample_size(10);

    let file = fs::read(photos.join("images/10000.jpg")).unwrap();
    let picture = decode(&file, &Limits::default()).unwrap().into_rgb();
    group.throughput(Throughput::Bytes(file.len() as u64));
    group.bench_function("decode", |bencher| {
        bencher.iter(|| decode(black_box(&file), &Limits::default()));
    });
    group.throughput(Throughput::Elements(1));
    group.bench_function("resize", |bencher| {
        bencher.iter(|| letterbox(black_box(&picture), DEFAULT_SIZE))
    });
    let square = letterbox(&picture, DEFAULT_SIZE).unwrap();
    let classifier = ColorClassifier::default();
    group.bench_function("color", |bencher| {
        bencher.iter(|| classifier.classify(black_box(&square)));
    });
    group.bench_function("hashes", |bencher| {
        bencher.iter(|| {
            let hashes = [&file[..], picture.as_raw()].map(|bytes| sha256(black_box(bytes)));
            (hashes, PerceptualHash::of(black_box(&square)))
        });
    });
    group.bench_function("encode", |bencher| {
        bencher.iter(|| jpeg(black_box(&square), DEFAULT_QUALITY));
    });

    let source = SmallFashion::open(&photos).unwrap();
    let ingest = Ingest::new(IngestOptions::default()).unwrap();
    group.throughput(Throughput::Elements(catalogue.len() as u64));
    // Each into a folder of its own: file systems are slow where many files were deleted a moment ago.
    let mut round = 0;
    group.bench_function("whole", |bencher| {
        bencher.iter(|| {
            round += 1;
            let out = folder.path().join(format!("dataset-{round}"));
            ingest.run(&[&source], out, &()).unwrap()
        });
    });
    let out = folder.path().join("dataset-1");
    group.bench_function("nothing to do", |bencher| {
        bencher.iter(|| assert!(ingest.run(&[&source], &out, &()).unwrap().unchanged));
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
