//! The review page as a person uses it, in a real browser: headless Chromium, driven by WebDriver.
//! They need `chromedriver` (Debian: `apt-get install chromium chromium-driver`), so each is
//! `#[ignore]`d: `cargo test --workspace --test browser -- --ignored` runs them.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

mod browser;
mod file;
mod import;
#[path = "../program/place.rs"]
#[allow(dead_code, reason = "shared with the tests of the program")]
mod place;
#[path = "../program/program.rs"]
#[allow(dead_code, reason = "shared with the tests of the program")]
mod program;
mod report;
mod served;
mod suggestion;
mod touch;
mod types;
