//! Files that hold one JSON value a line.
//!
//! [`read`] and [`write`](write()) handle whole files, [`Reader`] and [`Writer`] one value at a
//! time, and [`Log`] appends lines that survive a killed process. [`complete_lines`] and
//! [`read_complete`] read a log of which a killed process may have left half a line.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use serde::{Serialize, de::DeserializeOwned};

use crate::error::Error;

/// Reads all values of a file. Blank lines are passed over.
///
/// # Errors
/// If the file cannot be read, or a line is not such a value; the error tells the line.
pub fn read<T: DeserializeOwned>(path: impl AsRef<Path>) -> Result<Vec<T>, Error> {
    Reader::open(path)?.rest()
}

/// Writes values to a new file, one a line.
///
/// # Errors
/// If a value has no form in JSON, or the file cannot be written.
pub fn write<T: Serialize>(path: impl AsRef<Path>, values: &[T]) -> Result<(), Error> {
    let mut writer = Writer::create(path)?;
    values.iter().try_for_each(|value| writer.write(value))?;
    writer.finish()
}

/// Parses the values of a text that was read from `path`. Blank lines are passed over.
///
/// # Errors
/// If a line is not such a value; the error tells the line.
pub fn parse<T: DeserializeOwned>(path: impl AsRef<Path>, text: &str) -> Result<Vec<T>, Error> {
    let path = path.as_ref();
    let lines = text.lines().enumerate().filter(|(_, line)| !is_blank(line));
    lines
        .map(|(place, line)| serde_json::from_str(line).map_err(Error::json(path, place + 1)))
        .collect()
}

/// Reads the text of a log; a log that is missing is empty.
///
/// # Errors
/// If the file is there but cannot be read.
pub fn read_text(path: impl AsRef<Path>) -> Result<String, Error> {
    let path = path.as_ref();
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        text => text.map_err(Error::io("read", path)),
    }
}

/// Iterates over the lines of a log that end with a line break, with it.
///
/// The last line of a process that was killed may lack it. Such a line is left out, even if it can
/// be parsed.
///
/// ```
/// use ai4fashion_files::json_lines::complete_lines;
///
/// let lines: Vec<&str> = complete_lines("1\n2\n34").collect();
/// assert_eq!(lines, ["1\n", "2\n"]);
/// ```
pub fn complete_lines(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive('\n').filter(|line| line.ends_with('\n'))
}

/// Reads values up to the first line that is incomplete or cannot be parsed.
///
/// Returns the bytes of the lines before it, too: cut the file off there to append to it.
///
/// # Errors
/// If reading fails.
///
/// ```
/// use ai4fashion_files::json_lines::read_complete;
///
/// let (numbers, bytes) = read_complete::<u32>(&mut "1\n23\n4".as_bytes())?;
/// assert_eq!((numbers, bytes), (vec![1, 23], 5));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn read_complete<T: DeserializeOwned>(reader: &mut impl BufRead) -> io::Result<(Vec<T>, u64)> {
    let (mut values, mut bytes, mut line) = (Vec::new(), 0, Vec::new());
    loop {
        line.clear();
        let length = reader.read_until(b'\n', &mut line)?;
        if !line.ends_with(b"\n") {
            return Ok((values, bytes));
        }
        let Ok(value) = serde_json::from_slice(&line) else {
            return Ok((values, bytes));
        };
        values.push(value);
        bytes += length as u64;
    }
}

/// Writes one value and a line break.
///
/// # Errors
/// If the value has no form in JSON, or writing fails.
pub fn write_line(writer: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    writer.write_all(&line)
}

/// Reads a file value by value; the values may be of different types.
///
/// ```
/// use ai4fashion_files::json_lines::{Reader, Writer};
///
/// let path = std::env::temp_dir().join(format!("table-{}.jsonl", std::process::id()));
/// let mut writer = Writer::create(&path)?;
/// writer.write(&"header")?;
/// writer.write(&7)?;
/// writer.finish()?;
///
/// let mut reader = Reader::open(&path)?;
/// assert_eq!(reader.read::<String>()?.as_deref(), Some("header"));
/// assert_eq!(reader.rest::<u32>()?, [7]);
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), ai4fashion_files::Error>(())
/// ```
#[derive(Debug)]
pub struct Reader {
    path: PathBuf,
    lines: io::Lines<BufReader<File>>,
    line: usize,
}

