//! Images from the usual order in memory to that of the kernels, and back.

use pulp::Arch;

use super::blocks::in_blocks;

/// Pixels that are moved together: their values of one channel lie side by side before, a channel's
/// distance apart after.
const PIXELS: usize = 32;
/// Values of a block, at least.
const BLOCK: usize = 1 << 14;

/// Reorders images from `[batch, channels, plane]` to `[batch, plane, channels]`; `plane` is the
/// number of an image's pixels.
///
/// A copy in the order of the result, as Burn's backends make it, reads each value from another
/// line of the cache.
pub(crate) fn channels_last(values: &[f32], channels: usize, plane: usize) -> Vec<f32> {
    if channels * plane == 0 {
        return Vec::new();
    }
    let pixels_of_block = BLOCK.div_ceil(channels).next_multiple_of(PIXELS);
    in_blocks(values.len(), pixels_of_block * channels, |index, block| {
        let first = index * pixels_of_block;
        Arch::new().dispatch(
            #[inline(always)]
            || {
                for (group, out) in block.chunks_mut(PIXELS * channels).enumerate() {
                    move_pixels(out, values, first + group * PIXELS, channels, plane);
                }
            },
        );
    })
}

/// Reorders images from `[batch, plane, channels]` to `[batch, channels, plane]`.
pub(crate) fn channels_first(values: &[f32], channels: usize, plane: usize) -> Vec<f32> {
    // Rows become columns either way.
    channels_last(values, plane, channels)
}

/// Moves as many pixels as `out` has room for, from the `first` of all on.
#[inline(always)]
fn move_pixels(mut out: &mut [f32], values: &[f32], mut first: usize, channels: usize, plane: usize) {
    // Pixels that follow each other may be of two images.
    while !out.is_empty() {
        let (image, pixel) = (first / plane, first % plane);
        let count = (plane - pixel).min(out.len() / channels);
        let (now, later) = out.split_at_mut(count * channels);
        let planes = values[image * channels * plane..][..channels * plane].chunks_exact(plane);
        for (channel, of_channel) in planes.enumerate() {
            let places = now.iter_mut().skip(channel).step_by(channels);
            let values = &of_channel[pixel..][..count];
            places.zip(values).for_each(|(to, value)| *to = *value);
        }
        (out, first) = (later, first + count);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_value_goes_to_its_place(
            batch in 1_usize..4,
            channels in 1_usize..40,
            plane in 1_usize..if cfg!(miri) { 9 } else { 700 },
        ) {
            let values: Vec<f32> = (0..batch * channels * plane).map(|place| place as f32).collect();
            let moved = channels_last(&values, channels, plane);
            let expected = (0..values.len()).map(|place| {
                let (pixel, channel) = (place / channels, place % channels);
                (pixel / plane * channels + channel) * plane + pixel % plane
            });
            prop_assert!(moved.iter().zip(expected).all(|(value, from)| *value == from as f32));
            prop_assert_eq!(moved.len(), values.len());
        }
    }

    #[test]
    fn no_pixels_are_no_values() {
        assert!(channels_last(&[], 3, 0).is_empty());
    }
}
