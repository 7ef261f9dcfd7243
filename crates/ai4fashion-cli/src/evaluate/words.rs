//! Words for colours in tables of labels.

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::source::base_color_candidates;
use clap::ValueEnum;

/// The words that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Words {
    /// The eleven names
    Basic,
    /// The eleven names, and those of a catalogue, such as navy blue
    Catalogue,
}

impl Words {
    /// The name that a word stands for, and the others that it can stand for, too.
    pub(super) fn parse(self, word: &str) -> Option<(BasicColor, &'static [BasicColor])> {
        match (word.parse(), self) {
            (Ok(name), _) => Some((name, &[])),
            (Err(_), Self::Basic) => None,
            (Err(_), Self::Catalogue) => base_color_candidates(word)
                .split_first()
                .map(|(first, others)| (*first, others)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn word_of_a_catalogue_stands_for_one_name_or_several() {
        let parse = |word| Words::Catalogue.parse(word);
        assert_eq!(parse("red"), Some((BasicColor::Red, &[][..])));
        assert_eq!(parse("Navy Blue"), Some((BasicColor::Blue, &[][..])));
        assert_eq!(parse("teal"), Some((BasicColor::Blue, &[BasicColor::Green][..])));
        assert_eq!(parse("multi"), None);
        assert_eq!(Words::Basic.parse("teal"), None);
    }
}
