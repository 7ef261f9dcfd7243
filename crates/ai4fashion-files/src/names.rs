//! File names as text: bytes that cannot stand in one are written `%XX`.

use std::{
    ffi::OsStr,
    path::{Component, Path},
};

/// Makes a name text that can stand in a file name.
///
/// Bytes that are not UTF-8, control characters, slashes and backslashes become `%XX`.
///
/// ```
/// use ai4fashion_files::names::file_name;
///
/// assert_eq!(file_name("red/blue.jpg".as_ref()), "red%2Fblue.jpg");
/// ```
#[must_use]
pub fn file_name(name: &OsStr) -> String {
    escaped(name, is_legal)
}

/// Makes a name text that every system accepts.
///
/// As in [`file_name`], and the characters that Windows forbids (`:*?"<>|`) become `%XX`, too.
#[must_use]
pub fn portable_name(name: &OsStr) -> String {
    escaped(name, |character| {
        is_legal(character) && !matches!(character, ':' | '*' | '?' | '"' | '<' | '>' | '|')
    })
}

/// Escapes each part of a path that is parted by slashes, as [`file_name`] does.
#[must_use]
pub fn path(path: &str) -> String {
    let parts: Vec<String> = path.split('/').map(|part| file_name(part.as_ref())).collect();
    parts.join("/")
}

/// Escapes each component of a system's path as [`file_name`] does, and joins them with slashes.
#[must_use]
pub fn os_path(path: &Path) -> String {
    let part = |part: Component<'_>| match part {
        Component::RootDir => String::new(),
        part => file_name(part.as_os_str()),
    };
    path.components().map(part).collect::<Vec<_>>().join("/")
}

/// Tells whether a character can stand in a file name.
#[must_use]
pub fn is_legal(character: char) -> bool {
    !character.is_control() && !matches!(character, '/' | '\\')
}

/// Escapes the bytes of a path that is parted by slashes, as [`file_name`] does.
///
/// ```
/// use ai4fashion_files::names::bytes_path;
///
/// assert_eq!(bytes_path(b"caf\x82/a\\b.jpg"), "caf%82/a%5Cb.jpg");
/// ```
#[must_use]
pub fn bytes_path(path: &[u8]) -> String {
    escaped_bytes(path, |character| character == '/' || is_legal(character))
}

fn escaped(name: &OsStr, is_legal: impl Fn(char) -> bool) -> String {
    escaped_bytes(name.as_encoded_bytes(), is_legal)
}

fn escaped_bytes(name: &[u8], is_legal: impl Fn(char) -> bool) -> String {
    let mut text = String::new();
    for chunk in name.utf8_chunks() {
        for character in chunk.valid().chars() {
            if is_legal(character) {
                text.push(character);
            } else {
                character
                    .encode_utf8(&mut [0; 4])
                    .bytes()
                    .for_each(|byte| push(&mut text, byte));
            }
        }
        chunk.invalid().iter().for_each(|byte| push(&mut text, *byte));
    }
    text
}

fn push(text: &mut String, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    text.extend([
        '%',
        DIGITS[usize::from(byte >> 4)].into(),
        DIGITS[usize::from(byte & 15)].into(),
    ]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portable_name_has_no_character_that_a_system_forbids() {
        assert_eq!(portable_name("a:b?.jpg".as_ref()), "a%3Ab%3F.jpg");
        assert_eq!(path("a\\b/c\u{7}"), "a%5Cb/c%07");
        assert_eq!(os_path(Path::new("/a/b")), "/a/b");
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_not_text_are_escaped() {
        use std::os::unix::ffi::OsStrExt;
        assert_eq!(file_name(OsStr::from_bytes(b"a\xff")), "a%FF");
    }
}
