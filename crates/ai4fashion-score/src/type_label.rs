//! A product type or none, as a label.

use std::fmt;

use ai4fashion_garment::ProductType;

/// A product type, or `none` of the twelve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TypeLabel(pub(crate) Option<ProductType>);

impl fmt::Display for TypeLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(kind) => kind.fmt(f),
            None => f.write_str("none"),
        }
    }
}
