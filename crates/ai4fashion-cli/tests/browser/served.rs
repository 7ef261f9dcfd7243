//! The page from `review --serve`: saved by itself, two tabs, a reload in the middle, Ctrl-C.
#![cfg(unix)]

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use ai4fashion_dataset::{BasicColor, Dataset};

use crate::{
    browser::Browser,
    place::{Place, synthetic_dataset},
    program::program,
};

struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(data: &str) -> Self {
        let mut child = program("review")
            .args([data, "--serve", "--port", "0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut url)
            .unwrap();
        Self {
            child,
            url: url.trim().to_owned(),
        }
    }

    /// As Ctrl-C would.
    fn interrupt(mut self) {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-INT", &pid])
                .status()
                .unwrap()
                .success()
        );
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }
}

/// Also when the test fails.
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
#[ignore = "needs chromedriver and Chromium"]
fn labels_are_saved_and_two_tabs_agree() {
    let place = Place::new();
    let browser = Browser::start(&place.path("downloads"));
    let data = synthetic_dataset(&place);
    let server = Server::start(&data);
    let changed = |color| {
        let dataset = Dataset::open(&data).unwrap();
        dataset
            .records()
            .iter()
            .filter(|record| record.annotation.is_some() && record.color == color)
            .count()
    };
    let is_saved = "document.getElementById('saved').textContent === 'saved ✓'";
    browser.open(&server.url);
    browser.until("document.querySelector('.cell img')?.naturalWidth > 0");
    // Thumbnails in the grid, the image itself alone.
    let side = |image: &str| browser.js(&format!("return document.querySelector('{image}').naturalWidth"));
    assert_eq!(side(".cell img"), 128);
    browser.press(&["v"]);
    browser.until("document.querySelector('#single img').naturalWidth === 256");
    browser.press(&["v"]);
    let first = browser.windows()[0].clone();

    // A second tab that knows the labels of before.
    let second = browser.new_tab();
    browser.open(&server.url);
    browser.until("document.querySelector('.cell img')?.naturalWidth > 0");

    browser.switch(&first);
    browser.press(&["o", "o"]);
    browser.until(is_saved);
    assert_eq!(changed(BasicColor::Orange), 2);
    // What was undone after it was saved is taken back there, too.
    browser.press(&["z"]);
    browser.until(is_saved);
    assert_eq!(changed(BasicColor::Orange), 1);

    browser.switch(&second);
    browser.press(&["Home", "u", "u"]);
    browser.until("!document.getElementById('notice').hidden");
    let notice = browser.js("return document.getElementById('notice').textContent");
    assert!(
        notice
            .as_str()
            .unwrap()
            .contains("One image was annotated elsewhere meanwhile"),
        "{notice}"
    );
    browser.until(is_saved);
    assert_eq!((changed(BasicColor::Orange), changed(BasicColor::Purple)), (1, 1));
    browser.js(
        "[...document.querySelectorAll('#notice button')].find((b) => b.textContent === 'Use mine').click()",
    );
    browser.until(is_saved);
    assert_eq!((changed(BasicColor::Orange), changed(BasicColor::Purple)), (0, 2));

    // Reloaded before it is saved: it is sent afterwards.
    browser.press(&["y"]);
    browser.reload();
    browser.until(is_saved);
    assert_eq!(changed(BasicColor::Yellow), 1);
    server.interrupt();
}
