//! A headless Chromium, driven over a pipe.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use logtide_devserver::DevServer;
use serde_json::{Value, json};

use crate::client::DEADLINE;

/// The names of Chromium's executable.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// A browser with one tab, which is closed when the value is dropped.
pub(crate) struct Browser {
    process: Child,
    commands: ChildStdin,
    messages: Receiver<Value>,
    session: Option<String>,
    last_id: u64,
    profile: PathBuf,
    /// The number of loaded pages.
    loads: u64,
    /// Uncaught script errors, and violations of the content security policy.
    pub(crate) errors: Vec<String>,
}

impl Browser {
    /// Opens the page of a server. Without Chromium, prints why on standard error and returns `None`.
    pub(crate) fn open(server: &DevServer) -> Option<Self> {
        let mut browser = Self::start()?;
        browser.visit(&format!("{}/", server.url()));
        Some(browser)
    }

    fn start() -> Option<Self> {
        let Some(program) = find() else {
            let reason = "skipped: there is no Chromium in PATH; install the package `chromium`";
            writeln!(io::stderr(), "{reason}").expect("standard error");
            return None;
        };
        let profile = std::env::temp_dir().join(format!("logtide-page-{}", fastrand::u64(..)));
        fs::create_dir(&profile).expect("a folder for the profile");
        // Chromium reads commands from file descriptor 3, and writes responses to 4.
        let mut process = Command::new("sh")
            .args(["-c", r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1"#])
            .arg(program)
            .args(["--headless=new", "--remote-debugging-pipe", "--no-first-run", "--no-sandbox"])
            .args(["--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"])
            .args(["--disable-extensions", "--disable-component-update", "--window-size=1280,800"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg("about:blank")
            .env("TZ", "UTC")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let commands = process.stdin.take().expect("a pipe");
        let answers = BufReader::new(process.stdout.take().expect("a pipe"));
        let (sender, messages) = channel();
        thread::spawn(move || {
            for message in answers.split(0) {
                let Ok(message) = message else { break };
                let message = serde_json::from_slice(&message).expect("Chromium speaks JSON");
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let mut browser = Self {
            process,
            commands,
            messages,
            session: None,
            last_id: 0,
            profile,
            loads: 0,
            errors: Vec::new(),
        };
        let tab = browser.call("Target.createTarget", json!({"url": "about:blank"}));
        let attached =
            browser.call("Target.attachToTarget", json!({"targetId": tab["targetId"], "flatten": true}));
        browser.session = Some(attached["sessionId"].as_str().expect("a session").to_owned());
        for domain in ["Page.enable", "Runtime.enable", "Log.enable"] {
            browser.call(domain, json!({}));
        }
        browser.resize(1280, 800);
        Some(browser)
    }

    /// Opens the page at an address, and waits until it shows its results.
    fn visit(&mut self, url: &str) {
        self.navigate(url);
        self.until("document.getElementById('status').textContent.includes('entr')");
    }

    /// Opens an address, and waits until it is loaded.
    pub(crate) fn navigate(&mut self, url: &str) {
        self.load("Page.navigate", json!({"url": url}));
    }

    /// Reloads the page, and waits until it is loaded.
    pub(crate) fn reload(&mut self) {
        self.load("Page.reload", json!({}));
    }

    /// Loads a page. Until it is loaded, expressions may still run in the previous page.
    fn load(&mut self, method: &str, parameters: Value) {
        let before = self.loads;
        self.call(method, parameters);
        while self.loads == before {
            self.receive();
        }
    }

    /// Returns the value of an expression, after waiting for a promise.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Value {
        let parameters = json!({"expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true});
        let result = self.call("Runtime.evaluate", parameters);
        assert_eq!(result["exceptionDetails"], Value::Null, "{expression}");
        result["result"]["value"].clone()
    }

    /// Waits until an expression is true, and fails if that takes too long.
    pub(crate) fn until(&mut self, expression: &str) {
        let milliseconds = DEADLINE.as_millis();
        let wait = format!(
            "new Promise((done) => {{
                 const end = performance.now() + {milliseconds};
                 const look = () => {{
                     let found = false;
                     try {{ found = Boolean({expression}); }} catch {{}}
                     if (found || performance.now() > end) done(found); else setTimeout(look, 20);
                 }};
                 look();
             }})"
        );
        if self.evaluate(&wait) != json!(true) {
            let page = self.evaluate("document.body.innerText.slice(0, 2000)");
            panic!("in vain: {expression}\n{page}\n{:?}", self.errors);
        }
    }

    /// Returns the texts of the elements that match a selector.
    pub(crate) fn texts(&mut self, selector: &str) -> Vec<String> {
        let found = self.evaluate(&format!(
            "Array.from(document.querySelectorAll({}), (found) => found.innerText)",
            json!(selector)
        ));
        found
            .as_array()
            .expect("a list")
            .iter()
            .map(|text| text.as_str().unwrap_or_default().into())
            .collect()
    }

    /// Presses and releases a key, with Shift if `shift` is set.
    pub(crate) fn press_with(&mut self, key: &str, shift: bool) {
        let text = match key {
            "Enter" => Some("\r"),
            _ if key.chars().count() == 1 => Some(key),
            _ => None,
        };
        let code = ["Enter", "Escape", "End", "Home", "ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown"]
            .iter()
            .zip([13, 27, 35, 36, 37, 38, 39, 40])
            .find_map(|(name, code)| (*name == key).then_some(code));
        let down = json!({
            "type": "keyDown", "key": key, "text": text, "modifiers": if shift { 8 } else { 0 },
            "windowsVirtualKeyCode": code.unwrap_or(0),
        });
        let mut up = down.clone();
        (up["type"], up["text"]) = (json!("keyUp"), Value::Null);
        for event in [down, up] {
            let event: serde_json::Map<_, _> = event
                .as_object()
                .expect("an object")
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            self.call("Input.dispatchKeyEvent", Value::Object(event));
        }
    }

    pub(crate) fn press(&mut self, key: &str) {
        self.press_with(key, false);
    }

    /// Clicks in the middle of an element.
    pub(crate) fn click(&mut self, selector: &str) {
        let [x, y] = self.middle(selector);
        self.mouse(&[("mousePressed", x, y), ("mouseReleased", x, y)]);
    }

    /// Drags across an element, between two fractions of its width.
    pub(crate) fn drag(&mut self, selector: &str, from: f64, to: f64) {
        let place = self.evaluate(&format!(
            "(({{left, top, width, height}}) => [left, top + height / 2, width])(document.querySelector({}).getBoundingClientRect())",
            json!(selector)
        ));
        let [left, y, width] = [0, 1, 2].map(|index| place[index].as_f64().expect("a number"));
        let (from, to) = (left + from * width, left + to * width);
        self.mouse(&[("mousePressed", from, y), ("mouseMoved", to, y), ("mouseReleased", to, y)]);
    }

    fn mouse(&mut self, events: &[(&str, f64, f64)]) {
        for (kind, x, y) in events {
            let event = json!({
                "type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1,
            });
            self.call("Input.dispatchMouseEvent", event);
        }
    }

    /// Returns the middle of an element, once it has stopped moving and nothing covers it.
    fn middle(&mut self, selector: &str) -> [f64; 2] {
        let selector = json!(selector);
        self.until(&format!(
            "(() => {{
                 const found = document.querySelector({selector});
                 if (!found) return false;
                 const {{left, top, width, height}} = found.getBoundingClientRect();
                 const [x, y] = [left + width / 2, top + height / 2];
                 const [formerX, formerY] = window.middle ?? [];
                 window.middle = [x, y];
                 return x === formerX && y === formerY && found.contains(document.elementFromPoint(x, y));
             }})()"
        ));
        let place = self.evaluate("window.middle");
        [0, 1].map(|index| place[index].as_f64().expect("a number"))
    }

    /// Types into the focused element.
    pub(crate) fn type_text(&mut self, text: &str) {
        self.call("Input.insertText", json!({"text": text}));
    }

    /// Replaces the text of the search.
    pub(crate) fn search(&mut self, text: &str) {
        self.evaluate(
            "document.getElementById('query').select() ?? document.getElementById('query').focus()",
        );
        if text.is_empty() {
            self.evaluate("document.getElementById('query').value = ''");
        } else {
            self.type_text(text);
        }
        self.press("Enter");
    }

    pub(crate) fn resize(&mut self, width: u32, height: u32) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", size);
    }

    /// Emulates a system that prefers `light` or `dark`.
    pub(crate) fn prefer(&mut self, scheme: &str) {
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.call("Emulation.setEmulatedMedia", features);
    }

    fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.last_id += 1;
        let id = self.last_id;
        let mut command = json!({"id": id, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            command["sessionId"] = json!(session);
        }
        let command = [command.to_string().as_bytes(), b"\0"].concat();
        self.commands.write_all(&command).expect("Chromium runs");
        loop {
            let message = self.receive();
            if message["id"] == id {
                assert_eq!(message["error"], Value::Null, "{method}");
                return message["result"].clone();
            }
        }
    }

    /// Receives the next message, and records it if it is an event.
    fn receive(&mut self) -> Value {
        // An expression may itself wait for the deadline.
        let message = self.messages.recv_timeout(DEADLINE * 2).expect("Chromium answers");
        let parameters = &message["params"];
        match message["method"].as_str() {
            Some("Page.loadEventFired") => self.loads += 1,
            Some("Runtime.exceptionThrown") => self.errors.push(parameters["exceptionDetails"].to_string()),
            Some("Log.entryAdded") if parameters["entry"]["source"] != "network" => {
                self.errors.push(parameters["entry"]["text"].to_string());
            }
            _ => {}
        }
        message
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The browser's other processes end with the first one.
        let _ended = self.process.kill();
        let _reaped = self.process.wait();
        let _removed = fs::remove_dir_all(&self.profile);
    }
}

fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    let at = |name: &&str| folders.iter().map(|folder| folder.join(name)).find(|path| Path::is_file(path));
    NAMES.iter().find_map(at)
}
