//! Archives, record by record: what no library writes.

use crate::hostile::crc32;

/// A file of a `.zip`; the bytes of the format are in PKWARE's APPNOTE 6.3.10, 4.3.
#[derive(Clone, Debug)]
pub struct ZipFile {
    /// The name in whatever encoding.
    pub name: Vec<u8>,
    /// The bytes when they are unpacked.
    pub bytes: Vec<u8>,
    /// The number of the method, and the bytes as it packs them; 0 does not.
    pub packed: (u16, Vec<u8>),
    /// Bit 0: encrypted; 3: sizes follow the data; 11: the name is UTF-8.
    pub flags: u16,
    /// Extra fields.
    pub extra: Vec<u8>,
    /// Whether the sizes and the place are written as 64 bits.
    pub is_zip64: bool,
}

impl ZipFile {
    /// A file that is not packed.
    #[must_use]
    pub fn new(name: impl Into<Vec<u8>>, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self {
            name: name.into(),
            packed: (0, bytes.clone()),
            bytes,
            flags: 0,
            extra: Vec::new(),
            is_zip64: false,
        }
    }

    /// Info-ZIP's extra field with the name in UTF-8.
    #[must_use]
    pub fn with_unicode_path(mut self, name: &str) -> Self {
        let checksum = crc32(&self.name).to_le_bytes();
        self.extra = field(0x7075, &[&[1], &checksum[..], name.as_bytes()].concat());
        self
    }
}

/// A `.zip`, and where its parts are.
#[derive(Clone, Debug)]
pub struct Zip {
    /// The archive.
    pub bytes: Vec<u8>,
    /// Where the record of each file begins in the directory.
    pub records: Vec<usize>,
    /// Where each file begins.
    pub files: Vec<usize>,
    /// Where the last record of all begins.
    pub end: usize,
}

/// Writes an archive.
#[must_use]
pub fn zip(files: &[ZipFile]) -> Zip {
    let (mut bytes, mut places) = (Vec::new(), Vec::new());
    for file in files {
        places.push(bytes.len());
        let follows = file.flags & 8 != 0;
        let known = if follows { (0, 0, 0) } else { numbers(file) };
        let sizes = [(known.2 as u64).to_le_bytes(), (known.1 as u64).to_le_bytes()].concat();
        bytes.extend(b"PK\x03\x04");
        bytes.extend(header(file, known, &sizes));
        bytes.extend(&file.packed.1);
        if follows {
            let (checksum, packed, size) = numbers(file);
            bytes.extend(b"PK\x07\x08");
            bytes.extend(checksum.to_le_bytes());
            for number in [packed, size] {
                let wide = (number as u64).to_le_bytes();
                bytes.extend(&wide[..if file.is_zip64 { 8 } else { 4 }]);
            }
        }
    }
    let (directory, mut records) = (bytes.len(), Vec::new());
    for (file, place) in files.iter().zip(&places) {
        records.push(bytes.len());
        let known = numbers(file);
        let wide = [known.2, known.1, *place].map(|number| (number as u64).to_le_bytes());
        bytes.extend(b"PK\x01\x02\x2D\x00");
        let header = header(file, known, &wide.concat());
        bytes.extend(&header[..FIXED]);
        // Comment, disk and attributes.
        bytes.extend([0; 10]);
        let place = if file.is_zip64 { u32::MAX } else { *place as u32 };
        bytes.extend(place.to_le_bytes());
        bytes.extend(&header[FIXED..]);
    }
    let (size, end) = (bytes.len() - directory, bytes.len());
    let is_zip64 = files.iter().any(|file| file.is_zip64);
    if is_zip64 {
        bytes.extend(b"PK\x06\x06\x2C\0\0\0\0\0\0\0\x2D\0\x2D\0\0\0\0\0\0\0\0\0");
        for number in [files.len(), files.len(), size, directory] {
            bytes.extend((number as u64).to_le_bytes());
        }
        bytes.extend(b"PK\x06\x07\0\0\0\0");
        bytes.extend((end as u64).to_le_bytes());
        bytes.extend(1_u32.to_le_bytes());
    }
    let end = bytes.len();
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    for _ in 0..2 {
        let count = if is_zip64 { u16::MAX } else { files.len() as u16 };
        bytes.extend(count.to_le_bytes());
    }
    for number in [size, directory] {
        let number = if is_zip64 { u32::MAX } else { number as u32 };
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend([0, 0]);
    Zip {
        bytes,
        records,
        files: places,
        end,
    }
}

/// The bytes of a header before the name.
const FIXED: usize = 26;

/// What the header before a file and its record have in common: from the version to the extra
/// fields; `wide` is what the field of zip64 holds.
fn header(file: &ZipFile, (checksum, packed, size): (u32, usize, usize), wide: &[u8]) -> Vec<u8> {
    let mut header = Vec::new();
    let extra = if file.is_zip64 {
        [field(1, wide), file.extra.clone()].concat()
    } else {
        file.extra.clone()
    };
    for number in [45, file.flags, file.packed.0, 0, 0x5821] {
        header.extend(number.to_le_bytes());
    }
    header.extend(checksum.to_le_bytes());
    for number in [packed, size] {
        let number = if file.is_zip64 { u32::MAX } else { number as u32 };
        header.extend(number.to_le_bytes());
    }
    for length in [file.name.len(), extra.len()] {
        header.extend((length as u16).to_le_bytes());
    }
    header.extend(&file.name);
    header.extend(extra);
    header
}

/// The checksum and the sizes, packed and not.
fn numbers(file: &ZipFile) -> (u32, usize, usize) {
    (crc32(&file.bytes), file.packed.1.len(), file.bytes.len())
}

fn field(id: u16, content: &[u8]) -> Vec<u8> {
    let length = content.len() as u16;
    [&id.to_le_bytes(), &length.to_le_bytes(), content].concat()
}
