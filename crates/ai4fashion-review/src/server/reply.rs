//! An answer, as much of HTTP/1.1 as one page on one machine needs.

use std::{
    io::{self, Read as _, Write as _},
    net::{Shutdown, TcpStream},
    sync::Arc,
    time::{Duration, Instant},
};

use super::connections::Connection;

/// How long a client may take no byte of the answer.
const SILENCE: Duration = Duration::from_secs(5);
/// How long the rest of a refused request is read.
const REST: Duration = Duration::from_secs(1);
/// How long the next bytes of it may take.
const TICK: Duration = Duration::from_millis(100);

/// The page may load and send nothing elsewhere, and no other page may frame it.
const POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// An answer.
#[derive(Debug)]
pub(super) struct Reply {
    status: u16,
    kind: &'static str,
    body: Arc<Vec<u8>>,
}

impl Reply {
    pub(super) fn new(status: u16, kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self::shared(status, kind, Arc::new(body.into()))
    }

    /// An answer whose body others get, too.
    pub(super) fn shared(status: u16, kind: &'static str, body: Arc<Vec<u8>>) -> Self {
        Self { status, kind, body }
    }

    pub(super) fn text(status: u16, text: impl Into<String>) -> Self {
        Self::new(status, "text/plain; charset=utf-8", text.into())
    }

    /// Writes the answer and ends the connection.
    pub(super) fn write(&self, connection: &Connection) -> io::Result<()> {
        let Self { status, kind, body } = self;
        let head = format!(
            "HTTP/1.1 {status} {}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
             Content-Security-Policy: {POLICY}\r\nCross-Origin-Resource-Policy: same-origin\r\n\
             Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
            reason(*status),
            body.len()
        );
        let stream = &connection.stream;
        stream.set_write_timeout(Some(SILENCE))?;
        write_all(connection, head.as_bytes())?;
        write_all(connection, body)?;
        stream.shutdown(Shutdown::Write)?;
        // With unread bytes, closing would reset the connection and lose the answer.
        stream.set_read_timeout(Some(TICK))?;
        read_rest(stream);
        Ok(())
    }
}

fn write_all(connection: &Connection, mut bytes: &[u8]) -> io::Result<()> {
    let mut stream = &connection.stream;
    while !bytes.is_empty() {
        match stream.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => bytes = &bytes[count..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        }
        connection.heard();
    }
    Ok(())
}

fn read_rest(mut stream: &TcpStream) {
    let (since, mut buffer) = (Instant::now(), [0; 16 << 10]);
    while since.elapsed() < REST {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
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
        408 => "Request Timeout",
        409 => "Conflict",
        413 => "Content Too Large",
        431 => "Request Header Fields Too Large",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        _ => "Internal Server Error",
    }
}
