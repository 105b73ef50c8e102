//! Every format of one run tells of the same findings and of the same timeline, and no format changes the verdict.

use super::every_format::{Written, assert_well_formed, events, json, junit, names, page_data, sarif, spans};
use super::overlap;
use super::program::{code, fixture, paralint};
use super::repository::Repository;
use super::{gates_probes, scenarios};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// How one format tells of findings and of the timeline.
struct Counter {
    format: &'static str,
    /// How many findings it tells of; `None` for a format of times alone.
    findings: Option<fn(&str) -> usize>,
    /// How many it has to tell of, of so many errors, warnings and notes, and of so many reasons why the run could not check.
    expected: fn([usize; 3], usize) -> usize,
    /// What it tells of the timeline; `None` for a format that shows a part of it at most.
    timeline: Option<fn(&str) -> Timeline>,
}

/// What formats with a timeline agree on.
#[derive(Debug, PartialEq, Eq)]
struct Timeline {
    /// Dispatches whose time is known, at least of their call.
    agents: usize,
    /// The most agents at once in one session with a clock; `None` where a format says nothing of it.
    peak: Option<u64>,
}

const COUNTERS: [Counter; 10] = [
    Counter { format: "human", findings: Some(in_human), expected: all, timeline: None },
    Counter { format: "json", findings: Some(in_json), expected: all, timeline: Some(timeline_of_json) },
    Counter { format: "sarif", findings: Some(in_sarif), expected: with_failure, timeline: None },
    Counter { format: "github", findings: Some(in_github), expected: ten_of_each, timeline: None },
    Counter { format: "summary", findings: Some(in_summary), expected: all, timeline: None },
    Counter { format: "junit", findings: Some(in_junit), expected: with_failure, timeline: None },
    Counter { format: "gitlab", findings: Some(in_gitlab), expected: with_failure, timeline: None },
    Counter { format: "html", findings: Some(in_html), expected: all, timeline: Some(timeline_of_html) },
    Counter { format: "trace", findings: None, expected: all, timeline: Some(timeline_of_trace) },
    Counter { format: "otlp", findings: None, expected: all, timeline: Some(timeline_of_otlp) },
];

/// Each finding.
fn all(counts: [usize; 3], _failures: usize) -> usize {
    counts.iter().sum()
}

/// A list without an entry looks like success: why a run could not check is an entry as well.
fn with_failure(counts: [usize; 3], failures: usize) -> usize {
    all(counts, failures) + failures
}

/// A runner shows ten annotations of each kind and drops the rest; why a run could not check is one of the errors.
fn ten_of_each([errors, warnings, notes]: [usize; 3], failures: usize) -> usize {
    [errors + failures, warnings, notes].iter().map(|count| count.min(&10)).sum()
}

/// How often a pattern is found.
fn matches(pattern: &str, text: &str) -> usize {
    regex::Regex::new(pattern).unwrap().find_iter(text).count()
}

/// A block for each finding, which begins with its severity and its rule; but for gates, whose blocks begin with what ended how,
/// and for overlaps, which have a row each below their matrix.
fn in_human(text: &str) -> usize {
    let blocks = matches(r"(?m)^(error|warning|note)\[[a-z-]+\]", text);
    let gates = matches(r"(?m)^  [✗!] [^ :]+: ", text);
    let overlaps = matches(r"(?m)^(conflict|lines|file|identical) +[^ ]", text);
    blocks + gates + overlaps
}

fn in_json(text: &str) -> usize {
    json(text)["findings"].as_array().unwrap().len()
}

fn in_sarif(text: &str) -> usize {
    sarif(text).runs.iter().map(|run| run.results.as_ref().unwrap().len()).sum()
}

/// The annotations that are about a finding, whose title names its severity, and the one that says why a run could not check.
/// What was not checked is annotated as well.
fn in_github(text: &str) -> usize {
    matches(r"(?m)^::(error|warning|notice) [^:]*\btitle=([^:,]* \((error|warning|note)\)|paralint could not check[,:])", text)
}

