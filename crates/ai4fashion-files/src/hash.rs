//! Hashes as text.

use sha2::{Digest, Sha256};

/// Computes the SHA-256 of bytes, as 64 lower-case hexadecimal digits.
///
/// ```
/// let hash = ai4fashion_files::sha256_hex(b"abc");
/// assert_eq!(hash.len(), 64);
/// assert!(hash.starts_with("ba7816bf"));
/// ```
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Computes the SHA-256 of several pieces, one behind the other, as [`sha256_hex`] writes it.
///
/// ```
/// use ai4fashion_files::{sha256_hex, sha256_hex_of};
///
/// assert_eq!(sha256_hex_of(["ab", "c"]), sha256_hex(b"abc"));
/// ```
#[must_use]
pub fn sha256_hex_of(pieces: impl IntoIterator<Item = impl AsRef<[u8]>>) -> String {
    let mut hash = Sha256::new();
    pieces.into_iter().for_each(|piece| hash.update(piece));
    hex(&hash.finalize())
}

/// Writes bytes as lower-case hexadecimal digits, two a byte.
///
/// ```
/// assert_eq!(ai4fashion_files::hex(&[0, 171]), "00ab");
/// ```
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sha256_matches_the_standard() {
        // FIPS 180-4, example B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256_hex(b"abc"), expected);
    }
}
