//! The Wasserstein distance of many numbers, without sorting them.

/// Bins between the smallest and the largest number: a step is some ten-thousandth of a standard
/// deviation.
const BINS: usize = 1 << 16;

/// Buffers of [`distance`](Self::distance).
pub(crate) struct Bins {
    /// The distribution function of the first set minus that of the second, bin by bin, times both
    /// counts.
    differences: Vec<i64>,
}

impl Bins {
    pub(crate) fn new() -> Self {
        Self {
            differences: vec![0; BINS],
        }
    }

    /// The Wasserstein distance of two sets of finite numbers, rounded to bins: the area between
    /// their distribution functions.
    ///
    /// Rounding goes up and down alike: a test finds an error below a thousandth.
    pub(crate) fn distance(&mut self, a: &[f32], b: &[f32]) -> f64 {
        let (low, high) = range([a, b]);
        if a.is_empty() || b.is_empty() || low >= high {
            return 0.0;
        }
        self.differences.fill(0);
        let factor = (BINS - 1) as f32 / (high - low);
        let (of_a, of_b) = (b.len() as i64, -(a.len() as i64));
        for (values, weight) in [(a, of_a), (b, of_b)] {
            for value in values {
                let bin = ((value - low) * factor + 0.5) as usize;
                self.differences[bin.min(BINS - 1)] += weight;
            }
        }
        let (mut sum, mut total) = (0, 0.0);
        for difference in &self.differences {
            sum += difference;
            total += sum.abs() as f64;
        }
        total / (a.len() as f64 * b.len() as f64) / f64::from(factor)
    }
}

/// The smallest and the largest number.
fn range(sets: [&[f32]; 2]) -> (f32, f32) {
    let all = sets.into_iter().flatten();
    all.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), value| {
        (low.min(*value), high.max(*value))
    })
}

#[cfg(test)]
mod tests {
    use ai4fashion_testkit::golden::uniform;

    use super::*;
    use crate::metrics::sliced::between_sorted;

    #[test]
    fn distance_is_that_of_the_sorted_numbers() {
        let mut bins = Bins::new();
        for (count, other, shift) in [(20_000, 20_000, 0.01), (3000, 5000, 0.1), (100, 100, 2.0)] {
            let mut a: Vec<f32> = uniform(1, count)
                .iter()
                .map(|value| value.powi(3) * 4.0)
                .collect();
            let mut b: Vec<f32> = uniform(2, other)
                .iter()
                .map(|value| value.powi(3) * 4.1 + shift)
                .collect();
            let found = bins.distance(&a, &b);
            a.sort_unstable_by(f32::total_cmp);
            b.sort_unstable_by(f32::total_cmp);
            let expected = between_sorted(&a, &b);
            assert!((found / expected - 1.0).abs() < 1e-3, "{found} {expected}");
        }
        assert_eq!(bins.distance(&[1.0; 3], &[1.0; 3]), 0.0);
    }
}
