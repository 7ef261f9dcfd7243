//! Operations on tensors, as `burn::tensor::module` has them.

mod activate;
mod adam;
mod conv;
mod dispatch;
mod elementwise;
mod fallback;
mod norm;
mod upsample;

pub use activate::{activate, tanh};
pub use adam::{AdamOutput, adam_step};
pub use conv::{conv_transpose2d, conv2d, conv2d_weight_grad};
pub(crate) use elementwise::{accumulate, move_towards};
pub use norm::{BatchNormOutput, batch_norm_act, batch_norm_inference_act};
pub use upsample::upsample_conv2d;
