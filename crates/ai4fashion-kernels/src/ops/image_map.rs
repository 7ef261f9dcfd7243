//! Maps of single images.

use std::sync::Arc;

use burn::tensor::Tensor;

use super::{activate::is_served, dispatch};
use crate::kernel::image_map::ImageMap;

/// Maps each image of a batch by itself, in parallel; differentiable once.
///
/// Random shifts and changes of colour are such maps. Returns `None` where there is no kernel: on
/// other devices and for other types than `f32`.
///
/// ```
/// use std::sync::Arc;
///
/// use ai4fashion_kernels::{ImageMap, burn::tensor::Tensor, cpu, map_images};
///
/// /// Multiplies each image by a number.
/// #[derive(Debug)]
/// struct Gain(Vec<f32>);
///
/// impl ImageMap for Gain {
///     fn forward(&self, index: usize, image: &[f32], mapped: &mut [f32]) {
///         for (mapped, value) in mapped.iter_mut().zip(image) {
///             *mapped = value * self.0[index];
///         }
///     }
///
///     fn backward_reads_image(&self) -> bool {
///         false
///     }
///
///     fn backward(&self, index: usize, _: &[f32], grad: &[f32], image_grad: &mut [f32]) {
///         self.forward(index, grad, image_grad);
///     }
/// }
///
/// let images = Tensor::<4>::ones([2, 3, 8, 8], &cpu());
/// let brighter = map_images(&images, Arc::new(Gain(vec![1.0, 1.5]))).map(|images| images.max());
/// assert_eq!(brighter.map(|max| max.into_scalar::<f32>()), Some(1.5));
/// ```
///
/// # Shapes
/// - `images`: `[batch, channels, height, width]`
/// - returns: as many images, of [`ImageMap::shape`]
#[must_use]
pub fn map_images(images: &Tensor<4>, map: Arc<dyn ImageMap>) -> Option<Tensor<4>> {
    is_served(images).then(|| dispatch::map_images(images.clone(), map))
}
