//! The colour rules of the two notebooks this project began with, kept exactly, gaps included.
//!
//! Both take one dominant colour of the whole picture (Python colorthief's, near-white pixels left out) and
//! put its hue into an interval:
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
//! Hues between two intervals (30.5, 45.2, ...) have no name, no hue is ever brown, and a wholly white
//! picture has no name either: that is what the notebooks do, so the answer is an [`Option`].
//! To name colours well use [`ColorClassifier`](crate::ColorClassifier).

mod hue;
mod lookbook;
mod quantize;
mod small_fashion;

pub use lookbook::LookBook;
pub use quantize::dominant_color;
pub use small_fashion::SmallFashion;
