//! The program as a user runs it: exit codes, output, files.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

mod bad_input;
mod bench;
mod command_line;
mod damaged;
mod documented;
mod exporting;
mod killed;
mod memory;
mod pipeline;
mod place;
mod program;
mod resuming;
mod scoring;
mod tables;
mod training;
