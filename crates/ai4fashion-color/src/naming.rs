//! Names for colours: the eleven names, the published table, and the model over colour histograms.

pub(crate) mod basic_color;
pub(crate) mod features;
pub(crate) mod histogram;
pub(crate) mod model;
pub(crate) mod posterior;
pub(crate) mod single_color_table;
pub(crate) mod table;
