//! Near-duplicates.

use pyo3::prelude::*;

use crate::{
    arrow_result, column,
    error::{illegal, of_arrow},
    options::{Whole, max_distance, split},
};

/// Groups the near-duplicates among all images of a data set.
///
/// The result is a pyarrow.RecordBatch of two columns: `group`, a name that near-duplicates share,
/// null for an image that has none; and `split`, which is the same for a whole group. All rows must
/// be in one call, 144 bytes each. A row with a null in either column is null.
///
/// Args:
///     pixels_blake3, perceptual_hash: these columns of `label`.
///     max_distance: bits by which the hashes of near-duplicates differ at most, 0 to 256; None for
///         equal pixels alone.
///     seed, validation, test: options of `label`.
#[pyfunction]
#[pyo3(
    signature = (pixels_blake3, perceptual_hash, *, max_distance=Some(Whole::Fits(16)),
        seed=Whole::Fits(0), validation=Whole::Fits(10), test=Whole::Fits(10)),
    text_signature =
        "(pixels_blake3, perceptual_hash, *, max_distance=16, seed=0, validation=10, test=10)"
)]
pub(crate) fn groups<'py>(
    py: Python<'py>,
    pixels_blake3: &Bound<'py, PyAny>,
    perceptual_hash: &Bound<'py, PyAny>,
    max_distance: Option<Whole>,
    seed: Whole,
    validation: Whole,
    test: Whole,
) -> PyResult<Bound<'py, PyAny>> {
    let distance = max_distance.map(self::max_distance).transpose()?;
    let split = split(seed, validation, test)?;
    let pixels = column::whole("pixels_blake3", pixels_blake3)?;
    let looks = column::whole("perceptual_hash", perceptual_hash)?;
    let found = py.detach(|| ai4fashion_arrow::groups(&pixels, &looks, distance, &split));
    arrow_result::batch(py, &found.map_err(of_arrow)?)
}

/// Returns the keys that near-duplicates share, for a join where not all rows fit in one place.
///
/// The result is a pyarrow.ListArray of Int64. Near-duplicates share a key, and so do others:
/// `are_near` decides on each pair.
///
/// Args:
///     perceptual_hash: this column of `label`.
#[pyfunction]
pub(crate) fn near_keys<'py>(
    py: Python<'py>,
    perceptual_hash: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let looks = column::whole("perceptual_hash", perceptual_hash)?;
    let keys = py.detach(|| ai4fashion_arrow::near_keys(&looks));
    arrow_result::array(py, keys.map_err(of_arrow)?)
}

/// Returns row by row whether two images are near-duplicates, as a pyarrow.BooleanArray.
///
/// Args:
///     a, b: columns `perceptual_hash` of `label`, of one length. Where one is null, so is the
///         result.
///     max_distance: bits by which the hashes of near-duplicates differ at most, 0 to 256.
#[pyfunction]
#[pyo3(
    signature = (a, b, *, max_distance=Whole::Fits(16)),
    text_signature = "(a, b, *, max_distance=16)"
)]
pub(crate) fn are_near<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    max_distance: Whole,
) -> PyResult<Bound<'py, PyAny>> {
    let distance = self::max_distance(max_distance)?;
    let (a, b) = (column::whole("a", a)?, column::whole("b", b)?);
    let (found, expected) = (b.len(), a.len());
    if found != expected {
        return Err(illegal(format!("b has {found} rows, expected {expected} as a")));
    }
    let near = py.detach(|| ai4fashion_arrow::are_near(&a, &b, distance));
    arrow_result::array(py, near.map_err(of_arrow)?)
}
