//! Golden results: inputs by a formula that Python's scripts compute alike, and summaries of large
//! outputs.
//!
//! `python/golden.py` has the same formula and the same summary; each crate's
//! `tests/golden/generate.py` uses it.

const BUCKETS: u32 = 8;
const SAMPLES: u32 = 8;
const SAMPLE_STREAM: u32 = 1001;
const BUCKET_STREAM: u32 = 1002;

/// A pseudorandom number for place `index` of stream `stream`: C. Wellons' hash `lowbias32`.
#[must_use]
pub fn word(stream: u32, index: u32) -> u32 {
    let mix = |x: u32| {
        let x = (x ^ (x >> 16)).wrapping_mul(0x7FEB_352D);
        let x = (x ^ (x >> 15)).wrapping_mul(0x846C_A68B);
        x ^ (x >> 16)
    };
    mix(mix(stream).wrapping_add(index))
}

/// The first `len` numbers of stream `stream`, in [-1, 1): multiples of 2^-23, which `f32` holds
/// exactly.
#[must_use]
pub fn uniform(stream: u32, len: usize) -> Vec<f32> {
    let number = |index| ((word(stream, index) >> 8) as f32 - 8_388_608.0) / 8_388_608.0;
    (0..).take(len).map(number).collect()
}

/// Some values of a large output, and sums in which all its values take part.
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
pub struct Summary {
    /// Largest absolute value.
    pub largest: f64,
    /// Values at pseudorandom places; of at most 16 values all.
    pub samples: Vec<f64>,
    /// Each value is added to one of eight sums, with a pseudorandom sign; none for at most 16
    /// values.
    pub buckets: Vec<f64>,
}

impl Summary {
    /// The summary of `values`.
    #[must_use]
    pub fn of(values: &[f32]) -> Self {
        let wide = || values.iter().map(|value| f64::from(*value));
        let largest = wide().map(f64::abs).max_by(f64::total_cmp).unwrap_or_default();
        if values.len() <= (BUCKETS + SAMPLES) as usize {
            return Self {
                largest,
                samples: wide().collect(),
                buckets: Vec::new(),
            };
        }
        let sample = |index| f64::from(values[word(SAMPLE_STREAM, index) as usize % values.len()]);
        let mut buckets = vec![0.0; BUCKETS as usize];
        for (index, value) in (0..).zip(wide()) {
            let word = word(BUCKET_STREAM, index);
            let sign = if word & BUCKETS == 0 { 1.0 } else { -1.0 };
            buckets[(word % BUCKETS) as usize] += sign * value;
        }
        Self {
            largest,
            samples: (0..SAMPLES).map(sample).collect(),
            buckets,
        }
    }

    /// How far the samples are from those of `expected`, relative to the largest value, and the
    /// sums, relative to the largest sum; the worse of both. Infinite for summaries of another
    /// length.
    #[must_use]
    pub fn error(&self, expected: &Self) -> f64 {
        let largest_sum = expected
            .buckets
            .iter()
            .fold(0.0, |max: f64, sum| max.max(sum.abs()));
        let samples = error(&self.samples, &expected.samples, expected.largest);
        let buckets = error(&self.buckets, &expected.buckets, largest_sum);
        // In this order NaN is the largest of all.
        if samples.total_cmp(&buckets).is_gt() {
            samples
        } else {
            buckets
        }
    }
}

/// Largest difference, relative to `scale`.
fn error(found: &[f64], expected: &[f64], scale: f64) -> f64 {
    if found.len() != expected.len() {
        return f64::INFINITY;
    }
    let differences = found.iter().zip(expected).map(|(f, e)| (f - e).abs());
    differences.max_by(f64::total_cmp).unwrap_or_default() / scale.max(1e-6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formula_is_that_of_golden_py() {
        assert_eq!(
            [0, 1, 2].map(|index| word(7, index)),
            [1_420_618_368, 2_229_265_414, 3_788_636_316]
        );
        assert_eq!(uniform(7, 3), [-0.338_473_08, 0.038_082_6, 0.764_221_2]);
        let values = uniform(9, 1000);
        let summary = Summary::of(&values);
        assert_eq!(summary.largest, 0.996_974_706_649_780_3);
        assert_eq!(
            summary.samples[..2],
            [-0.301_086_783_409_118_65, 0.865_289_807_319_641_1]
        );
        assert!(
            (summary.buckets[3] + 6.866_243_839_263_916).abs() < 1e-9,
            "{:?}",
            summary.buckets
        );
    }

    #[test]
    fn any_wrong_value_changes_a_sum() {
        let values = uniform(1, 500);
        let expected = Summary::of(&values);
        for place in 0..values.len() {
            let mut wrong = values.clone();
            wrong[place] += 0.1;
            assert!(Summary::of(&wrong).error(&expected) > 1e-3, "{place}");
            wrong[place] = f32::NAN;
            assert!(Summary::of(&wrong).error(&expected).is_nan(), "{place}");
        }
        assert_eq!(Summary::of(&values).error(&expected), 0.0);
        assert!(
            Summary::of(&values[1..])
                .error(&Summary::of(&values[..10]))
                .is_infinite()
        );
    }
}
