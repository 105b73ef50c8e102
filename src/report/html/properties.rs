//! What holds for the page of every report, however hostile its texts: read back as a browser reads it.

use super::words::{message, shown};
use super::{SCRIPT, STYLE, page, write};
use crate::model::change::{ChangeKind, Class, Entry, Source};
use crate::model::overlap::OverlapKind;
use crate::report::Context;
use crate::report::example;
use crate::report::hostile::{hostile, reports};
use crate::report::v1::{ChangeSet, ChangedFile, Finding, HeldLock, Location, Overlap, Owned, Ownership, OwningBoundary, Related, Report};
use crate::work::identity::AttributedBy;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use scraper::{ElementRef, Html, Selector};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// All that the page is made of: nothing here runs, loads, or sends but the one style and the one script.
const ELEMENTS: &str = "html head meta title style body a header p b h1 h2 h3 span div dl dt dd details summary ul ol li \
    nav main section form label input select option fieldset legend output table caption thead tbody \
    tr th td code pre strong small q wbr figure figcaption footer script";

/// The report with all that a repository can add to it, every text in it one of four.
fn with_repository(report: Report, texts: &[String; 4]) -> Report {
    let [one, two, three, four] = texts.clone();
    let place = |path: &String| Location {
        path: path.clone(),
        path_encoded: true,
        line: Some(3),
        column: Some(4),
        end_line: None,
        end_column: None,
    };
    let boundary = OwningBoundary {
        name: one.clone(),
        owner: Some(two.clone()),
        pattern: three.clone(),
        location: place(&four),
        excerpt: None,
        decides: true,
        only_new: true,
    };
    let lock = HeldLock {
        agent: two.clone(),
        since: example::stamp("10:00:00"),
        path: three.clone(),
        age: Some(90.0),
        stale: true,
        why: Some(four.clone()),
        location: Some(place(&one)),
    };
    let file = ChangedFile {
        path: one.clone(),
        path_encoded: true,
        old_path: Some(two.clone()),
        change: ChangeKind::Renamed,
        entry: Entry::Symlink,
        class: Class::Generated,
        inferred: true,
    };
    let set = ChangeSet {
        source: Source::Branch,
        name: three.clone(),
        base: Some(one.clone()),
        head: Some(two.clone()),
        agent: Some(four.clone()),
        attributed_by: Some(AttributedBy::Trailer),
        files: vec![file],
    };
    let overlap = Overlap {
        path: two.clone(),
        path_encoded: true,
        between: [one.clone(), three.clone()],
        kind: OverlapKind::Conflict,
        lines: Some([(1, 2), (3, 3)]),
        class: Class::Generated,
        remarks: vec![four.clone()],
    };
    let owned = Owned {
        path: four,
        path_encoded: true,
        policy: Ownership::Shared,
        shared: Some(Related { path: one, message: two, ..Related::default() }),
        boundaries: vec![boundary.clone()],
        forbidden: vec![boundary.clone()],
        inside: vec![boundary],
        locks: vec![lock],
        files: Some(7),
    };
    let merge_order = Some(vec![three]);
    Report { changes: Some(vec![set]), overlaps: Some(vec![overlap]), merge_order, owners: Some(vec![owned]), ..report }
}

fn page_of(report: &Report) -> String {
    let mut page = Vec::new();
    write(report, &Context::default(), &mut page).unwrap();
    String::from_utf8(page).unwrap()
}

fn select<'p>(page: &'p Html, selector: &str) -> Vec<ElementRef<'p>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

fn text(element: ElementRef) -> String {
    element.text().collect()
}

/// What a text becomes on the page.
fn on_page(whole: &str) -> String {
    text(Html::parse_fragment(&shown(whole).into_string()).root_element())
}

fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

fn nothing_can_run(page: &Html) -> std::result::Result<(), TestCaseError> {
    let known: BTreeSet<&str> = ELEMENTS.split_whitespace().collect();
    for element in select(page, "*") {
        prop_assert!(known.contains(element.value().name()), "{}", element.value().name());
        for (name, value) in element.value().attrs() {
            prop_assert!(!name.starts_with("on"), "{name}");
            prop_assert!(!["style", "src", "srcset", "action", "formaction", "srcdoc", "target", "ping"].contains(&name), "{name}");
            prop_assert!(name != "href" || value.starts_with('#'), "{value}");
            prop_assert!(name != "href" || element.value().name() == "a", "{value}");
        }
    }
    let (styles, scripts) = (select(page, "style"), select(page, "script"));
    prop_assert_eq!((styles.len(), scripts.len()), (1, 2));
    prop_assert_eq!((scripts[0].value().attr("type"), scripts[0].value().attr("id")), (Some("application/json"), Some("data")));
    prop_assert_eq!(scripts[1].value().attrs().count(), 0);
    prop_assert!(serde_json::from_str::<serde_json::Value>(&text(scripts[0])).is_ok(), "{}", text(scripts[0]));
    let (style, script) = (text(styles[0]), text(scripts[1]));
    prop_assert_eq!((style.as_str(), script.as_str()), (STYLE, SCRIPT));
    let policies = select(page, "meta[http-equiv]");
    prop_assert_eq!(policies.len(), 1);
    prop_assert_eq!(
        policies[0].value().attr("content").unwrap(),
        format!("default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'", hash(&style), hash(&script))
    );
    Ok(())
}

