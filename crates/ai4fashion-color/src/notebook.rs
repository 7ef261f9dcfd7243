//! The colour rules of the two notebooks that this project began with, for comparison.
//!
//! They are kept exactly, gaps included. Both take one dominant colour of the whole image (Python
//! colorthief's, without nearly white pixels) and look its hue up in these intervals:
//!
//! | name | hue in degrees, both ends included |
//! |---|---|
//! | red | 0 to 30 and 346 to 361 |
//! | orange | 31 to 45 |
//! | yellow | 46 to 75 |
//! | green | 76 to 180 |
//! | blue | 181 to 270 |
//! | purple | 271 to 300 |
//! | pink | 301 to 345 |
//!
//! A hue between two intervals (30.5, 45.2, ...) has no name, no hue is brown, and a wholly white
//! image has no name. The notebooks do the same, so the result is an [`Option`]. To name colours
//! well use [`ColorClassifier`](crate::ColorClassifier).

mod hue;
mod look_book;
mod quantize;
mod small_fashion;

pub use look_book::LookBookRule;
pub use quantize::dominant_color;
pub use small_fashion::SmallFashionRule;
