//! Clients that take places, time and memory do not keep others out.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

use ai4fashion_dataset::Dataset;

use crate::asking::{dataset, get, pink, post, status, with_server};

/// How long an answer may take on a busy machine.
const SOON: Duration = Duration::from_secs(2);

#[track_caller]
fn answered_soon(address: SocketAddr) {
    let begin = Instant::now();
    let answer = get(address, "/", &format!("Host: {address}\r\n"));
    assert_eq!(status(&answer), 200);
    assert!(begin.elapsed() < SOON, "{:?}", begin.elapsed());
}

fn begun(address: SocketAddr, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(bytes).unwrap();
    stream
}

#[test]
fn half_requests_shut_nobody_out() {
    let (_temp, dataset) = dataset();
    with_server(&dataset, |address| {
        let post = format!(
            "POST /corrections HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\n\
             Content-Length: 1000\r\n\r\nfile,old_color"
        );
        // Nothing at all, half a head, half a body, and a page that is not read.
        for bytes in [
            &b""[..],
            b"GET / HTTP/1.1\r\nHost: ",
            post.as_bytes(),
            format!("GET / HTTP/1.1\r\nHost: {address}\r\n\r\n").as_bytes(),
        ] {
            let halves: Vec<TcpStream> = (0..200).map(|_| begun(address, bytes)).collect();
            answered_soon(address);
            drop(halves);
        }
    });
}

#[test]
fn client_that_sends_a_byte_now_and_then_has_an_end() {
    let (_temp, dataset) = dataset();
    with_server(&dataset, |address| {
        let mut slow = begun(address, b"GET / HTTP/1.1\r\n");
        let begin = Instant::now();
        while slow.write_all(b"a").is_ok() && begin.elapsed() < Duration::from_secs(15) {
            thread::sleep(Duration::from_millis(300));
        }
        assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
        answered_soon(address);
    });
}

#[test]
fn table_that_is_longer_than_the_data_set_is_refused_unread() {
    let (_temp, dataset) = dataset();
    with_server(&dataset, |address| {
        let headers = format!("Host: {address}\r\nOrigin: http://{address}\r\n");
        // It is never sent.
        let head = format!("POST /corrections HTTP/1.1\r\n{headers}Content-Length: 60000000\r\n\r\n");
        let mut answer = String::new();
        begun(address, head.as_bytes())
            .read_to_string(&mut answer)
            .unwrap();
        assert_eq!(status(&answer), 413, "{answer}");

        let rows = format!(
            "file,old_color,new_color,old_type,new_type,when\n{}",
            "\n".repeat(60_000)
        );
        assert_eq!(status(&post(address, &headers, &rows)), 413);
        assert_eq!(status(&post(address, &headers, &pink(&dataset))), 200);
    });
}

#[test]
fn other_sites_are_refused_before_their_body_is_read() {
    let (_temp, dataset) = dataset();
    with_server(&dataset, |address| {
        let head = format!(
            "POST /corrections HTTP/1.1\r\nHost: {address}\r\nOrigin: http://evil.example\r\n\
             Content-Length: 1000\r\n\r\n"
        );
        let begin = Instant::now();
        let mut answer = String::new();
        begun(address, head.as_bytes())
            .read_to_string(&mut answer)
            .unwrap();
        assert_eq!(status(&answer), 403, "{answer}");
        assert!(begin.elapsed() < SOON);
    });
}

#[test]
fn answer_quotes_no_more_than_a_little() {
    let (_temp, dataset) = dataset();
    with_server(&dataset, |address| {
        let headers = format!("Host: {address}\r\nOrigin: http://{address}\r\n");
        let long = "x".repeat(60_000);
        for body in [
            format!("file,old_color,new_color,old_type,new_type,when\n{long},red,blue,1,2,\n"),
            format!("{long}\n"),
        ] {
            let answer = post(address, &headers, &body);
            assert!([400, 409].contains(&status(&answer)), "{answer:.200}");
            assert!(answer.len() < 2000, "{}", answer.len());
        }
    });
}

#[test]
fn data_set_that_cannot_be_read_for_now_is_told_as_such() {
    let (_temp, dataset) = dataset();
    with_server(&dataset, |address| {
        let manifest = dataset.root().join("manifest.jsonl");
        let whole = fs::read(&manifest).unwrap();
        let host = format!("Host: {address}\r\n");
        fs::write(&manifest, "{").unwrap();
        assert_eq!(status(&get(address, "/", &host)), 503);
        fs::write(&manifest, whole).unwrap();
        assert_eq!(status(&get(address, "/", &host)), 200);
        assert_eq!(Dataset::open(dataset.root()).unwrap().len(), dataset.len());
    });
}
