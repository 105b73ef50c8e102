//! What a log does not tell stands in no format: no time of a text without a clock, no line of a store without lines.

use super::example::{claim, finding, pasted, ran, report, session, stamp};
use super::v1::{Related, Report, Session, ToolCall};
use super::{Context, FORMATS};
use crate::model::finding::{Severity, Verdict};
use crate::model::session::Numbering;
use serde_json::json;

fn written(report: &Report, format: &str, verbose: bool) -> String {
    let mut context = Context::default();
    context.style.verbose = verbose;
    let mut out = Vec::new();
    let format = super::find(format).unwrap();
    (format.write)(report, &context, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    match format.name {
        // The page holds a style and a script, and it and SARIF the documents of rules: their words are not the report's.
        "html" => {
            let body = text.split("</style>").last().unwrap_or_default();
            body.split("<script").next().unwrap_or_default().split("<section id=\"rules\"").next().unwrap_or_default().to_owned()
        }
        "sarif" => serde_json::from_str::<serde_json::Value>(&text).unwrap()["runs"][0]["results"].to_string(),
        _ => text,
    }
}

fn of_text(peak: u32, possible: Option<u32>) -> Report {
    let said = claim(2, "10:00:00", "I'll launch three agents in parallel.", Verdict::Contradicted, "2 ran one after another");
    let text = pasted(peak, possible, &["Trading", "Analysis", "Reporting"], vec![said]);
    let found = finding("claimed-serial", Severity::Error, "claimed 3 agents in parallel", &text, json!({"peak": 1}), "send them at once");
    report(vec![found], vec![text])
}

#[test]
fn no_format_gives_a_text_a_time() {
    let report = of_text(1, Some(2));
    let time = regex::Regex::new(r"\d\d:\d\d|1970|2026-|\d(st|nd|rd|th)? of ").unwrap();
    for format in FORMATS {
        let text = written(&report, format.name, true);
        assert!(!time.is_match(&text), "{}: {:?}", format.name, time.find(&text).map(|found| found.as_str()));
    }
}

#[test]
fn people_read_that_the_order_tells_how_many_ran_at_once() {
    let (sure, open) = (of_text(3, None), of_text(1, Some(2)));
    assert!(written(&sure, "human", false).contains("3 agents, peak 3 by the order of the text"), "{}", written(&sure, "human", false));
    assert!(written(&open, "human", false).contains("peak at least 1 by the order"));
    assert!(written(&open, "human", false).contains("no timeline: a text has no clock (3 dispatches)"));
    let summary = written(&open, "summary", false);
    assert!(
        summary.contains("3 dispatches, peak at least 1 by the order of the text. There is no chart: a text has no clock."),
        "{summary}"
    );
    assert!(summary.contains("Trading (1m 16s)"), "{summary}");
    let page = written(&open, "html", false);
    assert!(page.contains("A text has no clock") && page.contains("at least 1") && page.contains("1m 16s"), "{page}");
    assert!(!page.contains("<figure class=\"picture\""));
    let json: serde_json::Value = serde_json::from_str(&written(&open, "json", false)).unwrap();
    let session = &json["sessions"][0];
    assert_eq!((&session["clock"], &session["peak"], &session["possible_peak"]), (&json!("lines"), &json!(1), &json!(2)));
    assert_eq!((&session["dispatches"][0]["duration"], &session["dispatches"][0]["started"]), (&json!(76.7), &json!(null)));
    assert!(session["dispatches"][1].get("duration").is_none());
}

/// A session out of a store without lines, with a finding of which none has a line.
fn of_store(numbering: Numbering) -> Report {
    let said = claim(4711, "10:00:00", "I'll launch three agents in parallel.", Verdict::Contradicted, "they ran in turn");
    let mut dispatch = ran("Trading", "10:00:00", "10:01:00");
    dispatch.line = 4712;
    let store = session("10:00:00", "10:05:00", 1, vec![dispatch], vec![said]);
    let call =
        ToolCall { dispatch: None, tool: "Read".into(), line: 4713, started: stamp("10:00:10"), ended: stamp("10:00:11"), failed: false };
    let store = Session { path: "opencode.db".into(), numbering, calls: vec![call], ..store };
    let mut found =
        finding("claimed-serial", Severity::Error, "claimed 3 agents in parallel", &store, json!({"peak": 1}), "send them at once");
    let line = (numbering == Numbering::Lines).then_some(4711);
    found.location.line = line;
    found.related.push(Related { path: "opencode.db".into(), line, message: "the first dispatch".into(), ..Related::default() });
    report(vec![found], vec![store])
}

#[test]
fn no_format_shows_a_record_as_a_line() {
    for format in FORMATS {
        let (lines, records) = (of_store(Numbering::Lines), of_store(Numbering::Records));
        assert!(written(&lines, format.name, true).contains("471"), "{} shows lines where there are some", format.name);
        if format.name == "json" {
            let json: serde_json::Value = serde_json::from_str(&written(&records, "json", false)).unwrap();
            assert_eq!(json["sessions"][0]["numbering"], "records");
            assert_eq!(json["findings"][0]["location"]["line"], json!(null));
            continue;
        }
        let text = written(&records, format.name, true);
        let shown = text.match_indices("471").map(|(at, _)| &text[at.saturating_sub(40)..(at + 20).min(text.len())]);
        let shown: Vec<&str> = shown.collect();
        assert!(shown.is_empty(), "{}: {shown:?}", format.name);
    }
}
