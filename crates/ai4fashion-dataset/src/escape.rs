//! Names of files as text: what cannot stand in one is written `%XX`.

use std::{
    ffi::OsStr,
    path::{Component, Path},
};

/// `name` as text that can stand in a file name: bytes that are no UTF-8, control characters, slashes and backslashes
/// become `%XX`.
pub(crate) fn file_name(name: &OsStr) -> String {
    escaped(name, is_legal)
}

/// The same for a name that every system takes: what Windows has in no file name, `: * ? " < > |`, becomes `%XX`, too.
pub(crate) fn portable_name(name: &OsStr) -> String {
    escaped(name, |character| {
        is_legal(character) && !matches!(character, ':' | '*' | '?' | '"' | '<' | '>' | '|')
    })
}

fn escaped(name: &OsStr, is_legal: impl Fn(char) -> bool) -> String {
    let mut text = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
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

/// The same for a path whose parts are parted by slashes, which stay.
pub(crate) fn path(path: &str) -> String {
    let parts: Vec<String> = path.split('/').map(|part| file_name(part.as_ref())).collect();
    parts.join("/")
}

/// The same for a path of the system.
pub(crate) fn os_path(path: &Path) -> String {
    let part = |part: Component<'_>| match part {
        Component::RootDir => String::new(),
        part => file_name(part.as_os_str()),
    };
    path.components().map(part).collect::<Vec<_>>().join("/")
}

/// Whether a character can stand in a file name.
pub(crate) fn is_legal(character: char) -> bool {
    !character.is_control() && !matches!(character, '/' | '\\')
}

fn push(text: &mut String, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    text.extend([
        '%',
        DIGITS[usize::from(byte >> 4)].into(),
        DIGITS[usize::from(byte & 15)].into(),
    ]);
}
