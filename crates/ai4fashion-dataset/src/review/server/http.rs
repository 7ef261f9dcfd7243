//! As much of HTTP/1.1 as one page on one machine needs: one request a connection, heads parsed by `httparse`.
//!
//! The small servers that are to be had without an async runtime were tried: tiny_http 0.12 leaves a second tab without an
//! answer while the first keeps its connections open, and oxhttp 0.3 neither ends nor tells its port.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, TcpStream},
    time::{Duration, Instant},
};

/// How often a connection that says nothing is looked at.
const TICK: Duration = Duration::from_millis(100);
/// How long a request may take to arrive.
const PATIENCE: Duration = Duration::from_secs(20);
const MAX_HEAD: usize = 16 << 10;
const MAX_HEADERS: usize = 64;
/// The largest table of corrections that is taken, in bytes: ten times 44,000 rows.
const MAX_BODY: usize = 64 << 20;

/// The page may load and send nothing elsewhere, and no other page may show it in a frame.
const POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A request that has arrived as a whole.
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
    /// Reads one; an answer if it is none, nothing if nobody asks.
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

    /// The head and how long it is, if it is there as a whole.
    fn head(bytes: &[u8]) -> Result<Option<(Self, usize)>, Option<Reply>> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut parsed = httparse::Request::new(&mut headers);
        let bad = |_| Some(Reply::text(400, "this is no request"));
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

    /// The length of the body, as the head tells it.
    fn length(&self) -> Result<usize, Option<Reply>> {
        if self.header("Transfer-Encoding").is_some() {
            return Err(Some(Reply::text(501, "the length of the body must be told")));
        }
        let length = self.header("Content-Length").map_or(Ok(0), str::parse);
        match length {
            Ok(length) if length <= MAX_BODY => Ok(length),
            Ok(_) => Err(Some(Reply::text(413, "these are too many corrections at once"))),
            Err(_) => Err(Some(Reply::text(400, "the length of the body is no number"))),
        }
    }

    /// The value of a header that is there once.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self
            .headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let value = found.next().map(|(_, value)| value.as_str());
        // Two of a kind are of nobody whom we know.
        if found.next().is_some() { Some("") } else { value }
    }
}

/// Bytes on their way.
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

    /// Waits for some more; an error if there is not going to be any.
    fn more(&mut self) -> Result<(), Option<Reply>> {
        let mut buffer = [0; 16 << 10];
        self.stream.set_read_timeout(Some(TICK)).map_err(|_| None)?;
        loop {
            match self.stream.read(&mut buffer) {
                Ok(0) if self.bytes.is_empty() => return Err(None),
                Ok(0) => return Err(Some(Reply::text(400, "the request ends too early"))),
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

    /// Writes it and ends the connection.
    pub(super) fn write(&self, stream: &mut TcpStream) -> io::Result<()> {
        let Self { status, kind, body } = self;
        let head = format!(
            "HTTP/1.1 {status} \r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
             Content-Security-Policy: {POLICY}\r\nCross-Origin-Resource-Policy: same-origin\r\n\
             Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
            body.len()
        );
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.write_all(&[head.as_bytes(), body].concat())?;
        stream.shutdown(Shutdown::Write)?;
        // What still arrives would make the system throw the answer away.
        stream.set_read_timeout(Some(TICK))?;
        let mut rest = stream.take(MAX_BODY as u64);
        let _ = io::copy(&mut rest, &mut io::sink());
        Ok(())
    }
}
