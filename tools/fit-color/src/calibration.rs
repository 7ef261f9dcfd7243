//! Calibration: how well confidence agrees with accuracy, and the temperature that makes it agree.
//!
//! C. Guo, G. Pleiss, Y. Sun, K. Weinberger, *On Calibration of Modern Neural Networks*, ICML 2017.

use fit_common::FOLDS;

use crate::{cross_validation::Answer, fit::Row};

/// Bins of the expected calibration error, of equal width.
const BINS: usize = 10;

/// A bin of confidence.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bin {
    /// Number of photos.
    pub(crate) count: usize,
    /// Mean confidence.
    pub(crate) confidence: f64,
    /// Fraction of right names.
    pub(crate) accuracy: f64,
    /// Variance of the accuracy if each confidence were the probability of a right name.
    variance: f64,
}

/// Returns the probabilities of an answer at a temperature.
fn softened(answer: &Answer, temperature: f32) -> Row {
    let powers = answer
        .likely
        .map(|probability| probability.powf(1.0 / temperature));
    let total: f32 = powers.iter().sum();
    powers.map(|power| power / total)
}

/// Returns the confidence of an answer's name at a temperature.
pub(crate) fn confidence(answer: &Answer, temperature: f32) -> f32 {
    softened(answer, temperature)[answer.name.index()]
}

/// Returns the mean negative log-likelihood of the labels at a temperature.
pub(crate) fn loss(answers: &[&Answer], temperature: f32) -> f64 {
    let of_label = |answer: &&Answer| softened(answer, temperature)[answer.label.index()];
    let sum: f64 = answers
        .iter()
        .map(|answer| -f64::from(of_label(answer).max(1e-6)).ln())
        .sum();
    sum / answers.len().max(1) as f64
}

/// Finds the temperature with the lowest loss, between 1/4 and 4.
pub(crate) fn temperature(answers: &[&Answer]) -> f32 {
    // Golden-section search over the logarithm.
    let ratio = (5.0_f32.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (0.25_f32.ln(), 4.0_f32.ln());
    for _ in 0..40 {
        let (a, b) = (high - ratio * (high - low), low + ratio * (high - low));
        if loss(answers, a.exp()) < loss(answers, b.exp()) {
            high = b;
        } else {
            low = a;
        }
    }
    ((low + high) / 2.0).exp()
}

/// Returns the bins of answers with these confidences.
pub(crate) fn bins(answers: impl Iterator<Item = (f32, bool)>) -> [Bin; BINS] {
    let mut bins = [Bin::default(); BINS];
    for (confidence, is_right) in answers {
        let bin = &mut bins[((confidence * BINS as f32) as usize).min(BINS - 1)];
        bin.count += 1;
        bin.confidence += f64::from(confidence);
        bin.accuracy += f64::from(u8::from(is_right));
        bin.variance += f64::from(confidence * (1.0 - confidence));
    }
    for bin in &mut bins {
        let count = bin.count.max(1) as f64;
        bin.confidence /= count;
        bin.accuracy /= count;
        bin.variance /= count * count;
    }
    bins
}

/// Returns the expected calibration error: the mean distance of confidence from accuracy.
pub(crate) fn error(bins: &[Bin]) -> f64 {
    let total: usize = bins.iter().map(|bin| bin.count).sum();
    let distance = |bin: &Bin| bin.count as f64 * (bin.confidence - bin.accuracy).abs();
    bins.iter().map(distance).sum::<f64>() / total.max(1) as f64
}

/// Returns the calibration error that chance alone would cause, with as many photos.
pub(crate) fn error_by_chance(bins: &[Bin]) -> f64 {
    let total: usize = bins.iter().map(|bin| bin.count).sum();
    // The mean absolute value of a normal distribution.
    let distance = |bin: &Bin| bin.count as f64 * (2.0 * bin.variance / std::f64::consts::PI).sqrt();
    bins.iter().map(distance).sum::<f64>() / total.max(1) as f64
}

/// Returns each answer's confidence at a temperature that was fitted to the other folds, and
/// whether it is right.
pub(crate) fn held_out(answers: &[&Answer]) -> Vec<(f32, bool)> {
    let fold = |fold: u8| {
        let (unseen, seen): (Vec<&Answer>, Vec<&Answer>) =
            answers.iter().partition(|answer| answer.fold == fold);
        let temperature = temperature(&seen);
        unseen
            .into_iter()
            .map(move |answer| (confidence(answer, temperature), answer.is_right()))
    };
    (0..FOLDS).flat_map(fold).collect()
}

#[cfg(test)]
mod tests {
    use ai4fashion_color::BasicColor;

    use super::*;

    /// Returns a hundred answers with the same probability, some of them right.
    fn answers(probability: f32, right: u8) -> Vec<Answer> {
        let answer = |place: u8| {
            let mut likely = [(1.0 - probability) / 10.0; 11];
            likely[BasicColor::Red.index()] = probability;
            let is_right = place < right;
            Answer {
                id: place.to_string(),
                fold: place % FOLDS,
                is_garment_only: true,
                label: if is_right {
                    BasicColor::Red
                } else {
                    BasicColor::Blue
                },
                name: BasicColor::Red,
                likely,
            }
        };
        (0..100).map(answer).collect()
    }

    #[test]
    fn temperature_brings_confidence_to_accuracy() {
        for (probability, right) in [(0.9, 60), (0.5, 80), (0.7, 70)] {
            let accuracy = f32::from(right) / 100.0;
            let answers = answers(probability, right);
            let answers: Vec<&Answer> = answers.iter().collect();
            let temperature = temperature(&answers);
            let found = confidence(answers[0], temperature);
            assert!(
                (found - accuracy).abs() < 2e-3,
                "{found} for {accuracy} at {temperature}"
            );
            assert!(loss(&answers, temperature) <= loss(&answers, 1.0) + 1e-6);
        }
    }

    #[test]
    fn error_is_the_mean_distance_from_accuracy() {
        let found = [(0.95, true), (0.95, true), (0.95, false), (0.55, true)];
        let bins = bins(found.into_iter());
        let expected = (3.0 * (0.95 - 2.0 / 3.0) + (1.0 - 0.55)) / 4.0;
        assert!((error(&bins) - expected).abs() < 1e-6);
    }

    #[test]
    fn chance_causes_less_error_with_more_photos() {
        let by_chance = |count: usize| error_by_chance(&bins(std::iter::repeat_n((0.5, true), count)));
        // The mean deviation of 100 coins from a half.
        assert!((by_chance(100) - 0.0399).abs() < 1e-4);
        assert!((by_chance(400) * 2.0 - by_chance(100)).abs() < 1e-6);
    }
}
