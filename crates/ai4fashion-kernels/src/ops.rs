//! Operations on tensors, as `burn::tensor::module` has them.

mod activate;
mod adam;
mod add;
mod conv;
mod dispatch;
mod elementwise;
mod fallback;
mod image_map;
mod norm;
mod packed;
mod pooling;
mod spectral;
mod upsample;

pub use activate::{activate, tanh};
pub use adam::{AdamOutput, adam_step};
pub use add::{add, fan_out};
pub use conv::{conv_transpose2d, conv2d, conv2d_weight_grad};
pub use elementwise::to_data;
pub(crate) use elementwise::{accumulate, move_towards};
pub use image_map::map_images;
pub use norm::{BatchNormOutput, batch_norm_act, batch_norm_inference_act};
pub use packed::PackedConv;
pub use pooling::global_avg_pool;
pub use spectral::spectral_norm;
pub use upsample::upsample_conv2d;
