//! What browsers, other sites and broken clients send.

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::{Dataset, ProductType};
use ai4fashion_review::Server;

use crate::asking::{dataset, get, pink, post, send, status, with_server};

#[test]
fn page_images_and_annotations_are_served_to_our_own_page() {
    let (_temp, dataset) = dataset();
    with_server(&dataset, |address| {
        let host = format!("Host: {address}\r\n");
        let page = get(address, "/", &host);
        assert_eq!(status(&page), 200);
        for part in [
            "Content-Security-Policy: default-src 'none'",
            "no-store",
            "\"serve\":true",
        ] {
            assert!(page.contains(part), "{part}");
        }
        for image in ["/images/1?x", "/thumbnails/1?x"] {
            let answer = get(address, image, &host);
            assert_eq!(status(&answer), 200, "{image}");
            assert!(answer.contains("Content-Type: image/jpeg"), "{image}");
        }
        assert_eq!(
            status(&get(
                address,
                "/",
                &format!("Host: LOCALHOST:{}\r\n", address.port())
            )),
            200
        );

        let origin = format!("{host}Origin: http://{address}\r\n");
        assert_eq!(status(&post(address, &origin, &pink(&dataset))), 200);
        let now = Dataset::open(dataset.root()).unwrap();
        assert_eq!(now.records()[0].color, BasicColor::Pink);
        // The image has another name now, and the same place.
        assert_eq!(status(&get(address, "/images/0", &host)), 200);

        let conflict = post(address, &origin, &pink(&dataset));
        assert_eq!(status(&conflict), 409);
        let number = ProductType::number_of(dataset.records()[0].product_type);
        let labels = format!("\"labels\":[[{},{number},1]]}}", BasicColor::Pink.index());
        assert!(conflict.ends_with(&labels), "{conflict}");
    });
}

#[test]
fn other_hosts_other_sites_and_other_paths_are_refused() {
    let (_temp, dataset) = dataset();
    with_server(&dataset, |address| {
        let (host, port) = (format!("Host: {address}\r\n"), address.port());
        for other in [
            "",
            "Host: evil.example\r\n",
            &format!("Host: evil.example:{port}\r\n"),
            "Host: 127.0.0.1\r\n",
        ] {
            assert_eq!(status(&get(address, "/", other)), 403, "{other}");
        }
        let table = pink(&dataset);
        for origin in [
            "",
            "Origin: null\r\n",
            "Origin: http://evil.example\r\n",
            &format!("Origin: http://localhost:{port}\r\n"),
        ] {
            let answer = post(address, &format!("{host}{origin}"), &table);
            assert_eq!(status(&answer), 403, "{origin}");
        }
        let site = |site| {
            get(
                address,
                "/thumbnails/0",
                &format!("{host}Sec-Fetch-Site: {site}\r\n"),
            )
        };
        assert_eq!(
            (status(&site("same-origin")), status(&site("cross-site"))),
            (200, 403)
        );
        for path in [
            "/manifest.jsonl",
            "/images/2",
            "/thumbnails/2",
            "/thumbnails/../manifest.jsonl",
            "/images/-1",
            "/images/99999999999999999999999",
            "/images/../manifest.jsonl",
            "/images/%2e%2e%2fmanifest.jsonl",
            "//etc/passwd",
            "/images/red_a_0.jpg",
        ] {
            assert_eq!(status(&get(address, path, &host)), 404, "{path}");
        }
        let request = format!("DELETE / HTTP/1.1\r\n{host}Connection: close\r\n\r\n");
        assert_eq!(status(&send(address, request.as_bytes())), 405);
        assert_eq!(
            Dataset::open(dataset.root()).unwrap().records(),
            dataset.records()
        );
    });
}

#[test]
fn malformed_requests_change_nothing_and_stop_nothing() {
    let (_temp, dataset) = dataset();
    with_server(&dataset, |address| {
        let host = format!("Host: {address}\r\nOrigin: http://{address}\r\n");
        let long = format!("GET /{} HTTP/1.1\r\n{host}\r\n", "x".repeat(100_000));
        for bytes in [
            &b""[..],
            b"\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01",
            b"GET\r\n\r\n",
            b"GET / HTTP/9.9\r\n\r\n",
            b"POST /corrections HTTP/1.1\r\nContent-Length: -4\r\n\r\n",
            b"POST /corrections HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
            long.as_bytes(),
        ] {
            let answer = send(address, bytes);
            assert!(answer.is_empty() || status(&answer) >= 400, "{answer}");
        }
        // A body that ends too early, is not a table, or is not text.
        let cut = format!("POST /corrections HTTP/1.1\r\n{host}Content-Length: 500\r\n\r\nfile,old_color");
        assert!(matches!(status(&send(address, cut.as_bytes())), 0 | 400));
        assert_eq!(status(&post(address, &host, "no,table\n1,2\n")), 400);
        assert_eq!(status(&post(address, &host, "")), 400);
        let rows = "file,old_color,new_color,old_type,new_type,when\n../../x,red,blue,1,2,\n";
        assert_eq!(status(&post(address, &host, rows)), 409);
        assert_eq!(status(&post(address, &host, &format!("{rows}\u{0}\n"))), 400);
        assert_eq!(status(&get(address, "/", &host)), 200);
        assert_eq!(
            Dataset::open(dataset.root()).unwrap().records(),
            dataset.records()
        );
    });
}

#[test]
fn port_that_is_taken_is_an_error() {
    let (_temp, dataset) = dataset();
    let first = Server::bind(dataset.root(), 0).unwrap();
    let error = Server::bind(dataset.root(), first.address().port()).unwrap_err();
    assert!(
        error.to_string().starts_with("cannot listen on 127.0.0.1:"),
        "{error}"
    );
}
