//! Operations on tensors, as `burn::tensor::module` has them.

mod activate;
mod adam;
mod conv;
mod dispatch;
mod fallback;
mod norm;

pub use activate::activate;
pub use adam::{AdamOutput, adam_step};
pub use conv::{conv_transpose2d, conv2d, conv2d_weight_grad};
pub use norm::{BatchNormOutput, batch_norm_act, batch_norm_inference_act};
