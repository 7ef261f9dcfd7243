//! How much corrections teach, by simulated reviewers.

use std::collections::BTreeSet;

use ai4fashion_dataset::BasicColor;
use ai4fashion_fit::{AdaptConfig, Example, adapt};
use ai4fashion_garment::{GarmentClassifier, GarmentWorkspace, TypeHint};
use ai4fashion_kernels::cpu;

use crate::photos::Photo;

/// Numbers of photos that are reviewed.
const REVIEWED: [usize; 5] = [50, 100, 200, 400, 800];
/// Photos without a human label that answers are held on.
const HELD: usize = 1000;

/// Who reviews, and the colour that they see on a photo.
type Reviewer = (&'static str, fn(&Photo) -> Option<BasicColor>);

const REVIEWERS: [Reviewer; 2] = [
    ("with the catalogue's labels", |photo| photo.color),
    (
        "of a shop where navy is black and maroon purple",
        |photo| match photo.base_color.as_str() {
            "Navy Blue" => Some(BasicColor::Black),
            "Maroon" => Some(BasicColor::Purple),
            _ => photo.color,
        },
    ),
];

/// Prints the agreement with each reviewer after some photos were reviewed.
///
/// The photos of every second thousand of ids that occurs can be reviewed, those with the least
/// confident colour first; agreement is measured on the others. Neighbours are one shoot.
#[expect(clippy::print_stdout, reason = "a program that reports")]
pub(crate) fn report(weights: &[u8], photos: &[Photo]) -> anyhow::Result<()> {
    let thousands: BTreeSet<u32> = photos.iter().map(Photo::thousand).collect();
    let is_first = |photo: &Photo| thousands.range(..photo.thousand()).count().is_multiple_of(2);
    let typed = photos
        .iter()
        .filter(|photo| photo.product_type.is_some() && photo.color.is_some());
    let (mut pool, rest): (Vec<&Photo>, Vec<&Photo>) = typed.partition(|photo| is_first(photo));
    let classifier = GarmentClassifier::from_bytes(weights)?;
    let workspace = &mut GarmentWorkspace::new();
    pool.sort_by_cached_key(|photo| {
        let found = classifier.classify_with(workspace, &photo.image, TypeHint::Unknown);
        (found.color().confidence() * 1e6) as u32
    });
    for reviewer in REVIEWERS {
        let [color, known] = agreement(weights, &rest, reviewer)?;
        println!("a reviewer {}, {} photos", reviewer.0, rest.len());
        println!("  none reviewed: colour {color:.4}, type {known:.4}");
        for count in REVIEWED {
            let count = count.min(pool.len());
            let (reviewed, others) = pool.split_at(count);
            let taught = taught(weights, reviewed, others, reviewer)?;
            let [color, known] = agreement(&taught, &rest, reviewer)?;
            println!("  {count} reviewed: colour {color:.4}, type {known:.4}");
        }
    }
    Ok(())
}

/// The weights after a review of some photos.
fn taught(
    weights: &[u8],
    reviewed: &[&Photo],
    others: &[&Photo],
    (_, color): Reviewer,
) -> anyhow::Result<Vec<u8>> {
    let labelled = reviewed
        .iter()
        .map(|photo| photo.example.clone().with_color(color(photo)));
    let held = others.iter().take(HELD).map(|photo| Example::new(&photo.image));
    let examples: Vec<Example> = labelled.chain(held).collect();
    Ok(adapt(weights, &examples, &AdaptConfig::default(), &cpu())?)
}

/// The parts of the photos whose colour and type are the reviewer's.
fn agreement(weights: &[u8], photos: &[&Photo], (_, color): Reviewer) -> anyhow::Result<[f64; 2]> {
    let classifier = GarmentClassifier::from_bytes(weights)?;
    let workspace = &mut GarmentWorkspace::new();
    let mut right = [0, 0];
    for photo in photos {
        let found = classifier.classify_with(workspace, &photo.image, TypeHint::Unknown);
        right[0] += usize::from(Some(found.color().name()) == color(photo));
        right[1] += usize::from(found.product_type() == photo.product_type);
    }
    Ok(right.map(|right| right as f64 / photos.len() as f64))
}
