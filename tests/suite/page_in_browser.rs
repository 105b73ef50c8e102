//! The page in a real browser: it opens without a complaint, fits every window, draws its pictures, and obeys mouse and keys.

use super::browser::{Browser, Look};
use super::program::{fixture, paralint};
use super::{gates_probes, hostile_log, reports_agree};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A page, and the report that it was made from.
struct Made {
    page: PathBuf,
    report: Value,
    _folder: tempfile::TempDir,
}

/// Runs the program and has the page written.
fn made(place: &Path, arguments: &[&str]) -> Made {
    let folder = tempfile::tempdir().unwrap();
    let (page, json) = (folder.path().join("page.html"), folder.path().join("report.json"));
    let target = |format: &str, path: &Path| format!("--output={format}={}", path.display());
    let output = paralint(place).args(arguments).arg(target("html", &page)).arg(target("json", &json)).output().unwrap();
    assert!(page.is_file() && json.is_file(), "{}", String::from_utf8_lossy(&output.stderr));
    let report = serde_json::from_slice(&std::fs::read(json).unwrap()).unwrap();
    Made { page, report, _folder: folder }
}

fn audited(name: &str) -> Made {
    made(&fixture(name), &["audit", "--no-config", "."])
}

fn of_hostile_log() -> Made {
    let folder = tempfile::tempdir().unwrap();
    let log = hostile_log::write(folder.path());
    made(folder.path(), &["audit", "--no-config", log.to_str().unwrap()])
}

fn of_gates() -> Made {
    let gates = "[gates.format]\nrun = 'sleep 0.2'\n[gates.clippy]\nrun = 'sleep 0.4'\nneeds = ['format']\n\
                 [gates.test]\nrun = 'sleep 0.3; echo why; exit 3'\nneeds = ['format']\n[gates.documents]\nrun = 'true'\nneeds = ['test']\n";
    let repository = gates_probes::repository(gates);
    made(repository.path(), &["gates"])
}

/// Every kind of page, each with a name for its screenshots.
fn pages() -> Vec<(&'static str, Made)> {
    let empty = tempfile::tempdir().unwrap();
    vec![
        ("demo", audited("demo-serial")),
        ("collision", audited("overlap-absolute-relative")),
        ("fine", audited("everything-fine")),
        ("all", audited("")),
        ("gates", of_gates()),
        ("check", made(reports_agree::many_violations(14).path(), &["check"])),
        ("hostile", of_hostile_log()),
        ("error", made(empty.path(), &["audit", "."])),
    ]
}

/// Both colour schemes, in a wide and in a narrow window.
const LOOKS: [(&str, Look); 4] = [
    ("light-1280", Look::screen(1280, false)),
    ("dark-1280", Look::screen(1280, true)),
    ("light-400", Look::screen(400, false)),
    ("dark-400", Look::screen(400, true)),
];

/// Brings each picture into view, and waits until it is drawn; how many there are.
fn draw_all(browser: &mut Browser) -> usize {
    browser.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)");
    let figures = "[...document.querySelectorAll('figure.picture')]";
    // Within the page: a word to the browser and back for each picture would take longer than drawing it.
    browser.evaluate(&format!(
        "(async () => {{ for (const figure of {figures}) {{ figure.scrollIntoView(); \
         while (figure.dataset.drawn !== '1') await new Promise(requestAnimationFrame) }} scrollTo(0, 0) }})()"
    ));
    browser.number(&format!("{figures}.filter(one => one.dataset.drawn === '1').length")) as usize
}

/// Writes what is seen into the folder that `PARALINT_SCREENSHOTS` names; does nothing without it.
fn keep_screenshot(browser: &mut Browser, name: &str, look: Look) {
    let Some(folder) = std::env::var_os("PARALINT_SCREENSHOTS").filter(|value| !value.is_empty()) else { return };
    std::fs::create_dir_all(&folder).unwrap();
    // The whole page, as far as one can look at it at once: pictures draw when they are in the window.
    let height = browser.number("document.documentElement.scrollHeight").min(4000.0) as u32;
    browser.look(Look { height: height.max(look.height), ..look });
    let near = "[...document.querySelectorAll('figure.picture')].filter(one => one.getBoundingClientRect().top < innerHeight \
                && one.getBoundingClientRect().height > 0)";
    browser.wait_for(&format!("{near}.every(one => one.dataset.drawn === '1')"));
    // Two frames later what was drawn is on the screen.
    browser.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))");
    std::fs::write(Path::new(&folder).join(format!("{name}.png")), browser.screenshot()).unwrap();
    browser.look(look);
}

