//! What people see, kept as files to be read: `snapshots/*.snap`.

use super::Style;
use super::show;
use crate::model::claim::ClaimKind;
use crate::model::finding::{Severity, Verdict};
use crate::model::session::{Status, Timing};
use crate::report::example::{batch, bounded, claim, endless, finding, not_checked, ran, report, session, stamp};
use crate::report::v1::{Checked, Error, Finding, Location, Related, Report};
use serde_json::json;

const PLAIN: Style = Style { width: 80, unicode: true, colour: false, verbose: false };
const ASCII: Style = Style { unicode: false, ..PLAIN };
const NARROW: Style = Style { width: 60, ..PLAIN };
const VERBOSE: Style = Style { verbose: true, ..PLAIN };

fn serial() -> Report {
    let runs = vec![
        ran("Fix lint findings", "10:02:40", "10:31:00"),
        ran("Fix doc comments", "10:31:20", "11:20:00"),
        ran("Rename settings", "11:20:30", "11:39:00"),
        ran("Split the parser module", "11:41:00", "12:20:00"),
        ran("Review error handling in the upload path", "12:20:30", "13:01:00"),
        ran("Add the missing tests", "13:01:10", "14:02:00"),
        ran("Update the change log", "14:02:30", "14:39:50"),
    ];
    let said = "I'll use a subagent for each review comment, in parallel";
    let claims = vec![claim(182, "10:02:03", said, Verdict::Contradicted, "7 dispatches, none overlapping")];
    let mut session = session("10:02:00", "14:40:00", 1, runs.clone(), claims);
    session.batches = runs.iter().map(|run| batch(std::slice::from_ref(run), 1, 1.0)).collect();
    let evidence = json!({"dispatches": 7, "responses": 7, "peak": 1, "effective_concurrency": 1.0});
    let message = "claimed agents in parallel; 7 ran one after another";
    let help = "send independent calls in one response, or say that they run in turn";
    report(vec![finding("claimed-serial", Severity::Error, message, &session, evidence, help)], vec![session])
}

fn overstated() -> Report {
    let runs = vec![
        ran("Audit the session reader", "09:15:02", "09:19:40"),
        ran("Audit the rules", "09:15:02", "09:18:05"),
        ran("Audit the reporters", "09:18:20", "09:23:10"),
    ];
    let said =
        "Launching 5 agents in parallel to audit the code base: one for the session reader, one for the rules and three for the rest.";
    let claims = vec![claim(41, "09:14:55", said, Verdict::Overstated, "5 claimed, 3 dispatched, at most 2 at once")];
    let mut session = session("09:10:00", "09:30:00", 2, runs.clone(), claims);
    session.batches = vec![batch(&runs, 2, 1.54)];
    let evidence = json!({"claimed": 5, "dispatches": 3, "peak": 2, "effective_concurrency": 1.54});
    let message = "claimed 5 parallel agents; 3 ran, at most 2 at once";
    report(vec![finding("claimed-count", Severity::Warning, message, &session, evidence, "name the number that was sent")], vec![session])
}

fn narrated() -> Report {
    let said = "As Agent 2, I design the database schema while Agent 1 writes the API.";
    let mut claims = vec![claim(12, "08:00:09", said, Verdict::Unbacked, "no dispatch in this turn")];
    claims[0].kind = ClaimKind::Roleplay;
    let session = session("08:00:00", "08:20:00", 0, Vec::new(), claims);
    let evidence = json!({"dispatches": 0, "agents": 2});
    let help = "start the agents that the text speaks of, or say that one assistant does it all";
    report(
        vec![finding("narrated-agents", Severity::Error, "claimed 2 agents at work; none was started", &session, evidence, help)],
        vec![session],
    )
}

