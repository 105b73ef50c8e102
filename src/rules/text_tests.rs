//! Rules about sessions, over texts without a clock and stores without lines.

use crate::audit::{Outcome, audit};
use crate::config::Config;
use crate::model::session::{Clock, Dispatch, Edit, Extent, Numbering, Place, Session, Status, Transcript};
use crate::work::samples::dispatch;

/// An agent that ran in these lines for sure, and edited one file.
fn agent(id: &str, description: &str, surely: (u64, u64), edits: &[&str]) -> Dispatch {
    let edit = |path: &&str| Edit {
        place: Place { line: surely.0 + 1, at: None },
        path: (*path).to_owned(),
        tool: "Edit".into(),
        inferred: false,
        worktree: None,
    };
    Dispatch {
        agent: None,
        line: surely.0,
        requested: None,
        extent: Some(Extent { surely, possibly: (surely.0, u64::MAX) }),
        background: false,
        edits: edits.iter().map(edit).collect(),
        ..dispatch(id, description, Status::Completed, &[])
    }
}

fn text(name: &str, dispatches: Vec<Dispatch>) -> Session {
    let main = Transcript { path: format!("{name}.md"), ..Transcript::default() };
    Session {
        id: name.into(),
        path: format!("{name}.md"),
        clock: Clock::Lines,
        excerpt: true,
        transcripts: vec![main],
        dispatches,
        ..Session::default()
    }
}

fn run(sessions: Vec<Session>) -> Outcome {
    audit(sessions, &Config::default())
}

fn messages(outcome: &Outcome) -> Vec<String> {
    outcome.findings.iter().map(|finding| format!("{}: {}", finding.rule, finding.message)).collect()
}

#[test]
fn edits_of_one_block_collide_and_those_of_two_blocks_may_not() {
    let two = |other: (u64, u64)| {
        vec![agent("dispatch-1", "Trading", (4, 9), &["src/a.rs"]), agent("dispatch-2", "Analysis", other, &["src/a.rs"])]
    };
    let together = run(vec![text("paste", two((4, 9)))]);
    assert_eq!(messages(&together), ["overlapping-edits: \"Trading\" and \"Analysis\" ran at the same time and both edited src/a.rs"]);
    assert!(!together.findings[0].evidence.contains_key("overlap_seconds"));
    assert!(run(vec![text("paste", two((9, 12)))]).findings.is_empty());
}

#[test]
fn every_text_counts_its_agents_from_one() {
    let two = || vec![agent("dispatch-1", "Trading", (4, 9), &["a.rs"]), agent("dispatch-2", "Analysis", (4, 9), &["a.rs"])];
    let both = run(vec![text("monday", two()), text("tuesday", two())]);
    assert_eq!(both.findings.len(), 2, "the second is no copy of the first: {:?}", messages(&both));
}

#[test]
fn waves_of_one_block_are_not_apart_and_nobody_knows_by_how_much() {
    let waves =
        |other: (u64, u64)| vec![agent("dispatch-1", "Wave 1: types", (4, 9), &[]), agent("dispatch-2", "Wave 2: pages", other, &[])];
    assert_eq!(messages(&run(vec![text("paste", waves((4, 9)))])), ["unsynchronised: wave 2 began before wave 1 had ended"]);
    assert!(run(vec![text("paste", waves((9, 12)))]).findings.is_empty());
}

#[test]
fn too_many_agents_are_counted_by_lines() {
    let many =
        |apart: u64| (0..30).map(|number| agent(&format!("d{number}"), "part", (4 + number * apart, 9 + number * apart), &[])).collect();
    assert!(messages(&run(vec![text("paste", many(0))])).iter().any(|message| message.starts_with("too-many-agents: 30 agents at once")));
    assert!(run(vec![text("paste", many(5))]).findings.is_empty());
}

#[test]
fn findings_of_a_store_without_lines_have_none() {
    let two = || vec![agent("dispatch-1", "Trading", (4, 9), &["a.rs"]), agent("dispatch-2", "Analysis", (4, 9), &["a.rs"])];
    let store = Session { numbering: Numbering::Records, ..text("store", two()) };
    let outcome = run(vec![store]);
    let finding = &outcome.findings[0];
    assert!(finding.location.line.is_none() && !finding.related.is_empty());
    assert!(finding.related.iter().all(|related| related.location.line.is_none()));
    assert!(run(vec![text("paste", two())]).findings[0].location.line.is_some());
}
