//! The eleven names as text.

use ai4fashion_color::BasicColor;

/// The names, in the order of `BasicColor`.
pub const NAMES: [&str; BasicColor::COUNT] = {
    let mut names = [""; BasicColor::COUNT];
    let mut place = 0;
    while place < names.len() {
        names[place] = BasicColor::ALL[place].as_str();
        place += 1;
    }
    names
};
