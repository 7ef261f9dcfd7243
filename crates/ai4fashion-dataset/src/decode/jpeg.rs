//! Whether a JPEG is all there.

/// Walks over the markers (ITU-T T.81, annex B) and tells whether the end marker comes. What follows it, e.g. a
/// camera's preview, does not matter.
pub(super) fn is_complete(bytes: &[u8]) -> bool {
    let mut at = 2;
    loop {
        // To the next marker: what is no marker is data of a scan, where 0xFF is followed by 0 or a restart marker.
        let Some(found) = bytes[at.min(bytes.len())..]
            .windows(2)
            .position(|pair| is_marker(pair[0], pair[1]))
        else {
            return false;
        };
        at += found;
        match bytes[at + 1] {
            0xD9 => return true,
            // Markers without data.
            0x01 | 0xD8 => at += 2,
            _ => {
                let Some(&[high, low]) = bytes.get(at + 2..at + 4) else {
                    return false;
                };
                at += 2 + usize::from(u16::from_be_bytes([high, low])).max(2);
            }
        }
    }
}

fn is_marker(first: u8, second: u8) -> bool {
    first == 0xFF && !matches!(second, 0 | 0xFF | 0xD0..=0xD7)
}

#[cfg(test)]
mod tests {
    use ai4fashion_testkit::jpeg;

    use super::*;

    #[test]
    fn whole_file_is_complete_and_no_beginning_of_it() {
        let bytes = jpeg(40, 30);
        assert!(is_complete(&bytes));
        assert!((0..bytes.len()).all(|end| !is_complete(&bytes[..end])));
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
}