impl Reader {
    /// Opens a file.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref().to_owned();
        let file = File::open(&path).map_err(Error::io("read", &path))?;
        let lines = BufReader::new(file).lines();
        Ok(Self { path, lines, line: 0 })
    }

    /// Reads the next value; `None` at the end of the file. Blank lines are passed over.
    ///
    /// # Errors
    /// If reading fails, or the line is not such a value.
    pub fn read<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Error> {
        for line in self.lines.by_ref() {
            self.line += 1;
            let line = line.map_err(Error::io("read", &self.path))?;
            if !is_blank(&line) {
                let value = serde_json::from_str(&line).map_err(Error::json(&self.path, self.line));
                return value.map(Some);
            }
        }
        Ok(None)
    }

    /// Reads all values that are left.
    ///
    /// # Errors
    /// See [`read`](Self::read).
    pub fn rest<T: DeserializeOwned>(mut self) -> Result<Vec<T>, Error> {
        let mut values = Vec::new();
        while let Some(value) = self.read()? {
            values.push(value);
        }
        Ok(values)
    }
}

/// Writes a new file value by value.
#[derive(Debug)]
pub struct Writer {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Writer {
    /// Creates a file, or empties it.
    ///
    /// # Errors
    /// If it cannot be created.
    pub fn create(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref().to_owned();
        let file = File::create(&path).map_err(Error::io("write", &path))?;
        let file = BufWriter::new(file);
        Ok(Self { path, file })
    }

    /// Writes a value.
    ///
    /// # Errors
    /// If it has no form in JSON, or the file cannot be written.
    pub fn write(&mut self, value: &impl Serialize) -> Result<(), Error> {
        write_line(&mut self.file, value).map_err(Error::io("write", &self.path))
    }

    /// Writes what is still in memory, and closes the file.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn finish(mut self) -> Result<(), Error> {
        self.file.flush().map_err(Error::io("write", &self.path))
    }
}

/// Appends to a file line by line; each line is with the system before the next one begins.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    file: File,
}

impl Log {
    /// Opens a file at its end; it is created if it is missing.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref().to_owned();
        let file = File::options().create(true).append(true).open(&path);
        let file = file.map_err(Error::io("write", &path))?;
        Ok(Self { path, file })
    }

    /// Appends a value. A process that is killed right after keeps it.
    ///
    /// # Errors
    /// If it has no form in JSON, or the file cannot be written.
    pub fn append(&mut self, value: &impl Serialize) -> Result<(), Error> {
        write_line(&mut self.file, value).map_err(Error::io("write", &self.path))
    }

    /// Waits until the lines are on the disk, so that they survive a loss of power.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn sync(&self) -> Result<(), Error> {
        self.file.sync_data().map_err(Error::io("write", &self.path))
    }
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn error_names_the_line_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        fs::write(&path, "1\n\n2\nthree\n").unwrap();
        let text = fs::read_to_string(&path).unwrap();
        for error in [read::<u32>(&path), parse(&path, &text)].map(Result::unwrap_err) {
            let ErrorKind::Json { line, .. } = error.kind() else {
                panic!("{error}")
            };
            assert_eq!(*line, 4);
        }
    }

    #[test]
    fn log_goes_on_after_its_last_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.jsonl");
        assert_eq!(read_text(&path).unwrap(), "");
        for number in [1, 2] {
            let mut log = Log::open(&path).unwrap();
            log.append(&number).unwrap();
            log.sync().unwrap();
        }
        assert_eq!(read::<u32>(&path).unwrap(), [1, 2]);
    }

    #[test]
    fn missing_last_line_break_is_no_error_for_whole_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        write(&path, &[1, 2]).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"1\n2\n");
        fs::write(&path, "1\n2").unwrap();
        assert_eq!(read::<u32>(&path).unwrap(), [1, 2]);
    }
}
