//! Maps of single images.

use super::blocks::in_blocks;

/// A function of each image of a batch by itself, and its gradient.
///
/// See [`map_images`](crate::map_images).
pub trait ImageMap: core::fmt::Debug + Send + Sync {
    /// What `[channels, height, width]` of an image become; the same, unless it says otherwise.
    fn shape(&self, image: [usize; 3]) -> [usize; 3] {
        image
    }

    /// Writes what becomes of an image.
    ///
    /// # Arguments
    /// - `index`: the image's place in the batch
    /// - `image`: the values of all channels of a pixel, pixel by pixel
    /// - `mapped`: the values to write, in the same order, all 0
    fn forward(&self, index: usize, image: &[f32], mapped: &mut [f32]);

    /// Whether `backward` reads the images; if not, they are not kept for it, and it gets none.
    fn backward_reads_image(&self) -> bool {
        true
    }

    /// Writes the gradient to an image.
    ///
    /// # Arguments
    /// - `index`, `image`: as in `forward`
    /// - `grad`: the gradient to what became of it
    /// - `image_grad`: the values to write, all 0
    fn backward(&self, index: usize, image: &[f32], grad: &[f32], image_grad: &mut [f32]);
}

/// Images as they lie behind each other, each of `len` values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Images<'a> {
    pub(crate) values: &'a [f32],
    pub(crate) len: usize,
}

impl<'a> Images<'a> {
    fn get(self, index: usize) -> &'a [f32] {
        &self.values[index * self.len..][..self.len]
    }

    fn count(self) -> usize {
        self.values.len() / self.len
    }
}

/// The images, each mapped to `len` values.
pub(crate) fn forward(map: &dyn ImageMap, images: Images<'_>, len: usize) -> Vec<f32> {
    in_blocks(images.count() * len, len, |index, mapped| {
        map.forward(index, images.get(index), mapped);
    })
}

/// The gradient to the images, each of `len` values, from that to the mapped ones.
pub(crate) fn backward(
    map: &dyn ImageMap,
    images: Option<Images<'_>>,
    grads: Images<'_>,
    len: usize,
) -> Vec<f32> {
    in_blocks(grads.count() * len, len, |index, image_grad| {
        let image = images.map_or(&[][..], |images| images.get(index));
        map.backward(index, image, grads.get(index), image_grad);
    })
}
