//! Pictures to learn from, to choose by and to judge by.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, ErrorKind};

/// The part of a data set that a picture belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// To learn from.
    Train,
    /// To choose settings by.
    Validation,
    /// To judge by, once.
    Test,
}

impl Split {
    /// All parts.
    pub const ALL: [Self; 3] = [Self::Train, Self::Validation, Self::Test];

    /// The name, e.g. `"train"`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "validation",
            Self::Test => "test",
        }
    }
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Split {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|split| split.name() == name);
        found.ok_or_else(|| {
            let value = name.to_owned();
            ErrorKind::Split { value }.into()
        })
    }
}

/// How pictures are parted: by a hash of what they show, so that pictures with the same pixels are never in two parts,
/// and that a picture stays in its part whatever others come and go. Only one that looks nearly like it, when it comes,
/// may move it: both go by the smaller hash of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SplitOptions {
    /// Another number parts the pictures in another way; default 0.
    pub seed: u64,
    /// Of a hundred pictures, about how many are for validation; default 10.
    pub validation: u8,
    /// Of a hundred pictures, about how many are for the test; default 10. With `validation` at most 100.
    pub test: u8,
}

impl Default for SplitOptions {
    fn default() -> Self {
        Self {
            seed: 0,
            validation: 10,
            test: 10,
        }
    }
}

impl SplitOptions {
    /// Sets [`seed`](Self::seed).
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets [`validation`](Self::validation) and [`test`](Self::test).
    #[must_use]
    pub fn with_percent(mut self, validation: u8, test: u8) -> Self {
        (self.validation, self.test) = (validation, test);
        self
    }

    /// The part that the pictures with these pixels belong to.
    #[must_use]
    pub fn of(&self, pixels: &str) -> Split {
        let hash = Sha256::digest(format!("split {} {pixels}", self.seed));
        let number = u64::from_be_bytes([
            hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7],
        ]);
        // The upper bits as a number in [0, 100).
        let percent = ((u128::from(number) * 100) >> 64) as u16;
        let (test, validation) = (u16::from(self.test), u16::from(self.validation));
        if percent < test {
            Split::Test
        } else if percent < test + validation {
            Split::Validation
        } else {
            Split::Train
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(options: SplitOptions) -> [usize; 3] {
        let found: Vec<Split> = (0..10_000).map(|i| options.of(&format!("picture {i}"))).collect();
        Split::ALL.map(|split| found.iter().filter(|found| **found == split).count())
    }

    #[test]
    fn parts_are_as_large_as_asked_for() {
        for (validation, test) in [(10, 10), (0, 30), (50, 50), (0, 0)] {
            let found = counts(SplitOptions::default().with_percent(validation, test));
            let percent = [100 - validation - test, validation, test];
            for (found, percent) in found.into_iter().zip(percent) {
                // Five standard deviations of a count of 10,000.
                let share = f64::from(percent) / 100.0;
                let slack = 5.0 * (10_000.0 * share * (1.0 - share)).sqrt();
                assert!(
                    (found as f64 - 10_000.0 * share).abs() <= slack,
                    "{found} at {percent}%"
                );
            }
        }
    }

    #[test]
    fn a_picture_is_moved_by_the_seed_only() {
        let (first, second) = (SplitOptions::default(), SplitOptions::default().with_seed(1));
        let moved = |other: SplitOptions| {
            (0..1000)
                .filter(|i| first.of(&i.to_string()) != other.of(&i.to_string()))
                .count()
        };
        assert_eq!(moved(first), 0);
        assert!(moved(second) > 200);
        // A larger test set takes from validation and training, and gives nothing back.
        let larger = first.with_percent(10, 20);
        assert!(
            (0..1000)
                .all(|i| first.of(&i.to_string()) != Split::Test || larger.of(&i.to_string()) == Split::Test)
        );
    }

    #[test]
    fn names_are_read_back_and_others_refused() {
        for split in Split::ALL {
            assert_eq!(split.to_string().parse::<Split>().unwrap(), split);
        }
        let error = "dev".parse::<Split>().unwrap_err();
        assert!(
            error.to_string().contains("`dev`") && error.to_string().contains("validation"),
            "{error}"
        );
    }
}
