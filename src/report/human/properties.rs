//! What holds for every report, however hostile its texts.

use super::Style;
use super::example::{bounded, claim, endless, finding, not_checked, ran, report, session, show};
use crate::model::finding::{Severity, Verdict};
use crate::model::moment::Moment;
use crate::model::session::{Status, Timing};
use crate::report::text::columns;
use crate::report::v1::{Batch, Claim, Dispatch, Error, Finding, Location, Related, Report, Session};
use proptest::prelude::*;
use serde_json::json;

/// Texts made of what hurts: commands, escapes, bidirectional and invisible characters, wide ones, endless words.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => Just(" ".to_owned()),
        1 => prop::sample::select(vec![
            "::error::", "::", ":", "##[group]", "##", "[", "\u{1b}[31m", "\u{9b}2J", "\r\n", "\n::add-mask::x", "\t", "\u{202e}", "\u{2066}",
            "\u{200b}", "\u{200d}", "👩\u{200d}💻", "⚠\u{fe0f}", "👍🏽", "🇩🇪", "漢字", "e\u{301}", "لا", "“quoted”", "…", "/", "\0", "\u{e0041}",
        ]).prop_map(str::to_owned),
        2 => "[a-z/]{1,12}",
        1 => "[a-z/漢]{20,150}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

fn time() -> impl Strategy<Value = String> {
    let day = 1_768_780_800_000_i64;
    let offset = prop_oneof![0_i64..60_000, 0_i64..3_600_000, 0_i64..400_000_000];
    offset.prop_map(move |offset| Moment(day + offset).to_string())
}

fn dispatch() -> impl Strategy<Value = Dispatch> {
    let status = prop::sample::select(vec![
        Status::Completed,
        Status::Failed,
        Status::Rejected,
        Status::Interrupted,
        Status::Running,
        Status::NoResult,
    ]);
    (prop::option::of(hostile()), time(), time(), 0_u8..6, status).prop_map(|(description, one, other, shape, status)| {
        let (start, end) = if one < other { (one, other) } else { (other, one) };
        let dispatch = match shape {
            0..3 => ran("x", &start, &end),
            3 => bounded("x", &start, &end),
            4 => endless("x", &start),
            _ => Dispatch { requested: None, timing: Timing::None, ..endless("x", &start) },
        };
        Dispatch { description, status, ..dispatch }
    })
}

fn claims() -> impl Strategy<Value = Vec<Claim>> {
    let verdict = prop::sample::select(vec![
        Verdict::Backed,
        Verdict::Contradicted,
        Verdict::Unbacked,
        Verdict::Overstated,
        Verdict::Corrected,
        Verdict::Unverifiable,
    ]);
    let one = (time(), hostile(), verdict, hostile(), prop::option::of(hostile()), any::<u64>());
    let one = one.prop_map(|(at, text, verdict, why, path, line)| Claim { path, ..claim(line, &at, &text, verdict, &why) });
    prop::collection::vec(one, 0..4)
}

fn sessions() -> impl Strategy<Value = Vec<Session>> {
    let one = (hostile(), time(), time(), prop::collection::vec(dispatch(), 0..14), claims(), prop::option::of(0.0..9.9_f64));
    let one = one.prop_map(|(id, started, ended, mut dispatches, claims, effective)| {
        for (index, dispatch) in dispatches.iter_mut().enumerate() {
            dispatch.id = index.to_string();
        }
        let batches: Vec<Batch> = effective.map(|effective| super::example::batch(&dispatches, 3, effective)).into_iter().collect();
        Session { id, batches, ..session(&started, &ended, 3, dispatches, claims) }
    });
    prop::collection::vec(one, 0..3)
}

