//! The orientation in an XMP packet.

/// The property's name in XMP (Adobe, *XMP specification*, part 2, section 3.1).
const NAME: &[u8] = b"tiff:Orientation";

/// The value of the property, written as an attribute or as an element.
pub(super) fn orientation(packet: &[u8]) -> Option<u8> {
    let at = packet.windows(NAME.len()).position(|window| window == NAME)?;
    let mut rest = packet[at + NAME.len()..]
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace());
    let value = match *rest.next()? {
        b'>' => rest.next()?,
        b'=' => {
            rest.next().filter(|quote| matches!(quote, b'"' | b'\''))?;
            rest.next()?
        }
        _ => return None,
    };
    matches!(value, b'1'..=b'8').then(|| value - b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attribute_and_element_are_read() {
        assert_eq!(
            orientation(br#"<rdf:Description tiff:Orientation="6"/>"#),
            Some(6)
        );
        assert_eq!(orientation(b"tiff:Orientation = '3'"), Some(3));
        assert_eq!(orientation(b"<tiff:Orientation>\n8</tiff:Orientation>"), Some(8));
        assert_eq!(orientation(b"<tiff:Orientation>9</tiff:Orientation>"), None);
        assert_eq!(orientation(b"tiff:Orientation"), None);
    }
}
