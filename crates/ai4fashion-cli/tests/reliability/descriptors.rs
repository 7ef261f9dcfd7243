//! A server without descriptors: it rests, and answers who asks properly.
#![cfg(target_os = "linux")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    place::{Place, synthetic_dataset},
    program::program,
};

/// Ends the server with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    /// CPU time so far, in the system's ticks, of which a second has 100.
    fn ticks(&self) -> u64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0.id())).unwrap();
        let fields = stat.rsplit_once(')').unwrap().1.split_whitespace();
        let times: Vec<u64> = fields
            .skip(11)
            .take(2)
            .map(|time| time.parse().unwrap())
            .collect();
        times.iter().sum()
    }
}

#[test]
fn server_without_descriptors_rests_and_answers() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let binary = program("review").get_program().to_owned();
    let mut server = Command::new("sh");
    server
        .arg("-c")
        .arg("ulimit -n 20; exec \"$0\" \"$@\"")
        .arg(binary)
        .args(["review", &data, "--serve", "--port", "0"])
        .stdout(Stdio::piped());
    let mut server = Server(server.spawn().unwrap());
    let mut line = String::new();
    let words = server.0.stdout.take().unwrap();
    BufReader::new(words).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("http://").unwrap().to_owned();

    let half = || {
        let mut stream = TcpStream::connect(&address).unwrap();
        let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: ");
        stream
    };
    let halves: Vec<TcpStream> = (0..60).map(|_| half()).collect();
    let (begin, before) = (Instant::now(), server.ticks());
    thread::sleep(Duration::from_secs(1));
    let ticks = server.ticks() - before;
    assert!(ticks < 50, "{ticks} of 100 a second");

    let mut good = TcpStream::connect(&address).unwrap();
    write!(good, "GET / HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
    let mut answer = String::new();
    good.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer:.100}");
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    drop(halves);
}
