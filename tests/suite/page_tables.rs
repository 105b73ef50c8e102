//! The tables of the page in a real browser: what filters, sorts, and is printed.

use super::browser::{Browser, Look};
use super::program::fixture;
use super::program::paralint;

/// The fields that filter the findings.
const TEXT: &str = "document.querySelector('form.filters[data-filters=findings] input[name=text]')";
/// What says how many findings are shown, also to those who cannot see it.
const COUNT: &str = "document.querySelector('form.filters[data-filters=findings] output[aria-live]').textContent";
/// The numbers of the findings that can be seen, from the first row to the last.
const SHOWN: &str = "[...document.querySelectorAll('table.findings tr[id^=\"finding-\"]')]\
                     .filter(one => one.getBoundingClientRect().height > 0).map(one => Number(one.id.slice(8)))";

/// A page with many findings of all severities, open in a browser.
fn open() -> Option<(Browser, tempfile::TempDir, u64)> {
    let mut browser = Browser::start()?;
    let folder = tempfile::tempdir().unwrap();
    let target = |format: &str| format!("--output={format}={}", folder.path().join(format!("report.{format}")).display());
    paralint(&fixture("")).args(["audit", "--no-config", "."]).args([target("html"), target("json")]).output().unwrap();
    browser.open(&folder.path().join("report.html"));
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.path().join("report.json")).unwrap()).unwrap();
    let severities = ["error", "warning", "note"].map(|severity| report["summary"][severity].as_u64().unwrap());
    assert!(severities.iter().all(|count| *count > 0), "{severities:?}: something to filter");
    Some((browser, folder, severities.iter().sum()))
}

fn shown(browser: &mut Browser) -> Vec<u64> {
    browser.evaluate(SHOWN).as_array().unwrap().iter().map(|number| number.as_u64().unwrap()).collect()
}

/// What the live count says has to be the number of rows.
fn assert_counted(browser: &mut Browser) {
    let count = shown(browser).len();
    let said = browser.text(COUNT);
    let first = said.split(|letter: char| !letter.is_ascii_digit()).find(|word| !word.is_empty()).map(str::to_owned);
    let is_none = count == 0 && said.to_lowercase().contains("no");
    assert!(is_none || first == Some(count.to_string()), "{count} rows, and it says {said:?}");
}

