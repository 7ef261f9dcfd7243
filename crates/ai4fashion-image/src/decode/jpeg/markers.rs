//! The markers of a JPEG file: where it ends, and what its scans hold (ITU-R T.81, annex B).

use memchr::memchr_iter;

/// Start of a scan: its data follows.
const SCAN: u8 = 0xDA;

/// The end of an image.
pub(super) struct End {
    /// Where its marker is.
    pub(super) at: usize,
    /// Whether there is a marker before it that cannot be where it is: a damaged byte, at which
    /// decoders stop.
    pub(super) is_behind_damage: bool,
}

/// Walks over the markers to the end marker, if it comes.
///
/// What follows the end marker, such as a camera's preview, does not matter.
///
/// In the data of a scan a damaged byte can look like a marker. There a segment counts only if its
/// marker may follow a scan and another marker comes right behind it. Otherwise its bytes are data,
/// and the end marker is looked for in them too. The header of a further scan cannot hold one.
pub(super) fn end_of_image(bytes: &[u8]) -> Option<End> {
    let (mut at, mut in_scan, mut is_behind_damage) = (2, false, false);
    loop {
        // To the next marker: what is no marker is data of a scan, where 0xFF is followed by 0 or a
        // restart marker.
        at = next_marker(bytes, at)?;
        match bytes[at + 1] {
            0xD9 => {
                return Some(End { at, is_behind_damage });
            }
            // Markers without data.
            0x01 | 0xD8 => at += 2,
            marker => {
                let end = end_of_segment(bytes, at);
                let counts = !in_scan || may_follow_a_scan(marker) && begins_a_marker(bytes, end);
                is_behind_damage |= !counts && !may_begin_a_segment(marker, end - at - 2);
                at = if counts { end } else { at + 2 };
                in_scan |= marker == SCAN;
            }
        }
    }
}

/// The number of bytes before the first scan: tables and metadata.
pub(super) fn header_length(bytes: &[u8]) -> usize {
    let mut at = 2;
    while let Some(found) = next_marker(bytes, at) {
        at = match bytes[found + 1] {
            SCAN => return found,
            0x01 | 0xD8 => found + 2,
            _ => end_of_segment(bytes, found),
        };
    }
    bytes.len()
}

/// Whether there is a colour profile, or a part of one (ICC.1, B.4).
pub(super) fn has_profile(header: &[u8]) -> bool {
    segments(header, |marker| marker == 0xE2).any(|segment| segment.starts_with(b"ICC_PROFILE"))
}

/// Returns whether the scans bring every coefficient of every component, in whatever precision.
///
/// A progressive file that was cut off between two scans lacks some. `bytes` end before the end
/// marker.
pub(super) fn has_all_coefficients(bytes: &[u8]) -> bool {
    let Some(components) = components(bytes) else {
        return true;
    };
    let mut found: Vec<(u8, u64)> = components.into_iter().map(|id| (id, 0)).collect();
    for scan in segments(bytes, |marker| marker == SCAN) {
        let Some((count, rest)) = scan.split_first() else {
            continue;
        };
        let (ids, band) = rest.split_at((2 * usize::from(*count)).min(rest.len()));
        // First and last coefficient of the band (B.2.3); 0 and 63 in sequential files.
        let [first, last, ..] = *band else { continue };
        let band = (u64::MAX >> (63 - last.min(63))) & (u64::MAX << first.min(63));
        for id in ids.iter().step_by(2) {
            found
                .iter_mut()
                .filter(|(of, _)| of == id)
                .for_each(|(_, bits)| *bits |= band);
        }
    }
    found.iter().all(|(_, bits)| *bits == u64::MAX)
}

/// The identifiers of the components in the header of the frame, unless it is lossless, where bands
/// mean something else (B.2.2).
fn components(bytes: &[u8]) -> Option<Vec<u8>> {
    let of_frame = |marker| matches!(marker, 0xC0..=0xC2 | 0xC9..=0xCA);
    let frame = segments(bytes, of_frame).next()?;
    let ids = frame.get(6..)?.iter().step_by(3).take(usize::from(frame[5]));
    Some(ids.copied().collect())
}

