//! What the products of convolutions are made of.

use core::sync::atomic::{AtomicBool, Ordering};

/// What the products of convolutions are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Precision {
    /// `f32` throughout.
    #[default]
    F32,
    /// Factors rounded to bfloat16 (8 significant bits), sums in `f32`: for the convolutions that go by Winograd's
    /// filtering, all else stays `f32`.
    Mixed,
}

static MIXED: AtomicBool = AtomicBool::new(false);

/// Chooses the precision of all convolutions of this process that begin afterwards, backward passes too; returns whether
/// this processor can.
///
/// ```
/// use ai4fashion_kernels::{Precision, precision, set_precision};
///
/// assert!(set_precision(Precision::F32));
/// assert_eq!(precision(), Precision::F32);
/// ```
#[must_use]
pub fn set_precision(precision: Precision) -> bool {
    let mixed = precision == Precision::Mixed;
    if mixed && !is_available() {
        return false;
    }
    MIXED.store(mixed, Ordering::Relaxed);
    true
}

/// The precision of the convolutions of this process.
#[must_use]
pub fn precision() -> Precision {
    match MIXED.load(Ordering::Relaxed) {
        true => Precision::Mixed,
        false => Precision::F32,
    }
}

pub(crate) fn is_available() -> bool {
    #[cfg(target_arch = "x86_64")]
    return is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bf16");
    #[cfg(not(target_arch = "x86_64"))]
    return false;
}
