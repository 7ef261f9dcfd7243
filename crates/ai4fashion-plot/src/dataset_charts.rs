//! Charts of a data set, and of what the colour classifier sees.

pub(crate) mod distributions;
pub(crate) mod explanation;
pub(crate) mod overview;