/// The rows of the table of findings, which begin with a severity.
fn in_summary(text: &str) -> usize {
    matches(r"(?m)^\| [^|a-z]*(error|warning|note)\b", text)
}

/// The cases that fail: one for each finding, and that of the run where it could not check. What is found about a gate is told in the
/// case of that gate.
fn in_junit(text: &str) -> usize {
    let report = junit(text);
    let cases = report.test_suites.iter().flat_map(|suite| &suite.test_cases);
    cases.filter(|case| matches!(case.status, quick_junit::TestCaseStatus::NonSuccess { .. })).count()
}

fn in_gitlab(text: &str) -> usize {
    json(text).as_array().unwrap().len()
}

fn in_html(text: &str) -> usize {
    matches(r#"<tr[^>]*\bid="finding-\d+""#, text)
}

fn timeline_of_json(text: &str) -> Timeline {
    let report = json(text);
    let sessions: Vec<&Value> = report["sessions"].as_array().into_iter().flatten().collect();
    let dispatches = sessions.iter().flat_map(|session| session["dispatches"].as_array().unwrap());
    let agents = dispatches.filter(|dispatch| dispatch["started"].is_string() || dispatch["requested"].is_string()).count();
    // The peak of a text is one by its lines, which no timeline shows.
    let clocked = sessions.iter().filter(|session| session["clock"] != "lines");
    Timeline { agents, peak: clocked.map(|session| session["peak"].as_u64().unwrap()).max().or(Some(0)) }
}

/// The place in a lane of the page's data where the start of its bar stands; -1 is none.
const LANE_START: usize = 5;

/// One lane for each agent, with a bar where it has a time, and steps of how many ran at once: moment, count, moment, count, …
fn timeline_of_html(text: &str) -> Timeline {
    let data = page_data(text);
    let sessions: Vec<&Value> = data["sessions"].as_array().into_iter().flatten().collect();
    let lanes = sessions.iter().flat_map(|session| session["lanes"].as_array().unwrap());
    let agents = lanes.filter(|lane| lane[LANE_START].as_i64().unwrap() >= 0).count();
    let steps = sessions.iter().flat_map(|session| session["steps"].as_array().unwrap().iter().skip(1).step_by(2));
    Timeline { agents, peak: steps.map(|count| count.as_u64().unwrap()).max().or(Some(0)) }
}

/// One event for each agent, which has the category `agent` beside others that tell how it went, on a track of its own, and a
/// counter for each session.
fn timeline_of_trace(text: &str) -> Timeline {
    let events = events(text);
    let is_agent = |event: &Value| event["cat"].as_str().is_some_and(|categories| categories.split(',').any(|one| one == "agent"));
    let agents: Vec<&Value> = events.iter().filter(|event| is_agent(event) && event["ph"] == "X").collect();
    let tracks: BTreeSet<(u64, u64)> =
        agents.iter().map(|event| (event["pid"].as_u64().unwrap(), event["tid"].as_u64().unwrap())).collect();
    assert_eq!(tracks.len(), agents.len(), "each agent has a track of its own");
    let counts = events.iter().filter(|event| event["ph"] == "C").flat_map(|event| event["args"].as_object().unwrap().values());
    Timeline { agents: agents.len(), peak: counts.map(|count| count.as_u64().unwrap()).max().or(Some(0)) }
}

/// One span for each agent, below the span of its session.
fn timeline_of_otlp(text: &str) -> Timeline {
    let spans = spans(text);
    let agents = spans.iter().filter(|span| span.name.starts_with("invoke_agent") && !span.parent_span_id.is_empty());
    Timeline { agents: agents.count(), peak: None }
}

/// Holds every format of a run against its JSON report; tells all differences, each with `what` ran.
pub(crate) fn disagreements(what: &str, written: &Written) -> Vec<String> {
    let report = written.json();
    let count = |severity: &str| usize::try_from(report["summary"][severity].as_u64().unwrap()).unwrap();
    let counts = ["error", "warning", "note"].map(count);
    let timeline = timeline_of_json(written.text("json"));
    let failures = usize::from(report["error"].is_object());
    let mut off = Vec::new();
    for counter in &COUNTERS {
        // All formats of a run are told, not only the first that is malformed.
        let text = written.text(counter.format);
        let looked = std::panic::catch_unwind(|| {
            assert_well_formed(counter.format, text);
            (counter.findings.map(|findings| findings(text)), counter.timeline.map(|of| of(text)))
        });
        let Ok((findings, shown)) = looked else {
            off.push(format!("{what}: {} cannot be read", counter.format));
            continue;
        };
        let expected = (counter.expected)(counts, failures);
        if let Some(findings) = findings.filter(|findings| *findings != expected) {
            off.push(format!("{what}: {} tells of {findings} findings, not of {expected}", counter.format));
        }
        let differs = |shown: &Timeline| shown.agents != timeline.agents || shown.peak.is_some_and(|peak| Some(peak) != timeline.peak);
        if let Some(shown) = shown.filter(differs) {
            off.push(format!("{what}: {} shows {shown:?}, not {timeline:?}", counter.format));
        }
    }
    let looked = report["rules"].as_array().unwrap();
    let unlooked = report["findings"].as_array().unwrap().iter().filter(|finding| !looked.contains(&finding["rule"])).count();
    if unlooked > 0 {
        off.push(format!("{what}: {unlooked} findings of rules that were not looked at"));
    }
    if Some(i64::from(written.code)) != report["exit_code"].as_i64() {
        off.push(format!("{what}: exit code {}, in the report {}", written.code, report["exit_code"]));
    }
    off
}

/// The fixtures whose log can be read: the others have no findings and no timeline.
fn readable_fixtures() -> Vec<PathBuf> {
    let unreadable = ["empty-file", "not-json"];
    let folders = std::fs::read_dir(fixture("")).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = folders.filter(|folder| !unreadable.iter().any(|name| folder.ends_with(name))).collect();
    folders.sort();
    folders
}

#[test]
fn no_format_is_forgotten() {
    let counted: Vec<&str> = COUNTERS.iter().map(|counter| counter.format).collect();
    assert_eq!(names(), counted, "each format of --help has a counter");
    assert!(COUNTERS.iter().all(|counter| counter.findings.is_some() || counter.timeline.is_some()));
}

#[test]
fn every_fixture_is_told_alike() {
    let folders = readable_fixtures();
    let mut off = Vec::new();
    let mut findings = 0;
    for folder in &folders {
        let written = Written::by(folder, &["audit", "--no-config", "--fail-on", "note", "."]);
        findings += in_json(written.text("json"));
        off.extend(disagreements(&folder.file_name().unwrap().to_string_lossy(), &written));
    }
    assert!(off.is_empty(), "{off:#?}");
    assert!(folders.len() > 80 && findings > 15, "{findings} findings in {} fixtures", folders.len());
}

#[test]
fn many_sessions_in_one_run_are_told_alike() {
    let written = Written::by(&fixture(""), &["audit", "--no-config", "--fail-on", "note", "."]);
    let off = disagreements("all fixtures", &written);
    assert!(off.is_empty(), "{off:#?}");
}

/// A repository in which one agent changed a file of each of many others: what is another's is one finding for each owner.
pub(crate) fn many_violations(count: usize) -> Repository {
    let repository = Repository::new();
    let boundary = |name: &str| (name.to_owned(), serde_json::json!({"owner": format!("task-{name}"), "paths": [format!("/{name}/")]}));
    let others: Vec<String> = (0..count).map(|number| format!("other{number}")).collect();
    let boundaries: serde_json::Map<String, Value> = others.iter().map(String::as_str).chain(["a"]).map(boundary).collect();
    repository.write("BOUNDARIES.json", &serde_json::json!({"boundaries": boundaries}).to_string());
    repository.write("a/lib.rs", "fn it() {}\n");
    repository.commit_all("base");
    repository.git(&["checkout", "-q", "-b", "agent/a"]);
    for other in others {
        repository.write(&format!("{other}/lib.rs"), "fn it() {}\n");
    }
    repository.git(&["add", "-A"]);
    repository
}

#[test]
fn violations_of_boundaries_are_told_alike() {
    let demo = scenarios::made("demo");
    let many = many_violations(14);
    for (what, repository, least) in [("demo", &demo, 2), ("many", &many, 14)] {
        let written = Written::by(repository.path(), &["check", "--fail-on", "note"]);
        assert!(in_json(written.text("json")) >= least, "{what}: {}", written.text("json"));
        let off = disagreements(what, &written);
        assert!(off.is_empty(), "{off:#?}");
        let left = "4 more errors have no annotation";
        assert_eq!(written.text("github").contains(left), what == "many", "how many are left is said: {}", written.text("github"));
    }
}

#[test]
fn gates_are_told_alike() {
    let gates = "[gates.good]\nrun = 'true'\n[gates.bad]\nrun = 'echo why; exit 3'\n[gates.after]\nrun = 'true'\nneeds = ['bad']\n";
    let repository = gates_probes::repository(gates);
    let written = Written::by(repository.path(), &["gates", "--fail-on", "note"]);
    let report = written.json();
    assert_eq!(report["gates"].as_array().unwrap().len(), 3);
    let off = disagreements("gates", &written);
    assert!(off.is_empty(), "{off:#?}");
    let suites = junit(written.text("junit")).test_suites;
    let cases: BTreeMap<String, bool> = suites
        .iter()
        .filter(|suite| suite.name.as_str() == "gate runs")
        .flat_map(|suite| &suite.test_cases)
        .map(|case| (case.name.as_str().to_owned(), matches!(case.status, quick_junit::TestCaseStatus::Success { .. })))
        .collect();
    assert_eq!(cases, [("good", true), ("bad", false), ("after", false)].map(|(name, good)| (name.to_owned(), good)).into());
    for (format, text) in written.all().filter(|(format, _)| ["human", "summary", "html", "trace", "otlp"].contains(format)) {
        assert!(text.contains("good") && text.contains("bad"), "{format} tells of the gates");
    }
}

#[test]
fn overlaps_are_told_alike() {
    let repository = overlap::base();
    for (name, lines) in [("agent/one", 10..=12), ("agent/two", 11..=14)] {
        overlap::branch(&repository, name, "main", |work| work.write("a", &overlap::edited("a", lines, name)));
    }
    let written = Written::by(repository.path(), &["overlap", "--fail-on", "note"]);
    assert_eq!(written.json()["overlaps"].as_array().unwrap().len(), 1);
    let off = disagreements("overlap", &written);
    assert!(off.is_empty(), "{off:#?}");
    for format in ["human", "summary", "html"] {
        assert!(written.text(format).contains("agent/one") || written.text(format).contains("one"), "{format} tells of the overlap");
    }
}

#[test]
fn the_exit_code_is_the_same_in_every_format() {
    for (name, arguments, expected) in [
        ("everything-fine", &[][..], 0),
        ("demo-serial", &[], 1),
        ("demo-serial", &["--fail-on", "never"], 0),
        ("overlap-shell", &["--fail-on", "warning"], 1),
        ("empty-file", &["session.jsonl"], 2),
    ] {
        for format in names() {
            let output = paralint(&fixture(name)).args(["audit", "--no-config", "--format", &format]).args(arguments).arg(".").output();
            assert_eq!(code(&output.unwrap()), expected, "{name} {arguments:?} {format}");
        }
    }
}
