//! The body of the fuzz target of HTTP requests.

use super::Request;

/// A head that is complete stays so with more bytes behind it, and is not so with less.
pub fn http_request(bytes: &[u8]) {
    let Ok(Some((request, length))) = Request::head(bytes) else {
        return;
    };
    assert!(length <= bytes.len());
    for cut in [length / 2, length - 1] {
        let found = Request::head(&bytes[..cut]);
        assert!(
            !matches!(found, Ok(Some(_))),
            "complete at {cut} of {length} bytes"
        );
    }
    let again = Request::head(&bytes[..length]);
    assert!(matches!(again, Ok(Some((_, found))) if found == length));
    assert!(!request.method.is_empty() && !request.target.is_empty());
    let has_controls = |text: &str| text.chars().any(|c| c.is_ascii_control());
    assert!(!has_controls(&request.method) && !has_controls(&request.target));
    let is_legal = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'+');
    match request.length(usize::MAX) {
        Ok(0) => {}
        Ok(_) => assert!(request.header("content-length").is_some_and(is_legal)),
        Err(reply) => assert!(reply.is_some()),
    }
}
