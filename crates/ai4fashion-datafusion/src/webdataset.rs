//! WebDataset tars as tables: a row for each sample.

#[cfg(feature = "cluster")]
mod codec;
mod pieces;
mod samples;
mod scan;
mod table;
mod tail;

#[cfg(feature = "cluster")]
pub(crate) use codec::{LogicalCodec, PhysicalCodec};
pub(crate) use scan::Counter;
pub(crate) use table::TarTable;
