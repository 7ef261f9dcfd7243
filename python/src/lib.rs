//! The module `ai4fashion._ai4fashion`; `python/ai4fashion/_ai4fashion.pyi` has its types.

mod arrow_result;
mod classify;
mod column;
mod error;
mod ffi;
mod grouping;
mod label;
mod options;
mod parallel;
mod photo;

use pyo3::pymodule;

/// Labels fashion photos on Arrow columns.
#[pymodule]
mod _ai4fashion {
    use ai4fashion_arrow::dataset::{BasicColor, ProductType};
    use pyo3::{
        prelude::*,
        types::{PyDict, PyTuple},
    };

    #[pymodule_export]
    use crate::{
        arrow_result::ArrowResult,
        classify::classify,
        grouping::{are_near, groups, near_keys},
        label::{label, schema},
    };

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let py = module.py();
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        let colors = BasicColor::ALL.map(BasicColor::as_str);
        module.add("COLORS", PyTuple::new(py, colors)?)?;
        let types = PyDict::new(py);
        for known in ProductType::ALL {
            types.set_item(known.number(), known.as_str())?;
        }
        module.add("TYPES", types)
    }
}
