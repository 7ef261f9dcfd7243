//! The page on this machine's loopback address, and corrections straight to the data set.
//!
//! What is refused:
//!
//! 1. A request whose `Host` is another name than ours: a page elsewhere whose name leads here (DNS rebinding).
//! 2. Corrections whose `Origin` is not our own page, and pictures that another site's page asks for.
//! 3. All but the page, the data set's pictures by their place in the manifest, and corrections: no path reaches a file.

mod guard;
mod routes;
mod state;

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    thread,
    time::Duration,
};

use crate::{Dataset, Error, ErrorKind};
use routes::answer;
use state::State;

/// Requests that are answered at the same time: a browser asks for six pictures at once.
const WORKERS: usize = 6;
/// How soon a request to stop is seen.
const TICK: Duration = Duration::from_millis(100);

/// Shows the review page of a data set on `127.0.0.1`.
pub struct Server {
    http: tiny_http::Server,
    address: SocketAddr,
    state: State,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
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
        let http = tiny_http::Server::http(address).map_err(listen)?;
        let address = http.server_addr().to_ip().unwrap_or(address);
        Ok(Self { http, address, state })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until `stop` says so; what is being written to the data set then is finished.
    pub fn run(&self, stop: impl Fn() -> bool + Sync) {
        thread::scope(|scope| {
            for _ in 0..WORKERS {
                scope.spawn(|| {
                    while !stop() {
                        match self.http.recv_timeout(TICK) {
                            Ok(Some(request)) => self.serve(request),
                            Ok(None) => {}
                            Err(error) => log::warn!("a request could not be read: {error}"),
                        }
                    }
                });
            }
        });
    }

    fn serve(&self, mut request: tiny_http::Request) {
        let response = match guard::refusal(&request, self.address) {
            Some(refusal) => refusal,
            None => answer(&mut request, &self.state),
        };
        // Whoever does not wait for the answer has left the page.
        if let Err(error) = request.respond(response.into_http()) {
            log::debug!("an answer was not read: {error}");
        }
    }
}
