//! The methods that files of an archive are compressed with.

use std::borrow::Cow;

use rawzip::CompressionMethod;

/// Whether files of a method can be unpacked.
pub(super) fn is_supported(method: CompressionMethod) -> bool {
    use CompressionMethod as M;
    [
        M::STORE,
        M::DEFLATE,
        M::DEFLATE64,
        M::BZIP2,
        M::LZMA,
        M::ZSTD,
        M::XZ,
    ]
    .contains(&method)
}

/// The name of a method (PKWARE's APPNOTE 6.3.10, 4.4.5).
pub(super) fn in_words(method: CompressionMethod) -> Cow<'static, str> {
    match method.as_u16() {
        1 => "Shrink".into(),
        2..=5 => "Reduce".into(),
        6 => "Implode".into(),
        7 => "Tokenize".into(),
        10 => "PKWARE's DCL Implode".into(),
        16 => "IBM's CMPSC".into(),
        18 => "IBM's TERSE".into(),
        19 => "IBM's LZ77".into(),
        20 => "an early Zstandard".into(),
        94 => "MP3".into(),
        96 => "WinZip's JPEG compression".into(),
        97 => "WavPack".into(),
        98 => "PPMd".into(),
        99 => "AES encryption".into(),
        other => format!("method {other}, which the format does not define").into(),
    }
}