fn unverifiable() -> Report {
    let mut refused = endless("Delete the old branch", "16:03:10");
    refused.status = Status::Rejected;
    let mut failed = ran("Run the long benchmark", "16:02:12", "16:05:00");
    failed.status = Status::Failed;
    let runs = vec![
        ran("Read the bridge layer", "16:02:10", "16:04:31"),
        failed,
        bounded("Survey the call sites", "16:02:14", "16:06:02"),
        endless("Watch the continuous integration", "16:02:40"),
        refused,
    ];
    let claims = vec![claim(
        77,
        "16:02:01",
        "I've started five agents at the same time",
        Verdict::Unverifiable,
        "the end of 1 dispatch is not in the log",
    )];
    let mut session = session("16:00:00", "16:08:00", 2, runs.clone(), claims);
    session.batches = vec![batch(&runs, 2, 1.86)];
    let evidence = json!({"claimed": 5, "dispatches": 5, "peak": 2});
    let message = "claimed 5 agents at the same time; the log does not say when 2 of them ran";
    report(
        vec![finding("claimed-count", Severity::Note, message, &session, evidence, "let the session end before it is audited")],
        vec![session],
    )
}

fn collision() -> Report {
    let runs = vec![
        ran("Add the retry policy", "23:50:00", "2026-01-20T00:20:00Z"),
        ran("Extract the client", "23:55:00", "2026-01-20T00:41:00Z"),
    ];
    let mut session = session("23:40:00", "2026-01-20T01:10:00Z", 2, runs.clone(), Vec::new());
    session.batches = vec![batch(&runs, 2, 1.49)];
    let mut found = finding(
        "overlapping-edits",
        Severity::Error,
        "2 agents edited src/net/client.rs while both ran",
        &session,
        json!({"edits": 5}),
        "give each agent files of its own, or let them run in turn",
    );
    found.location = Location {
        path:
            "/home/somebody/.claude/projects/-home-somebody-work-service/9667a07f-1111-4222-8333-444455556666/subagents/agent-a1b2c3d.jsonl"
                .into(),
        line: Some(88),
        ..found.location
    };
    found.paths = vec!["src/net/client.rs".into()];
    found.related = vec![Related {
        path: "subagents/agent-9f8e7d6.jsonl".into(),
        line: Some(132),
        message: "Extract the client edits it here".into(),
        ..Related::default()
    }];
    report(vec![found], vec![session])
}

fn crowd() -> Report {
    let names = ["tests", "docs", "rules", "locks", "gates", "phases", "hooks", "state", "claims", "owners", "limits", "output"];
    let runs: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(index, name)| ran(&format!("Migrate {name}"), &format!("11:00:{:02}", index * 2), &format!("11:{:02}:30", 4 + index % 5)))
        .collect();
    let claims = vec![claim(9, "10:59:50", "20 agents now work on this at once", Verdict::Overstated, "20 claimed, 12 ran")];
    let mut session = session("10:00:00", "12:00:00", 12, runs.clone(), claims);
    session.batches = vec![batch(&runs, 12, 8.91)];
    let evidence = json!({"claimed": 20, "dispatches": 12, "peak": 12, "effective_concurrency": 8.91});
    report(
        vec![finding(
            "claimed-count",
            Severity::Warning,
            "claimed 20 parallel agents; 12 ran at once",
            &session,
            evidence,
            "name the number that was sent",
        )],
        vec![session],
    )
}

fn paused() -> Report {
    let runs = vec![
        ran("Sketch the parser", "10:00:10", "10:04:00"),
        ran("Sketch the printer", "10:00:12", "10:03:10"),
        ran("Check both", "12:10:00", "12:13:00"),
    ];
    let claims = vec![claim(300, "12:15:30", "All three agents ran simultaneously", Verdict::Overstated, "3 claimed, at most 2 at once")];
    let mut session = session("10:00:00", "12:20:00", 2, runs.clone(), claims);
    session.batches = vec![batch(&runs[..2], 2, 1.77), batch(&runs[2..], 1, 1.0)];
    report(
        vec![finding(
            "claimed-count",
            Severity::Warning,
            "claimed 3 parallel agents; at most 2 ran at once",
            &session,
            json!({"claimed": 3, "dispatches": 3, "peak": 2}),
            "say which of them ran at once",
        )],
        vec![session],
    )
}