/// The contents of the segments with these markers, in the order of the file.
fn segments(bytes: &[u8], wanted: impl Fn(u8) -> bool) -> impl Iterator<Item = &[u8]> {
    let mut at = 2;
    std::iter::from_fn(move || {
        loop {
            at = next_marker(bytes, at)?;
            let (marker, start) = (bytes[at + 1], at + 4);
            if matches!(marker, 0x01 | 0xD8) {
                at += 2;
                continue;
            }
            at = end_of_segment(bytes, at);
            if wanted(marker) {
                return bytes.get(start..at);
            }
        }
    })
}

/// Where the segment ends whose marker is at `at`; its length stands behind the marker.
fn end_of_segment(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at + 2..at + 4) {
        Some(&[high, low]) => at + 2 + usize::from(u16::from_be_bytes([high, low])).max(2),
        _ => bytes.len(),
    }
}

/// Tables, restart interval, number of lines, application data and comments (B.2.1, B.2.4 and
/// B.2.5).
fn may_follow_a_scan(marker: u8) -> bool {
    matches!(marker, 0xC4 | 0xCC | 0xDB..=0xDD | 0xE0..=0xEF | 0xFE)
}

/// Whether a segment behind a scan, or the header of a further scan, can have this marker and this
/// length (B.2.3 to B.2.5), wherever it ends.
fn may_begin_a_segment(marker: u8, length: usize) -> bool {
    match marker {
        SCAN => (8..=14).contains(&length),
        // Eight tables of 256 codes, four of 16 bits, and so on.
        0xC4 => (19..=2 + 8 * 273).contains(&length),
        0xCC => (4..=2 + 8 * 2).contains(&length),
        0xDB => (67..=2 + 4 * 129).contains(&length),
        0xDC | 0xDD => length == 4,
        _ => may_follow_a_scan(marker),
    }
}

/// Whether a marker is at `at`, perhaps behind bytes that fill (B.1.1.2).
fn begins_a_marker(bytes: &[u8], at: usize) -> bool {
    matches!(bytes.get(at..at + 2), Some(&[0xFF, second]) if second == 0xFF || is_marker(0xFF, second))
}

/// Where the next marker is, from `at` on.
fn next_marker(bytes: &[u8], at: usize) -> Option<usize> {
    let mut begins = memchr_iter(0xFF, bytes.get(at..)?).map(|found| at + found);
    begins.find(|begin| {
        bytes
            .get(begin + 1)
            .is_some_and(|second| is_marker(0xFF, *second))
    })
}

fn is_marker(first: u8, second: u8) -> bool {
    first == 0xFF && !matches!(second, 0 | 0xFF | 0xD0..=0xD7)
}

#[cfg(test)]
mod tests {
    use ai4fashion_testkit::{jpeg, textured};
    use libjpeg_turbo_rs::{PixelFormat, Subsampling, compress_progressive};
    use proptest::prelude::*;

    use super::*;

    fn is_complete(bytes: &[u8]) -> bool {
        end_of_image(bytes).is_some()
    }

    /// Ten scans, with tables before each.
    fn progressive() -> Vec<u8> {
        let image = textured(40, 30);
        compress_progressive(image.as_raw(), 40, 30, PixelFormat::Rgb, 90, Subsampling::S420).unwrap()
    }

    /// Where the data of the first scan begins.
    fn scan_of(bytes: &[u8]) -> usize {
        let header = bytes.windows(2).position(|pair| pair == [0xFF, SCAN]).unwrap();
        end_of_segment(bytes, header)
    }

    #[test]
    fn whole_file_is_complete_and_no_beginning_of_it() {
        for bytes in [jpeg(40, 30), progressive()] {
            assert!(is_complete(&bytes));
            assert!((0..bytes.len()).all(|end| !is_complete(&bytes[..end])));
        }
    }

