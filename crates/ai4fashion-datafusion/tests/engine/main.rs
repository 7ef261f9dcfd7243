//! Labels on a query engine: in this process, and on a cluster on this machine.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

#[cfg(feature = "cluster")]
mod cluster;
mod common;
mod functions;
mod jobs;
#[cfg(feature = "s3")]
mod object_store;
#[cfg(feature = "cli")]
mod program;
mod running;
mod tars;
