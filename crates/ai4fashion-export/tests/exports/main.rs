//! Exports as a program or a person meets them: places, images, stops.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

mod helpers;
mod images;
mod places;
mod stopped;
