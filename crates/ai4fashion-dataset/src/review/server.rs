//! The page on this machine's loopback address, and corrections straight to the data set.
//!
//! What is refused:
//!
//! 1. A request whose `Host` is another name than ours: a page elsewhere whose name leads here (DNS rebinding).
//! 2. Corrections whose `Origin` is not our own page, and pictures that another site's page asks for.
//! 3. All but the page, the data set's pictures by their place in the manifest, and corrections: no path reaches a file.

mod guard;
mod http;
mod routes;
mod state;

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use crate::{Dataset, Error, ErrorKind};
use http::{Reply, Request};
use routes::answer;
use state::State;

/// Connections at the same time; a browser has six.
const MOST: usize = 64;
/// How soon a request to stop is seen.
const TICK: Duration = Duration::from_millis(100);

/// Shows the review page of a data set on `127.0.0.1`.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    state: State,
}

impl Server {
    /// Listens on that port; on any free one if it is 0.
    ///
    /// # Errors
    /// If it is no data set, or the port is taken.
    pub fn bind(root: impl AsRef<Path>, port: u16) -> Result<Self, Error> {
        let state = State::new(Dataset::open(root.as_ref())?);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listen = |source| Error::from(ErrorKind::Listen { address, source });
        let listener = TcpListener::bind(address).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        Ok(Self {
            listener,
            address,
            state,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until `stop` says so; what is being written to the data set then is finished.
    pub fn run(&self, stop: impl Fn() -> bool + Sync) {
        let (open, stop) = (&AtomicUsize::new(0), &stop);
        thread::scope(|scope| {
            scope.spawn(|| {
                while !stop() {
                    thread::sleep(TICK);
                }
                // Wakes the loop below.
                let _ = TcpStream::connect(self.address);
            });
            for stream in self.listener.incoming() {
                if stop() {
                    break;
                }
                let mut stream = match stream {
                    Ok(stream) => stream,
                    Err(error) => {
                        log::warn!("a connection could not be taken: {error}");
                        continue;
                    }
                };
                if open.fetch_add(1, Ordering::Relaxed) >= MOST {
                    open.fetch_sub(1, Ordering::Relaxed);
                    continue;
                }
                scope.spawn(move || guarded(open, || self.serve(&mut stream, stop)));
            }
        });
    }

    fn serve(&self, stream: &mut TcpStream, stop: &dyn Fn() -> bool) {
        let reply = match Request::read(stream, stop) {
            Ok(request) => self.reply(&request),
            Err(Some(refusal)) => refusal,
            Err(None) => return,
        };
        // Whoever does not wait for the answer has left the page.
        if let Err(error) = reply.write(stream) {
            log::debug!("an answer was not read: {error}");
        }
    }

    fn reply(&self, request: &Request) -> Reply {
        guard::refusal(request, self.address).unwrap_or_else(|| answer(request, &self.state))
    }
}

/// One of the connections that are open; its end gives the place back.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Serves a connection that was counted; a panic ends that one alone.
fn guarded(open: &AtomicUsize, serve: impl FnOnce()) {
    let _place = Place(open);
    if catch_unwind(AssertUnwindSafe(serve)).is_err() {
        log::error!("an answer was not given: its making panicked");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panic_ends_its_own_connection_alone_and_gives_its_place_back() {
        let open = AtomicUsize::new(2);
        thread::scope(|scope| {
            scope.spawn(|| guarded(&open, || panic!("as a damaged picture might")));
            scope.spawn(|| guarded(&open, || {}));
        });
        assert_eq!(open.load(Ordering::Relaxed), 0);
    }
}
