//! Images in numpy's arrays.

use ai4fashion_arrow::dataset::garment::color::ImageView;
use pyo3::{prelude::*, types::PyBytes};

use crate::error::{illegal, wrong_type};

const LEGAL: &str = "a numpy array of uint8 of the shape (height, width, 3) or (height, width, 4)";

/// An image of 8 bits a channel, row by row from the top, in memory of its own.
///
/// Numpy makes the copy, by `tobytes`. So it is right for each order and stride, nobody can write
/// to it while other threads run, and no pointer has to be trusted. (Python's buffers are part of
/// its stable interface from 3.11 on.) It takes less than a hundredth of the time of classifying.
pub(crate) struct Photo<'py> {
    bytes: Bound<'py, PyBytes>,
    width: u32,
    height: u32,
    channels: usize,
}

impl<'py> Photo<'py> {
    /// Copies a numpy array; `what` names the argument.
    pub(crate) fn new(what: &str, array: &Bound<'py, PyAny>) -> PyResult<Self> {
        let members = ["dtype", "shape", "tobytes"].map(|name| array.getattr_opt(name));
        let [Some(dtype), Some(shape), Some(to_bytes)] = all(members)? else {
            let found = array.get_type().qualname()?;
            return Err(wrong_type(format!("{what} is of type {found}, expected {LEGAL}")));
        };
        let dtype = dtype.str()?;
        if dtype != "uint8" {
            return Err(illegal(format!(
                "{what} is an array of {dtype}, expected {LEGAL}"
            )));
        }
        let sides = shape.extract::<Vec<u32>>()?;
        let [height, width, channels @ (3 | 4)] = sides[..] else {
            let shape = shape.str()?;
            return Err(illegal(format!("{what} has the shape {shape}, expected {LEGAL}")));
        };
        let bytes = to_bytes.call0()?.cast_into::<PyBytes>()?;
        let channels = channels as usize;
        Ok(Self {
            bytes,
            width,
            height,
            channels,
        })
    }

    /// The image, if its bytes are as many as its sides say.
    pub(crate) fn view(&self) -> PyResult<ImageView<'_>> {
        let (bytes, stride) = (self.bytes.as_bytes(), self.width as usize * self.channels);
        let view = match self.channels {
            3 => ImageView::rgb(bytes, self.width, self.height, stride),
            _ => ImageView::rgba(bytes, self.width, self.height, stride),
        };
        view.map_err(|error| illegal(error.to_string()))
    }
}

fn all<T>(members: [PyResult<T>; 3]) -> PyResult<[T; 3]> {
    let [a, b, c] = members;
    Ok([a?, b?, c?])
}
