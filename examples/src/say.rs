//! Words on standard output. That nobody reads them any more (`ingest ... | head -1`) is no reason to end the work.

use std::{
    fmt::Display,
    io::{self, Write},
};

/// Prints a line.
pub fn say(line: impl Display) {
    let _ = writeln!(io::stdout(), "{line}");
}
