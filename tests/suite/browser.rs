//! A headless Chromium for the tests of the page: started without a port, spoken to over a pipe, gone with its value.
//!
//! Where no browser is installed a test says so and passes; `PARALINT_REQUIRE_BROWSER=1` makes it fail instead.

mod pipe;
mod watch;

use base64::Engine as _;
use pipe::Pipe;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use watch::Watch;

/// So long a test waits for a condition before it gives up: generous, for a machine that does other things as well.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a browser is called on the systems at hand.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// What a browser that is watched must not do: ask, update, call home.
const SWITCHES: [&str; 12] = [
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-breakpad",
    "--password-store=basic",
];

/// How a page is looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    /// The window's width in pixels.
    pub(crate) width: u32,
    /// The window's height in pixels.
    pub(crate) height: u32,
    /// The reader prefers dark colours.
    pub(crate) dark: bool,
    /// As on paper.
    pub(crate) print: bool,
}

impl Look {
    /// On a screen.
    pub(crate) const fn screen(width: u32, dark: bool) -> Look {
        Look { width, height: 900, dark, print: false }
    }
}

/// A browser with one page.
pub(crate) struct Browser {
    child: Child,
    pipe: Pipe,
    watch: Watch,
    session: String,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts a browser; `None` where there is none and none is asked for.
    #[allow(clippy::print_stdout)]
    pub(crate) fn start() -> Option<Browser> {
        let Some(program) = program() else {
            let required = std::env::var_os("PARALINT_REQUIRE_BROWSER").is_some_and(|value| value == "1");
            assert!(!required, "PARALINT_REQUIRE_BROWSER is set, and none of {NAMES:?} is installed");
            println!("not tested: no browser is installed ({})", NAMES.join(", "));
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        let mut child = spawn(&program, profile.path());
        let pipe = Pipe::new(child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut browser = Browser { child, pipe, watch: Watch::default(), session: String::new(), _profile: profile };
        browser.attach();
        browser.look(Look::screen(1280, false));
        Some(browser)
    }

    /// Makes a page and has everything reported that happens in it.
    fn attach(&mut self) {
        let target = self.call("Target.createTarget", json!({"url": "about:blank"}));
        let attached = self.call("Target.attachToTarget", json!({"targetId": target["targetId"], "flatten": true}));
        attached["sessionId"].as_str().unwrap().clone_into(&mut self.session);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.call(&format!("{domain}.enable"), json!({}));
        }
    }

    /// Opens a file and waits until it is loaded. What was seen of the page before is forgotten.
    pub(crate) fn open(&mut self, path: &Path) {
        let path = path.canonicalize().unwrap();
        self.watch = Watch::default();
        let went = self.call("Page.navigate", json!({"url": format!("file://{}", path.display())}));
        assert!(went["errorText"].is_null(), "{}: {}", path.display(), went["errorText"]);
        let begun = Instant::now();
        while !self.watch.loaded {
            assert!(begun.elapsed() < PATIENCE, "{} never finished loading", path.display());
            self.listen(Duration::from_millis(50));
        }
    }

    /// Errors and warnings on the console, exceptions, violations of the page's policy, since it was opened.
    pub(crate) fn complaints(&mut self) -> Vec<String> {
        // An answer comes behind every event that was sent before it.
        self.evaluate("0");
        self.watch.complaints.clone()
    }

    /// The addresses that the page asked for, without its own.
    pub(crate) fn requests(&mut self) -> Vec<String> {
        self.evaluate("0");
        self.watch.requests.iter().skip(1).cloned().collect()
    }

    /// The value of an expression in the page; a promise is waited for. An exception fails the test.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Value {
        let parameters = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let answer = self.call("Runtime.evaluate", parameters);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {:#}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// The text that an expression yields.
    pub(crate) fn text(&mut self, expression: &str) -> String {
        let value = self.evaluate(expression);
        value.as_str().unwrap_or_else(|| panic!("{expression} is no text: {value}")).to_owned()
    }

    /// The number that an expression yields.
    pub(crate) fn number(&mut self, expression: &str) -> f64 {
        let value = self.evaluate(expression);
        value.as_f64().unwrap_or_else(|| panic!("{expression} is no number: {value}"))
    }

    /// Waits until an expression is true.
    pub(crate) fn wait_for(&mut self, expression: &str) {
        let begun = Instant::now();
        while self.evaluate(&format!("Boolean({expression})")) != true {
            assert!(begun.elapsed() < PATIENCE, "never true: {expression}; the page complains: {:?}", self.watch.complaints);
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Moves or presses the mouse: `mouseMoved`, `mousePressed`, `mouseReleased`, in pixels of the window.
    pub(crate) fn mouse(&mut self, kind: &str, x: f64, y: f64) {
        let button = if kind == "mouseMoved" { "none" } else { "left" };
        self.call("Input.dispatchMouseEvent", json!({"type": kind, "x": x, "y": y, "button": button, "clickCount": 1}));
    }

    /// Presses a key and lets it go: `ArrowDown`, `Escape`, …
    pub(crate) fn key(&mut self, name: &str) {
        let code = match name {
            "Tab" => 9,
            "Enter" => 13,
            "Escape" => 27,
            "End" => 35,
            "Home" => 36,
            "ArrowLeft" => 37,
            "ArrowUp" => 38,
            "ArrowRight" => 39,
            "ArrowDown" => 40,
            _ => panic!("unknown key {name}"),
        };
        for kind in ["rawKeyDown", "keyUp"] {
            self.call("Input.dispatchKeyEvent", json!({"type": kind, "key": name, "code": name, "windowsVirtualKeyCode": code}));
        }
    }

    /// Types into what has the focus.
    pub(crate) fn write(&mut self, text: &str) {
        self.call("Input.insertText", json!({"text": text}));
    }

    /// Looks at the page in another way.
    pub(crate) fn look(&mut self, look: Look) {
        let size = json!({"width": look.width, "height": look.height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", size);
        let scheme = json!([{"name": "prefers-color-scheme", "value": if look.dark { "dark" } else { "light" }}]);
        self.call("Emulation.setEmulatedMedia", json!({"media": if look.print { "print" } else { "" }, "features": scheme}));
    }

    /// The window as a picture, PNG.
    pub(crate) fn screenshot(&mut self) -> Vec<u8> {
        let shot = self.call("Page.captureScreenshot", json!({"format": "png"}));
        base64::engine::general_purpose::STANDARD.decode(shot["data"].as_str().unwrap()).unwrap()
    }

    /// Sends a message and waits for its answer.
    fn call(&mut self, method: &str, parameters: Value) -> Value {
        let id = self.pipe.send(method, parameters, &self.session);
        let begun = Instant::now();
        loop {
            assert!(begun.elapsed() < PATIENCE, "the browser never answered {method}; it says: {:?}", self.watch.complaints);
            if let Some(message) = self.listen(Duration::from_millis(200)).filter(|message| message["id"] == id) {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
        }
    }

    /// The next message, if one comes in time.
    fn listen(&mut self, limit: Duration) -> Option<Value> {
        let message = self.pipe.receive(limit)?;
        self.watch.see(&message);
        Some(message)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A browser that closes by itself takes its helpers along; one that does not is ended.
        self.pipe.close();
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(10) {
            if matches!(self.child.try_wait(), Ok(Some(_)) | Err(_)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The browser of this machine.
fn program() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("PARALINT_BROWSER").filter(|value| !value.is_empty()) {
        return Some(PathBuf::from(named));
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&folders).collect();
    let places = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    places.into_iter().find(|place| place.is_file())
}

/// Starts the browser with its pipe at the descriptors 3 and 4, where it looks for it, and nothing of this machine's environment.
fn spawn(program: &Path, profile: &Path) -> Child {
    let mut command = Command::new("sh");
    command.args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 0</dev/null 1>&2"]).arg(program).args(SWITCHES);
    if rustix::process::geteuid().is_root() {
        // Chromium refuses to build its sandbox for root.
        command.arg("--no-sandbox");
    }
    command.arg(format!("--user-data-dir={}", profile.display())).arg("about:blank");
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", profile).env("LANG", "C.UTF-8");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// The harness sees what it has to see: otherwise no test that uses it could fail.
#[test]
fn what_goes_wrong_in_a_page_is_seen() {
    let Some(mut browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut open = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, format!("<!doctype html><title>t</title><body>{text}")).unwrap();
        browser.open(&path);
        (browser.complaints().join("\n"), browser.requests())
    };
    assert_eq!(open("good.html", "<script>console.log('fine')</script>"), (String::new(), Vec::new()));
    assert!(open("console.html", "<script>console.error('one', 2)</script>").0.contains("one 2"));
    assert!(open("exception.html", "<script>throw new Error('thrown')</script>").0.contains("thrown"));
    assert!(open("promise.html", "<script>Promise.reject(new Error('lost'))</script>").0.contains("lost"));
    let forbidden = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\"><p id=p onclick=1 style='color:red'>x";
    assert!(open("policy.html", forbidden).0.contains("Content Security Policy"));
    let (said, asked) = open("image.html", "<img src='missing.png'>");
    assert!(said.contains("missing.png") || said.contains("ERR_FILE_NOT_FOUND"), "{said}");
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert_eq!(open("again.html", "good"), (String::new(), Vec::new()), "what was before is forgotten");
}

#[test]
fn a_page_can_be_looked_at_and_acted_on() {
    let Some(mut browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.html");
    let script = "for (const kind of ['mousemove', 'mousedown', 'keydown']) addEventListener(kind, event => \
                  seen.push(kind + ' ' + (event.key ?? event.clientX + ',' + event.clientY)))";
    std::fs::write(&path, format!("<!doctype html><input autofocus><p>text</p><script>var seen = []; {script}</script>")).unwrap();
    browser.open(&path);
    for dark in [false, true] {
        browser.look(Look::screen(400, dark));
        let seen = browser.evaluate("[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches, matchMedia('print').matches]");
        assert_eq!(seen, json!([400, dark, false]));
    }
    browser.look(Look { print: true, ..Look::screen(800, false) });
    assert_eq!(browser.evaluate("matchMedia('print').matches"), true);
    assert!(browser.screenshot().starts_with(b"\x89PNG"));
    browser.look(Look::screen(800, false));
    // A page that nobody looks at draws no frames.
    browser.evaluate("new Promise(done => requestAnimationFrame(() => done(0)))");
    assert_eq!(browser.text("document.visibilityState"), "visible");
    browser.mouse("mouseMoved", 30.0, 40.0);
    browser.mouse("mousePressed", 31.0, 41.0);
    browser.evaluate("document.querySelector('input').focus()");
    browser.key("ArrowDown");
    browser.write("typed");
    browser.wait_for("document.querySelector('input').value === 'typed'");
    let seen = browser.evaluate("seen");
    for wanted in ["mousemove 30,40", "mousedown 31,41", "keydown ArrowDown"] {
        assert!(seen.as_array().unwrap().iter().any(|one| one == wanted), "{wanted}: {seen}");
    }
}
