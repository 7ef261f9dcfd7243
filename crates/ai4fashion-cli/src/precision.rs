//! The precision of convolutions.

use ai4fashion_dcgan::model::Precision;

/// Checks that this CPU has the precision.
///
/// # Errors
/// If it has not, with what works instead.
pub(crate) fn check(precision: Precision) -> anyhow::Result<()> {
    anyhow::ensure!(
        precision.is_available(),
        "--precision {precision}: this CPU has no bfloat16 instructions (AVX512-BF16); f32 works everywhere"
    );
    Ok(())
}
