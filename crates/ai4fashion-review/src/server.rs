//! The page on this machine's loopback address; annotations go straight to the data set.
//!
//! The server refuses:
//!
//! 1. A request whose `Host` is another name than ours: a page elsewhere whose name leads here (DNS
//!    rebinding).
//! 2. Annotations whose `Origin` is not our own page, and images that another site's page asks for.
//! 3. All but the page, the data set's images by their place in the manifest, and annotations: no
//!    path reaches a file.
//!
//! Clients cannot keep others out, or take all memory:
//!
//! 1. Where there is no place or descriptor for a new connection, the one ends whose client has
//!    sent or taken nothing for the longest time. A head must arrive in 5 seconds, a body in 20.
//! 2. A table of annotations may be as long as the data set. All that arrive together have a limit,
//!    and one is read at a time. An answer names the trouble of at most 1,000 rows.

mod connections;
mod guard;
mod memory;
mod reply;
pub(crate) mod request;
mod routes;
mod state;

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use ai4fashion_dataset::Dataset;

use crate::{
    error::{Error, ErrorKind},
    page_file::sweep,
};
use connections::{Connection, Connections, Place};
use memory::{Tables, max_table};
use request::{Allowed, Request};
use routes::answer;
use state::State;

/// How soon a request to stop is seen.
const TICK: Duration = Duration::from_millis(100);
/// How long we rest when the system gives us no connection, and how long a new one waits for a
/// place.
const PAUSE: Duration = Duration::from_millis(100);

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
    tables: Tables,
}

impl Server {
    /// Listens on a port; port 0 is any free one.
    ///
    /// # Errors
    /// If `root` is not a data set, or the port is taken.
    pub fn bind(root: impl AsRef<Path>, port: u16) -> Result<Self, Error> {
        let state = State::new(Dataset::open(root.as_ref())?);
        sweep(root.as_ref());
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listen = |source| Error::from(ErrorKind::Listen { address, source });
        let listener = TcpListener::bind(address).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        Ok(Self {
            listener,
            address,
            state,
            tables: Tables::default(),
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
        let (connections, stop) = (&Connections::default(), &stop);
        let ended = &AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                while !stop() {
                    thread::sleep(TICK);
                }
                // Wakes the loop below, also where a descriptor for that comes free only later.
                while !ended.load(Ordering::Relaxed) {
                    let _ = TcpStream::connect(self.address);
                    thread::sleep(TICK);
                }
            });
            for stream in self.listener.incoming() {
                if stop() {
                    break;
                }
                match stream {
                    Ok(stream) => {
                        let Some(place) = connections.admit(stream, PAUSE) else {
                            continue;
                        };
                        let serve = move || guarded(&place, |it| self.serve(it, stop));
                        // Without a thread the connection ends.
                        if let Err(error) = thread::Builder::new().spawn_scoped(scope, serve) {
                            log::warn!("cannot serve a connection: {error}");
                            thread::sleep(PAUSE);
                        }
                    }
                    Err(error) => {
                        log::warn!("cannot accept a connection: {error}");
                        connections.make_room();
                        thread::sleep(PAUSE);
                    }
                }
            }
            ended.store(true, Ordering::Relaxed);
        });
    }

    fn serve(&self, connection: &Connection, stop: &dyn Fn() -> bool) {
        let mut held = self.tables.hold();
        let allowed = Allowed {
            refusal: &|request| guard::refusal(request, self.address),
            max_body: max_table(self.state.images()),
            stop,
        };
        let reply = match Request::read(connection, &allowed, &mut held) {
            Ok(request) => {
                connection.working();
                answer(&request, &self.state)
            }
            Err(Some(refusal)) => refusal,
            Err(None) => return,
        };
        drop(held);
        connection.heard();
        // A client that does not wait for the answer has left the page.
        if let Err(error) = reply.write(connection) {
            log::debug!("the client did not read the answer: {error}");
        }
    }
}

/// Serves a connection; a panic ends that one alone.
fn guarded(place: &Place<'_>, serve: impl FnOnce(&Connection)) {
    if catch_unwind(AssertUnwindSafe(|| serve(&place.connection))).is_err() {
        log::error!("no answer was given: the handler panicked");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panic_ends_its_own_connection_alone_and_frees_its_place() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let connections = Connections::default();
        let mut clients = Vec::new();
        thread::scope(|scope| {
            for number in 0..200 {
                clients.push(TcpStream::connect(listener.local_addr().unwrap()).unwrap());
                let place = connections
                    .admit(listener.accept().unwrap().0, TICK * 50)
                    .unwrap();
                scope.spawn(move || {
                    guarded(&place, |connection| {
                        connection.working();
                        assert!(number % 70 != 0, "as a damaged image might");
                    });
                });
            }
        });
    }
}
