//! As much of HTTP/1.1 as one page on one machine needs: one request a connection, heads parsed by
//! `httparse`.
//!
//! We tried the small servers without an async runtime: tiny_http 0.12 leaves a second tab without
//! an answer while the first keeps its connections open, and oxhttp 0.3 neither ends nor tells its
//! port.

#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;

use std::{
    io::{self, Read, Write},
    net::{Shutdown, TcpStream},
    time::{Duration, Instant},
};

/// How often a silent connection is checked.
const TICK: Duration = Duration::from_millis(100);
/// How long a request may take to arrive.
const PATIENCE: Duration = Duration::from_secs(20);
const MAX_HEAD: usize = 16 << 10;
const MAX_HEADERS: usize = 64;
/// The largest table of annotations that is accepted, in bytes: ten times 44,000 rows.
const MAX_BODY: usize = 64 << 20;

/// The page may load and send nothing elsewhere, and no other page may frame it.
const POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A complete request.
#[derive(Debug, Default)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) target: String,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Reply {
    status: u16,
    kind: &'static str,
    body: Vec<u8>,
}

impl Request {
    /// Reads a request; fails with an answer to a bad one, or with `None` if the client sends
    /// nothing.
    pub(super) fn read(stream: &mut TcpStream, stop: &dyn Fn() -> bool) -> Result<Self, Option<Reply>> {
        let mut arriving = Arriving::new(stream, stop);
        let (mut request, head) = loop {
            if let Some(parsed) = Self::head(&arriving.bytes)? {
                break parsed;
            }
            if arriving.bytes.len() > MAX_HEAD {
                return Err(Some(Reply::text(431, "the head of the request is too long")));
            }
            arriving.more()?;
        };
        let length = request.length()?;
        while arriving.bytes.len() < head + length {
            arriving.more()?;
        }
        request.body = arriving.bytes[head..head + length].to_vec();
        Ok(request)
    }

    /// Parses the head, and gives its length, if it is complete.
    fn head(bytes: &[u8]) -> Result<Option<(Self, usize)>, Option<Reply>> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut parsed = httparse::Request::new(&mut headers);
        let bad = |_| Some(Reply::text(400, "bad request"));
        let httparse::Status::Complete(length) = parsed.parse(bytes).map_err(bad)? else {
            return Ok(None);
        };
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let headers = parsed.headers.iter();
        let request = Self {
            method: parsed.method.unwrap_or_default().to_owned(),
            target: parsed.path.unwrap_or_default().to_owned(),
            headers: headers
                .map(|header| (header.name.to_owned(), text(header.value)))
                .collect(),
            body: Vec::new(),
        };
        Ok(Some((request, length)))
    }

    /// Gives the length of the body, as the head tells it.
    fn length(&self) -> Result<usize, Option<Reply>> {
        if self.header("Transfer-Encoding").is_some() {
            return Err(Some(Reply::text(501, "a request needs a Content-Length")));
        }
        let length = self.header("Content-Length").map_or(Ok(0), str::parse);
        match length {
            Ok(length) if length <= MAX_BODY => Ok(length),
            Ok(_) => Err(Some(Reply::text(413, "too many annotations at once"))),
            Err(_) => Err(Some(Reply::text(400, "Content-Length is not a number"))),
        }
    }

    /// Gives the value of a header; an empty one if the header is repeated.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self
            .headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let value = found.next().map(|(_, value)| value.as_str());
        // No browser repeats the headers that we read.
        if found.next().is_some() { Some("") } else { value }
    }
}

/// A request that is arriving.
struct Arriving<'a> {
    stream: &'a mut TcpStream,
    stop: &'a dyn Fn() -> bool,
    since: Instant,
    bytes: Vec<u8>,
}

impl<'a> Arriving<'a> {
    fn new(stream: &'a mut TcpStream, stop: &'a dyn Fn() -> bool) -> Self {
        Self {
            stream,
            stop,
            since: Instant::now(),
            bytes: Vec::new(),
        }
    }

    /// Waits for more bytes; fails if there will be none.
    fn more(&mut self) -> Result<(), Option<Reply>> {
        let mut buffer = [0; 16 << 10];
        self.stream.set_read_timeout(Some(TICK)).map_err(|_| None)?;
        loop {
            match self.stream.read(&mut buffer) {
                Ok(0) if self.bytes.is_empty() => return Err(None),
                Ok(0) => return Err(Some(Reply::text(400, "the request is incomplete"))),
                Ok(count) => {
                    self.bytes.extend_from_slice(&buffer[..count]);
                    return Ok(());
                }
                Err(error) if is_waiting(&error) => {
                    if (self.stop)() || self.since.elapsed() > PATIENCE {
                        return Err(None);
                    }
                }
                Err(_) => return Err(None),
            }
        }
    }
}

/// The standard phrase of a status (RFC 9110, section 15).
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        413 => "Content Too Large",
        431 => "Request Header Fields Too Large",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        _ => "Internal Server Error",
    }
}

fn is_waiting(error: &io::Error) -> bool {
    use io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
    matches!(error.kind(), Interrupted | TimedOut | WouldBlock)
}

impl Reply {
    pub(super) fn new(status: u16, kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            kind,
            body: body.into(),
        }
    }

    pub(super) fn text(status: u16, text: impl Into<String>) -> Self {
        Self::new(status, "text/plain; charset=utf-8", text.into())
    }

    /// Writes the answer and ends the connection.
    pub(super) fn write(&self, stream: &mut TcpStream) -> io::Result<()> {
        let Self { status, kind, body } = self;
        let head = format!(
            "HTTP/1.1 {status} {}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
             Content-Security-Policy: {POLICY}\r\nCross-Origin-Resource-Policy: same-origin\r\n\
             Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
            reason(*status),
            body.len()
        );
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.write_all(&[head.as_bytes(), body].concat())?;
        stream.shutdown(Shutdown::Write)?;
        // With unread bytes, closing would reset the connection and lose the answer.
        stream.set_read_timeout(Some(TICK))?;
        let mut rest = stream.take(MAX_BODY as u64);
        let _ = io::copy(&mut rest, &mut io::sink());
        Ok(())
    }
}
