//! What the programs share: exit codes, output, progress bars, peak memory, Ctrl-C, settings of a training, going on with
//! one, the generator to draw from, what helps against failures; devices, precisions, sources and methods by name.

pub mod chosen;
pub mod confusion;
pub mod corrected;
pub mod device;
pub mod evaluation;
pub mod exit;
pub mod explanations;
pub mod filter;
pub mod hint;
pub mod ingestion;
pub mod interrupt;
pub mod labels;
pub mod machine;
pub mod method;
pub mod mistakes;
pub mod output;
pub mod precision;
pub mod program;
pub mod progress;
pub mod resume;
pub mod say;
pub mod skips;
pub mod sources;
pub mod training;
pub mod trial;

/// The code of the project's README, so that it is compiled by the tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