#[test]
fn every_page_opens_without_a_complaint_and_fits_every_window() {
    let Some(mut browser) = Browser::start() else { return };
    for (name, made) in pages() {
        // Each width and each scheme once is enough for the page of all fixtures, whose pictures take their time.
        for (look_name, look) in LOOKS.into_iter().step_by(if name == "all" { 3 } else { 1 }) {
            browser.look(look);
            browser.open(&made.page);
            let pictures = draw_all(&mut browser);
            // A text has no time that could be drawn, which the page says.
            let with_agents = made.report["sessions"].as_array().into_iter().flatten();
            let with_agents = with_agents.filter(|session| !session["dispatches"].as_array().unwrap().is_empty());
            let (texts, timed): (Vec<&Value>, Vec<&Value>) = with_agents.partition(|session| session["clock"] == "lines");
            assert!(pictures >= timed.len(), "{name}: {pictures} pictures of {} sessions with agents and times", timed.len());
            assert_eq!(
                sessions_without_a_picture(&mut browser),
                texts.len(),
                "{name}: each text says that it has no picture, and has none"
            );
            let widths = browser.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]");
            assert!(widths[0].as_u64() <= widths[1].as_u64(), "{name} {look_name}: {widths} wide; {}", wide_elements(&mut browser));
            keep_screenshot(&mut browser, &format!("{name}-{look_name}"), look);
            assert_eq!(browser.complaints(), Vec::<String>::new(), "{name} {look_name}");
            let foreign: Vec<String> = browser.requests().into_iter().filter(|address| !address.starts_with("data:")).collect();
            assert_eq!(foreign, Vec::<String>::new(), "{name} {look_name}: a page of one file asks for nothing");
        }
    }
}

/// How many sections say that there is no picture, and have none.
fn sessions_without_a_picture(browser: &mut Browser) -> usize {
    let says = "one => [...one.querySelectorAll('p')].some(text => text.textContent.includes('there is no picture'))";
    let is_so = format!("one => ({says})(one) && !one.querySelector('figure.picture')");
    browser.number(&format!("[...document.querySelectorAll('section.session')].filter({is_so}).length")) as usize
}

/// The elements that reach beyond the window, for a message.
fn wide_elements(browser: &mut Browser) -> Value {
    let name = "one => one.tagName + '.' + one.className + '#' + one.id";
    let wide = "one => one.getBoundingClientRect().right > document.documentElement.clientWidth";
    browser.evaluate(&format!("[...document.querySelectorAll('body *')].filter({wide}).slice(0, 8).map({name})"))
}

#[test]
fn light_and_dark_differ() {
    let Some(mut browser) = Browser::start() else { return };
    let made = audited("demo-serial");
    browser.open(&made.page);
    let mut colours = |dark: bool| {
        browser.look(Look::screen(1280, dark));
        let style = "getComputedStyle(document.body)";
        browser.text(&format!(
            "{style}.color + ' on ' + (({style}.backgroundColor !== 'rgba(0, 0, 0, 0)') ? {style}.backgroundColor \
                               : getComputedStyle(document.documentElement).backgroundColor)"
        ))
    };
    assert_ne!(colours(false), colours(true));
}