fn clean() -> Report {
    let runs = vec![ran("Read the docs", "10:00:10", "10:04:00"), ran("Read the code", "10:00:12", "10:03:10")];
    let claims = vec![
        claim(12, "10:00:05", "I'll launch two agents in parallel to read the docs and the code", Verdict::Backed, "2 ran at once"),
        claim(
            120,
            "10:05:00",
            "Both agents might have been working simultaneously with what you had asked for in the second prompt",
            Verdict::Corrected,
            "taken back in line 140",
        ),
    ];
    let mut session = session("10:00:00", "10:20:00", 2, runs.clone(), claims);
    session.claims[1].certain = false;
    session.batches = vec![batch(&runs, 2, 1.77)];
    report(Vec::new(), vec![session])
}

#[test]
fn serial_where_parallel_was_claimed() {
    insta::assert_snapshot!("serial", show(&serial(), &PLAIN));
    insta::assert_snapshot!("serial_ascii", show(&serial(), &ASCII));
    insta::assert_snapshot!("serial_narrow", show(&serial(), &NARROW));
    insta::assert_snapshot!("serial_wide", show(&serial(), &Style { width: 120, ..PLAIN }));
    insta::assert_snapshot!("serial_verbose", show(&serial(), &VERBOSE));
}

#[test]
fn parallel_but_fewer_than_claimed() {
    insta::assert_snapshot!("overstated", show(&overstated(), &PLAIN));
    insta::assert_snapshot!("overstated_narrow", show(&overstated(), &NARROW));
}

#[test]
fn agents_that_are_only_narrated_have_no_timeline() {
    insta::assert_snapshot!("narrated", show(&narrated(), &PLAIN));
}

#[test]
fn what_the_log_does_not_say_is_drawn_as_unknown() {
    insta::assert_snapshot!("unverifiable", show(&unverifiable(), &PLAIN));
    insta::assert_snapshot!("unverifiable_ascii", show(&unverifiable(), &ASCII));
}

#[test]
fn two_agents_that_edit_one_file() {
    insta::assert_snapshot!("collision", show(&collision(), &PLAIN));
}

#[test]
fn many_agents_are_folded() {
    insta::assert_snapshot!("crowd", show(&crowd(), &PLAIN));
}

#[test]
fn a_pause_is_left_out() {
    insta::assert_snapshot!("paused", show(&paused(), &PLAIN));
    insta::assert_snapshot!("paused_ascii", show(&paused(), &ASCII));
}

#[test]
fn a_clean_session_is_quiet() {
    assert_eq!(show(&clean(), &PLAIN), "1 session, 2 dispatches, 2 claims: nothing to report\n");
    insta::assert_snapshot!("clean_verbose", show(&clean(), &VERBOSE));
}

#[test]
fn the_same_timeline_is_drawn_once() {
    let mut twice = overstated();
    let second = Finding {
        rule: "low-utilisation".into(),
        severity: Severity::Note,
        message: "2 of 3 agents waited".into(),
        ..twice.findings[0].clone()
    };
    twice.findings.push(second);
    let shown = show(&twice, &PLAIN);
    assert_eq!(shown.matches("timeline as above").count(), 1);
    twice.findings[1].dispatches.pop();
    assert!(!show(&twice, &PLAIN).contains("timeline as above"));
}

#[test]
fn a_log_without_a_clock_says_so() {
    let mut report = overstated();
    let session = &mut report.sessions.as_mut().unwrap()[0];
    session.started = None;
    for dispatch in &mut session.dispatches {
        (dispatch.requested, dispatch.returned, dispatch.started, dispatch.ended, dispatch.timing) = (None, None, None, None, Timing::None);
    }
    insta::assert_snapshot!("no_clock", show(&report, &PLAIN));
}

#[test]
fn the_end_says_what_was_not_checked() {
    let mut report = serial();
    report.findings.clear();
    report.summary = crate::report::v1::Summary { suppressed: 2, waived: 1, ..Default::default() };
    report.sessions.as_mut().unwrap()[0].dispatches.push(endless("Lost", "14:00:00"));
    report.not_checked = (1..=9)
        .map(|number| {
            not_checked(&format!("/home/somebody/.claude/projects/-a-rather-long-folder/session-{number}.jsonl"), "no record in it")
        })
        .collect();
    insta::assert_snapshot!("not_checked", show(&report, &PLAIN));
    insta::assert_snapshot!("not_checked_narrow", show(&report, &NARROW));
    assert_eq!(show(&report, &VERBOSE).matches("no record in it").count(), 9);
}

