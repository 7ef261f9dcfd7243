//! Options, checked with the name, the value found and the legal values.

use std::ops::RangeInclusive;

use ai4fashion_arrow::dataset::{
    IngestOptions,
    ingest::{Filter, LabelMethod, Limits, SplitOptions},
};
use pyo3::{prelude::*, types::PyInt};

use crate::error::{illegal, wrong_type};

/// An argument that should be a whole number.
pub(crate) enum Whole {
    Fits(u64),
    /// A number that is negative or has more than 64 bits, as text.
    Outside(String),
    /// The name of another type.
    Other(String),
}

impl<'py> FromPyObject<'_, 'py> for Whole {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(number) = object.extract::<u64>() {
            return Ok(Self::Fits(number));
        }
        // As numpy's whole numbers, too.
        if object.is_instance_of::<PyInt>() || object.hasattr("__index__")? {
            return Ok(Self::Outside(object.str()?.to_string()));
        }
        Ok(Self::Other(object.get_type().qualname()?.to_string()))
    }
}

impl Whole {
    /// The number, if it is legal; `name` is that of the option.
    pub(crate) fn within(self, name: &str, legal: RangeInclusive<u64>) -> PyResult<u64> {
        let (least, most) = (legal.start(), legal.end());
        let found = match self {
            Self::Fits(number) if legal.contains(&number) => return Ok(number),
            Self::Fits(number) => number.to_string(),
            Self::Outside(number) => number,
            Self::Other(kind) => {
                let message =
                    format!("{name} is of type {kind}, expected a whole number from {least} to {most}");
                return Err(wrong_type(message));
            }
        };
        Err(illegal(format!("{name} is {found}, expected {least} to {most}")))
    }

    /// The number of a byte, if it is legal; `name` is that of the option.
    pub(crate) fn byte(self, name: &str, legal: RangeInclusive<u8>) -> PyResult<u8> {
        let (least, most) = (*legal.start(), *legal.end());
        let number = self.within(name, least.into()..=most.into())?;
        Ok(u8::try_from(number).unwrap_or(most))
    }
}

/// An argument that should be a `T`, or the name of its type.
pub(crate) enum Given<T> {
    Right(T),
    Other(String),
}

impl<'a, 'py, T: FromPyObject<'a, 'py>> FromPyObject<'a, 'py> for Given<T> {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        Ok(match object.extract() {
            Ok(value) => Self::Right(value),
            Err(_) => Self::Other(object.get_type().qualname()?.to_string()),
        })
    }
}

impl<T> Given<T> {
    /// The value, if it has the type that `legal` tells; `name` is that of the option.
    pub(crate) fn named(self, name: &str, legal: &str) -> PyResult<T> {
        match self {
            Self::Right(value) => Ok(value),
            Self::Other(kind) => Err(wrong_type(format!("{name} is of type {kind}, expected {legal}"))),
        }
    }
}

impl Given<bool> {
    /// The value, if it is `True` or `False`; `name` is that of the option.
    pub(crate) fn truth(self, name: &str) -> PyResult<bool> {
        self.named(name, "True or False")
    }
}

/// The options of splits.
pub(crate) fn split(seed: Whole, validation: Whole, test: Whole) -> PyResult<SplitOptions> {
    let seed = seed.within("seed", 0..=u64::MAX)?;
    let validation = validation.byte("validation", 0..=100)?;
    let test = test.byte("test", 0..=100)?;
    if validation + test > 100 {
        let held_out = validation + test;
        return Err(illegal(format!(
            "validation + test is {held_out}, expected 0 to 100"
        )));
    }
    Ok(SplitOptions::default()
        .with_seed(seed)
        .with_percent(validation, test))
}

/// The largest distance of near-duplicates.
pub(crate) fn max_distance(distance: Whole) -> PyResult<u16> {
    let distance = distance.within("max_distance", 0..=256)?;
    Ok(u16::try_from(distance).unwrap_or(256))
}

/// The options of labels.
pub(crate) struct LabelOptions {
    pub(crate) size: Whole,
    pub(crate) quality: Whole,
    pub(crate) method: Given<String>,
    pub(crate) garment_only: Given<bool>,
    pub(crate) max_pixels: Option<Whole>,
}

impl LabelOptions {
    /// Checks the options, and gives them as those of an ingestion.
    pub(crate) fn checked(self, split: SplitOptions) -> PyResult<IngestOptions> {
        let size = self.size.within("size", 16..=4096)?;
        let filter = match self.garment_only.truth("garment_only")? {
            true => Filter::GarmentOnly,
            false => Filter::All,
        };
        let mut limits = Limits::default();
        if let Some(most) = self.max_pixels {
            limits = limits.with_max_pixels(most.within("max_pixels", 1..=u64::MAX)?);
        }
        let options = IngestOptions::default()
            .with_image_size(u32::try_from(size).unwrap_or(4096))
            .with_jpeg_quality(self.quality.byte("quality", 1..=100)?)
            .with_labels(method(self.method)?)
            .with_filter(filter)
            .with_limits(limits)
            .with_split(split);
        Ok(options)
    }
}

fn method(given: Given<String>) -> PyResult<LabelMethod> {
    let legal = LabelMethod::ALL.map(|known| format!("'{known}'")).join(" or ");
    let name = given.named("method", &legal)?;
    let found = name.parse();
    found.map_err(|_| illegal(format!("method is '{name}', expected {legal}")))
}
