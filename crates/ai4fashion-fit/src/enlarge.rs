//! The last feature map at the size of the middle one.

use std::sync::Arc;

use ai4fashion_kernels::{ImageMap, map_images};
use burn::tensor::Tensor;

use ai4fashion_garment::__private::shape::{LAST, MASK};

/// Enlarges a feature map to twice its size by nearest neighbours, without what is beyond the
/// middle one.
///
/// # Shapes
/// - `low`: `[batch, channels, LAST[0], LAST[1]]`
/// - returns: `[batch, channels, MASK[0], MASK[1]]`
pub(crate) fn enlarge(low: Tensor<4>) -> Tensor<4> {
    let [batch, channels, height, width] = low.dims();
    let map = Arc::new(Enlarge { channels });
    map_images(&low, map).unwrap_or_else(|| {
        let places: Tensor<6> = low.reshape([batch, channels, height, 1, width, 1]);
        let large = places.expand([batch, channels, height, 2, width, 2]);
        let large: Tensor<4> = large.reshape([batch, channels, 2 * height, 2 * width]);
        large.slice([0..batch, 0..channels, 0..MASK[0], 0..MASK[1]])
    })
}

#[derive(Debug)]
struct Enlarge {
    channels: usize,
}

impl Enlarge {
    /// Where the values of a place of the large feature map begin in the small one.
    fn start(&self, place: usize) -> usize {
        let (y, x) = (place / MASK[1], place % MASK[1]);
        (y / 2 * LAST[1] + x / 2) * self.channels
    }
}

impl ImageMap for Enlarge {
    fn shape(&self, [channels, ..]: [usize; 3]) -> [usize; 3] {
        [channels, MASK[0], MASK[1]]
    }

    fn forward(&self, _: usize, image: &[f32], mapped: &mut [f32]) {
        for (place, pixel) in mapped.chunks_exact_mut(self.channels).enumerate() {
            pixel.copy_from_slice(&image[self.start(place)..][..self.channels]);
        }
    }

    fn backward_reads_image(&self) -> bool {
        false
    }

    fn backward(&self, _: usize, _: &[f32], grad: &[f32], image_grad: &mut [f32]) {
        for (place, grad) in grad.chunks_exact(self.channels).enumerate() {
            let sums = image_grad[self.start(place)..].iter_mut();
            sums.zip(grad).for_each(|(sum, grad)| *sum += grad);
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::DType;

    use super::*;
    use crate::testing::output_and_gradient;

    #[test]
    fn kernel_is_burns_forward_and_backward() {
        let [found, expected] = [DType::F32, DType::F64].map(|dtype| output_and_gradient(dtype, enlarge));
        assert_eq!(found, expected);
    }
}