fn reports() -> impl Strategy<Value = Report> {
    let severity = prop::sample::select(vec![Severity::Error, Severity::Warning, Severity::Note]);
    let indices = (prop::option::of(0_usize..4), prop::option::of(0_usize..5), any::<bool>());
    let one = (hostile(), severity, hostile(), hostile(), hostile(), hostile(), hostile(), indices);
    let error = prop::option::weighted(0.2, (hostile(), prop::option::of(hostile()), hostile()));
    let rest = (prop::collection::vec((hostile(), hostile()), 0..9), error, any::<[u8; 5]>(), any::<bool>());
    (sessions(), prop::collection::vec(one, 0..4), rest).prop_map(|(sessions, findings, (unchecked, error, counts, known))| {
        let findings = findings.into_iter().map(|(rule, severity, message, help, path, other, fact, (session, claim, all))| {
            let of = session.and_then(|session| sessions.get(session));
            let empty = super::example::session("10:00:00", "10:00:00", 0, Vec::new(), Vec::new());
            let made = finding(&rule, severity, &message, of.unwrap_or(&empty), json!({"peak": 1, fact.clone(): fact, "wall": 3.5}), &help);
            let location = Location { path, line: all.then_some(12), ..made.location.clone() };
            let related =
                vec![Related { path: other.clone(), line: None, message: help.clone(), ..Related::default() }; usize::from(all) * 6];
            let dispatches = if all { made.dispatches.clone() } else { Vec::new() };
            Finding { location, related, dispatches, session, claim, paths: vec![other], verdict: Some(Verdict::Unverifiable), ..made }
        });
        let mut report = report(findings.collect(), sessions);
        report.not_checked = unchecked.iter().map(|(what, why)| not_checked(what, why)).collect();
        report.checked = unchecked.into_iter().take(2).map(|(what, detail)| crate::report::v1::Checked { what, detail }).collect();
        report.error = error.map(|(message, hint, path)| Error {
            kind: "input".into(),
            message,
            hint,
            location: Some(Location { path, path_encoded: false, line: Some(1), column: Some(2), end_line: None, end_column: None }),
        });
        let [error, warning, note, suppressed, waived] = counts.map(u64::from);
        report.summary = crate::report::v1::Summary { error, warning, note, suppressed, waived };
        report.sessions = report.sessions.filter(|_| known);
        report.command = if known { "audit".into() } else { "check".into() };
        report
    })
}

fn without_colour(painted: &str) -> String {
    let mut bare = String::new();
    let mut rest = painted;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        bare += before;
        rest = after.split_once('m').unwrap().1;
    }
    bare + rest
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn every_line_keeps_to_the_page_and_commands_nothing(report in reports(), width in 60_usize..=120, unicode: bool, verbose: bool) {
        let style = Style { width, unicode, colour: false, verbose };
        let shown = show(&report, &style);
        prop_assert!(!shown.chars().any(|letter| letter.is_control() && letter != '\n'), "{shown:?}");
        prop_assert!(unicode || shown.is_ascii(), "{shown}");
        prop_assert!(shown.is_empty() || shown.ends_with('\n') && !shown.starts_with('\n') && !shown.ends_with("\n\n"), "{shown}");
        for line in shown.lines() {
            prop_assert!(columns(line) <= width, "{} > {width}: {line}", columns(line));
            prop_assert!(!line.trim_start().starts_with("::"), "{line}");
            prop_assert!(!line.contains("##["), "{line}");
            prop_assert_eq!(line.trim_end(), line);
        }
        prop_assert_eq!(without_colour(&show(&report, &Style { colour: true, ..style })), shown);
    }
}

/// The columns of every row's bars, read back from what is shown.
fn drawn(shown: &str, names: &[String]) -> Vec<(usize, usize)> {
    let row = |name: &String| shown.lines().find(|line| line.starts_with(&format!("   | {name} "))).unwrap();
    let bar = |name: &String| {
        let filled: Vec<usize> = row(name).chars().enumerate().filter(|(_, letter)| *letter == '█').map(|(column, _)| column).collect();
        (filled[0], filled[filled.len() - 1])
    };
    names.iter().map(bar).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn on_the_screen_serial_is_serial_and_parallel_parallel(
        times in prop::collection::vec((time(), time()), 1..9),
        said in time(),
        width in 60_usize..=120,
    ) {
        let names: Vec<String> = (0..times.len()).map(|index| format!("agent{index}")).collect();
        let times: Vec<_> = times.into_iter().map(|(one, other)| if one < other { (one, other) } else { (other, one) }).collect();
        let dispatches = times.iter().zip(&names).map(|((start, end), name)| ran(name, start, end)).collect();
        let session = session(&said, &said, 1, dispatches, vec![claim(1, &said, "said", Verdict::Backed, "")]);
        let report = report(vec![finding("claimed-serial", Severity::Error, "x", &session, json!({}), "")], vec![session]);
        let shown = show(&report, &Style { width, ..Style::default() });
        let bars = drawn(&shown, &names);
        for ((start, end), (first, last)) in times.iter().zip(&bars) {
            for ((other_start, other_end), (other_first, other_last)) in times.iter().zip(&bars) {
                if end <= other_start && start < other_end {
                    prop_assert!(last < other_first, "{shown}");
                }
                if start < other_end && other_start < end {
                    prop_assert!(first <= other_last && other_first <= last, "{shown}");
                }
            }
        }
    }
}
