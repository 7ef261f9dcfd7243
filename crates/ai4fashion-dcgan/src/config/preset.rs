//! Named settings.

use std::{fmt, str::FromStr};

use crate::{config::DcganConfig, error::Error};

/// Named settings to begin with.
///
/// ```
/// use ai4fashion_dcgan::{DcganConfig, train::Preset};
///
/// assert_eq!("tutorial".parse::<Preset>()?.config(), DcganConfig::tutorial());
/// assert!(Preset::Small.config().ema.is_some());
/// # Ok::<(), ai4fashion_dcgan::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Preset {
    /// [`DcganConfig::tutorial`].
    #[default]
    Tutorial,
    /// [`DcganConfig::small`].
    Small,
}

impl Preset {
    /// All presets.
    pub const ALL: [Self; 2] = [Self::Tutorial, Self::Small];

    /// The name: `"tutorial"` or `"small"`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tutorial => "tutorial",
            Self::Small => "small",
        }
    }

    /// Returns its settings.
    #[must_use]
    pub fn config(self) -> DcganConfig {
        match self {
            Self::Tutorial => DcganConfig::tutorial(),
            Self::Small => DcganConfig::small(),
        }
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Preset {
    type Err = Error;

    /// # Errors
    /// [`ErrorKind::Setting`](crate::ErrorKind::Setting) for anything but `tutorial` and `small`.
    fn from_str(name: &str) -> Result<Self, Error> {
        let known = Self::ALL.into_iter().find(|preset| preset.as_str() == name);
        known.ok_or_else(|| Error::setting("preset", name, "tutorial or small"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_valid_and_others_are_refused_with_the_legal_ones() {
        for preset in Preset::ALL {
            preset.config().validate().unwrap();
            assert_eq!(preset.to_string().parse::<Preset>().unwrap(), preset);
        }
        assert_ne!(Preset::Small.config(), Preset::Tutorial.config());
        assert_eq!(
            "large".parse::<Preset>().unwrap_err().to_string(),
            "preset is large, expected tutorial or small"
        );
    }
}
