//! Maps of single images.

use std::sync::Arc;

use burn::backend::{
    Autodiff, Backend,
    autodiff::{
        checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
        grads::Gradients,
        ops::{Backward, Ops},
    },
    backend_extension,
    tensor::FloatTensor,
};

use super::{
    graph::{dims, record, register},
    host::{Host, for_each_host},
};
use crate::kernel::image_map::{self, ImageMap, Images};

/// Maps for the backends that have kernels; called through `Dispatch`.
#[backend_extension(
    Autodiff,
    NdArray: cfg(feature = "ndarray"),
    Flex: cfg(feature = "flex")
)]
pub(crate) trait ImageMapBackend: Backend {
    /// Maps each image of `images` `[batch, channels, height, width]`.
    fn map_images(images: FloatTensor<Self>, map: Arc<dyn ImageMap>) -> FloatTensor<Self>;
}

/// The gradient, which only backward passes call.
pub(crate) trait ImageMapGradient: Backend {
    fn map_images_gradient(saved: Saved<Self>, grad: FloatTensor<Self>) -> FloatTensor<Self>;
}

/// The forward pass's arguments, for the backward pass.
#[derive(Clone, Debug)]
pub(crate) struct Saved<B: Backend> {
    map: Arc<dyn ImageMap>,
    shape: [usize; 4],
    /// Where the backward pass reads them.
    images: Option<FloatTensor<B>>,
}

/// The shape of the mapped images.
fn mapped_shape(map: &dyn ImageMap, [batch, channels, height, width]: [usize; 4]) -> [usize; 4] {
    let [channels, height, width] = map.shape([channels, height, width]);
    [batch, channels, height, width]
}

/// Values of an image.
fn len(shape: [usize; 4]) -> usize {
    shape[1..].iter().product()
}

macro_rules! on_host {
    ($backend:ty) => {
        impl ImageMapBackend for $backend {
            fn map_images(images: FloatTensor<Self>, map: Arc<dyn ImageMap>) -> FloatTensor<Self> {
                let shape = dims::<Self>(&images);
                let mapped_shape = mapped_shape(&*map, shape);
                let values = &Self::hold_channels_last(images);
                let images = Images {
                    values,
                    len: len(shape),
                };
                let mapped = image_map::forward(&*map, images, len(mapped_shape));
                Self::from_channels_last(mapped, mapped_shape)
            }
        }

        impl ImageMapGradient for $backend {
            fn map_images_gradient(saved: Saved<Self>, grad: FloatTensor<Self>) -> FloatTensor<Self> {
                let Saved { map, shape, images } = saved;
                let of_grad = dims::<Self>(&grad);
                let images = images.map(Self::hold_channels_last);
                let grad = Self::hold_channels_last(grad);
                let images = images.as_deref().map(|values| Images {
                    values,
                    len: len(shape),
                });
                let grads = Images {
                    values: &grad,
                    len: len(of_grad),
                };
                let image_grad = image_map::backward(&*map, images, grads, len(shape));
                Self::from_channels_last(image_grad, shape)
            }
        }
    };
}

for_each_host!(on_host);

impl<B: ImageMapBackend + ImageMapGradient, C: CheckpointStrategy> ImageMapBackend for Autodiff<B, C> {
    fn map_images(images: FloatTensor<Self>, map: Arc<dyn ImageMap>) -> FloatTensor<Self> {
        let nodes = [images.node()];
        let images = images.into_primitive();
        let saved = Saved::<B> {
            map: map.clone(),
            shape: dims::<B>(&images),
            images: map.backward_reads_image().then(|| images.clone()),
        };
        record::<B, C, _, _>(MapImages, nodes, saved, B::map_images(images, map))
    }
}

#[derive(Debug)]
struct MapImages;

impl<B: ImageMapBackend + ImageMapGradient> Backward<B, 1> for MapImages {
    type State = Saved<B>;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let grad = grads.consume::<B>(&ops.node);
        if let [Some(node)] = ops.parents {
            register::<B>(grads, node.id, B::map_images_gradient(ops.state, grad));
        }
    }
}
