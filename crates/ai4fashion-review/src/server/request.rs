//! A request, as much of HTTP/1.1 as one page on one machine needs: one a connection, its head
//! parsed by `httparse`.
//!
//! We tried the small servers without an async runtime: tiny_http 0.12 leaves a second tab without
//! an answer while the first keeps its connections open, and oxhttp 0.3 neither ends nor tells its
//! port.

#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;

use std::{
    io::{self, Read as _},
    time::{Duration, Instant},
};

use super::{connections::Connection, memory::Held, reply::Reply};

/// How often a silent connection is checked.
const TICK: Duration = Duration::from_millis(100);
/// How long the head of a request may take to arrive, and a body may be silent.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a whole request may take to arrive.
const LONGEST: Duration = Duration::from_secs(20);
const MAX_HEAD: usize = 16 << 10;
const MAX_HEADERS: usize = 64;

/// A complete request.
#[derive(Debug, Default)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) target: String,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// What a request may be.
pub(super) struct Allowed<'a> {
    /// Refuses a request by its head, before its body is read.
    pub(super) refusal: &'a dyn Fn(&Request) -> Option<Reply>,
    /// The most bytes of a body.
    pub(super) max_body: usize,
    /// Whether the server is to end.
    pub(super) stop: &'a dyn Fn() -> bool,
}

impl Request {
    /// Reads a request; fails with an answer to a bad one, or with `None` if the client sends
    /// nothing. `held` counts the bytes of its body.
    pub(super) fn read(
        connection: &Connection,
        allowed: &Allowed<'_>,
        held: &mut Held<'_>,
    ) -> Result<Self, Option<Reply>> {
        let mut arriving = Arriving::new(connection, allowed.stop);
        let (mut request, head) = loop {
            if let Some(parsed) = Self::head(&arriving.bytes)? {
                break parsed;
            }
            if arriving.bytes.len() > MAX_HEAD {
                return Err(Some(Reply::text(431, "the head of the request is too long")));
            }
            arriving.more(arriving.since + PATIENCE)?;
        };
        let length = request.length(allowed.max_body)?;
        if let Some(refusal) = (allowed.refusal)(&request) {
            return Err(Some(refusal));
        }
        arriving.bytes.drain(..head);
        let mut counted = 0;
        loop {
            let arrived = arriving.bytes.len().min(length);
            if !held.grow(arrived - counted) {
                let message = "too many annotations arrive at the same time: send them again";
                return Err(Some(Reply::text(503, message)));
            }
            counted = arrived;
            if arrived == length {
                break;
            }
            let longest = arriving.since + LONGEST;
            arriving.more(longest.min(Instant::now() + PATIENCE))?;
        }
        arriving.bytes.truncate(length);
        request.body = arriving.bytes;
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
    fn length(&self, max: usize) -> Result<usize, Option<Reply>> {
        if self.header("Transfer-Encoding").is_some() {
            return Err(Some(Reply::text(501, "a request needs a Content-Length")));
        }
        let length = self.header("Content-Length").map_or(Ok(0), str::parse);
        match length {
            Ok(length) if length <= max => Ok(length),
            Ok(_) => Err(Some(Reply::text(413, "too many annotations for this data set"))),
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
    connection: &'a Connection,
    stop: &'a dyn Fn() -> bool,
    since: Instant,
    bytes: Vec<u8>,
}

impl<'a> Arriving<'a> {
    fn new(connection: &'a Connection, stop: &'a dyn Fn() -> bool) -> Self {
        Self {
            connection,
            stop,
            since: Instant::now(),
            bytes: Vec::new(),
        }
    }

    /// Waits for more bytes until `deadline`; fails if there will be none.
    fn more(&mut self, deadline: Instant) -> Result<(), Option<Reply>> {
        let mut buffer = [0; 16 << 10];
        let mut stream = &self.connection.stream;
        stream.set_read_timeout(Some(TICK)).map_err(|_| None)?;
        loop {
            if (self.stop)() {
                return Err(None);
            }
            if Instant::now() > deadline {
                let is_silent = self.bytes.is_empty();
                return Err((!is_silent).then(|| Reply::text(408, "the request took too long")));
            }
            match stream.read(&mut buffer) {
                Ok(0) if self.bytes.is_empty() => return Err(None),
                Ok(0) => return Err(Some(Reply::text(400, "the request is incomplete"))),
                Ok(count) => {
                    self.connection.heard();
                    self.bytes.extend_from_slice(&buffer[..count]);
                    return Ok(());
                }
                Err(error) if is_waiting(&error) => {}
                Err(_) => return Err(None),
            }
        }
    }
}

fn is_waiting(error: &io::Error) -> bool {
    use io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
    matches!(error.kind(), Interrupted | TimedOut | WouldBlock)
}
