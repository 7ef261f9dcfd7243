//! Words on standard output. The work goes on if nobody reads them any more (`ingest ... | head
//! -1`) or if the disk is full; the latter is reported at the end.

#[cfg(feature = "train")]
use std::path::Path;
use std::{
    fmt::Display,
    io::{self, Write},
    sync::OnceLock,
};

use ai4fashion_files::printable;
use anyhow::Context as _;

/// Why the first missing line could not be written.
static LOST: OnceLock<io::ErrorKind> = OnceLock::new();

/// Error message where standard output is full.
pub(crate) const UNWRITTEN: &str = "the work is done, but standard output could not be written";

/// Lines for a terminal: nothing in them steers it, whatever names and tables they quote.
pub(crate) fn shown(lines: impl Display) -> String {
    let lines = lines.to_string();
    let lines: Vec<_> = lines.split('\n').map(printable).collect();
    lines.join("\n")
}

/// Prints a line.
pub(crate) fn say(line: impl Display) {
    if let Err(error) = writeln!(io::stdout(), "{}", shown(line))
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        LOST.get_or_init(|| error.kind());
    }
}

/// Checks that all words have been written.
///
/// # Errors
/// Why the first line that is missing could not be written, unless nobody reads any more.
pub(crate) fn check_said() -> anyhow::Result<()> {
    match LOST.get() {
        Some(kind) => Err(io::Error::from(*kind)).context(UNWRITTEN),
        None => Ok(()),
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
