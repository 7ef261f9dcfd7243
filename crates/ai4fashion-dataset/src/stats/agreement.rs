//! How often others call a picture's colour what the classifier named it.

use ai4fashion_color::BasicColor;

use crate::{
    labels::meanings,
    record::{ColorSource, Record},
};

/// Counts of the pictures whose colour somebody else has named, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// By the classifier's name, then by the other's.
    pairs: [[usize; 11]; 11],
}

impl Agreement {
    /// With a person, over the pictures whose colour a person has said.
    #[must_use]
    pub fn with_person<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut counts = Self::default();
        for record in records {
            if record.color_from() == ColorSource::Person {
                counts.add(record.classified_color(), record.color);
            }
        }
        counts
    }

    /// With the source's word, over the pictures whose word says a colour; of a word of two meanings, either agrees.
    #[must_use]
    pub fn with_source<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut counts = Self::default();
        for record in records {
            let named = record.classified_color();
            let meanings = record.base_color.as_deref().map_or(&[][..], meanings);
            let found = meanings.iter().find(|meaning| **meaning == named);
            if let Some(other) = found.or(meanings.first()) {
                counts.add(named, *other);
            }
        }
        counts
    }

    fn add(&mut self, named: BasicColor, other: BasicColor) {
        self.pairs[named.index()][other.index()] += 1;
    }

    /// Pictures that the classifier calls by the first name and the other by the second.
    #[must_use]
    pub fn pair(&self, named: BasicColor, other: BasicColor) -> usize {
        self.pairs[named.index()][other.index()]
    }

    /// Pictures that the classifier calls by that name.
    #[must_use]
    pub fn named(&self, name: BasicColor) -> usize {
        self.pairs[name.index()].iter().sum()
    }

    /// Those of them that the other calls so, too.
    #[must_use]
    pub fn agreed(&self, name: BasicColor) -> usize {
        self.pair(name, name)
    }

    /// All pictures that are compared.
    #[must_use]
    pub fn total(&self) -> usize {
        self.pairs.iter().flatten().sum()
    }

    /// The share of pictures that both call the same, 0 to 1; none without pictures.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        let agreed: usize = BasicColor::ALL.iter().map(|name| self.agreed(*name)).sum();
        (self.total() > 0).then(|| agreed as f64 / self.total() as f64)
    }

    /// The name that the other gives most often where it does not agree, and how often.
    #[must_use]
    pub fn mostly_instead(&self, name: BasicColor) -> Option<(BasicColor, usize)> {
        let others = BasicColor::ALL.into_iter().filter(|other| *other != name);
        let counts = others.map(|other| (other, self.pair(name, other)));
        counts
            .filter(|(_, count)| *count > 0)
            .max_by_key(|(other, count)| (*count, std::cmp::Reverse(*other)))
    }
}

#[cfg(test)]
mod tests {
    use BasicColor::*;

    use super::*;

    #[test]
    fn figures_of_a_few_pictures() {
        let mut counts = Agreement::default();
        for other in [Red, Red, Pink, Brown, Brown] {
            counts.add(Red, other);
        }
        counts.add(Blue, Blue);
        assert_eq!((counts.named(Red), counts.agreed(Red), counts.total()), (5, 2, 6));
        assert_eq!(counts.share(), Some(0.5));
        assert_eq!(counts.mostly_instead(Red), Some((Brown, 2)));
        assert_eq!(
            (counts.mostly_instead(Blue), Agreement::default().share()),
            (None, None)
        );
    }
}
