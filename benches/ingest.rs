//! Ingestion by phase on one thread, and whole on all: `cargo bench --bench ingest`
//!
//! Pictures are drawn from a seed, 168x224 as in the larger of Kaggle's sets; for real ones beside Pillow see
//! docs/performance.md.
#![allow(missing_docs, reason = "criterion_group! makes public items")]
#![allow(clippy::unwrap_used, reason = "a bench that cannot be set up must not pass")]

use std::{fs, hint::black_box};

use ai4fashion_dataset::{
    Ingest, IngestOptions, Limits, SmallFashion, decode, letterbox, synthetic::Catalogue,
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
    group.bench_function("letterbox", |bencher| {
        bencher.iter(|| letterbox(black_box(&picture), 256))
    });

    let source = SmallFashion::open(&photos).unwrap();
    let ingest = Ingest::new(IngestOptions::default().with_overwrite(true)).unwrap();
    let out = folder.path().join("dataset");
    group.throughput(Throughput::Elements(catalogue.len() as u64));
    group.bench_function("whole", |bencher| {
        bencher.iter(|| ingest.run(&[&source], &out, &()).unwrap());
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
