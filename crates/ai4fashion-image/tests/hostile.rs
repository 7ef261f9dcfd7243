//! Hostile files: each must be refused, for the right reason.

use ai4fashion_image::{ErrorKind, Limits, decode};
use ai4fashion_testkit::hostile_files;

#[test]
fn hostile_files_are_refused_each_for_its_reason() {
    for file in hostile_files() {
        let error = decode(&file.bytes, &Limits::default()).unwrap_err();
        let reason = match error.kind() {
            ErrorKind::EmptyFile => "empty-file",
            ErrorKind::NotAnImage => "not-an-image",
            ErrorKind::Truncated => "truncated",
            ErrorKind::Damaged { .. } => "broken",
            ErrorKind::TooLarge { .. } => "too-large",
            other => panic!("{}: {other}", file.name),
        };
        assert_eq!(reason, file.reason, "{}: {error}", file.name);
    }
}
