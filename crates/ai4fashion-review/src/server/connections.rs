//! The open connections, and which of them makes room for a new one.

use std::{
    net::{Shutdown, TcpStream},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// The most connections at the same time; a browser has six.
const MAX_CONNECTIONS: usize = 64;
/// How many end at once where the system has no descriptor left.
const ROOM: usize = 8;

/// A connection, and since when its client keeps us waiting.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) stream: TcpStream,
    /// The time when the client last sent or took something; `None` while we are at work for it.
    waiting_since: Mutex<Option<Instant>>,
}

impl Connection {
    fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            waiting_since: Mutex::new(Some(Instant::now())),
        }
    }

    /// Notes that the client has sent or taken something, and may send or take more.
    pub(super) fn heard(&self) {
        *locked(&self.waiting_since) = Some(Instant::now());
    }

    /// Notes that we are at work for the client.
    pub(super) fn working(&self) {
        *locked(&self.waiting_since) = None;
    }
}

/// All open connections.
#[derive(Debug, Default)]
pub(super) struct Connections {
    open: Mutex<Vec<Arc<Connection>>>,
    freed: Condvar,
}

/// An open connection; dropping it frees its place.
#[derive(Debug)]
pub(super) struct Place<'a> {
    all: &'a Connections,
    pub(super) connection: Arc<Connection>,
}

impl Connections {
    /// Gives a new connection a place.
    ///
    /// If there is none, the connection ends that has kept us waiting longest. If we are at work
    /// for all of them, one is waited for at most `patience`, and `None` says that it took longer.
    pub(super) fn admit(&self, stream: TcpStream, patience: Duration) -> Option<Place<'_>> {
        let mut open = locked(&self.open);
        if open.len() >= MAX_CONNECTIONS && !end_slowest(&mut open) {
            let full = |open: &mut Vec<_>| open.len() >= MAX_CONNECTIONS;
            let waited = self.freed.wait_timeout_while(open, patience, full);
            open = waited.unwrap_or_else(PoisonError::into_inner).0;
            if open.len() >= MAX_CONNECTIONS && !end_slowest(&mut open) {
                return None;
            }
        }
        let connection = Arc::new(Connection::new(stream));
        open.push(Arc::clone(&connection));
        Some(Place {
            all: self,
            connection,
        })
    }

    /// Ends the connections that have kept us waiting longest, for their descriptors.
    pub(super) fn make_room(&self) {
        let mut open = locked(&self.open);
        for _ in 0..ROOM {
            end_slowest(&mut open);
        }
    }
}

/// Whether there was a connection that keeps us waiting.
fn end_slowest(open: &mut Vec<Arc<Connection>>) -> bool {
    let waiting = open.iter().enumerate().filter_map(|(place, connection)| {
        let since = *locked(&connection.waiting_since);
        Some((since?, place))
    });
    let Some((_, place)) = waiting.min() else {
        return false;
    };
    // Its thread reads the end of the stream, and ends itself.
    let _ = open.swap_remove(place).stream.shutdown(Shutdown::Both);
    true
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        locked(&self.all.open).retain(|other| !Arc::ptr_eq(other, &self.connection));
        self.all.freed.notify_one();
    }
}

/// Locks a mutex; a value that a panicking thread has left is whole, since it is only ever
/// replaced.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::{
        io::Read as _,
        net::{Ipv4Addr, TcpListener},
    };

    use super::*;

    #[test]
    fn slowest_client_makes_room_and_one_we_work_for_does_not() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let (connections, patience) = (Connections::default(), Duration::from_millis(20));
        let (mut clients, mut places) = (Vec::new(), Vec::new());
        let mut connect = || {
            clients.push(TcpStream::connect(address).unwrap());
            let stream = listener.accept().unwrap().0;
            places.extend(connections.admit(stream, patience));
            places.len()
        };
        for number in 1..=MAX_CONNECTIONS {
            assert_eq!(connect(), number);
        }
        places[0].connection.working();
        places[1].connection.heard();
        let mut connect = || {
            clients.push(TcpStream::connect(address).unwrap());
            let stream = listener.accept().unwrap().0;
            connections.admit(stream, patience)
        };
        let _new = connect().unwrap();
        assert_eq!(locked(&connections.open).len(), MAX_CONNECTIONS);
        let is_open = |client: &mut TcpStream| {
            client.set_read_timeout(Some(patience)).unwrap();
            client.read(&mut [0]).is_err()
        };
        assert!(is_open(&mut clients[0]) && is_open(&mut clients[1]) && !is_open(&mut clients[2]));

        for connection in locked(&connections.open).iter() {
            connection.working();
        }
        let mut connect = || {
            clients.push(TcpStream::connect(address).unwrap());
            connections.admit(listener.accept().unwrap().0, patience)
        };
        assert!(connect().is_none());
        drop(places.remove(0));
        assert!(connect().is_some());
    }
}
