//! The header of a `.npy` file.

/// The first bytes of a file.
const MAGIC: &[u8] = b"\x93NUMPY";

/// What is in the file: its header is a Python dictionary (NEP 1 of NumPy).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header<'a> {
    /// Type of the values, such as `<f4`.
    pub(super) kind: &'a str,
    /// Whether the first index runs fastest.
    pub(super) is_fortran: bool,
    /// The size along each axis.
    pub(super) shape: Vec<usize>,
}

impl<'a> Header<'a> {
    /// Reads the header; returns it with the bytes behind it. `None` if it is none.
    pub(super) fn read(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (version, rest) = rest.split_at_checked(2)?;
        let (length, rest) = match version[0] {
            1 => {
                let (length, rest) = rest.split_first_chunk::<2>()?;
                (usize::from(u16::from_le_bytes(*length)), rest)
            }
            2 | 3 => {
                let (length, rest) = rest.split_first_chunk::<4>()?;
                (u32::from_le_bytes(*length) as usize, rest)
            }
            _ => return None,
        };
        let (header, values) = rest.split_at_checked(length)?;
        let header = str::from_utf8(header).ok()?;
        let kind = value(header, "descr")?.strip_prefix('\'')?;
        let shape = value(header, "shape")?.strip_prefix('(')?;
        let shape = shape.split_once(')')?.0.split(',').map(str::trim);
        let shape = shape.filter(|size| !size.is_empty()).map(str::parse);
        let found = Self {
            kind: kind.split_once('\'')?.0,
            is_fortran: value(header, "fortran_order")?.starts_with("True"),
            shape: shape.collect::<Result<_, _>>().ok()?,
        };
        Some((found, values))
    }

    /// Bytes of all values of `size` bytes; `None` if there are more than can be counted.
    pub(super) fn bytes(&self, size: usize) -> Option<usize> {
        self.shape
            .iter()
            .try_fold(size, |product, size| product.checked_mul(*size))
    }
}

/// What follows a key of the dictionary.
fn value<'a>(header: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = header.split_once(&format!("'{key}'"))?;
    Some(rest.trim_start().strip_prefix(':')?.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(version: u8, length: &[u8], header: &str) -> Vec<u8> {
        [MAGIC, &[version, 0], length, header.as_bytes(), b"rest"].concat()
    }

    #[test]
    fn header_is_read_in_all_versions() {
        let text = "{'descr': '<f4', 'fortran_order': True, 'shape': (7,), }\n";
        let length = text.len() as u8;
        for (version, length) in [
            (1, vec![length, 0]),
            (2, vec![length, 0, 0, 0]),
            (3, vec![length, 0, 0, 0]),
        ] {
            let bytes = file(version, &length, text);
            let (header, rest) = Header::read(&bytes).unwrap();
            assert_eq!(
                (header.kind, header.is_fortran, &*header.shape),
                ("<f4", true, &[7][..])
            );
            assert_eq!((rest, header.bytes(4)), (&b"rest"[..], Some(28)));
        }
        let scalar = "{'descr': '<f8', 'fortran_order': False, 'shape': (), }";
        let bytes = file(1, &[scalar.len() as u8, 0], scalar);
        assert_eq!(Header::read(&bytes).unwrap().0.shape, Vec::<usize>::new());
    }

    #[test]
    fn anything_else_is_no_header() {
        let no_shape = "{'descr': '<f8', 'fortran_order': False}";
        let records = "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (3,), }";
        for bytes in [
            Vec::new(),
            MAGIC.to_vec(),
            file(1, &[200, 0], ""),
            file(9, &[0, 0], ""),
            file(1, &[no_shape.len() as u8, 0], no_shape),
            file(1, &[records.len() as u8, 0], records),
        ] {
            assert_eq!(Header::read(&bytes), None);
        }
    }
}
