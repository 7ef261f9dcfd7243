//! The names of files in an archive, which are bytes of an unknown encoding.
//!
//! 1. A name is UTF-8 if it is marked so, if Info-ZIP's extra field gives it in UTF-8 beside the
//!    bytes, or if its bytes happen to be UTF-8: few texts in another encoding are.
//! 2. The encoding of the others is guessed from all of them together: Windows writes names in the
//!    encoding of the machine's country and does not say which.
//! 3. Where the guess does not fit, bytes that are not UTF-8 are written `%XX`.
//!
//! The names alone decide, not the machine that reads them, so they are the same in every run.

use std::{borrow::Cow, str};

use ai4fashion_files::names;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

/// The upper half of code page 437, the encoding of the format (APPNOTE, appendix D). Its letters
/// are also those of code page 850, of Western Europe.
const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// A name as it is stored.
#[derive(Debug)]
pub(super) struct StoredName {
    pub(super) bytes: Vec<u8>,
    /// The name in UTF-8 that stands beside the bytes.
    pub(super) unicode: Option<String>,
}

impl StoredName {
    fn text(&self) -> Option<&str> {
        let beside = self.unicode.as_deref();
        beside.or_else(|| str::from_utf8(&self.bytes).ok())
    }

    /// The bytes as text that no other bytes have.
    pub(super) fn escaped(&self) -> String {
        names::bytes_path(&self.bytes)
    }
}

/// Reads the names of an archive; none gets lost, but two may become equal.
pub(super) fn read<'a>(names: &[&'a StoredName]) -> Vec<Cow<'a, str>> {
    let unknown = names.iter().filter(|name| name.text().is_none());
    let encoding = NameEncoding::guess(unknown.map(|name| &*name.bytes));
    names
        .iter()
        .map(|name| match name.text() {
            Some(text) => Cow::Borrowed(text),
            None => encoding
                .read(&name.bytes)
                .unwrap_or_else(|| name.escaped().into()),
        })
        .collect()
}

/// The encoding of the names that are not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq)]
enum NameEncoding {
    Cp437,
    Windows(&'static Encoding),
}

impl NameEncoding {
    fn guess<'a>(names: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        let mut is_cp437 = true;
        for name in names {
            detector.feed(name, false);
            detector.feed(b"\n", false);
            is_cp437 &= name.iter().all(|byte| is_letter_in_cp437(*byte));
        }
        detector.feed(b"", true);
        let guess = detector.guess(None, Utf8Detection::Deny);
        // The guess knows the encodings of web pages, in which these bytes are punctuation.
        if is_cp437 && guess.is_single_byte() && guess != encoding_rs::IBM866 {
            Self::Cp437
        } else {
            Self::Windows(guess)
        }
    }

    /// `None` if the bytes are no text in this encoding.
    fn read(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            Self::Cp437 => {
                let letter = |byte: &u8| match byte.checked_sub(128) {
                    None => Some(char::from(*byte)),
                    Some(upper) => CP437.chars().nth(usize::from(upper)),
                };
                bytes
                    .iter()
                    .map(letter)
                    .collect::<Option<String>>()
                    .map(Cow::Owned)
            }
            Self::Windows(encoding) => encoding
                .decode_without_bom_handling_and_without_replacement(bytes)
                .filter(|text| !text.chars().any(|c| c.is_control() && !c.is_ascii())),
        }
    }
}

/// Whether a byte is ASCII or one of the letters from `Ç` to `Ñ`, or `ß`.
fn is_letter_in_cp437(byte: u8) -> bool {
    byte.is_ascii() || (matches!(byte, 0x80..=0xA5 | 0xE1) && !(0x9B..=0x9E).contains(&byte))
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, EUC_KR, GBK, IBM866, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};

    use super::*;

    fn stored(bytes: impl Into<Vec<u8>>) -> StoredName {
        let bytes = bytes.into();
        StoredName { bytes, unicode: None }
    }

    fn read_all(names: &[StoredName]) -> Vec<String> {
        let names: Vec<&StoredName> = names.iter().collect();
        read(&names).into_iter().map(Into::into).collect()
    }

    /// The second bytes of some characters are backslashes, such as in `表` and `功`.
    #[test]
    fn names_in_encodings_of_windows_are_read_where_there_are_some() {
        for (encoding, names) in [
            (
                SHIFT_JIS,
                ["写真/赤いドレス.jpg", "写真/表のシャツ.jpg", "ソックス.jpg"],
            ),
            (GBK, ["照片/红色连衣裙.jpg", "照片/蓝色衬衫.jpg", "黑色裤子.jpg"]),
            (
                EUC_KR,
                ["사진/빨간 원피스.jpg", "사진/파란 셔츠.jpg", "검은 바지.jpg"],
            ),
            (BIG5, ["照片/紅色洋裝.jpg", "照片/功能外套.jpg", "黑色褲子.jpg"]),
            (
                IBM866,
                ["фото/красное платье.jpg", "фото/Синяя рубашка.jpg", "брюки.jpg"],
            ),
            (
                WINDOWS_1251,
                ["фото/красное платье.jpg", "фото/Синяя рубашка.jpg", "брюки.jpg"],
            ),
            (
                WINDOWS_1252,
                ["été/robe légère.jpg", "Kleid weiß.jpg", "blusa señora.jpg"],
            ),
        ] {
            let bytes = names.map(|name| stored(encoding.encode(name).0));
            assert_eq!(read_all(&bytes), names, "{}", encoding.name());
        }
    }

    #[test]
    fn names_in_the_encoding_of_the_format_are_read() {
        let bytes = [
            stored(b"robe l\x82g\x8Are.jpg"),
            stored(b"gr\x81n.jpg"),
            stored(b"wei\xE1.jpg"),
            stored(b"blusa se\xA4ora.jpg"),
        ];
        let names = ["robe légère.jpg", "grün.jpg", "weiß.jpg", "blusa señora.jpg"];
        assert_eq!(read_all(&bytes), names);
    }

    #[test]
    fn utf8_is_read_beside_another_encoding() {
        let japanese = SHIFT_JIS.encode("赤いドレス.jpg").0;
        let beside = StoredName {
            unicode: Some("赤い服.jpg".to_owned()),
            ..stored("?.jpg")
        };
        let names = [
            stored("赤い靴.jpg"),
            stored(japanese),
            beside,
            stored("plain.jpg"),
        ];
        assert_eq!(
            read_all(&names),
            ["赤い靴.jpg", "赤いドレス.jpg", "赤い服.jpg", "plain.jpg"]
        );
    }

    #[test]
    fn bytes_that_are_no_text_stay_distinct() {
        let names: Vec<StoredName> = (128..=255).map(|byte| stored([b'a', byte, 0xFF, byte])).collect();
        let read = read_all(&names);
        let distinct: std::collections::HashSet<&String> = read.iter().collect();
        assert_eq!(distinct.len(), names.len());
        assert_eq!(names[0].escaped(), "a%80%FF%80");
    }
}