    #[test]
    fn file_that_lacks_scans_lacks_coefficients() {
        for bytes in [jpeg(40, 30), progressive()] {
            assert!(has_all_coefficients(&bytes));
        }
        let bytes = progressive();
        let mut scans = bytes
            .windows(2)
            .enumerate()
            .filter(|(_, pair)| *pair == [0xFF, SCAN]);
        let third = scans.nth(2).unwrap().0;
        assert!(!has_all_coefficients(&bytes[..third]));
    }

    #[test]
    fn end_marker_within_a_segment_between_scans_does_not_count() {
        let bytes = progressive();
        let tables = bytes.windows(2).rposition(|pair| pair == [0xFF, 0xC4]).unwrap();
        let comment = [0xFF, 0xFE, 0, 4, 0xFF, 0xD9];
        let with_comment = [&bytes[..tables], &comment, &bytes[tables..]].concat();
        assert!(is_complete(&with_comment));
        assert!(!is_complete(&with_comment[..with_comment.len() - 2]));
    }

    #[test]
    fn damage_is_told_from_segments_whatever_is_cut_off() {
        let is_behind_damage = |bytes: &[u8]| end_of_image(bytes).unwrap().is_behind_damage;
        let bytes = progressive();
        assert!(!is_behind_damage(&bytes) && !is_behind_damage(&jpeg(40, 30)));
        let markers = bytes.windows(2).enumerate();
        let mut segments = markers.filter(|(_, pair)| matches!(pair, [0xFF, 0xC4 | SCAN]));
        let last = segments.next_back().unwrap().0;
        for cut in [last, last + 5, bytes.len() - 3] {
            assert!(
                !is_behind_damage(&[&bytes[..cut], &[0xFF, 0xD9]].concat()),
                "{cut}"
            );
        }
        // No segment of the kind is as short or as long.
        for (marker, length) in [
            (SCAN, 7),
            (SCAN, 15),
            (0xC4, 18),
            (0xC4, 2187),
            (0xCC, 3),
            (0xDB, 519),
            (0xDD, 5),
            (0xC0, 8),
        ] {
            let mut bytes = jpeg(40, 30);
            let (scan, [high, low]) = (scan_of(&bytes) + 8, u16::to_be_bytes(length));
            bytes[scan..scan + 4].copy_from_slice(&[0xFF, marker, high, low]);
            assert!(is_behind_damage(&bytes), "{marker:x} of {length}");
        }
    }

    #[test]
    fn damaged_byte_that_looks_like_a_marker_is_data() {
        let mut bytes = jpeg(40, 30);
        let scan = scan_of(&bytes);
        for marker in 1..=0xFE {
            bytes[scan + 20..scan + 24].copy_from_slice(&[0xFF, marker, 0x7F, 0x7F]);
            assert!(is_complete(&bytes), "{marker:#x}");
        }
    }

    #[test]
    fn end_marker_of_an_embedded_preview_does_not_count() {
        let bytes = jpeg(40, 30);
        let preview = [
            &[0xFF, 0xE1, 0, 6, 0xFF, 0xD9, 0, 0][..],
            &bytes[2..bytes.len() - 2],
        ]
        .concat();
        let cut = [&bytes[..2], &preview].concat();
        assert!(!is_complete(&cut));
        assert!(is_complete(&[&cut[..], &[0xFF, 0xD9]].concat()));
    }

    #[test]
    fn bytes_after_the_end_do_not_matter() {
        assert!(is_complete(&[&jpeg(8, 8)[..], &[0; 100]].concat()));
    }

    proptest! {
        #[test]
        fn file_with_its_end_marker_is_complete_whatever_its_scan_holds(
            is_progressive: bool,
            damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
        ) {
            let mut bytes = if is_progressive { progressive() } else { jpeg(40, 30) };
            let (scan, end) = (scan_of(&bytes), bytes.len() - 2);
            for (place, value) in damage {
                bytes[scan + place.index(end - scan)] = value;
            }
            prop_assert!(is_complete(&bytes));
        }
    }
}
