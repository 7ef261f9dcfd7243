//! Image files to labels.

use ai4fashion_arrow::LabelKernel;
use arrow_array::{Array, ArrayRef, BinaryArray, StructArray, cast::AsArray};
use arrow_schema::ArrowError;
use arrow_select::concat::concat;
use pyo3::prelude::*;

use crate::{
    arrow_result, column,
    error::{illegal, of_arrow},
    options::{Given, LabelOptions, Whole, split},
    parallel::in_order,
};

/// The most rows between two looks at signals, such as Ctrl-C: a second of work.
const PIECE: usize = 256;
/// Pieces a thread, so that none waits long for the slowest.
const PIECES_A_THREAD: usize = 8;

/// Labels the image files in an Arrow column of bytes.
///
/// The result is a pyarrow.RecordBatch with a row for each file, or an ArrowResult where pyarrow is
/// not installed; `schema` has its columns. A null stays null: all its columns are. A file that
/// cannot be used is a row with a `reason` and a `message`, never an error. The GIL is released
/// meanwhile.
///
/// Args:
///     files: Binary, LargeBinary, BinaryView or FixedSizeBinary, in one or more chunks: pyarrow,
///         polars, daft, nanoarrow, or any object with `__arrow_c_array__` or `__arrow_c_stream__`.
///     types: what is known of the product types: whole numbers, 1 to 12 (see TYPES), 0 for none of
///         them, null if it is not known.
///     image: whether there are columns with the letterboxed JPEG and its hash.
///     size: side length of the JPEG in pixels, 16 to 4096.
///     quality: that of the JPEG, 1 to 100.
///     method: 'garment' names colour and type, of garments alone and on models; 'color' names the
///         colour of garments alone.
///     garment_only: whether images that do not show a garment alone get a reason instead of
///         labels.
///     seed: that of the splits, 0 to 2**64 - 1.
///     validation, test: percent of the images in these splits, together at most 100.
///     max_pixels: images of more pixels get a reason; None for 64 million.
///     threads: how many threads label, 1 to 255. Engines start a worker for each core: leave it at
///         1.
///
/// ValueError and TypeError name the argument, what was found and what is expected.
#[pyfunction]
#[pyo3(
    signature = (files, types=None, *, image=Given::Right(true), size=Whole::Fits(256),
        quality=Whole::Fits(90), method=Given::Right("garment".to_owned()),
        garment_only=Given::Right(false), seed=Whole::Fits(0),
        validation=Whole::Fits(10), test=Whole::Fits(10), max_pixels=None, threads=Whole::Fits(1)),
    text_signature = "(files, types=None, *, image=True, size=256, quality=90, method='garment', \
        garment_only=False, seed=0, validation=10, test=10, max_pixels=None, threads=1)"
)]
#[expect(clippy::too_many_arguments, reason = "keywords of a Python function")]
pub(crate) fn label<'py>(
    py: Python<'py>,
    files: &Bound<'py, PyAny>,
    types: Option<&Bound<'py, PyAny>>,
    image: Given<bool>,
    size: Whole,
    quality: Whole,
    method: Given<String>,
    garment_only: Given<bool>,
    seed: Whole,
    validation: Whole,
    test: Whole,
    max_pixels: Option<Whole>,
    threads: Whole,
) -> PyResult<Bound<'py, PyAny>> {
    let split = split(seed, validation, test)?;
    let options = LabelOptions {
        size,
        quality,
        method,
        garment_only,
        max_pixels,
    }
    .checked(split)?;
    let threads = usize::from(threads.byte("threads", 1..=255)?);
    let mut kernel = LabelKernel::new(options).map_err(|error| illegal(error.to_string()))?;
    if !image.truth("image")? {
        kernel = kernel.without_image();
    }
    let files = column::chunks("files", files)?;
    let types = types.map(|types| column::whole("types", types)).transpose()?;
    let labels = py.detach(|| labelled(&kernel, &files, types.as_ref(), threads))?;
    arrow_result::batch(py, &labels)
}

/// Returns the columns of `label` as a pyarrow.Schema.
///
/// Args:
///     image: whether they are those of `label(..., image=True)`.
#[pyfunction]
#[pyo3(signature = (*, image=Given::Right(true)), text_signature = "(*, image=True)")]
pub(crate) fn schema(py: Python<'_>, image: Given<bool>) -> PyResult<Bound<'_, PyAny>> {
    let none = StructArray::new_null(ai4fashion_arrow::fields(image.truth("image")?), 0);
    arrow_result::schema(py, &none)
}

/// Labels all rows, piece by piece.
fn labelled(
    kernel: &LabelKernel,
    files: &[ArrayRef],
    types: Option<&ArrayRef>,
    threads: usize,
) -> PyResult<StructArray> {
    let pieces = pieces(files, types, threads)?;
    if let ([_, _, ..], Some(types)) = (pieces.as_slice(), types) {
        // An error names a row of all: no file, no work, but all types are looked at.
        let no_files = BinaryArray::new_null(types.len());
        kernel.label_with_types(&no_files, types).map_err(of_arrow)?;
    }
    let work = |piece: usize| pieces[piece].label(kernel).map_err(of_arrow);
    let done = in_order(threads, pieces.len(), work, || {
        Python::attach(|py| py.check_signals())
    })?;
    joined(done).map_err(of_arrow)
}

/// Rows that one thread labels at once.
struct Piece {
    files: ArrayRef,
    types: Option<ArrayRef>,
}

impl Piece {
    fn label(&self, kernel: &LabelKernel) -> Result<StructArray, ArrowError> {
        match &self.types {
            Some(types) => kernel.label_with_types(&self.files, types),
            None => kernel.label(&self.files),
        }
    }
}

/// Divides the rows; there is at least one piece.
fn pieces(files: &[ArrayRef], types: Option<&ArrayRef>, threads: usize) -> PyResult<Vec<Piece>> {
    let count: usize = files.iter().map(|chunk| chunk.len()).sum();
    if let Some(types) = types.filter(|types| types.len() != count) {
        let found = types.len();
        return Err(illegal(format!(
            "types has {found} rows, expected {count} as files"
        )));
    }
    let most = match threads {
        1 => PIECE,
        _ => count.div_ceil(threads * PIECES_A_THREAD).clamp(1, PIECE),
    };
    let (mut pieces, mut row) = (Vec::new(), 0);
    for chunk in files {
        let mut start = 0;
        // A chunk without rows is a piece, too: of the first the type is checked.
        while start < chunk.len() || pieces.is_empty() {
            let length = most.min(chunk.len() - start);
            pieces.push(Piece {
                files: chunk.slice(start, length),
                types: types.map(|types| types.slice(row, length)),
            });
            (start, row) = (start + length, row + length);
        }
    }
    Ok(pieces)
}

fn joined(mut done: Vec<StructArray>) -> Result<StructArray, ArrowError> {
    if done.len() == 1 {
        return Ok(done.remove(0));
    }
    let parts: Vec<&dyn Array> = done.iter().map(|part| part as &dyn Array).collect();
    Ok(concat(&parts)?.as_struct().clone())
}
