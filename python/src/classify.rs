//! One image in memory.

use ai4fashion_arrow::dataset::{
    BasicColor,
    garment::{GarmentClassifier, ProductType, TypeHint},
};
use pyo3::{
    prelude::*,
    types::{PyDict, PyString},
};

use crate::{
    error::{illegal, wrong_type},
    photo::Photo,
};

/// Names the colour and the product type of the garment in an image in memory.
///
/// The result is a dict: `color`, `confidence`, `margin`, `runner_up`, `fractions` (of each
/// colour), `dominant_color` (rrggbb), `garment_fraction`, `is_mixed`, `type` (a name, or None for
/// none of the twelve), `type_number` (0 for none), `type_confidence`, `garment_only_probability`.
/// The GIL is released meanwhile.
///
/// Args:
///     image: a numpy array of uint8, (height, width, 3) for RGB or (height, width, 4) for RGBA,
///         sRGB, in any layout. Pixels with an alpha below 125 are background.
///     type: what is known of the product type: a number or a name of TYPES, 0 for none of them,
///         None if it is not known.
///
/// `label` scales an image to `size` before it looks, so that its labels can differ.
#[pyfunction]
#[pyo3(signature = (image, r#type=None), text_signature = "(image, type=None)")]
pub(crate) fn classify<'py>(
    py: Python<'py>,
    image: &Bound<'py, PyAny>,
    r#type: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let hint = r#type.map_or(Ok(TypeHint::Unknown), hint)?;
    let photo = Photo::new("image", image)?;
    let view = photo.view()?;
    let found = py.detach(|| GarmentClassifier::new().classify(view, hint));
    let color = found.color();
    let fractions = PyDict::new(py);
    for (name, fraction) in BasicColor::ALL.into_iter().zip(color.fractions()) {
        fractions.set_item(name.as_str(), fraction)?;
    }
    let [red, green, blue] = color.dominant_color();
    let known = found.product_type();
    let result = PyDict::new(py);
    result.set_item("color", color.name().as_str())?;
    result.set_item("confidence", color.confidence())?;
    result.set_item("margin", color.margin())?;
    result.set_item("runner_up", color.runner_up().as_str())?;
    result.set_item("fractions", fractions)?;
    result.set_item("dominant_color", format!("{red:02x}{green:02x}{blue:02x}"))?;
    result.set_item("garment_fraction", color.garment_fraction())?;
    result.set_item("is_mixed", color.is_mixed())?;
    result.set_item("type", known.map(ProductType::as_str))?;
    result.set_item("type_number", ProductType::number_of(known))?;
    result.set_item("type_confidence", found.type_confidence())?;
    result.set_item("garment_only_probability", found.garment_only_probability())?;
    Ok(result)
}

/// What a number or name says of the type.
fn hint(given: &Bound<'_, PyAny>) -> PyResult<TypeHint> {
    let text = given.str()?;
    let is_name = given.is_instance_of::<PyString>();
    if !is_name && !given.hasattr("__index__")? {
        let found = given.get_type().qualname()?;
        let legal = "a number from 0 to 12, a name of TYPES, or None";
        return Err(wrong_type(format!("type is of type {found}, expected {legal}")));
    }
    match ProductType::parse_or_none(text.to_str()?) {
        Ok(Some(known)) => Ok(TypeHint::Garment(known)),
        Ok(None) => Ok(TypeHint::Other),
        Err(error) => Err(illegal(format!("type: {error}"))),
    }
}