/// Every link leads somewhere, every id is there once, every link can be seen.
fn links_lead_somewhere(page: &Html) -> std::result::Result<(), TestCaseError> {
    let all = select(page, "[id]");
    let ids: BTreeSet<&str> = all.iter().filter_map(|element| element.value().attr("id")).collect();
    prop_assert_eq!(ids.len(), all.len());
    for link in select(page, "a") {
        prop_assert!(ids.contains(&link.value().attr("href").unwrap()[1..]), "{}", link.html());
        prop_assert!(!text(link).trim().is_empty(), "{}", link.html());
    }
    Ok(())
}

fn everything_is_there(page: &Html, report: &Report) -> std::result::Result<(), TestCaseError> {
    let whole = text(select(page, "body")[0]);
    let mut texts: Vec<&str> = Vec::new();
    for finding in &report.findings {
        texts.extend([finding.rule.as_str(), &finding.location.path, &finding.fingerprint]);
        let title = text(Html::parse_fragment(&message(&finding.message).into_string()).root_element());
        prop_assert!(whole.contains(&title), "{title:?} is not on the page");
        texts.extend(finding.related.iter().map(|related| related.path.as_str()));
        texts.extend(Some(finding.help.as_str()).filter(|help| !help.trim().is_empty()));
    }
    for session in report.sessions.iter().flatten() {
        texts.push(&session.path);
        texts.extend(session.claims.iter().map(|claim| claim.text.as_str()));
        texts.extend(session.dispatches.iter().map(crate::report::lane::label));
        texts.extend(session.dispatches.iter().flat_map(|dispatch| &dispatch.edits).map(|edit| edit.path.as_str()));
    }
    texts.extend(report.gates.iter().flatten().map(|gate| gate.name.as_str()));
    texts.extend(report.not_checked.iter().flat_map(|one| [one.what.as_str(), &one.why]));
    texts.extend(report.error.iter().flat_map(|error| [Some(error.message.as_str()), error.hint.as_deref()]).flatten());
    texts.extend(report.changes.iter().flatten().flat_map(|set| [&set.name, &set.files[0].path]).map(String::as_str));
    texts.extend(report.overlaps.iter().flatten().flat_map(|one| [&one.path, &one.between[0], &one.between[1]]).map(String::as_str));
    texts.extend(
        report.owners.iter().flatten().flat_map(|one| [&one.path, &one.boundaries[0].name, &one.locks[0].agent]).map(String::as_str),
    );
    texts.extend(report.merge_order.iter().flatten().map(String::as_str));
    for text in texts {
        prop_assert!(whole.contains(&on_page(text)), "{text:?} is not on the page");
    }
    let rows = select(page, "table.findings > tbody > tr");
    prop_assert_eq!(rows.len(), report.findings.len());
    let mut order: Vec<(usize, &Finding)> = report.findings.iter().enumerate().collect();
    order.sort_by_key(|(_, finding)| std::cmp::Reverse(finding.severity));
    for (row, (index, finding)) in rows.iter().zip(order) {
        prop_assert_eq!(row.value().attr("id").unwrap(), format!("finding-{index}"));
        prop_assert_eq!(row.value().attr("data-severity").unwrap(), finding.severity.word());
        prop_assert!(text(*row).contains(finding.severity.word()));
    }
    prop_assert_eq!(
        select(page, "table.claims > tbody > tr").len(),
        report.sessions.iter().flatten().map(|one| one.claims.len()).sum::<usize>()
    );
    let agents: usize = report.sessions.iter().flatten().map(|one| one.dispatches.len()).sum();
    prop_assert_eq!(select(page, "table.agents > tbody > tr").len(), agents);
    prop_assert_eq!(select(page, "table.gates > tbody > tr").len(), report.gates.iter().flatten().count());
    let all = report.findings.len();
    let sorted = select(page, "table.findings th[aria-sort]");
    prop_assert_eq!(sorted.len(), usize::from(all > 1), "it says that the worst come first");
    prop_assert!(sorted.iter().all(|head| head.value().attr("aria-sort") == Some("ascending")));
    Ok(())
}

