//! The page on this machine's loopback address; annotations go straight to the data set.
//!
//! The server refuses:
//!
//! 1. A request whose `Host` is another name than ours: a page elsewhere whose name leads here (DNS
//!    rebinding).
//! 2. Annotations whose `Origin` is not our own page, and images that another site's page asks for.
//! 3. All but the page, the data set's images by their place in the manifest, and annotations: no
//!    path reaches a file.

mod guard;
pub(crate) mod http;
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

use ai4fashion_dataset::Dataset;

use crate::error::{Error, ErrorKind};
use http::{Reply, Request};
use routes::answer;
use state::State;

/// The most connections at the same time; a browser has six.
const MAX_CONNECTIONS: usize = 64;
/// How soon a request to stop is seen.
const TICK: Duration = Duration::from_millis(100);

/// Shows the review page of a data set on `127.0.0.1`, and writes annotations to the data set.
///
/// ```no_run
/// use std::sync::atomic::{AtomicBool, Ordering};
///
/// use ai4fashion_review::Server;
///
/// let stop = AtomicBool::new(false);
/// let server = Server::bind("dataset", 0)?;
/// println!("http://{}/", server.address());
/// server.run(|| stop.load(Ordering::Relaxed));
/// # Ok::<(), ai4fashion_review::Error>(())
/// ```
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    state: State,
}

impl Server {
    /// Listens on a port; port 0 is any free one.
    ///
    /// # Errors
    /// If `root` is not a data set, or the port is taken.
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

    /// Gives the address that it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until `stop` returns true.
    ///
    /// A write to the data set that has begun is finished.
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
                        log::warn!("cannot accept a connection: {error}");
                        continue;
                    }
                };
                if open.fetch_add(1, Ordering::Relaxed) >= MAX_CONNECTIONS {
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
        // A client that does not wait for the answer has left the page.
        if let Err(error) = reply.write(stream) {
            log::debug!("the client did not read the answer: {error}");
        }
    }

    fn reply(&self, request: &Request) -> Reply {
        guard::refusal(request, self.address).unwrap_or_else(|| answer(request, &self.state))
    }
}

/// One of the open connections; dropping it frees its place.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Serves a counted connection; a panic ends that one alone.
fn guarded(open: &AtomicUsize, serve: impl FnOnce()) {
    let _place = Place(open);
    if catch_unwind(AssertUnwindSafe(serve)).is_err() {
        log::error!("no answer was given: the handler panicked");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panic_ends_its_own_connection_alone_and_frees_its_place() {
        let open = AtomicUsize::new(2);
        thread::scope(|scope| {
            scope.spawn(|| guarded(&open, || panic!("as a damaged image might")));
            scope.spawn(|| guarded(&open, || {}));
        });
        assert_eq!(open.load(Ordering::Relaxed), 0);
    }
}
