//! A browser by the WebDriver protocol (<https://www.w3.org/TR/webdriver2/>), as far as the tests
//! need it.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

/// Milliseconds that the page is given for what it is waited for.
const PATIENCE: u32 = 20_000;

/// A headless browser with one window, closed when dropped.
pub(crate) struct Browser {
    driver: Child,
    session: String,
    agent: ureq::Agent,
}

impl Browser {
    /// Starts one that puts downloads into `downloads`.
    ///
    /// # Panics
    /// If there is no chromedriver, or no browser that it can start.
    #[track_caller]
    pub(crate) fn start(downloads: &str) -> Self {
        fs::create_dir_all(downloads).unwrap();
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start chromedriver, which must be in PATH: {error}"));
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            let line = line.unwrap();
            let (_, port) = line.split_once("started successfully on port ")?;
            Some(port.trim_end_matches('.').to_owned())
        });
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        let mut browser = Self {
            driver,
            session: format!("http://127.0.0.1:{}/session", port.unwrap()),
            agent: config.into(),
        };
        let args = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--window-size=1300,900",
        ];
        let options = json!({ "args": args, "prefs": { "download.default_directory": downloads } });
        let wanted = json!({ "alwaysMatch": {
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "script": PATIENCE },
        } });
        let id = browser.post("", json!({ "capabilities": wanted }))["sessionId"].clone();
        browser.session = format!("{}/{}", browser.session, id.as_str().unwrap());
        browser
    }

    #[track_caller]
    fn post(&self, path: &str, body: Value) -> Value {
        let mut answer = self
            .agent
            .post(format!("{}{path}", self.session))
            .send_json(body)
            .unwrap();
        let mut value: Value = answer.body_mut().read_json().unwrap();
        assert_eq!(answer.status(), 200, "{path}: {value}");
        value["value"].take()
    }

    #[track_caller]
    pub(crate) fn open(&self, url: &str) {
        self.post("/url", json!({ "url": url }));
    }

    pub(crate) fn reload(&self) {
        self.post("/refresh", json!({}));
    }

    /// What a script returns.
    #[track_caller]
    pub(crate) fn js(&self, script: &str) -> Value {
        self.post("/execute/sync", json!({ "script": script, "args": [] }))
    }

    /// Waits in the page until an expression is true.
    #[track_caller]
    pub(crate) fn until(&self, condition: &str) {
        let script = format!(
            "const done = arguments[0]; const look = () => ({condition}) ? done(true) : setTimeout(look, 20); look();"
        );
        let path = format!("{}/execute/async", self.session);
        let body = json!({ "script": script, "args": [] });
        let mut answer = self.agent.post(path).send_json(body).unwrap();
        let page = || self.js("return document.body.innerText");
        assert_eq!(
            answer.status(),
            200,
            "{condition}: {} {}",
            answer.body_mut().read_to_string().unwrap(),
            page()
        );
    }

    /// Presses keys one after another; those that hold others are written `Shift+`, `Control+`.
    #[track_caller]
    pub(crate) fn press(&self, keys: &[&str]) {
        for key in keys {
            let parts: Vec<&str> = key
                .split_inclusive('+')
                .map(|part| part.trim_end_matches('+'))
                .collect();
            let codes: Vec<String> = parts.iter().map(|part| code(part)).collect();
            let event = |kind: &'static str| move |code: &String| json!({ "type": kind, "value": code });
            let mut actions: Vec<Value> = codes.iter().map(event("keyDown")).collect();
            actions.extend(codes.iter().rev().map(event("keyUp")));
            let source = json!({ "type": "key", "id": "keyboard", "actions": actions });
            self.post("/actions", json!({ "actions": [source] }));
        }
    }

    /// The labels that the page shows for the image at a place of the list.
    #[track_caller]
    pub(crate) fn cell(&self, place: usize) -> String {
        let label = self.js(&format!(
            "return document.getElementById('cell-{place}').ariaLabel"
        ));
        label.as_str().unwrap().to_owned()
    }

    /// As on a telephone, or on a screen of that size.
    pub(crate) fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 800 });
        self.command("Emulation.setDeviceMetricsOverride", size);
    }

    /// As on a telephone with a screen that is touched.
    pub(crate) fn telephone(&self) {
        self.resize(390, 844);
        self.command(
            "Emulation.setTouchEmulationEnabled",
            json!({ "enabled": true, "maxTouchPoints": 2 }),
        );
    }

    /// A finger from one point to another.
    pub(crate) fn swipe(&self, from: (i32, i32), to: (i32, i32)) {
        let touch = |kind: &str, points: Value| {
            self.command(
                "Input.dispatchTouchEvent",
                json!({ "type": kind, "touchPoints": points }),
            );
        };
        touch("touchStart", json!([{ "x": from.0, "y": from.1 }]));
        for step in 1..=5 {
            let between = |from: i32, to: i32| from + (to - from) * step / 5;
            touch(
                "touchMove",
                json!([{ "x": between(from.0, to.0), "y": between(from.1, to.1) }]),
            );
        }
        touch("touchEnd", json!([]));
    }

    /// A finger on the middle of an element.
    #[track_caller]
    pub(crate) fn tap(&self, element: &str) {
        let script = format!(
            "const place = document.querySelector('{element}').getBoundingClientRect();
             return [place.x + place.width / 2, place.y + place.height / 2].map(Math.round)"
        );
        let point = self.js(&script);
        let points = json!([{ "x": point[0], "y": point[1] }]);
        for (kind, points) in [("touchStart", points), ("touchEnd", json!([]))] {
            self.command(
                "Input.dispatchTouchEvent",
                json!({ "type": kind, "touchPoints": points }),
            );
        }
    }

    /// Gives a file to the page's field for one.
    #[track_caller]
    pub(crate) fn choose_file(&self, path: &str) {
        let found = json!({ "using": "css selector", "value": "[type=file]" });
        let element = self.post("/element", found);
        let id = element.as_object().unwrap().values().next().unwrap().clone();
        let path = json!({ "text": path });
        self.post(&format!("/element/{}/value", id.as_str().unwrap()), path);
    }

    /// A command of Chromium's own protocol.
    #[track_caller]
    fn command(&self, name: &str, params: Value) {
        self.post("/goog/cdp/execute", json!({ "cmd": name, "params": params }));
    }

    #[cfg(unix)]
    pub(crate) fn windows(&self) -> Vec<String> {
        let mut answer = self
            .agent
            .get(format!("{}/window/handles", self.session))
            .call()
            .unwrap();
        let value: Value = answer.body_mut().read_json().unwrap();
        serde_json::from_value(value["value"].clone()).unwrap()
    }

    #[cfg(unix)]
    pub(crate) fn new_tab(&self) -> String {
        let handle = self.post("/window/new", json!({ "type": "tab" }))["handle"].clone();
        self.switch(handle.as_str().unwrap());
        handle.as_str().unwrap().to_owned()
    }

    #[cfg(unix)]
    pub(crate) fn switch(&self, handle: &str) {
        self.post("/window", json!({ "handle": handle }));
    }

    /// What the page has complained of since the last time.
    #[track_caller]
    pub(crate) fn assert_no_complaints(&self) {
        let log = self.post("/se/log", json!({ "type": "browser" }));
        let severe: Vec<&Value> = log
            .as_array()
            .unwrap()
            .iter()
            .filter(|entry| entry["level"] == "SEVERE")
            .collect();
        assert!(severe.is_empty(), "{severe:?}");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.agent.delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Keys that write no character, by WebDriver's table of code points.
fn code(key: &str) -> String {
    match key {
        "Shift" => "\u{e008}",
        "Control" => "\u{e009}",
        "Enter" => "\u{e007}",
        "Escape" => "\u{e00c}",
        "ArrowLeft" => "\u{e012}",
        "ArrowRight" => "\u{e014}",
        "ArrowDown" => "\u{e015}",
        "Home" => "\u{e011}",
        key => key,
    }
    .to_owned()
}
