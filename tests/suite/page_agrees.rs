//! The page as one thing: the picture comes first, says the times of the tables, and leads to their rows.

use super::browser::Browser;
use super::gates_probes;
use super::program::{fixture, paralint};
use std::collections::BTreeSet;
use std::path::Path;

const CANVAS: &str = "document.querySelector('figure.picture .picture-canvas')";
const LIVE: &str = "document.querySelector('figure.picture .picture-live').textContent";

/// The page of a run, open in a browser, with the keys in its picture.
fn open(place: &Path, arguments: &[&str]) -> Option<Browser> {
    let mut browser = Browser::start()?;
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.html");
    paralint(place).args(arguments).arg(format!("--output=html={}", page.display())).output().unwrap();
    browser.open(&page);
    browser.evaluate("document.querySelector('figure.picture').scrollIntoView()");
    browser.wait_for("document.querySelector('figure.picture').dataset.drawn === '1'");
    browser.evaluate(&format!("{CANVAS}.focus()"));
    Some(browser)
}

fn open_demo() -> Option<Browser> {
    open(&fixture("demo-day"), &["audit", "--no-config", "."])
}

/// Goes down until the picture tells of something that begins with `wanted`.
fn walk_to(browser: &mut Browser, wanted: &str) -> String {
    for _ in 0..60 {
        let said = browser.text(LIVE);
        if said.starts_with(wanted) {
            return said;
        }
        browser.key("ArrowDown");
    }
    panic!("the keys never come to {wanted}");
}

/// Every time in a column of a table is said by the picture as well.
fn assert_agrees(browser: &mut Browser, table: &str, column: usize) {
    let rows = format!(
        "[...document.querySelectorAll('table.{table} > tbody > tr')].map(row => \
         [row.cells[0].firstChild.textContent, row.cells[{column}].textContent.replace('at most ', '')])"
    );
    let rows = browser.evaluate(&rows);
    let mut times = BTreeSet::new();
    for row in rows.as_array().unwrap() {
        let (name, time) = (row[0].as_str().unwrap(), row[1].as_str().unwrap());
        // Each walk begins at the top: what comes first is not always the first row of the table.
        for _ in 0..60 {
            browser.key("ArrowUp");
        }
        if time != "–" {
            let said = walk_to(browser, name);
            assert!(said.contains(&format!(", {time}")), "{name} took {time}, and the picture says: {said}");
            times.insert(time.to_owned());
        }
    }
    assert!(times.len() > 2, "several times to compare: {times:?}");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn the_picture_says_the_times_of_the_tables() {
    let Some(mut browser) = open_demo() else { return };
    assert_agrees(&mut browser, "agents", 4);
    let gates = "[gates.a]\nrun = 'sleep 0.26'\n[gates.b]\nrun = 'sleep 0.47'\n[gates.c]\nrun = 'sleep 0.68; exit 1'\n";
    let repository = gates_probes::repository(gates);
    let mut browser = open(repository.path(), &["gates"]).unwrap();
    assert_agrees(&mut browser, "gates", 2);
}

#[test]
fn the_picture_stands_right_beneath_the_verdict() {
    let Some(mut browser) = open_demo() else { return };
    browser.evaluate("scrollTo(0, 0)");
    browser.wait_for("scrollY === 0");
    let top = |browser: &mut Browser, what: &str| browser.number(&format!("document.querySelector('{what}').getBoundingClientRect().top"));
    let (verdict, picture) = (top(&mut browser, "h1"), top(&mut browser, ".picture-canvas"));
    let (findings, tables) = (top(&mut browser, "#findings"), top(&mut browser, "table.agents"));
    assert!(verdict < picture && picture < findings && findings < tables, "{verdict} {picture} {findings} {tables}");
    assert!(picture < browser.number("innerHeight") / 2.0, "it begins where everybody sees it: {picture}");
    let places = "[...document.querySelectorAll('.contents a')].map(one => \
                  document.querySelector(one.getAttribute('href')).getBoundingClientRect().top)";
    let places: Vec<f64> = browser.evaluate(places).as_array().unwrap().iter().map(|place| place.as_f64().unwrap()).collect();
    assert!(places.len() > 2 && places.is_sorted(), "the contents are in the order of the page: {places:?}");
    let levels = "[...document.querySelectorAll('h1, h2, h3')].map(one => Number(one.localName[1]))";
    let levels: Vec<u64> = browser.evaluate(levels).as_array().unwrap().iter().map(|level| level.as_u64().unwrap()).collect();
    assert!(levels[0] == 1 && levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "no heading skips a level: {levels:?}");
}

#[test]
fn enter_leads_to_the_row_even_where_it_is_closed_away() {
    let Some(mut browser) = open_demo() else { return };
    browser.evaluate(
        "(() => { const box = document.querySelector('table.agents').parentElement, closed = document.createElement('details'); \
         box.before(closed); closed.append(box); })()",
    );
    walk_to(&mut browser, "Check the docs");
    browser.key("Enter");
    browser.wait_for("document.activeElement.matches('tr') && document.activeElement.getBoundingClientRect().height > 0");
    let row = browser.text("document.activeElement.textContent");
    assert!(row.starts_with("Check the docs"), "{row}");
    assert_eq!(browser.evaluate("document.activeElement.matches(':target')"), true, "it is marked");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn enter_leads_to_a_finding_that_a_filter_hides() {
    let Some(mut browser) = open_demo() else { return };
    let hidden = "document.querySelector('[id=\"finding-0\"]').getBoundingClientRect().height === 0";
    browser.evaluate(
        "(() => { const field = document.querySelector('form input[type=search]'); field.value = 'nothing has this'; \
         field.dispatchEvent(new Event('input', {bubbles: true})); })()",
    );
    browser.wait_for(hidden);
    walk_to(&mut browser, "! both edited src/routes.rs");
    // Again, too: the address is the same then.
    for _ in 0..2 {
        browser.key("Enter");
        browser.wait_for("document.activeElement.id.startsWith('finding-') && document.activeElement.getBoundingClientRect().height > 0");
        assert!(browser.text("document.activeElement.textContent").contains("both edited src/routes.rs"));
        browser.evaluate("document.querySelector('details[open]')?.removeAttribute('open')");
        browser.evaluate(&format!("{CANVAS}.focus()"));
        walk_to_again(&mut browser);
    }
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// Back to what collides: what was selected is forgotten when the keys leave the picture.
fn walk_to_again(browser: &mut Browser) {
    for _ in 0..3 {
        browser.key("ArrowUp");
    }
    walk_to(browser, "! both edited src/routes.rs");
}
