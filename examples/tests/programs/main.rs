//! The programs as a user runs them: exit codes, what they print, what they leave behind.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

mod bad_input;
mod pipeline;
mod place;
mod program;
mod resuming;
mod training;
