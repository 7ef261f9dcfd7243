//! The pixels of an image: a borrowed view, a small sample of it, and colour counts.

pub(crate) mod counts;
pub(crate) mod pixel;
pub(crate) mod sample;
pub(crate) mod view;