/// Tables say what they are, headings follow each other, and no row is short of a cell.
fn it_can_be_read_aloud(page: &Html) -> std::result::Result<(), TestCaseError> {
    prop_assert_eq!(select(page, "h1").len(), 1);
    let mut level = 0;
    for heading in select(page, "h1, h2, h3") {
        let next = heading.value().name()[1..].parse::<i32>().unwrap();
        prop_assert!(next <= level + 1, "{}", heading.html());
        level = next;
    }
    for named in select(page, "main, section") {
        let name = named.value().attr("aria-labelledby").unwrap_or_default();
        let heading = select(page, "h1, h2").into_iter().find(|heading| heading.value().attr("id") == Some(name));
        prop_assert!(heading.is_some_and(|heading| !text(heading).trim().is_empty()), "{}", named.html());
    }
    for figure in select(page, "figure") {
        prop_assert!(figure.value().attr("hidden").is_some(), "nobody draws it without the script");
    }
    for table in select(page, "table") {
        let within = |selector: &str| table.select(&Selector::parse(selector).unwrap()).count();
        prop_assert_eq!(within("caption"), 1);
        let heads = within("thead th[scope=col]");
        prop_assert_eq!(within("thead th"), heads);
        for row in table.select(&Selector::parse("tbody > tr").unwrap()) {
            prop_assert_eq!(row.child_elements().count(), heads, "{}", row.html());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn every_page_is_whole_harmless_and_complete(report in reports(), texts in prop::array::uniform4(hostile()), has_more: bool) {
        let report = if has_more { with_repository(report, &texts) } else { report };
        let written = page_of(&report);
        let page = Html::parse_document(&written);
        // Noncharacters are allowed in a text, and named all the same.
        let errors: Vec<_> = page.errors.iter().filter(|error| !error.contains("is not a valid unicode code point")).collect();
        prop_assert!(errors.is_empty(), "{errors:?}");
        nothing_can_run(&page)?;
        links_lead_somewhere(&page)?;
        everything_is_there(&page, &report)?;
        it_can_be_read_aloud(&page)?;
        let hidden = |letter: char| letter != '\n' && crate::report::text::visible(&letter.to_string()) != letter.to_string();
        prop_assert_eq!(written.find(hidden), None);
    }
}

#[test]
fn a_text_without_end_is_cut_and_says_so() {
    let mut report = example::report(Vec::new(), vec![example::session("10:00:00", "11:00:00", 0, Vec::new(), Vec::new())]);
    let endless = "x".repeat(1_000_000);
    let finding = example::finding(
        &endless,
        crate::model::finding::Severity::Note,
        &endless,
        &report.sessions.as_ref().unwrap()[0],
        serde_json::json!({"a": endless}),
        &endless,
    );
    report.findings = vec![Finding { paths: vec![endless.clone()], fingerprint: endless.clone(), ..finding }; 2];
    report.sessions.as_mut().unwrap()[0].id = endless;
    let page = page::page(&report, "{}").into_string();
    let of_report = page.len() - super::STYLE.len() - super::SCRIPT.len();
    assert!(of_report < 35_000, "{of_report}");
    assert!(page.contains(" … and 998000 more characters"));
}

#[test]
fn a_session_of_five_hundred_agents_stays_light() {
    let dispatches =
        (0..500).map(|number| example::ran(&format!("agent {number} of many that look for something"), "10:00:00", "10:30:00")).collect();
    let mut session = example::session("10:00:00", "11:00:00", 500, dispatches, Vec::new());
    session.batches = vec![example::batch(&session.dispatches, 500, 500.0)];
    for (index, dispatch) in session.dispatches.iter_mut().enumerate() {
        dispatch.edits = vec![crate::report::v1::Edit {
            path: format!("src/a/rather/long/path/{index}.rs"),
            at: dispatch.started,
            tool: "Edit".into(),
            inferred: false,
        }];
    }
    let page = page::page(&example::report(Vec::new(), vec![session]), "{}").into_string();
    assert!(page.len() < 1_200_000, "{}", page.len());
}

#[test]
fn the_style_and_the_script_end_where_they_should() {
    for part in [STYLE, SCRIPT] {
        let lower = part.to_lowercase();
        assert!(!lower.contains("</s") && !lower.contains("<!--") && !part.contains('\r'));
    }
    for forbidden in
        ["innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "new Function", "document.write", "fetch(", "@import", "url("]
    {
        assert!(!SCRIPT.contains(forbidden) && !STYLE.contains(forbidden), "{forbidden}");
    }
}
