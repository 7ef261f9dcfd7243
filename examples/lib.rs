//! Short programs that each show one use of the libraries: `cargo run --release --example NAME`

/// The code of the project's README, compiled by the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
