//! The orientation in EXIF data, which is a TIFF structure.

/// `Exif` and two zeros stand before the structure in a JPEG, and in WebP files of some programs.
const PREFIX: &[u8] = b"Exif\0\0";
/// Tag 274 of TIFF 6.0, and of EXIF 2.32, section 4.6.4.
const ORIENTATION: u16 = 0x0112;

/// The value of the tag in the first directory, 1 to 8, whatever integer type it is stored as.
pub(super) fn orientation(exif: &[u8]) -> Option<u8> {
    let tiff = exif.strip_prefix(PREFIX).unwrap_or(exif);
    let is_little = match tiff.get(..4)? {
        [b'I', b'I', 42, 0] => true,
        [b'M', b'M', 0, 42] => false,
        _ => return None,
    };
    let u16_at = |at: usize| -> Option<u16> {
        let bytes = tiff.get(at..)?.first_chunk()?;
        Some(if is_little {
            u16::from_le_bytes(*bytes)
        } else {
            u16::from_be_bytes(*bytes)
        })
    };
    let u32_at = |at: usize| -> Option<u32> {
        let bytes = tiff.get(at..)?.first_chunk()?;
        Some(if is_little {
            u32::from_le_bytes(*bytes)
        } else {
            u32::from_be_bytes(*bytes)
        })
    };
    let directory = usize::try_from(u32_at(4)?).ok()?;
    let entries = (0..usize::from(u16_at(directory)?)).map(|entry| directory + 2 + 12 * entry);
    let entry = entries.into_iter().find(|at| u16_at(*at) == Some(ORIENTATION))?;
    let at = entry + 8;
    let value = match u16_at(entry + 2)? {
        // BYTE, SBYTE and UNDEFINED.
        1 | 6 | 7 => u32::from(*tiff.get(at)?),
        // SHORT and SSHORT.
        3 | 8 => u32::from(u16_at(at)?),
        // LONG and SLONG.
        4 | 9 => u32_at(at)?,
        _ => return None,
    };
    u8::try_from(value).ok().filter(|value| (1..=8).contains(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiff(is_little: bool, kind: u16, value: &[u8; 4]) -> Vec<u8> {
        let u16 = |value: u16| {
            if is_little {
                value.to_le_bytes()
            } else {
                value.to_be_bytes()
            }
        };
        let u32 = |value: u32| {
            if is_little {
                value.to_le_bytes()
            } else {
                value.to_be_bytes()
            }
        };
        let head: &[u8] = if is_little { b"II" } else { b"MM" };
        let directory = [
            &u16(2)[..],
            &[0; 12],
            &u16(ORIENTATION),
            &u16(kind),
            &u32(1),
            value,
        ]
        .concat();
        [head, &u16(42), &u32(8), &directory, &[0; 4]].concat()
    }

    #[test]
    fn every_integer_type_is_read() {
        for (kind, little, big) in [
            (1, [6, 0, 0, 0], [6, 0, 0, 0]),
            (3, [6, 0, 0, 0], [0, 6, 0, 0]),
            (4, [6, 0, 0, 0], [0, 0, 0, 6]),
        ] {
            assert_eq!(orientation(&tiff(true, kind, &little)), Some(6), "type {kind}");
            assert_eq!(orientation(&tiff(false, kind, &big)), Some(6), "type {kind}");
        }
    }

    #[test]
    fn prefix_does_not_matter() {
        let bytes = tiff(false, 3, &[0, 8, 0, 0]);
        assert_eq!(orientation(&[PREFIX, &bytes].concat()), Some(8));
    }

    #[test]
    fn what_is_no_orientation_is_none() {
        assert_eq!(orientation(&tiff(true, 3, &[0, 0, 0, 0])), None);
        assert_eq!(orientation(&tiff(true, 3, &[9, 0, 0, 0])), None);
        assert_eq!(orientation(&tiff(true, 5, &[6, 0, 0, 0])), None);
        let bytes = tiff(true, 3, &[6, 0, 0, 0]);
        assert!((0..bytes.len() - 6).all(|end| orientation(&bytes[..end]).is_none()));
        assert_eq!(orientation(b"II*\0\xFF\xFF\xFF\xFF"), None);
    }
}
