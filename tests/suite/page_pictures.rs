//! What the pictures say: no more than is known, and of each thing what it is.

use super::browser::{Browser, Look};
use super::program::{fixture, paralint};
use super::{gates_probes, hostile_log};
use std::path::Path;

const CANVAS: &str = "document.querySelector('figure.picture .picture-canvas')";
const TIP: &str = "[...document.querySelectorAll('figure.picture .picture-tip:not([hidden])')].map(one => one.innerText).join('')";

/// The page of a run, with its first picture drawn and in sight.
fn open(browser: &mut Browser, place: &Path, arguments: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.html");
    paralint(place).args(arguments).arg(format!("--output=html={}", page.display())).output().unwrap();
    browser.look(Look::screen(1280, false));
    browser.open(&page);
    browser.evaluate("document.querySelector('figure.picture').scrollIntoView()");
    browser.wait_for("document.querySelector('figure.picture').dataset.drawn === '1'");
}

fn open_session(browser: &mut Browser, name: &str) {
    open(browser, &fixture(name), &["audit", "--no-config", "."]);
}

fn caption(browser: &mut Browser) -> String {
    browser.text("document.querySelector('figure.picture figcaption').textContent")
}

/// What the tip says at a place of the canvas; both negative ones count from its right and its lower edge.
fn tip_at(browser: &mut Browser, x: f64, y: f64) -> String {
    browser.mouse("mouseMoved", 1.0, 1.0);
    browser.wait_for(&format!("{TIP} === ''"));
    let edge = |value: f64, low: &str, high: &str| format!("box.{} + {value}", if value < 0.0 { high } else { low });
    let place = format!("[{}, {}]", edge(x, "left", "right"), edge(y, "top", "bottom"));
    let place = browser.evaluate(&format!("(() => {{ const box = {CANVAS}.getBoundingClientRect(); return {place}; }})()"));
    browser.mouse("mouseMoved", place[0].as_f64().unwrap(), place[1].as_f64().unwrap());
    browser.wait_for(&format!("{TIP} !== ''"));
    browser.text(TIP)
}

#[test]
fn what_may_have_run_is_no_gap_and_not_counted_as_none() {
    let Some(mut browser) = Browser::start() else { return };
    open_session(&mut browser, "end-unknown");
    let folds =
        browser.number("[...document.querySelectorAll('figure.picture button')].filter(one => one.textContent.includes('fold')).length");
    assert_eq!(folds, 0.0, "two agents without an end may be running all the time");
    let told = tip_at(&mut browser, 700.0, -20.0);
    assert!(told.starts_with("no agent with exact times") && told.contains("2 agents may have run"), "{told}");
    open_session(&mut browser, "demo-day");
    let told = tip_at(&mut browser, 300.0, -20.0);
    assert!(told.starts_with("4 agents at once") && !told.contains("may have run"), "{told}");
}

#[test]
fn a_picture_that_looks_like_what_was_claimed_says_why_it_is_not() {
    let Some(mut browser) = Browser::start() else { return };
    open_session(&mut browser, "nested-parent-child");
    let said = caption(&mut browser);
    assert!(said.contains("2 agents (1 started by another of them)"), "{said}");
    assert!(said.contains("1 claim contradicted (one agent was dispatched)"), "{said}");
    let told = tip_at(&mut browser, 700.0, -20.0);
    assert!(told.starts_with("2 agents at once") && told.contains("1 of them started by another agent"), "{told}");
    let told = tip_at(&mut browser, 320.0, 14.0);
    assert!(told.contains("one agent was dispatched") && told.contains("said at 10:00:04 UTC, held against 1 agent"), "{told}");
}

#[test]
fn many_claims_at_one_place_are_one_flag_that_counts_them() {
    let Some(mut browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let log = hostile_log::write(folder.path());
    open(&mut browser, folder.path(), &["audit", "--no-config", log.to_str().unwrap()]);
    let said = caption(&mut browser);
    let found = (240..600).step_by(12).map(f64::from).map(|x| tip_or_nothing(&mut browser, x)).find(|told| told.contains(" claims: "));
    let told = found.unwrap_or_else(|| panic!("no flag tells of several claims; the caption is {said}"));
    let (count, rest) = told.split_once(" claims: ").unwrap();
    assert!(count.parse::<usize>().unwrap() > 4, "{told}");
    assert!(rest.starts_with(&format!("! {count} overstated")) && said.contains(&format!("{count} claims overstated")), "{said}: {told}");
}

/// What the tip says of a flag at `x`, if there is one.
fn tip_or_nothing(browser: &mut Browser, x: f64) -> String {
    let place =
        browser.evaluate(&format!("(() => {{ const box = {CANVAS}.getBoundingClientRect(); return [box.left + {x}, box.top + 12]; }})()"));
    browser.mouse("mouseMoved", place[0].as_f64().unwrap(), place[1].as_f64().unwrap());
    browser.text(TIP)
}

#[test]
fn home_and_end_move_the_picture_and_not_the_page() {
    let Some(mut browser) = Browser::start() else { return };
    open_session(&mut browser, "demo-day");
    browser.evaluate(&format!("{CANVAS}.focus({{preventScroll: true}})"));
    let before = browser.number("scrollY");
    browser.evaluate("document.querySelector('figure.picture button').click()");
    let probe = "JSON.parse(document.querySelector('figure.picture').dataset.probe).x";
    browser.key("End");
    browser.wait_for(&format!("{probe} < 0"));
    browser.key("Home");
    browser.wait_for(&format!("{probe} > 0"));
    assert_eq!(browser.number("scrollY"), before);
    assert!(browser.text("document.querySelector('.picture-help').textContent").contains("Home End"));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn the_lines_of_gates_are_explained() {
    let Some(mut browser) = Browser::start() else { return };
    let repository = gates_probes::repository("[gates.a]\nrun = 'sleep 0.1'\n[gates.b]\nrun = 'sleep 0.1'\nneeds = ['a']\n");
    open(&mut browser, repository.path(), &["gates"]);
    let legend = browser.text("document.querySelector('.picture-legend').textContent");
    for text in ["ran from here to there", "on the critical path", "needs the one before"] {
        assert!(legend.contains(text), "{text}: {legend}");
    }
}
