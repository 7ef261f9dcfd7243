//! A server, and what it is asked.

use std::{
    fs,
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::{
    Dataset, Folder, Ingest, IngestOptions,
    corrections::{Correction, CorrectionTable, LabelChange},
};
use ai4fashion_review::Server;
use ai4fashion_testkit::{encoded, garment};
use image::ImageFormat;
use tempfile::TempDir;

pub(crate) fn dataset() -> (TempDir, Dataset) {
    let temp = tempfile::tempdir().unwrap();
    let (photos, out) = (temp.path().join("photos"), temp.path().join("out"));
    fs::create_dir(&photos).unwrap();
    for (name, color) in [("a", [200, 20, 30]), ("b", [30, 80, 190])] {
        fs::write(
            photos.join(format!("{name}.png")),
            encoded(garment(32, color), ImageFormat::Png),
        )
        .unwrap();
    }
    let options = IngestOptions::default().with_image_size(16);
    Ingest::new(options)
        .unwrap()
        .run(&[&Folder::open(&photos).unwrap()], &out, &())
        .unwrap();
    (temp, Dataset::open(out).unwrap())
}

/// Runs a server while `ask` asks it.
pub(crate) fn with_server(dataset: &Dataset, ask: impl FnOnce(SocketAddr)) {
    let server = Server::bind(dataset.root(), 0).unwrap();
    let stop = AtomicBool::new(false);
    /// Also when the test fails.
    struct Stop<'a>(&'a AtomicBool);
    impl Drop for Stop<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    thread::scope(|scope| {
        let _stop = Stop(&stop);
        scope.spawn(|| server.run(|| stop.load(Ordering::Relaxed)));
        ask(server.address());
    });
}

/// Sends bytes and reads the answer to its end.
pub(crate) fn send(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(bytes).unwrap();
    let _ = stream.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

pub(crate) fn get(address: SocketAddr, path: &str, headers: &str) -> String {
    send(
        address,
        format!("GET {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n").as_bytes(),
    )
}

pub(crate) fn post(address: SocketAddr, headers: &str, body: &str) -> String {
    let length = body.len();
    let head = format!(
        "POST /corrections HTTP/1.1\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    send(address, format!("{head}{body}").as_bytes())
}

pub(crate) fn status(answer: &str) -> u16 {
    answer
        .split(' ')
        .nth(1)
        .map_or(0, |status| status.parse().unwrap())
}

pub(crate) fn pink(dataset: &Dataset) -> String {
    let record = &dataset.records()[0];
    let correction = Correction::new(&record.file, record.color, record.product_type);
    CorrectionTable::write(&[correction.with_color(LabelChange::Set(BasicColor::Pink))])
}
