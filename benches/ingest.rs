//! Ingestion by phase on one thread, and whole on all: `cargo bench -p ai4fashion-benches --bench ingest`
//!
//! Pictures are drawn from a seed, 168x224 as in the larger of Kaggle's sets; for real ones beside Pillow see
//! docs/performance.md.
#![allow(missing_docs, reason = "criterion_group! makes public items")]

use std::{fs, hint::black_box};

use ai4fashion_dataset::{
    Ingest, IngestOptions, Limits, SmallFashion, decode, letterbox, synthetic::Catalogue,
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn bench(criterion: &mut Criterion) {
    let Ok(folder) = tempfile::tempdir() else { return };
    let photos = folder.path().join("photos");
    let catalogue = Catalogue::new(1).with_per_label(2);
    let (Ok(_), Ok(source)) = (
        catalogue.write_small_fashion(&photos),
        SmallFashion::open(&photos),
    ) else {
        return;
    };
    let mut group = criterion.benchmark_group("ingest");
    group.sample_size(10);

    let Ok(file) = fs::read(photos.join("images/10000.jpg")) else {
        return;
    };
    let Ok(picture) = decode(&file, &Limits::default()).map(|decoded| decoded.into_rgb()) else {
        return;
    };
    group.throughput(Throughput::Bytes(file.len() as u64));
    group.bench_function("decode", |bencher| {
        bencher.iter(|| decode(black_box(&file), &Limits::default()));
    });
    group.throughput(Throughput::Elements(1));
    group.bench_function("letterbox", |bencher| {
        bencher.iter(|| letterbox(black_box(&picture), 256))
    });

    let Ok(ingest) = Ingest::new(IngestOptions::default().with_overwrite(true)) else {
        return;
    };
    let out = folder.path().join("dataset");
    group.throughput(Throughput::Elements(catalogue.len() as u64));
    group.bench_function("whole", |bencher| {
        bencher.iter(|| ingest.run(&[&source], &out, &()))
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
