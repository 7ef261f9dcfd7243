//! Words on standard output. That nobody reads them any more (`ingest ... | head -1`) or that the disk is full is no
//! reason to end the work; the latter is told at the end.

use std::{
    fmt::Display,
    io::{self, Write},
    path::Path,
    sync::OnceLock,
};

use anyhow::Context as _;

/// Why the first of the lines that are missing could not be written.
static LOST: OnceLock<io::ErrorKind> = OnceLock::new();

/// What the error says where standard output is full.
pub const UNWRITTEN: &str = "the work is done, but standard output could not be written";

/// Prints a line.
pub fn say(line: impl Display) {
    if let Err(error) = writeln!(io::stdout(), "{line}")
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        LOST.get_or_init(|| error.kind());
    }
}

/// Whether all that was said has been written.
///
/// # Errors
/// Why the first line that is missing could not be written, unless nobody reads any more.
pub(crate) fn check_said() -> anyhow::Result<()> {
    match LOST.get() {
        Some(kind) => Err(io::Error::from(*kind)).context(UNWRITTEN),
        None => Ok(()),
    }
}

/// A number of things, e.g. `1 picture`, `2 pictures`.
#[must_use]
pub fn count(number: usize, thing: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{ending}")
}

/// A path in a command line, as a shell takes it.
#[must_use]
pub fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    shlex::try_quote(&path).map_or_else(|_| path.clone(), |quoted| quoted.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_with_spaces_is_one_word_of_a_shell() {
        let path = "my runs/it's the first";
        assert_eq!(quoted(Path::new("runs/first")), "runs/first");
        assert_eq!(shlex::split(&quoted(Path::new(path))).unwrap(), [path]);
    }

    #[test]
    fn one_thing_is_not_many() {
        let counted = [0, 1, 2].map(|number| count(number, "step"));
        assert_eq!(counted, ["0 steps", "1 step", "2 steps"]);
    }
}
