//! Charts of any numbers.

mod axes;
pub(crate) mod bars;
pub(crate) mod groups;
pub(crate) mod heat_map;
pub(crate) mod lines;
pub(crate) mod side_by_side;

/// Width and height of a chart of counts, in pixels.
const COUNTS_SIZE: (u32, u32) = (1100, 560);
/// A blue that everybody can tell from white (M. Okabe, K. Ito, Color Universal Design, 2008).
pub(crate) const BLUE: [u8; 3] = [0, 114, 178];
