//! The two networks and their weights.

mod classes;
pub(crate) mod discriminator;
pub(crate) mod ema;
pub(crate) mod generator;
pub(crate) mod layers;
pub(crate) mod network;
pub(crate) mod weights;

#[cfg(test)]
mod tests;
