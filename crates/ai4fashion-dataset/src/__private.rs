//! Internals for `tools/fit-garment` of this workspace; not covered by semver.

pub use crate::ingest::garment::{FEATURES, features};
