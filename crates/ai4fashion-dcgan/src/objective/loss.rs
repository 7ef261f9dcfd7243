//! Loss functions, all on logits.

pub(crate) mod per_image;
pub(crate) mod relativistic;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use self::per_image::PerImage;
use crate::error::Error;

/// The loss function of both networks.
///
/// ```
/// use ai4fashion_dcgan::Loss;
///
/// assert_eq!(Loss::default(), Loss::BinaryCrossEntropy);
/// assert_eq!("hinge".parse::<Loss>()?, Loss::Hinge);
/// # Ok::<(), ai4fashion_dcgan::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Loss {
    /// Binary cross-entropy, the tutorial's (I. Goodfellow et al., Generative Adversarial Nets,
    /// 2014, with the generator's loss of section 3, `-ln D(G(z))`).
    #[default]
    #[serde(rename = "bce")]
    BinaryCrossEntropy,
    /// The hinge loss (J. H. Lim, J. C. Ye, Geometric GAN, 2017; T. Miyato et al., Spectral
    /// Normalization for Generative Adversarial Networks, 2018, equations 16 and 17). Images that
    /// the discriminator classifies with a margin add nothing to its loss, which helps if it
    /// dominates; common with spectral normalization.
    #[serde(rename = "hinge")]
    Hinge,
    /// The relativistic pairing loss (A. Jolicoeur-Martineau, The relativistic discriminator: a key
    /// element missing from standard GAN, 2018; N. Huang et al., The GAN is dead; long live the
    /// GAN!, 2024). The discriminator is to find each real image more real than one generated
    /// image, the generator the opposite: `softplus(D(fake) - D(real))` and `softplus(D(real) -
    /// D(fake))`. It keeps modes apart that a loss of single logits lets collapse; alone it need
    /// not converge, so that both gradient penalties belong to it.
    ///
    /// The generator's step takes another pass of the real images through the discriminator. As
    /// many images are generated as are real.
    #[serde(rename = "relativistic")]
    Relativistic,
}

impl Loss {
    /// All losses.
    pub const ALL: [Self; 3] = [Self::BinaryCrossEntropy, Self::Hinge, Self::Relativistic];

    /// The name in settings, such as `"bce"`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BinaryCrossEntropy => "bce",
            Self::Hinge => "hinge",
            Self::Relativistic => "relativistic",
        }
    }

    /// The loss of each image by itself; `None` if real and generated images are paired.
    pub(crate) const fn per_image(self) -> Option<PerImage> {
        match self {
            Self::BinaryCrossEntropy => Some(PerImage::BinaryCrossEntropy),
            Self::Hinge => Some(PerImage::Hinge),
            Self::Relativistic => None,
        }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Loss {
    type Err = Error;

    /// # Errors
    /// [`ErrorKind::Setting`](crate::ErrorKind::Setting) for anything but `bce`, `hinge` and
    /// `relativistic`.
    fn from_str(name: &str) -> Result<Self, Error> {
        let known = Self::ALL.into_iter().find(|loss| loss.as_str() == name);
        known.ok_or_else(|| Error::setting("loss", name, "bce, hinge or relativistic"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_written_and_others_are_refused() {
        for loss in Loss::ALL {
            assert_eq!(loss.to_string().parse::<Loss>().unwrap(), loss);
            assert_eq!(serde_json::to_string(&loss).unwrap(), format!("\"{loss}\""));
        }
        assert_eq!(
            "wasserstein".parse::<Loss>().unwrap_err().to_string(),
            "loss is wasserstein, expected bce, hinge or relativistic"
        );
    }
}
