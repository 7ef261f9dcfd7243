//! The ways to write one name.

use std::{borrow::Cow, path::Path};

use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use super::without_extension;
use crate::source::walk::is_image;

/// How much of a name's writing counts; each way is looser than the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writing {
    /// Every character.
    Exact,
    /// Not quotes and spaces around it, `\` for `/`, `./` before it, and the Unicode normal form.
    Plain,
    /// Nor case.
    AnyCase,
    /// Nor the extension.
    NoExtension,
    /// Nor the form of a number. Other names are not looked at.
    Number,
}

impl Writing {
    pub(super) const LOOSE: [Self; 4] = [Self::Plain, Self::AnyCase, Self::NoExtension, Self::Number];

    /// Whether a name may mean an image in this way that it does not mean as it is written: digits
    /// alone, as most ids are, may only be another form of a number.
    pub(super) fn may_differ(self, name: &str) -> bool {
        let is_digits = name.bytes().all(|byte| byte.is_ascii_digit());
        !is_digits || matches!(self, Self::Exact | Self::Number)
    }

    /// What is compared of a name in a table or list.
    pub(super) fn of_name(self, name: &str) -> Option<Cow<'_, str>> {
        if self == Self::Exact {
            return Some(name.into()).filter(|name: &Cow<'_, str>| !name.is_empty());
        }
        let name = plain(name);
        let has_extension = is_image(Path::new(&*name));
        self.of_plain(name.into(), has_extension)
    }

    /// The beginning of what is compared of the paths in a folder.
    pub(super) fn of_folder(self, folder: &str) -> Cow<'_, str> {
        match self {
            Self::Exact | Self::Plain => folder.into(),
            _ => folder.to_lowercase().into(),
        }
    }

    /// Whether the extension of a path is still there.
    pub(super) fn has_extension(self) -> bool {
        matches!(self, Self::Exact | Self::Plain | Self::AnyCase)
    }

    /// What is compared of an image's path.
    pub(super) fn of_path(self, path: &str) -> Option<Cow<'_, str>> {
        match self {
            Self::Exact => Some(path.into()),
            _ => self.of_plain(composed(path), true),
        }
    }

    fn of_plain(self, path: Cow<'_, str>, has_extension: bool) -> Option<Cow<'_, str>> {
        if path.is_empty() {
            return None;
        }
        if matches!(self, Self::Exact | Self::Plain) {
            return Some(path);
        }
        let path = path.to_lowercase();
        if self == Self::AnyCase {
            return Some(path.into());
        }
        let stem = if has_extension {
            without_extension(&path)
        } else {
            &path
        };
        if self == Self::NoExtension {
            return Some(stem.to_owned().into());
        }
        let name = stem.rfind('/').map_or(0, |slash| slash + 1);
        let number = number(&stem[name..])?;
        Some(format!("{}{number}", &stem[..name]).into())
    }
}

/// A name without what programs put around it.
fn plain(name: &str) -> String {
    // A root counts for nothing either.
    let parts = unquoted(name).split(['/', '\\']);
    let parts: Vec<&str> = parts.filter(|part| !matches!(*part, "" | ".")).collect();
    composed(&parts.join("/")).into_owned()
}

/// A name without spaces and quotes around it, and without the `=` or `'` that make it text in a
/// spreadsheet.
pub(in crate::source) fn unquoted(name: &str) -> &str {
    let is_around =
        |character: char| character.is_whitespace() || matches!(character, '\u{feff}' | '\u{200b}');
    let mut name = name.trim_matches(is_around);
    loop {
        let formula = name.strip_prefix('=').filter(|rest| rest.starts_with('"'));
        let inner = formula.unwrap_or(name);
        let quotes = [
            ('"', '"'),
            ('\'', '\''),
            ('`', '`'),
            ('“', '”'),
            ('‘', '’'),
            ('«', '»'),
        ];
        let inside = |(open, close)| {
            inner
                .strip_prefix(open)
                .and_then(|inner: &str| inner.strip_suffix(close))
        };
        match quotes.into_iter().find_map(inside) {
            Some(inside) => name = inside.trim_matches(is_around),
            None => break,
        }
    }
    name.strip_prefix('\'').unwrap_or(name)
}

fn composed(text: &str) -> Cow<'_, str> {
    if is_nfc(text) {
        text.into()
    } else {
        text.nfc().collect::<String>().into()
    }
}

/// The digits of a whole number: without leading zeros, without a fraction of zeros, without an
/// exponent that loses no digit.
fn number(text: &str) -> Option<String> {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (number, exponent) = match text.split_once('e') {
        Some((number, exponent)) => (number, Some(exponent.strip_prefix('+').unwrap_or(exponent))),
        None => (text, None),
    };
    let (whole, fraction) = number.split_once(['.', ',']).unwrap_or((number, "0"));
    if !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let digits = match exponent {
        None if fraction.bytes().all(|digit| digit == b'0') => whole.to_owned(),
        Some(exponent) if is_digits(exponent) && exponent.parse() == Ok(fraction.len()) => {
            format!("{whole}{fraction}")
        }
        _ => return None,
    };
    let short = digits.trim_start_matches('0');
    Some(if short.is_empty() { "0" } else { short }.to_owned())
}
