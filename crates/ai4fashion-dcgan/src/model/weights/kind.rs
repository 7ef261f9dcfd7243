//! What a file is, by its first bytes.

/// How many of a file's first bytes tell what it is: the header of a tar archive reaches furthest.
pub(super) const HEAD: usize = TAR.0 + TAR.1.len();

/// Place and bytes of the mark of a tar archive, which PyTorch wrote before 0.1.10.
const TAR: (usize, &[u8]) = (257, b"ustar");

/// PyTorch's magic number of the files of 0.1.10 to 1.5, as pickles of protocol 2 and later and of
/// protocols 0 and 1 write it, and how far into a file it is looked for.
const LEGACY: [&[u8]; 2] = [
    b"\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19",
    b"119547037146038801333356",
];
const LEGACY_WITHIN: usize = 64;

/// How pickles of dictionaries begin in protocol 0; later ones begin with their number.
const PICKLES: [&[u8]; 2] = [b"(dp", b"ccollections\n"];

/// The largest header that safetensors permits, in bytes.
const SAFETENSORS_HEADER: u64 = 100_000_000;

/// What else people have under the name of weights.
const OTHERS: [(&[u8], &str); 15] = [
    (
        b"version https://git-lfs",
        "a pointer of Git LFS to a file that was not fetched",
    ),
    (b"<!", "a web page"),
    (b"<html", "a web page"),
    (b"{", "JSON"),
    (b"\x89HDF\r\n\x1a\n", "HDF5, as Keras writes it"),
    (b"\x93NUMPY", "an array of NumPy"),
    (b"GGUF", "GGUF"),
    (b"NRUB", "a Burnpack file of Burn"),
    (b"\x1f\x8b", "compressed with gzip"),
    (b"\x28\xb5\x2f\xfd", "compressed with Zstandard"),
    (b"\xfd7zXZ\x00", "compressed with xz"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
];

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Safetensors,
    /// A container of `torch.save`, or any other zip archive.
    Pytorch,
    /// A pickle without such a container, so that it holds no tensors of PyTorch.
    Pickle,
    /// Something else, in words.
    Other(&'static str),
}

impl Kind {
    /// Tells what a file is by its first [`HEAD`] bytes, or fewer if it is shorter.
    pub(super) fn of(head: &[u8]) -> Self {
        if is_safetensors(head) {
            return Self::Safetensors;
        }
        let (at, mark) = TAR;
        let is_tar = head.get(at..).is_some_and(|rest| rest.starts_with(mark));
        let start = head.get(..LEGACY_WITHIN).unwrap_or(head);
        let has = |magic: &[u8]| start.windows(magic.len()).any(|bytes| bytes == magic);
        let is_zip = head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06");
        if is_zip || is_tar || LEGACY.into_iter().any(has) {
            return Self::Pytorch;
        }
        let is_text = PICKLES.iter().any(|start| head.starts_with(start));
        if is_text || matches!(head, [0x80, 0..=5, ..]) {
            return Self::Pickle;
        }
        if head.is_empty() {
            return Self::Other("empty");
        }
        let known = OTHERS.iter().find(|(magic, _)| head.starts_with(magic));
        Self::Other(known.map_or("neither safetensors nor a file of PyTorch", |(_, what)| what))
    }
}

/// Whether a file begins with the length of a header and the header's first byte.
fn is_safetensors(head: &[u8]) -> bool {
    let length = head.first_chunk().map(|bytes| u64::from_le_bytes(*bytes));
    length.is_some_and(|length| length <= SAFETENSORS_HEADER) && head.get(8) == Some(&b'{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_apart_by_their_first_bytes() {
        let tar = [&[b'a'; 257][..], b"ustar\x0000"].concat();
        for (head, expected) in [
            (&b"\x02\0\0\0\0\0\0\0{}"[..], Kind::Safetensors),
            // A header of 128 bytes begins like a pickle, one of 0x4b50 bytes like a zip archive.
            (b"\x80\0\0\0\0\0\0\0{\"a\":", Kind::Safetensors),
            (b"PK\0\0\0\0\0\0{\"a\":", Kind::Safetensors),
            (b"PK\x03\x04\0\0\x08\x08\0\0", Kind::Pytorch),
            (b"PK\x05\x06\x00\x00", Kind::Pytorch),
            (&tar, Kind::Pytorch),
            (
                b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.",
                Kind::Pytorch,
            ),
            (b"L119547037146038801333356L\n.", Kind::Pytorch),
            (b"\x80\x04\x95\x10\0\0\0\0\0\0\0}", Kind::Pickle),
            (b"(dp0\nVmain.0.weight\n", Kind::Pickle),
            (b"", Kind::Other("empty")),
            (b"<!DOCTYPE html>", Kind::Other("a web page")),
            (b"{\"weight_map\": {}}", Kind::Other("JSON")),
            (b"\x80", Kind::Other("neither safetensors nor a file of PyTorch")),
            (
                b"PK\x03",
                Kind::Other("neither safetensors nor a file of PyTorch"),
            ),
        ] {
            assert_eq!(Kind::of(head), expected, "{head:?}");
        }
    }
}
