//! Proptest strategies.

use std::ops::RangeInclusive;

use image::RgbImage;
use proptest::prelude::*;

/// Images of any content: noise, or few colours in blocks, as catalogue photos have them.
pub fn arbitrary_image(
    width: RangeInclusive<u32>,
    height: RangeInclusive<u32>,
) -> impl Strategy<Value = RgbImage> {
    (width, height).prop_flat_map(|(width, height)| {
        let noise = proptest::collection::vec(any::<u8>(), (width * height * 3) as usize);
        let noise = noise.prop_filter_map("as many bytes as the image has", move |bytes| {
            RgbImage::from_raw(width, height, bytes)
        });
        let blocks = proptest::collection::vec(any::<[u8; 3]>(), 4).prop_map(move |colors| {
            RgbImage::from_fn(width, height, |x, y| {
                let right = usize::from(2 * x >= width);
                let below = usize::from(2 * y >= height);
                image::Rgb(colors[2 * below + right])
            })
        });
        prop_oneof![noise, blocks]
    })
}
