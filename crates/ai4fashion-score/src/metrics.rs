//! The scores one by one, as functions.

pub(crate) mod bins;
pub(crate) mod blocks;
pub(crate) mod frechet;
pub(crate) mod kernel_distance;
pub(crate) mod ms_ssim;
pub(crate) mod neighbors;
pub(crate) mod patches;
pub(crate) mod pyramid;
pub(crate) mod sliced;

pub use frechet::frechet_distance;
pub use kernel_distance::kernel_distance;
pub use ms_ssim::ms_ssim;
pub use neighbors::{PrecisionRecall, precision_recall};
pub use patches::{PatchDistance, patch_distance};
pub use sliced::sliced_distance;
