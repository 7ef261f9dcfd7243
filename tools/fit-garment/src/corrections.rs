//! How much corrections teach: a simulated reviewer gives the catalogue's labels.

use ai4fashion_fit::{AdaptConfig, Example, adapt};
use ai4fashion_garment::{GarmentClassifier, GarmentWorkspace, TypeHint};
use ai4fashion_kernels::cpu;

use crate::photos::Photo;

/// Numbers of photos that are reviewed.
const REVIEWED: [usize; 5] = [50, 100, 200, 400, 800];
/// Photos without a human label that answers are held on.
const HELD: usize = 1000;

/// Prints the agreement with the catalogue after some photos were reviewed.
///
/// Every second typed photo can be reviewed, those with the least confident colour first; agreement
/// is measured on the others.
#[expect(clippy::print_stdout, reason = "a program that reports")]
pub(crate) fn report(weights: &[u8], photos: &[Photo]) -> anyhow::Result<()> {
    let typed = photos
        .iter()
        .filter(|photo| photo.product_type.is_some() && photo.color.is_some());
    let (pool, rest): (Vec<_>, Vec<_>) = typed.enumerate().partition(|(index, _)| index % 2 == 0);
    let [mut pool, rest] = [pool, rest].map(|part: Vec<(usize, &Photo)>| -> Vec<&Photo> {
        part.into_iter().map(|(_, photo)| photo).collect()
    });
    let classifier = GarmentClassifier::from_bytes(weights)?;
    let workspace = &mut GarmentWorkspace::new();
    pool.sort_by_cached_key(|photo| {
        let found = classifier.classify_with(workspace, &photo.image, TypeHint::Unknown);
        (found.color().confidence() * 1e6) as u32
    });
    let [color, known] = agreement(weights, &rest)?;
    println!("no review: colour {color:.4}, type {known:.4} of {}", rest.len());
    for count in REVIEWED {
        let count = count.min(pool.len());
        let (reviewed, others) = pool.split_at(count);
        let held = others.iter().take(HELD).map(|photo| Example::new(&photo.image));
        let examples: Vec<Example> = reviewed
            .iter()
            .map(|photo| photo.example.clone())
            .chain(held)
            .collect();
        let taught = adapt(weights, &examples, &AdaptConfig::default(), &cpu())?;
        let [color, known] = agreement(&taught, &rest)?;
        println!("{count} reviewed: colour {color:.4}, type {known:.4}");
    }
    Ok(())
}

/// The parts of the photos whose colour and type are those of the catalogue.
fn agreement(weights: &[u8], photos: &[&Photo]) -> anyhow::Result<[f64; 2]> {
    let classifier = GarmentClassifier::from_bytes(weights)?;
    let workspace = &mut GarmentWorkspace::new();
    let mut right = [0, 0];
    for photo in photos {
        let found = classifier.classify_with(workspace, &photo.image, TypeHint::Unknown);
        right[0] += usize::from(Some(found.color().name()) == photo.color);
        right[1] += usize::from(found.product_type() == photo.product_type);
    }
    Ok(right.map(|right| right as f64 / photos.len() as f64))
}
