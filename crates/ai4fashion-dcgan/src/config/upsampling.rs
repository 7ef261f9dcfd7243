//! How the generator enlarges its feature maps.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// How the generator doubles the side of its feature maps.
///
/// The first layer, from a single pixel to 4x4, is a transposed convolution in both. Weights of one
/// kind do not load into the other.
///
/// ```
/// use ai4fashion_dcgan::{DcganConfig, Generator, cpu, model::{Upsampling, load_generator, save_weights}};
///
/// let config = DcganConfig::tutorial().with_image_size(8).with_nz(4).with_ngf(4);
/// let temp = tempfile::tempdir()?;
/// let path = temp.path().join("generator.safetensors");
/// save_weights(&Generator::new(&config, &cpu())?, &path)?;
/// let nearest = config.with_upsampling("nearest".parse()?);
/// assert_eq!(nearest.upsampling, Upsampling::Nearest);
/// assert!(load_generator(&nearest, &cpu(), &path).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Upsampling {
    /// Transposed 4x4 convolutions of stride 2, the tutorial's.
    #[default]
    Transposed,
    /// Each pixel becomes 2x2 equal ones, then a 3x3 convolution of padding 1: no checkerboard in
    /// the images of a generator that was trained little (A. Odena, V. Dumoulin, C. Olah,
    /// Deconvolution and Checkerboard Artifacts, 2016).
    ///
    /// The tensors are those of PyTorch's `nn.Sequential` with an `nn.Upsample(scale_factor=2)`
    /// before each `nn.Conv2d`: `main.4.weight` of the shape `[out, in, 3, 3]` follows the first
    /// block.
    Nearest,
}

impl Upsampling {
    /// All kinds.
    pub const ALL: [Self; 2] = [Self::Transposed, Self::Nearest];

    /// The name in settings: `"transposed"` or `"nearest"`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Transposed => "transposed",
            Self::Nearest => "nearest",
        }
    }
}

impl fmt::Display for Upsampling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Upsampling {
    type Err = Error;

    /// # Errors
    /// [`ErrorKind::Setting`](crate::ErrorKind::Setting) for anything but `transposed` and
    /// `nearest`.
    fn from_str(name: &str) -> Result<Self, Error> {
        let known = Self::ALL.into_iter().find(|kind| kind.as_str() == name);
        known.ok_or_else(|| Error::setting("upsampling", name, "transposed or nearest"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_written_and_others_are_refused_with_the_legal_ones() {
        for kind in Upsampling::ALL {
            assert_eq!(kind.to_string().parse::<Upsampling>().unwrap(), kind);
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{kind}\""));
        }
        assert_eq!(
            "bilinear".parse::<Upsampling>().unwrap_err().to_string(),
            "upsampling is bilinear, expected transposed or nearest"
        );
    }
}