#[test]
fn what_a_log_holds_is_shown_and_never_runs() {
    let Some(mut browser) = Browser::start() else { return };
    let made = of_hostile_log();
    browser.open(&made.page);
    draw_all(&mut browser);
    // Whatever opens, opens; whatever listens, hears.
    browser.evaluate("document.querySelectorAll('main *').forEach(one => one.dispatchEvent(new MouseEvent('mouseover', {bubbles: true})))");
    browser.evaluate(
        "document.querySelectorAll('main a[href]').forEach(one => { if (!one.getAttribute('href').startsWith('#')) one.click() })",
    );
    assert_eq!(browser.evaluate("[typeof window.injected, document.title.includes('injected')]"), serde_json::json!(["undefined", false]));
    let shown = browser.text("document.body.textContent");
    for text in ["<script>window.injected = 1", "<img src=x onerror=", "javascript:window.injected=5"] {
        assert!(shown.contains(text), "{text} is shown as it is");
    }
    let elements = "document.querySelectorAll('body img, body iframe, body object, body embed, body base, body form:not(main #findings > .filters)').length";
    assert_eq!(browser.number(elements), 0.0);
    // The page's own form leads nowhere.
    let forms =
        "[...document.forms].map(one => [one.dataset.filters, one.getAttribute('action'), one.querySelectorAll('[formaction]').length])";
    assert_eq!(browser.evaluate(forms), serde_json::json!([["findings", null, 0]]));
    let scripts =
        "[...document.querySelectorAll('script')].filter(one => one.textContent.includes('window.injected') && one.id !== 'data').length";
    assert_eq!(browser.number(scripts), 0.0);
    let hrefs = "[...document.querySelectorAll('[href]')].map(one => one.getAttribute('href').trim().toLowerCase())";
    assert_eq!(browser.number(&format!("{hrefs}.filter(one => one.startsWith('javascript:')).length")), 0.0);
    let handlers =
        "[...document.querySelectorAll('*')].flatMap(one => [...one.attributes]).filter(one => one.name.startsWith('on')).length";
    assert_eq!(browser.number(handlers), 0.0);
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// Where the picture says that something is to be seen: a place in the window.
fn probe(browser: &mut Browser) -> (f64, f64) {
    let figure = "document.querySelector('figure.picture')";
    browser.evaluate(&format!("{figure}.scrollIntoView({{block: 'center'}})"));
    browser.wait_for(&format!("{figure}.dataset.drawn === '1' && {figure}.dataset.probe"));
    let place = browser.evaluate(&format!(
        "(() => {{ const at = JSON.parse({figure}.dataset.probe), box = {figure}.querySelector('.picture-canvas').getBoundingClientRect(); \
         return [box.left + at.x, box.top + at.y]; }})()"
    ));
    (place[0].as_f64().unwrap(), place[1].as_f64().unwrap())
}

/// The tip, if it can be seen.
const TIP: &str = "[...document.querySelectorAll('.picture-tip')].filter(one => one.checkVisibility({visibilityProperty: true, \
                   opacityProperty: true}) && one.getBoundingClientRect().height > 0).map(one => one.textContent).join('')";

#[test]
fn the_mouse_over_an_agent_tells_what_it_did() {
    let Some(mut browser) = Browser::start() else { return };
    for (name, width) in [("demo-serial", 1280), ("demo-serial", 400), ("overlap-absolute-relative", 1280)] {
        let made = audited(name);
        browser.look(Look::screen(width, false));
        browser.open(&made.page);
        let (x, y) = probe(&mut browser);
        assert_eq!(browser.text(TIP), "", "{name}: nothing is told before");
        browser.mouse("mouseMoved", x, y);
        browser.wait_for(&format!("{TIP} !== ''"));
        let told = browser.text(TIP);
        let agents = made.report["sessions"][0]["dispatches"].as_array().unwrap();
        assert!(agents.iter().any(|agent| told.contains(agent["description"].as_str().unwrap())), "{name}: {told}");
        let inside = "[...document.querySelectorAll('.picture-tip')].map(one => one.getBoundingClientRect()).filter(one => one.height > 0)\
                      .every(one => one.left >= 0 && one.right <= document.documentElement.clientWidth + 1)";
        assert_eq!(browser.evaluate(inside), true, "{name}: the tip stays in the window of {width}");
        browser.mouse("mouseMoved", 1.0, 1.0);
        browser.wait_for(&format!("{TIP} === ''"));
        assert_eq!(browser.complaints(), Vec::<String>::new());
    }
}

#[test]
fn arrow_keys_walk_through_a_picture_and_say_where_they_are() {
    let Some(mut browser) = Browser::start() else { return };
    let made = audited("demo-serial");
    browser.open(&made.page);
    probe(&mut browser);
    let live = "document.querySelector('figure.picture .picture-live').textContent.trim()";
    browser.evaluate("document.querySelector('figure.picture .picture-canvas').focus()");
    let focused = "document.querySelector('figure.picture .picture-canvas').contains(document.activeElement)";
    assert_eq!(browser.evaluate(focused), true, "keys reach the picture");
    let agents: Vec<&str> = list(&made.report["sessions"][0]["dispatches"], "description");
    let said = |browser: &mut Browser, key: &str, before: &str| {
        browser.key(key);
        browser.wait_for(&format!("{live} !== {}", Value::from(before)));
        browser.text(live)
    };
    // First what was claimed, then the main thread with all that it did, then each agent.
    let mut heard = vec![said(&mut browser, "ArrowDown", "")];
    assert!(heard[0].contains(made.report["sessions"][0]["claims"][0]["text"].as_str().unwrap()), "{heard:?}");
    heard.push(said(&mut browser, "ArrowDown", &heard[0]));
    let event = said(&mut browser, "ArrowRight", &heard[1]);
    assert!(event.contains("main thread") && !event.starts_with("main thread"), "what the main thread did: {event}");
    let next = said(&mut browser, "ArrowRight", &event);
    assert_eq!(said(&mut browser, "ArrowLeft", &next), event);
    assert_eq!(said(&mut browser, "ArrowLeft", &event), heard[1]);
    for _ in 0..agents.len() {
        let next = said(&mut browser, "ArrowDown", &heard[heard.len() - 1]);
        heard.push(next);
    }
    let lanes = &heard[2..];
    assert!(heard[1].starts_with("main thread"), "{heard:?}");
    assert!(agents.iter().all(|agent| lanes.iter().filter(|lane| lane.starts_with(agent)).count() == 1), "{heard:?}");
    let last = &lanes[lanes.len() - 1];
    assert_eq!(&said(&mut browser, "ArrowUp", last), &lanes[lanes.len() - 2]);
    assert_eq!(&said(&mut browser, "ArrowDown", &lanes[lanes.len() - 2]), last);
    browser.wait_for(&format!("{TIP} !== ''"));
    assert_eq!(browser.evaluate(focused), true, "keys stay in the picture");
    browser.key("Escape");
    browser.wait_for(&format!("{TIP} === ''"));
    browser.key("ArrowRight");
    browser.wait_for(&format!("{TIP} !== ''"));
    browser.key("Enter");
    let agent = agents.iter().position(|agent| last.starts_with(agent)).unwrap();
    assert_seen(&mut browser, &format!("agent-0-{agent}"), agents[agent]);
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn enter_leads_from_a_picture_to_what_says_more() {
    let Some(mut browser) = Browser::start() else { return };
    let made = audited("demo-serial");
    browser.open(&made.page);
    probe(&mut browser);
    browser.evaluate("document.querySelector('figure.picture .picture-canvas').focus()");
    browser.key("ArrowDown");
    browser.key("Enter");
    assert_seen(&mut browser, "finding-0", made.report["findings"][0]["message"].as_str().unwrap());
    let made = of_gates();
    browser.open(&made.page);
    probe(&mut browser);
    browser.evaluate("document.querySelector('figure.picture .picture-canvas').focus()");
    browser.key("ArrowDown");
    browser.key("Enter");
    let first = browser.text("document.activeElement.id");
    let names = list(&made.report["gates"], "name");
    let gate: usize = first.strip_prefix("gate-").unwrap_or_else(|| panic!("{first:?} is no gate")).parse().unwrap();
    assert_seen(&mut browser, &first, names[gate]);
    assert_eq!(names[gate], "format", "the first one that ran");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// A member of each object of a list, which has to be a text.
fn list<'r>(objects: &'r Value, member: &str) -> Vec<&'r str> {
    objects.as_array().unwrap().iter().map(|one| one[member].as_str().unwrap()).collect()
}

/// The focus went to an element of the page, it can be seen, and it tells of what it should.
fn assert_seen(browser: &mut Browser, id: &str, told: &str) {
    browser.wait_for(&format!("document.activeElement.id === {}", Value::from(id)));
    assert!(browser.text("document.activeElement.textContent").contains(told), "{id} tells of {told}");
    browser.wait_for("(box => box.height > 0 && box.top < innerHeight && box.bottom > 0)(document.activeElement.getBoundingClientRect())");
}

#[test]
fn each_picture_has_a_table_behind_it() {
    let Some(mut browser) = Browser::start() else { return };
    for (name, made) in [("demo", audited("demo-serial")), ("gates", of_gates())] {
        browser.open(&made.page);
        draw_all(&mut browser);
        let shown = browser.text("[...document.querySelectorAll('section:has(figure.picture) table td, section:has(figure.picture) table th')].map(one => one.textContent).join('\\n')");
        let sessions = made.report["sessions"].as_array().into_iter().flatten();
        let agents = sessions.flat_map(|session| session["dispatches"].as_array().unwrap()).map(|agent| &agent["description"]);
        let gates = made.report["gates"].as_array().into_iter().flatten().map(|gate| &gate["name"]);
        for wanted in agents.chain(gates) {
            assert!(shown.contains(wanted.as_str().unwrap()), "{name}: {wanted} is not in a table: {shown}");
        }
    }
}
