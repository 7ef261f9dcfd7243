//! Groups of near-duplicates among many images: `cargo bench --bench grouping`
//!
//! Of a million synthetic hashes, and of the data sets whose folders are given behind `--`.
#![allow(clippy::unwrap_used, reason = "a bench that cannot be set up must not pass")]
#![allow(clippy::print_stdout, reason = "a bench that prints figures")]

use std::{
    collections::{HashMap, HashSet},
    env,
    time::Instant,
};

use ai4fashion_dataset::{
    Dataset, IngestOptions,
    ingest::Groups,
    record::{PerceptualHash, PixelsHash},
};
use ai4fashion_files::machine::peak_memory_mib;

/// One of this many synthetic images is nearly the one before.
const COPIES: u64 = 50;

fn main() {
    println!("| images | pairs | compared | groups | s | peak memory of the program, MiB |");
    println!("|---|---|---|---|---|---|");
    let folders = env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let mut keyed = Vec::new();
    for folder in folders {
        let dataset = Dataset::open(folder).unwrap();
        let records = dataset.records().iter();
        let (pixels, looks): (Vec<_>, Vec<_>) = records
            .map(|record| (record.pixels_blake3, record.perceptual_hash))
            .unzip();
        drop(dataset);
        group(&pixels, &looks);
        keyed.push(keys(&looks));
    }
    for count in [10_000, 100_000, 1_000_000] {
        let (pixels, looks): (Vec<_>, Vec<_>) = (0..count).map(synthetic).unzip();
        group(&pixels, &looks);
    }
    for line in keyed {
        println!("\n{line}");
    }
}

/// What a join on keys would compare.
fn keys(looks: &[PerceptualHash]) -> String {
    let mut images: HashMap<u64, Vec<usize>> = HashMap::new();
    for (image, look) in looks.iter().enumerate() {
        for key in look.near_keys() {
            images.entry(key).or_default().push(image);
        }
    }
    let rows: usize = images.values().map(Vec::len).sum();
    let mut pairs = HashSet::new();
    for images in images.values() {
        for (place, b) in images.iter().enumerate() {
            pairs.extend(images[..place].iter().map(|a| (*a, *b)));
        }
    }
    let (count, mean) = (looks.len(), rows as f64 / looks.len() as f64);
    format!(
        "join on keys, {count} images: {mean:.1} keys an image, {} pairs share one",
        pairs.len()
    )
}

fn group(pixels: &[PixelsHash], looks: &[PerceptualHash]) {
    let start = Instant::now();
    let groups = Groups::of(pixels, looks, IngestOptions::default().max_hash_distance);
    let seconds = start.elapsed().as_secs_f64();
    let count = pixels.len();
    let shared =
        (0..count).filter(|&index| groups.first_of(index) == index && groups.name_of(index).is_some());
    println!(
        "| {count} | {} | {} | {} | {seconds:.2} | {} |",
        count * (count - 1) / 2,
        groups.compared(),
        shared.count(),
        peak_memory_mib().map_or("?".to_owned(), |peak| format!("{peak:.0}"))
    );
}

/// A garment on white paper, in a colour and shape of its own, or nearly those of the one before.
fn synthetic(index: u64) -> (PixelsHash, PerceptualHash) {
    let (base, moved) = match index % COPIES {
        0 => (index + 1, 1),
        _ => (index, 0),
    };
    let random = |place: u64| splitmix(base * 64 + place);
    let mut bytes = Vec::new();
    // Brighter, then darker: no cell is both.
    for word in 0..4 {
        bytes.extend((random(word) & random(word + 8)).to_be_bytes());
    }
    for word in 0..4 {
        bytes.extend((!random(word) & random(word + 16)).to_be_bytes());
    }
    let cloth = random(32).to_be_bytes();
    for patch in 0..16_u64 {
        let is_paper = matches!(patch % 4, 0 | 3);
        let shade = (random(33 + patch) % 32) as u8;
        let color = |component: usize| match is_paper {
            true => 255 - shade / 8,
            false => (cloth[component] / 2 + 64).saturating_add(shade) + moved,
        };
        bytes.extend([0, 1, 2].map(color));
    }
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut pixels = [0; 32];
    pixels[..8].copy_from_slice(&splitmix(index).to_be_bytes());
    (PixelsHash(pixels), text.parse().unwrap())
}

/// Numbers without a pattern (G. Steele and others, *Fast Splittable Pseudorandom Number
/// Generators*, 2014).
fn splitmix(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ mixed >> 31
}
