#![doc = include_str!("../README.md")]

mod adapt;
mod augment;
mod calibrate;
mod config;
mod enlarge;
mod example;
mod export;
mod fit;
mod loss;
mod network;
mod pooling;
mod tensors;
#[cfg(test)]
mod testing;

pub use adapt::{AdaptConfig, adapt};
pub use calibrate::{calibrate, with_temperatures_of};
pub use config::FitConfig;
pub use example::Example;
pub use fit::{Epoch, FittedNetwork, fit};

pub use ai4fashion_garment::__private::SHIPPED as SHIPPED_WEIGHTS;

// Types of these crates are part of our signatures.
pub use ai4fashion_garment as garment;
pub use ai4fashion_kernels::burn;
