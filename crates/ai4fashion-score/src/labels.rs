//! Histograms of labels, and the fidelity of conditional models.

use std::{collections::BTreeMap, fmt::Display};

use serde::Serialize;

use crate::draws::{Draws, Score};

/// The labels that the label network sees in real and in generated images.
///
/// `score` is the total variation distance of the two histograms, 0 to 1; lower is better.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LabelScore {
    /// The distance of the histograms.
    #[serde(flatten)]
    pub score: Score,
    /// Fraction of the real images by label.
    pub real: BTreeMap<String, f64>,
    /// Fraction of the generated images by label.
    pub fake: BTreeMap<String, f64>,
    /// How often generated images have the label that they were made for, if that is known.
    pub fidelity: Option<Fidelity>,
}

/// How often the label network sees the label in an image that it was made for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Fidelity {
    /// The fraction of generated images with their label, 0 to 1.
    pub value: f64,
    /// The number of generated images with a label.
    pub n: usize,
    /// The fraction of the real images whose label the network sees, if they have labels: more
    /// cannot be expected.
    pub real: Option<f64>,
    /// The fraction, by label.
    pub by_label: BTreeMap<String, f64>,
}

/// Compares the labels of all images and of each draw.
pub(crate) fn label_score<L: Copy + Ord + Display>(
    real: &[L],
    fake: &[L],
    draws: &Draws,
    fidelity: Option<Fidelity>,
) -> LabelScore {
    let of = |labels: &[L], indices: &[usize]| histogram(indices.iter().map(|index| labels[*index]));
    let scores = draws.all.iter().map(|draw| {
        let [one, other, generated] = [of(real, &draw.real), of(real, &draw.other), of(fake, &draw.fake)];
        [variation(&one, &generated), variation(&one, &other)]
    });
    let scores: Vec<[f64; 2]> = scores.collect();
    let (all, generated) = (histogram(real.iter().copied()), histogram(fake.iter().copied()));
    let value = variation(&all, &generated);
    LabelScore {
        score: Score::new(value, real.len().min(fake.len()), draws, &scores),
        real: named(&all),
        fake: named(&generated),
        fidelity,
    }
}

/// Compares the labels that images were made for with those that are seen in them. `None` if no
/// image was made for a label.
pub(crate) fn fidelity<L: Copy + Ord + Display>(
    fake: (&[Option<L>], &[Option<L>]),
    real: (&[Option<L>], &[Option<L>]),
) -> Option<Fidelity> {
    let mut by_label: BTreeMap<L, [usize; 2]> = BTreeMap::new();
    for (asked, seen) in fake.0.iter().zip(fake.1) {
        if let Some(asked) = asked {
            let counts = by_label.entry(*asked).or_default();
            counts[0] += 1;
            counts[1] += usize::from(*seen == Some(*asked));
        }
    }
    let sum = |place: usize| by_label.values().map(|counts| counts[place]).sum::<usize>();
    let (n, right) = (sum(0), sum(1));
    let known = || real.0.iter().zip(real.1).filter(|(label, _)| label.is_some());
    let known_count = known().count();
    let seen = known().filter(|(label, seen)| label == seen).count();
    let fraction = |counts: &[usize; 2]| counts[1] as f64 / counts[0] as f64;
    (n > 0).then(|| Fidelity {
        value: fraction(&[n, right]),
        n,
        real: (known_count > 0).then(|| fraction(&[known_count, seen])),
        by_label: by_label
            .iter()
            .map(|(label, counts)| (label.to_string(), fraction(counts)))
            .collect(),
    })
}

/// The fraction of each label.
fn histogram<L: Ord>(labels: impl ExactSizeIterator<Item = L>) -> BTreeMap<L, f64> {
    let all = labels.len() as f64;
    let mut counts: BTreeMap<L, usize> = BTreeMap::new();
    for label in labels {
        *counts.entry(label).or_default() += 1;
    }
    let fractions = counts
        .into_iter()
        .map(|(label, count)| (label, count as f64 / all));
    fractions.collect()
}

/// Half of the summed differences.
fn variation<L: Ord>(a: &BTreeMap<L, f64>, b: &BTreeMap<L, f64>) -> f64 {
    let of = |map: &BTreeMap<L, f64>, label: &L| map.get(label).copied().unwrap_or(0.0);
    let of_a: f64 = a.iter().map(|(label, share)| (share - of(b, label)).abs()).sum();
    let only_b: f64 = b
        .iter()
        .filter(|(label, _)| !a.contains_key(label))
        .map(|(_, share)| share)
        .sum();
    (of_a + only_b) / 2.0
}

fn named<L: Display>(histogram: &BTreeMap<L, f64>) -> BTreeMap<String, f64> {
    histogram
        .iter()
        .map(|(label, share)| (label.to_string(), *share))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn histograms_are_compared_by_half_of_their_differences() {
        let draws = Draws::new(4, 4, 2, 0);
        let found = label_score(&["a", "a", "b", "b"], &["a", "c", "c", "c"], &draws, None);
        // a: 0.5 and 0.25, b: 0.5 and 0, c: 0 and 0.75.
        assert!((found.score.value - 0.75).abs() < 1e-12);
        assert_eq!(found.fake["c"], 0.75);
    }

    #[test]
    fn fidelity_counts_the_labels_that_were_asked_for() {
        let asked = [Some("a"), Some("a"), Some("b"), None];
        let seen = [Some("a"), Some("b"), Some("b"), Some("b")];
        let real = (
            [Some("a"), Some("b"), None].as_slice(),
            [Some("a"), None, None].as_slice(),
        );
        let found = fidelity((&asked, &seen), real).unwrap();
        assert_eq!((found.value, found.n, found.real), (2.0 / 3.0, 3, Some(0.5)));
        assert_eq!(found.by_label["a"], 0.5);
        assert_eq!(fidelity((&[None::<&str>], &[None]), real), None);
    }
}
