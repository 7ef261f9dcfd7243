//! Words on standard output, and remarks on standard error.
//!
//! The work goes on if nobody reads them any more (`ingest ... | head -1`), or if the disk is full.
//! Words that a full disk has lost are reported at the end. Remarks that are lost are lost: there
//! is no place left to say so.

#[cfg(feature = "train")]
use std::path::Path;
use std::{
    fmt::Display,
    io::{self, Write},
    sync::OnceLock,
};

use ai4fashion_files::printable;
use anyhow::Context as _;

/// Why the first words that are missing could not be written.
static LOST: OnceLock<io::ErrorKind> = OnceLock::new();

/// Lines for a terminal: nothing in them steers it, whatever names and tables they quote.
pub(crate) fn shown(lines: impl Display) -> String {
    let lines = lines.to_string();
    let lines: Vec<_> = lines.split('\n').map(printable).collect();
    lines.join("\n")
}

/// Prints a line on standard output.
pub(crate) fn say(line: impl Display) {
    let _ = writeln!(Out, "{}", shown(line));
}

/// Prints a line on standard error.
pub(crate) fn remark(line: impl Display) {
    let _ = writeln!(io::stderr(), "{}", shown(line));
}

/// Standard output, for tables; writing to it never fails, and [`check_said`] tells what is lost.
#[derive(Debug)]
pub(crate) struct Out;

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Without holes: what is there is the beginning.
        if LOST.get().is_none()
            && let Err(error) = io::stdout().write_all(bytes)
        {
            LOST.get_or_init(|| error.kind());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if LOST.get().is_none()
            && let Err(error) = io::stdout().flush()
        {
            LOST.get_or_init(|| error.kind());
        }
        Ok(())
    }
}

/// Checks that all words have been written.
///
/// # Errors
/// Why the first words that are missing could not be written, unless nobody reads any more.
pub(crate) fn check_said() -> anyhow::Result<()> {
    let _ = Out.flush();
    match LOST.get() {
        Some(kind) if *kind != io::ErrorKind::BrokenPipe => {
            Err(io::Error::from(*kind)).context("the work is done, but standard output could not be written")
        }
        _ => Ok(()),
    }
}

/// A path, quoted for a shell where that is needed.
#[cfg(feature = "train")]
pub(crate) fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    shlex::try_quote(&path).map_or_else(|_| path.clone(), |quoted| quoted.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_steer_no_terminal() {
        assert_eq!(shown("two\nlines \u{1b}[2J\r"), "two\nlines \\u001b[2J\\r");
    }

    #[cfg(feature = "train")]
    #[test]
    fn path_with_spaces_is_quoted() {
        let path = "my runs/it's the first";
        assert_eq!(quoted(Path::new("runs/first")), "runs/first");
        assert_eq!(shlex::split(&quoted(Path::new(path))).unwrap(), [path]);
    }
}
