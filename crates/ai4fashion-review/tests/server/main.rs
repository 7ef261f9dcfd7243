//! The review server.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

mod answers;
mod asking;
mod limits;
