//! What the page says of some reports, sentence by sentence.

use super::page;
use super::words::message;
use crate::model::finding::{Severity, Verdict};
use crate::report::example;
use crate::report::v1::{Claim, Dispatch, Edit, Finding, Session};
use scraper::{ElementRef, Html, Selector};

fn select<'p>(page: &'p Html, selector: &str) -> Vec<ElementRef<'p>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

fn text(element: ElementRef) -> String {
    element.text().collect()
}

#[test]
fn many_changed_files_are_bounded_and_counted() {
    let edit = |path: String| Edit { path, at: None, tool: "Edit".into(), inferred: false };
    let mut dispatches: Vec<_> = (0..500).map(|number| example::ran(&format!("agent {number}"), "10:00:00", "10:30:00")).collect();
    for (index, dispatch) in dispatches.iter_mut().enumerate() {
        let own = (0..20).map(|file| format!("src/a/path/as/long/as/those/of/real/repositories/{index}/of/many/folders/{file}.rs"));
        dispatch.edits = own.map(edit).collect();
        dispatch.edits.push(edit(format!("z/shared-{}.rs", index / 2)));
    }
    let session = example::session("10:00:00", "11:00:00", 500, dispatches, Vec::new());
    let written = page::page(&example::report(Vec::new(), vec![session]), "{}").into_string();
    assert!(written.len() < 1_200_000, "{}", written.len());
    let page = Html::parse_document(&written);
    let files: Vec<String> = select(&page, "table.edits > tbody > tr > td:first-child").into_iter().map(text).collect();
    assert_eq!(files.len(), 1_250);
    assert!(files[..250].iter().all(|file| file.starts_with("z/shared-")), "what several changed comes first, and all of it");
    let left = text(select(&page, "details.left-out")[0]);
    assert!(left.starts_with("9000 more files that one agent alone changed") && left.contains("agent 499: 20 files"), "{left}");
}

#[test]
fn agents_in_many_rows_are_bounded_and_counted() {
    let dispatches: Vec<_> = (0..500).map(|number| example::ran(&format!("agent {number}"), "10:00:00", "10:30:00")).collect();
    let ids: Vec<String> = dispatches.iter().map(|dispatch| dispatch.id.clone()).collect();
    let session = example::session("10:00:00", "11:00:00", 500, dispatches, Vec::new());
    let finding = example::finding("r", Severity::Note, "m", &session, serde_json::json!({}), "h");
    let finding = Finding { session: Some(0), dispatches: ids, ..finding };
    let page = page::page(&example::report(vec![finding; 200], vec![session]), "{}").into_string();
    assert!(page.len() < 2_000_000, "{}", page.len());
    assert!(page.contains("and 488 more") && page.contains(" … and 488 more"));
}

#[test]
fn what_is_wrong_stays_in_sight_beside_a_name_without_end() {
    let said = on_page_as_message(&format!("2 agents both edited '{}' and lost work", "x".repeat(1_000_000)));
    assert!(said.starts_with("2 agents both edited 'xxx") && said.ends_with("xxx' and lost work"), "{said}");
    assert!(said.contains(" more characters) …") && said.len() < 300, "{said}");
    assert_eq!(on_page_as_message("short words  stay"), "short words  stay");
}

fn on_page_as_message(whole: &str) -> String {
    text(Html::parse_fragment(&message(whole).into_string()).root_element())
}

#[test]
fn what_only_may_be_a_claim_is_no_error() {
    let mut claim = example::claim(5, "10:01:00", "4 agents are at it", Verdict::Contradicted, "none ran");
    let cell = |claim: &Claim| {
        let session = example::session("10:00:00", "11:00:00", 0, Vec::new(), vec![claim.clone()]);
        let page = Html::parse_document(&page::page(&example::report(Vec::new(), vec![session]), "{}").into_string());
        let cell = select(&page, "tr#claim-0-0 > td:nth-child(6)")[0];
        (cell.select(&Selector::parse(".error").unwrap()).count(), text(cell))
    };
    claim.certain = true;
    assert_eq!(cell(&claim).0, 1);
    claim.certain = false;
    let (errors, said) = cell(&claim);
    assert_eq!(errors, 0);
    assert!(said.contains("contradicted") && said.contains("only may be a claim, and so is no finding"), "{said}");
}

/// The texts that a selector finds on the page of some sessions.
fn said(sessions: Vec<Session>, selector: &str) -> Vec<String> {
    let page = Html::parse_document(&page::page(&example::report(Vec::new(), sessions), "{}").into_string());
    select(&page, selector).into_iter().map(text).collect()
}