#[test]
fn a_text_filters_the_findings_and_the_count_says_so() {
    let Some((mut browser, _folder, all)) = open() else { return };
    assert_eq!(shown(&mut browser).len() as u64, all);
    assert_counted(&mut browser);
    browser.evaluate(&format!("{TEXT}.focus()"));
    browser.write("overlapping-edits");
    browser.wait_for(&format!("{SHOWN}.length > 0 && {SHOWN}.length < {all}"));
    let fits = "[...document.querySelectorAll('table.findings tr[id^=\"finding-\"]')].every(one => \
                (one.getBoundingClientRect().height > 0) === one.textContent.includes('overlapping-edits'))";
    assert_eq!(browser.evaluate(fits), true);
    assert_counted(&mut browser);
    browser.write(" [(*nothing has this");
    browser.wait_for(&format!("{SHOWN}.length === 0"));
    assert_counted(&mut browser);
    browser.evaluate(&format!(
        "(() => {{ const field = {TEXT}; field.value = ''; field.dispatchEvent(new Event('input', {{bubbles: true}})) }})()"
    ));
    browser.wait_for(&format!("{SHOWN}.length === {all}"));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn severities_filter_the_findings() {
    let Some((mut browser, _folder, all)) = open() else { return };
    let mut left = all;
    for severity in ["error", "warning", "note"] {
        let field = format!("document.querySelector('form.filters input[name=severity][value={severity}]')");
        assert_eq!(browser.evaluate(&format!("{field}.checked")), true, "{severity}");
        browser.evaluate(&format!("{field}.click()"));
        browser.wait_for(&format!("{SHOWN}.length < {left}"));
        left = shown(&mut browser).len() as u64;
        assert_counted(&mut browser);
    }
    assert_eq!(left, 0);
    browser.evaluate("document.querySelector('form.filters input[name=severity][value=error]').click()");
    browser.wait_for(&format!("{SHOWN}.length > 0"));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn a_header_sorts_and_says_so() {
    let Some((mut browser, _folder, all)) = open() else { return };
    let buttons = browser.number("document.querySelectorAll('table.findings thead button').length") as usize;
    assert!(buttons >= 3, "{buttons} columns to sort by");
    let mut orders = std::collections::BTreeSet::new();
    orders.insert(shown(&mut browser));
    for index in 0..buttons {
        let button = format!("document.querySelectorAll('table.findings thead button')[{index}]");
        let state = format!("{button}.closest('th').getAttribute('aria-sort')");
        let before = browser.evaluate(&state);
        browser.evaluate(&format!("{button}.click()"));
        browser.wait_for(&format!("['ascending', 'descending'].includes({state}) && {state} !== {before}"));
        let (one, first) = (browser.text(&state), shown(&mut browser));
        let column = format!("[...document.querySelectorAll('table.findings thead th')].indexOf({button}.closest('th'))");
        let values =
            format!("[...document.querySelectorAll('table.findings tr[id^=\"finding-\"]')].map(one => one.cells[{column}].textContent)");
        let first_values = browser.evaluate(&values);
        browser.evaluate(&format!("{button}.click()"));
        browser.wait_for(&format!("['ascending', 'descending'].includes({state}) && {state} !== '{one}'"));
        let sorted =
            "[...document.querySelectorAll('table.findings th[aria-sort]')].filter(one => one.getAttribute('aria-sort') !== 'none').length";
        assert_eq!(browser.number(sorted), 1.0, "one column is the one that is sorted by");
        let distinct = |values: &serde_json::Value| {
            values.as_array().unwrap().iter().map(ToString::to_string).collect::<std::collections::BTreeSet<_>>().len()
        };
        if distinct(&first_values) > 1 {
            assert_ne!(browser.evaluate(&values), first_values, "column {index}: the other direction is another order");
        }
        for order in [first, shown(&mut browser)] {
            assert_eq!(order.len() as u64, all, "no row is lost");
            orders.insert(order);
        }
    }
    assert!(orders.len() >= 4, "{} orders", orders.len());
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn sorting_and_filtering_go_together() {
    let Some((mut browser, _folder, all)) = open() else { return };
    browser.evaluate(&format!("{TEXT}.focus()"));
    browser.write("overlap");
    browser.wait_for(&format!("{SHOWN}.length > 0 && {SHOWN}.length < {all}"));
    let before: std::collections::BTreeSet<u64> = shown(&mut browser).into_iter().collect();
    browser.evaluate("document.querySelector('table.findings thead button').click()");
    browser.wait_for("document.querySelector('table.findings th[aria-sort=\"ascending\"], table.findings th[aria-sort=\"descending\"]')");
    assert_eq!(shown(&mut browser).into_iter().collect::<std::collections::BTreeSet<u64>>(), before);
}

#[test]
fn on_paper_every_table_is_there() {
    let Some((mut browser, _folder, all)) = open() else { return };
    browser.look(Look { print: true, ..Look::screen(800, false) });
    assert_eq!(shown(&mut browser).len() as u64, all);
    let tables = "[...document.querySelectorAll('main table')]";
    assert!(browser.number(&format!("{tables}.length")) > 1.0, "findings, and what is behind the pictures");
    let hidden = format!("{tables}.filter(one => one.getBoundingClientRect().height === 0).length");
    assert_eq!(browser.number(&hidden), 0.0, "tables that a reader of the paper would miss");
    let background = browser.text("getComputedStyle(document.body).backgroundColor");
    assert!(["rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"].contains(&background.as_str()), "paper is white: {background}");
    let fields = "[...document.querySelectorAll('form input, form select')]";
    assert!(browser.number(&format!("{fields}.length")) >= 5.0, "a text, a rule, three severities");
    let usable = format!("{fields}.filter(one => one.getBoundingClientRect().height > 0).length");
    assert_eq!(browser.number(&usable), 0.0, "nothing to type or press on paper");
}

#[test]
fn the_worst_come_first_and_the_header_says_so() {
    let Some((mut browser, _folder, all)) = open() else { return };
    let severities = "[...document.querySelectorAll('table.findings tr[data-severity]')].map(one => one.dataset.severity)";
    let severities = browser.evaluate(severities);
    let ranks: Vec<usize> = severities
        .as_array()
        .unwrap()
        .iter()
        .map(|one| ["error", "warning", "note"].iter().position(|name| one == name).unwrap())
        .collect();
    assert!(ranks.len() as u64 == all && ranks.is_sorted(), "{ranks:?}");
    assert_eq!(browser.text("document.querySelector('table.findings th[aria-sort=ascending] button').firstChild.textContent"), "Severity");
    let read_aloud = "[...document.querySelectorAll('th button > :not([aria-hidden=true])')].length";
    assert_eq!(browser.number(read_aloud), 0.0, "the sign of the direction is no part of a header's name");
    let own = "[...document.querySelectorAll('th button')].filter(one => getComputedStyle(one, '::after').content !== 'none').length";
    assert_eq!(browser.number(own), 0.0);
}

#[test]
fn an_agents_name_is_found_and_nothing_is_said_to_be_nothing() {
    let Some((mut browser, _folder, all)) = open() else { return };
    let none = "document.querySelector('.none').getBoundingClientRect().height > 0";
    assert_eq!(browser.evaluate(none), false);
    let name = browser.text("document.querySelector('table.findings a[href^=\"#agent-\"]').textContent");
    let write = |browser: &mut Browser, text: &str| {
        let text = serde_json::json!(text);
        browser.evaluate(&format!(
            "(() => {{ const field = {TEXT}; field.value = {text}; field.dispatchEvent(new Event('input', {{bubbles: true}})) }})()"
        ));
    };
    write(&mut browser, &name);
    let found = shown(&mut browser).len() as u64;
    assert!((1..all).contains(&found), "{found} of {all} findings are about {name}");
    write(&mut browser, "[(*nothing has this");
    browser.wait_for(none);
    write(&mut browser, "");
    assert_eq!(browser.evaluate(none), false);
}

#[test]
fn a_link_leads_there_as_often_as_it_is_followed() {
    let Some((mut browser, _folder, _)) = open() else { return };
    let session = "document.querySelector('section.session > details:not([open])')";
    let id = browser.text(&format!("{session}.parentElement.id"));
    let is_open = format!("document.querySelector('#{id} > details').open");
    for _ in 0..3 {
        browser.evaluate(&format!("document.querySelector('#{id} > details').open = false"));
        browser.evaluate("scrollTo(0, 0)");
        browser.evaluate(&format!("document.querySelector('table.sessions a[href=\"#{id}\"]').click()"));
        browser.wait_for(&format!("{is_open} && scrollY > 0"));
    }
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn on_paper_every_picture_is_there_and_closed_again_after() {
    let Some((mut browser, _folder, _)) = open() else { return };
    let closed = "document.querySelectorAll('details:not([open])').length";
    let before = browser.number(closed);
    assert!(before > 5.0, "{before} closed");
    browser.evaluate("dispatchEvent(new Event('beforeprint'))");
    assert_eq!(browser.number(closed), 0.0);
    let empty = "[...document.querySelectorAll('figure.picture')].filter(one => !(one.querySelector('canvas')?.width > 0)).length";
    assert_eq!(browser.number(empty), 0.0, "pictures that are promised and not there");
    browser.evaluate("dispatchEvent(new Event('afterprint'))");
    assert_eq!(browser.number(closed), before);
    assert_eq!(browser.complaints(), Vec::<String>::new());
}
