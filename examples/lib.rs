//! Short programs that each show one use of the libraries: `cargo run --release --example NAME`

/// The code of the project's README, compiled by the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;

/// The code of the pages in `docs`, compiled by the tests.
#[cfg(doctest)]
#[doc = include_str!("../docs/color-naming.md")]
#[doc = include_str!("../docs/review.md")]
#[doc = include_str!("../docs/sampling.md")]
pub struct Pages;