#[test]
fn a_check_without_sessions_says_what_it_looked_at() {
    let mut report = report(Vec::new(), Vec::new());
    report.command = "check".into();
    report.sessions = None;
    report.checked = vec![
        Checked { what: "changes".into(), detail: "3 files staged".into() },
        Checked { what: "locks".into(), detail: "2 locks".into() },
    ];
    report.not_checked = vec![not_checked("claims", "no session log of this repository since the last commit")];
    let expected = "3 files staged, 2 locks: nothing to report\nchecked: changes, locks\n\
        not checked: claims (no session log of this repository since the last commit)\n";
    assert_eq!(show(&report, &PLAIN), expected);
}

#[test]
fn what_is_not_checked_is_said_in_whole_words() {
    let mut report = report(Vec::new(), Vec::new());
    report.command = "check".into();
    report.sessions = None;
    let what = "what the last commit says of boundaries";
    let why = "BOUNDARIES.json was read as it is staged, not as it is in HEAD";
    report.not_checked = vec![not_checked(what, why), not_checked("/a/folder/with/a/rather/long/name/and/then/a-file.json", "empty")];
    let shown = show(&report, &PLAIN);
    let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains(&format!("not checked: {what} ({why})")), "{shown}");
    let narrow = show(&report, &NARROW);
    let flat = narrow.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains(&format!("not checked: {what} (BOUNDARIES.json was read")), "{narrow}");
    assert!(shown.contains("/then/a-file.json (empty)\n"), "{shown}");
}

#[test]
fn an_error_never_reads_like_a_pass() {
    let mut report = report(Vec::new(), Vec::new());
    report.error = Some(Error {
        kind: "configuration".into(),
        message: "unknown key `limit`".into(),
        hint: Some("did you mean `limits`?".into()),
        location: Some(Location {
            path: "paralint.toml".into(),
            path_encoded: false,
            line: Some(4),
            column: Some(1),
            end_line: None,
            end_column: None,
        }),
    });
    let expected = "error: unknown key `limit`\n  --> paralint.toml:4:1\n  = help: did you mean `limits`?\n";
    assert_eq!(show(&report, &PLAIN), expected);
}

#[test]
fn a_log_cannot_speak_to_a_terminal_or_a_runner() {
    let mut report = overstated();
    let finding = &mut report.findings[0];
    finding.message = "::error::fooled".into();
    finding.rule = "::stop-commands::x".into();
    finding.help = format!("{} ::warning::again {} ::add-mask::x", "word ".repeat(15), "more ".repeat(14));
    finding.location.path = "\u{1b}[2J/##[group]x.jsonl".into();
    let session = &mut report.sessions.as_mut().unwrap()[0];
    session.claims[0].text = "::set-output name=x::y \u{202e}live\u{1b}]0;title\u{7}\nin parallel".into();
    session.dispatches[0].description = Some("evil \u{9b}31m agent".into());
    report.not_checked = vec![not_checked("::error::", "::error::")];
    insta::assert_snapshot!("hostile", show(&report, &PLAIN));
}

#[test]
fn colour_changes_no_word() {
    let painted = show(&unverifiable(), &Style { colour: true, ..PLAIN });
    assert!(painted.contains("\u{1b}["));
    let mut bare = String::new();
    let mut rest = painted.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        bare += before;
        rest = after.split_once('m').unwrap().1;
    }
    assert_eq!(bare + rest, show(&unverifiable(), &PLAIN));
}

#[test]
fn a_terminal_sets_the_width_within_reason() {
    assert_eq!([None, Some(0), Some(40), Some(100), Some(400)].map(Style::width_for), [80, 60, 60, 100, 120]);
    assert_eq!(stamp("10:00:00").map(|stamp| stamp.0.to_string()).as_deref(), Some("2026-01-19T10:00:00.000Z"));
}
