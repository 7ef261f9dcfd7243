//! Perceptual hashes of real photos: different ones are not alike.
//!
//! `../golden/photo_hashes.txt` holds the hashes of every eightieth photo of SmallFashion, in the
//! order of the files' names, so that they are compared where the photos are missing.

use std::{fs, path::PathBuf};

use ai4fashion_dataset::{IngestOptions, record::PerceptualHash};
use ai4fashion_testkit::{shared_path, write};

const GOLDEN: &str = include_str!("../golden/photo_hashes.txt");
const STEP: usize = 80;

fn golden() -> Vec<PerceptualHash> {
    GOLDEN.lines().map(|line| line.parse().unwrap()).collect()
}

/// The hashes of every `step`th photo.
fn of_photos(step: usize) -> Vec<PerceptualHash> {
    let folder = fs::read_dir(shared_path("data/smallfashion/images")).unwrap();
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let hash = |file: &PathBuf| {
        let image = ai4fashion_image::decode(&fs::read(file).unwrap(), &Default::default());
        PerceptualHash::of(&image.unwrap().into_rgb8())
    };
    files.iter().step_by(step).map(hash).collect()
}

/// The pairs that an ingestion takes for near-duplicates.
fn alike(hashes: &[PerceptualHash]) -> usize {
    let distance = u32::from(IngestOptions::default().max_hash_distance.unwrap());
    let pairs = hashes
        .iter()
        .enumerate()
        .flat_map(|(index, a)| hashes[..index].iter().map(move |b| (a, b)));
    pairs.filter(|(a, b)| a.is_near(b, distance)).count()
}

#[test]
fn hashes_of_different_photos_are_not_alike() {
    let mut hashes = golden();
    assert_eq!((hashes.len(), alike(&hashes)), (60, 0));
    hashes.push(hashes[0]);
    assert_eq!(alike(&hashes), 1);
}

#[test]
#[ignore = "needs real photos in AI4FASHION_SHARED: hashes them"]
fn hashes_of_photos_are_the_golden_ones() {
    let hashes = of_photos(STEP);
    if hashes != golden() {
        let lines: String = hashes.iter().map(|hash| format!("{hash}\n")).collect();
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("photo_hashes.txt");
        write(&path, lines);
        panic!("other hashes: if that is meant, copy `{}`", path.display());
    }
}

#[test]
#[ignore = "needs real photos in AI4FASHION_SHARED: compares the hashes of four hundred"]
fn different_photos_are_not_alike() {
    // One in a million pairs of different photos is alike.
    assert!(alike(&of_photos(12)) <= 2);
}
