//! The layers of the networks, with the tutorial's initial weights.

pub(crate) mod batch_norm;
pub(crate) mod conv;
pub(crate) mod init;
pub(crate) mod minibatch_std;
pub(crate) mod spectral_norm;
pub(crate) mod upsample;