fn with_batch(dispatches: Vec<Dispatch>, peak: u32) -> Session {
    let mut batch = example::batch(&dispatches, peak, 1.0);
    (batch.efficiency, batch.utilisation, batch.imbalance) = (Some(1.0), Some(1.0), Some(1.0));
    let mut session = example::session("10:00:00", "11:00:00", peak, dispatches, Vec::new());
    session.batches = vec![batch];
    session
}

#[test]
fn how_many_ran_at_once_is_only_said_where_that_is_known() {
    let exact = |name: &str| example::ran(name, "10:00:00", "10:30:00");
    let unknown = |name: &str| example::bounded(name, "10:00:00", "10:30:00");
    let most = |agents: &[Dispatch], peak: u32| {
        let session = with_batch(agents.to_vec(), peak);
        let figures = said(vec![session.clone()], ".numbers div");
        let figure = figures.into_iter().find_map(|one| one.strip_prefix("most at once").map(str::to_owned)).unwrap();
        let facts = said(vec![session.clone(); 2], ".facts div");
        let fact = facts.into_iter().find_map(|one| one.strip_prefix("Most at once").map(str::to_owned)).unwrap();
        let row = said(vec![session.clone(); 2], "table.sessions > tbody > tr:first-child > td").swap_remove(3);
        let batch = said(vec![session], "table.batches > tbody > tr > td");
        assert_eq!([&figure, &fact, &row], [&batch[3]; 3]);
        (figure, batch[2].clone(), batch[6..10].to_vec())
    };
    assert_eq!(most(&[exact("a"), exact("b")], 2), ("2".into(), "2".into(), ["1.00", "100 %", "100 %", "1.00"].map(String::from).to_vec()));
    let nothing = ["–"; 4].map(String::from).to_vec();
    assert_eq!(most(&[unknown("a"), unknown("b")], 0), ("–".into(), "20 with exact times".into(), nothing.clone()));
    assert_eq!(most(&[exact("a"), unknown("b")], 1), ("at least 1".into(), "21 with exact times".into(), nothing));
    assert_eq!(most(&[exact("a"), exact("b"), unknown("c")], 2).0, "at least 2");
}

#[test]
fn a_finding_names_its_agents_and_leads_to_its_claim_and_back() {
    let agents: Vec<_> = (0..15).map(|number| example::ran(&format!("agent {number}"), "10:00:00", "10:30:00")).collect();
    let claim = example::claim(5, "10:01:00", "4 agents are at it", Verdict::Contradicted, "none ran");
    let session = example::session("10:00:00", "11:00:00", 0, agents, vec![claim]);
    let finding = example::finding("r", Severity::Error, "m", &session, serde_json::json!({"lines": ["5-5", "5-7"]}), "h");
    let page = Html::parse_document(&page::page(&example::report(vec![finding], vec![session]), "{}").into_string());
    for row in ["tr#finding-0", "tr#claim-0-0"] {
        for agent in 0..15 {
            let links = select(&page, &format!("{row} a[href='#agent-0-{agent}']"));
            assert_eq!(links.into_iter().map(text).collect::<Vec<_>>(), [format!("agent {agent}")]);
        }
        assert_eq!(text(select(&page, &format!("{row} details.rest > summary"))[0]), "and 3 more");
    }
    assert_eq!(text(select(&page, "tr#finding-0 > td:nth-child(5)")[0]), "15 agents");
    assert_eq!(
        select(&page, "tr#finding-0 a[href='#claim-0-0'], tr#finding-0 a[href='#picture-0'], tr#claim-0-0 a[href='#finding-0']").len(),
        3
    );
    assert_eq!(text(select(&page, "tr#finding-0 dl.evidence dd")[0]), "5 and 5–7");
}

#[test]
fn a_finding_about_two_agents_shows_their_names_beside_it() {
    let agents = vec![example::ran("fix the doors", "10:00:00", "10:30:00"), example::ran("paint them", "10:00:00", "10:30:00")];
    let session = example::session("10:00:00", "11:00:00", 2, agents, Vec::new());
    let finding = example::finding("r", Severity::Error, "m", &session, serde_json::json!({}), "h");
    let finding = Finding { agents: vec!["a1b2".into(), "c3d4".into()], ..finding };
    let page = Html::parse_document(&page::page(&example::report(vec![finding], vec![session]), "{}").into_string());
    assert_eq!(text(select(&page, "tr#finding-0 > td:nth-child(5)")[0]), "fix the doors, paint them");
    assert!(text(select(&page, "tr#finding-0 dl.behind")[0]).contains("Known asa1b2, c3d4"));
}
