//! The hash of an image's pixels, as bytes.

use std::{fmt, str::FromStr};

use ai4fashion_files::hex;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::error::Error;

/// BLAKE3 of an image's pixels; images that look the same have the same.
///
/// As text it is 64 hexadecimal digits.
///
/// ```
/// use ai4fashion_dataset::record::PixelsHash;
///
/// let text = "00ff".repeat(16);
/// let hash: PixelsHash = text.parse()?;
/// assert_eq!(hash.0[..2], [0, 255]);
/// assert_eq!(hash.to_string(), text);
/// # Ok::<(), ai4fashion_dataset::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PixelsHash(pub [u8; 32]);

impl fmt::Display for PixelsHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&hex(&self.0))
    }
}

impl FromStr for PixelsHash {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
        let pairs = text.as_bytes().chunks_exact(2);
        let bytes: Option<Vec<u8>> = pairs
            .map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?))
            .collect();
        let hash = bytes
            .filter(|_| text.len() == 64)
            .and_then(|bytes| bytes.try_into().ok());
        hash.map(Self).ok_or_else(|| {
            let what = "the BLAKE3 hash of an image's pixels";
            Error::parse(what, text, "64 hexadecimal digits")
        })
    }
}

impl Serialize for PixelsHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PixelsHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_no_hash_is_refused() {
        for text in [
            "",
            "00ff",
            &"0".repeat(66),
            &"0".repeat(63),
            &"g".repeat(64),
            &"ü".repeat(32),
        ] {
            let error = text.parse::<PixelsHash>().unwrap_err();
            assert!(error.to_string().contains("64 hexadecimal digits"), "{error}");
        }
    }
}
