//! What is the machine's: errors that are not the fault of the file that met them, and memory.

mod memory;

use std::{error::Error, io};

pub use memory::{memory_mib, peak_memory_mib};

/// Whether an error comes from the machine and not from the file: it has no memory or no file
/// descriptors left, a disk failed, or the network went away.
///
/// Looks at the first I/O error among the causes. The same file may be read later on.
///
/// ```
/// use std::io::{Error, ErrorKind};
///
/// use ai4fashion_files::machine::is_of_machine;
///
/// assert!(is_of_machine(&Error::from(ErrorKind::OutOfMemory)));
/// assert!(!is_of_machine(&Error::from(ErrorKind::PermissionDenied)));
/// ```
#[must_use]
pub fn is_of_machine(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return is_kind(error.kind()) || error.raw_os_error().is_some_and(is_code);
        }
        cause = error.source();
    }
    false
}

fn is_kind(kind: io::ErrorKind) -> bool {
    use io::ErrorKind as Kind;
    matches!(
        kind,
        Kind::OutOfMemory
            | Kind::StaleNetworkFileHandle
            | Kind::HostUnreachable
            | Kind::NetworkDown
            | Kind::NetworkUnreachable
            | Kind::NotConnected
            | Kind::TimedOut
    )
}

/// `ENXIO` and `ENODEV` (no device), `EIO`, `ENFILE` and `EMFILE`: `errno(3)`, the same numbers on
/// Linux, macOS and the BSDs.
#[cfg(unix)]
fn is_code(code: i32) -> bool {
    [5, 6, 19, 23, 24].contains(&code)
}

/// Too many open files, not enough memory (two codes), not ready, bad sector, and I/O of a device:
/// "System Error Codes" of the Windows API.
#[cfg(windows)]
fn is_code(code: i32) -> bool {
    [4, 8, 14, 21, 23, 1117].contains(&code)
}

#[cfg(not(any(unix, windows)))]
fn is_code(_: i32) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn machine_is_told_from_the_file_below_other_errors() {
        // EIO, EMFILE and ENOMEM, then ENOENT, EACCES and ELOOP.
        for (code, is_machine) in [
            (5, true),
            (24, true),
            (12, true),
            (2, false),
            (13, false),
            (40, false),
        ] {
            let error = io::Error::from_raw_os_error(code);
            let error = crate::Error::io("read", Path::new("a.jpg"))(error);
            assert_eq!(is_of_machine(&error), is_machine, "{error:?}");
        }
        assert!(!is_of_machine(&std::fmt::Error));
    }
}
