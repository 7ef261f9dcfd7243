//! Pictures as bytes, and files that are written whole or not at all.

use std::{
    fs::File,
    io::{Cursor, Write},
    path::Path,
};

use image::{ImageFormat, RgbImage};
use libjpeg_turbo_rs::{PixelFormat, Subsampling, compress};
use sha2::{Digest, Sha256};

use crate::{Error, ErrorKind};

/// What the name of a file begins with that is being written beside its place.
pub const PARTIAL: &str = ".partial-";

/// Writes a file beside its place and renames it into it, so that what is there is whole, and as it was if writing fails.
///
/// # Errors
/// If the file cannot be written.
pub fn write_atomic(path: impl AsRef<Path>, bytes: &[u8]) -> Result<(), Error> {
    let path = path.as_ref();
    fill_atomic(path, |file| {
        file.write_all(bytes).map_err(Error::io("write", path))
    })
}

/// The same for a file that is too large to be had in memory: `fill` writes it.
///
/// # Errors
/// Those of `fill`, or if the file cannot be written.
pub fn fill_atomic<E: From<Error>>(
    path: impl AsRef<Path>,
    fill: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    let path = path.as_ref();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(PARTIAL);
    as_open_as_others(&mut builder, 0o666);
    let mut file = builder
        .tempfile_in(folder.unwrap_or(Path::new(".")))
        .map_err(Error::io("write", path))?;
    fill(file.as_file_mut())?;
    file.as_file().sync_all().map_err(Error::io("write", path))?;
    let placed = file.persist(path).map_err(|failed| failed.error);
    placed.map_err(Error::io("write", path))?;
    Ok(())
}

/// Writes a picture as a PNG file, in the way of [`write_atomic`].
///
/// # Errors
/// If the file cannot be written.
pub fn write_png(path: impl AsRef<Path>, picture: &RgbImage) -> Result<(), Error> {
    let mut bytes = Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, ImageFormat::Png)
        .map_err(|source| ErrorKind::Encode {
            source: source.into(),
        })?;
    write_atomic(path, bytes.get_ref())
}

/// A picture as the bytes of a JPEG file of that quality, 1 to 100, with half the resolution for colour (4:2:0), which
/// is how Pillow saves, and so the notebooks.
///
/// # Errors
/// If it has more than 65,535 pixels on a side, or none, or `quality` is outside its interval.
pub fn jpeg(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, Error> {
    if !(1..=100).contains(&quality) {
        return Err(ErrorKind::Setting {
            option: "quality",
            value: quality.into(),
            legal: "[1, 100]",
        }
        .into());
    }
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    compress(
        picture.as_raw(),
        width,
        height,
        PixelFormat::Rgb,
        quality,
        Subsampling::S420,
    )
    .map_err(|source| {
        ErrorKind::Encode {
            source: source.into(),
        }
        .into()
    })
}

/// The SHA-256 of bytes, in hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// Temporary files and folders are for their owner only; what a program leaves is as open as the user's mask has it.
pub(crate) fn as_open_as_others(builder: &mut tempfile::Builder<'_, '_>, mode: u32) {
    #[cfg(unix)]
    {
        use std::{fs::Permissions, os::unix::fs::PermissionsExt};
        builder.permissions(Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    let _ = (builder, mode);
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn hash_is_that_of_the_standard() {
        // FIPS 180-4, example B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), expected);
    }

    #[test]
    fn jpeg_of_no_quality_is_refused() {
        let picture = RgbImage::new(8, 8);
        for quality in [0, 101, 255] {
            let error = jpeg(&picture, quality).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Setting { .. }), "{error}");
        }
        assert!(jpeg(&picture, 1).is_ok() && jpeg(&picture, 100).is_ok());
    }

    #[test]
    fn file_is_replaced_as_a_whole_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        write_atomic(&path, b"one").unwrap();
        write_atomic(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        let error = write_atomic(folder.path().join("no/such/folder.txt"), b"").unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Io { .. }), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn file_is_as_open_as_any_other() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (ours, other) = (folder.path().join("ours"), folder.path().join("other"));
        write_atomic(&ours, b"").unwrap();
        fs::write(&other, b"").unwrap();
        let mode = |path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(ours), mode(other));
    }
}
