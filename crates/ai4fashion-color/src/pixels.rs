//! Pixels of an image: a borrowed view of all of them, a small sample, and how often each colour occurs.

pub(crate) mod counts;
pub(crate) mod sample;
pub(crate) mod view;
