//! Ingestion from files to a data set folder, on pictures drawn here.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

mod again;
mod archives;
mod output;
mod pictures;
mod place;
mod resume;
mod selection;
mod sources;
