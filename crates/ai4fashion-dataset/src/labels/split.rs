//! Training, validation and test images.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::pixels_hash::PixelsHash;
use crate::error::Error;

/// The subset of a data set that an image belongs to.
///
/// Machine learning has these three, so the enum is exhaustive.
///
/// ```
/// use ai4fashion_dataset::Split;
///
/// assert_eq!("validation".parse::<Split>()?, Split::Validation);
/// # Ok::<(), ai4fashion_dataset::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// Images to train on.
    Train,
    /// Images to choose settings by.
    Validation,
    /// Images to measure the final result with, once.
    Test,
}

impl Split {
    /// All splits.
    pub const ALL: [Self; 3] = [Self::Train, Self::Validation, Self::Test];

    /// The name, such as `"train"`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "validation",
            Self::Test => "test",
        }
    }
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Split {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|split| split.as_str() == text);
        found.ok_or_else(|| Error::parse("a split", text, Self::ALL.map(Self::as_str).join(", ")))
    }
}

/// How images are assigned to splits: by a hash of their pixels.
///
/// 1. Images with the same pixels are always in the same split.
/// 2. An image stays in its split whatever other images come and go, with one exception:
///    near-duplicates share the split of the smallest hash among them, so a new one may move the
///    others.
///
/// ```
/// use ai4fashion_dataset::ingest::SplitOptions;
///
/// let options = SplitOptions::default().with_seed(7).with_percent(5, 20);
/// assert_eq!((options.validation, options.test), (5, 20));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct SplitOptions {
    /// The seed of the assignment; default 0.
    pub seed: u64,
    /// Percent of the images for validation, about; default 10.
    pub validation: u8,
    /// Percent of the images for the test, about; default 10. With `validation` at most 100.
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

    /// The split of the images whose pixels have this hash.
    ///
    /// ```
    /// use ai4fashion_dataset::{Split, ingest::SplitOptions, record::PixelsHash};
    ///
    /// let all_to_train = SplitOptions::default().with_percent(0, 0);
    /// assert_eq!(all_to_train.split_of(PixelsHash([7; 32])), Split::Train);
    /// ```
    #[must_use]
    pub fn split_of(&self, pixels_blake3: PixelsHash) -> Split {
        let hash = Sha256::digest(format!("split {} {pixels_blake3}", self.seed));
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

    fn hash(image: u64) -> PixelsHash {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&image.to_be_bytes());
        PixelsHash(bytes)
    }

    fn counts(options: SplitOptions) -> [usize; 3] {
        let found: Vec<Split> = (0..10_000).map(|i| options.split_of(hash(i))).collect();
        Split::ALL.map(|split| found.iter().filter(|found| **found == split).count())
    }

    #[test]
    fn splits_are_as_large_as_asked_for() {
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
    fn an_image_is_moved_by_the_seed_only() {
        let (first, second) = (SplitOptions::default(), SplitOptions::default().with_seed(1));
        let moved = |other: SplitOptions| {
            (0..1000)
                .filter(|i| first.split_of(hash(*i)) != other.split_of(hash(*i)))
                .count()
        };
        assert_eq!(moved(first), 0);
        assert!(moved(second) > 200);
        // A larger test set takes from validation and training, and gives nothing back.
        let larger = first.with_percent(10, 20);
        assert!(
            (0..1000)
                .all(|i| first.split_of(hash(i)) != Split::Test || larger.split_of(hash(i)) == Split::Test)
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
