//! Scores by which a checkpoint can be the best.

use std::{fmt, str::FromStr};

use ai4fashion_score::{FeatureScores, Score};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::Error;

/// A score by which a checkpoint can be the best.
///
/// ```
/// use ai4fashion_dcgan::run::ScoreName;
///
/// assert_eq!("coverage".parse::<ScoreName>()?, ScoreName::Coverage);
/// assert_eq!(ScoreName::default().to_string(), "kid_own");
/// # Ok::<(), ai4fashion_dcgan::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ScoreName {
    /// The kernel distance of features; lower is better. Unbiased, so it can be trusted with few
    /// images.
    #[default]
    KidOwn,
    /// The Fréchet distance of features; lower is better.
    FdOwn,
    /// The sliced Wasserstein distance of features; lower is better.
    MindOwn,
    /// Fraction of real images that generated ones are near; higher is better.
    Coverage,
}

impl ScoreName {
    /// All scores.
    pub const ALL: [Self; 4] = [Self::KidOwn, Self::FdOwn, Self::MindOwn, Self::Coverage];

    /// The name: `"kid_own"`, `"fd_own"`, `"mind_own"` or `"coverage"`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::KidOwn => "kid_own",
            Self::FdOwn => "fd_own",
            Self::MindOwn => "mind_own",
            Self::Coverage => "coverage",
        }
    }

    /// Returns this score of all scores.
    #[must_use]
    pub fn of(self, scores: &FeatureScores) -> Score {
        match self {
            Self::KidOwn => scores.kid_own,
            Self::FdOwn => scores.fd_own,
            Self::MindOwn => scores.mind_own,
            Self::Coverage => scores.coverage,
        }
    }

    /// The value of this score in a line of a log.
    pub(super) fn read(self, scores: &Map<String, Value>) -> Option<f64> {
        scores.get(self.as_str())?.get("value")?.as_f64()
    }

    /// A value that is lower for a better score.
    pub(super) fn loss(self, value: f64) -> f64 {
        match self {
            Self::Coverage => -value,
            Self::KidOwn | Self::FdOwn | Self::MindOwn => value,
        }
    }
}

impl fmt::Display for ScoreName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for ScoreName {
    type Err = Error;

    /// # Errors
    /// [`ErrorKind::Setting`](crate::ErrorKind::Setting) for any other name.
    fn from_str(name: &str) -> Result<Self, Error> {
        let known = Self::ALL.into_iter().find(|score| score.as_str() == name);
        known.ok_or_else(|| Error::setting("score", name, "kid_own, fd_own, mind_own or coverage"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_written_and_others_are_refused_with_the_legal_ones() {
        for score in ScoreName::ALL {
            assert_eq!(score.to_string().parse::<ScoreName>().unwrap(), score);
            assert_eq!(serde_json::to_string(&score).unwrap(), format!("\"{score}\""));
        }
        assert_eq!(
            "fid".parse::<ScoreName>().unwrap_err().to_string(),
            "score is fid, expected kid_own, fd_own, mind_own or coverage"
        );
    }
}
