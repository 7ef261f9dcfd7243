//! Sums and moving averages of tensors, in one pass over memory.

use pulp::Arch;
use rayon::prelude::*;

/// Values that a thread works on at a time.
const CHUNK: usize = 1 << 14;

/// Adds each value of `other` to the one of `sum`.
pub(crate) fn add(sum: &mut [f32], other: &[f32]) {
    combine(
        sum,
        other,
        #[inline(always)]
        |sum, other| sum + other,
    );
}

/// Adds `other` to each of the pixels, which have as many channels.
pub(crate) fn add_to_each_pixel(pixels: &mut [f32], other: &[f32]) {
    let chunk = CHUNK.next_multiple_of(other.len());
    pixels.par_chunks_mut(chunk).for_each(|pixels| {
        for pixel in pixels.chunks_exact_mut(other.len()) {
            pixel
                .iter_mut()
                .zip(other)
                .for_each(|(value, other)| *value += other);
        }
    });
}

/// Moves each value of `average` towards the one of `current`, by `weight` of their difference.
pub(crate) fn move_towards(average: &mut [f32], current: &[f32], weight: f32) {
    combine(
        average,
        current,
        #[inline(always)]
        |average, current| average + (current - average) * weight,
    );
}

/// Replaces each value by what `combined` makes of it and the other one at its place.
#[inline(always)]
fn combine(values: &mut [f32], others: &[f32], combined: impl Fn(f32, f32) -> f32 + Sync) {
    debug_assert_eq!(values.len(), others.len(), "lengths");
    let chunks = values.par_chunks_mut(CHUNK).zip(others.par_chunks(CHUNK));
    chunks.for_each(|(values, others)| {
        Arch::new().dispatch(
            #[inline(always)]
            || {
                for (value, other) in values.iter_mut().zip(others) {
                    *value = combined(*value, *other);
                }
            },
        );
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_tensors_are_combined_to_the_end() {
        let count = CHUNK + 7;
        let other: Vec<f32> = (0..count).map(|i| (i % 5) as f32).collect();
        let expected = |of: fn(f32) -> f32| -> Vec<f32> { other.iter().map(|other| of(*other)).collect() };
        let mut values = vec![2.0; count];
        add(&mut values, &other);
        assert_eq!(values, expected(|other| 2.0 + other));
        let mut values = vec![2.0; count];
        move_towards(&mut values, &other, 0.25);
        assert_eq!(values, expected(|other| 1.5 + 0.25 * other));
    }
}
