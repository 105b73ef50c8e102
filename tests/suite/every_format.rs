//! All formats of one run, each read back by a parser that is not ours.

use super::program::{code, paralint, run, stdout};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;

/// The names of all formats, as help lists them.
pub(crate) fn names() -> Vec<String> {
    let help = stdout(&run(Path::new("/"), &["audit", "--help"]));
    let listed = help.split_once("--format <FORMAT>").expect("help tells of --format").1;
    let listed = listed.split_once("[default:").expect("a default ends the list").0;
    let name = regex::Regex::new(r"(?m)^ +- (\w+):").unwrap();
    let names: Vec<String> = name.captures_iter(listed).map(|found| found[1].to_owned()).collect();
    assert!(names.len() >= 10, "{names:?}");
    names
}

/// One run with a file of each format.
pub(crate) struct Written {
    /// The exit code.
    pub(crate) code: i32,
    /// What the run printed.
    pub(crate) output: Output,
    files: BTreeMap<String, Vec<u8>>,
}

impl Written {
    /// Runs the program in a folder and has all formats written into another.
    pub(crate) fn by(folder: &Path, arguments: &[&str]) -> Written {
        let target = tempfile::tempdir().unwrap();
        let names = names();
        let mut command = paralint(folder);
        command.args(arguments);
        for name in &names {
            command.arg("--output").arg(format!("{name}={}", target.path().join(name).display()));
        }
        let output = command.output().unwrap();
        assert_eq!(std::fs::read_dir(target.path()).unwrap().count(), names.len(), "{}", String::from_utf8_lossy(&output.stderr));
        let read = |name: String| (name.clone(), std::fs::read(target.path().join(name)).unwrap());
        Written { code: code(&output), files: names.into_iter().map(read).collect(), output }
    }

    /// The report in a format.
    pub(crate) fn text(&self, format: &str) -> &str {
        std::str::from_utf8(&self.files[format]).unwrap_or_else(|error| panic!("{format} is no UTF-8: {error}"))
    }

    /// Every format with its report.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.keys().map(|name| (name.as_str(), self.text(name)))
    }

    /// The report that all others are made from.
    pub(crate) fn json(&self) -> Value {
        json(self.text("json"))
    }
}

/// A text that has to be JSON.
pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {}", beginning(text)))
}

/// The beginning of a text, for a message.
pub(crate) fn beginning(text: &str) -> String {
    text.chars().take(600).collect()
}

/// The SARIF log, by the types of another implementation.
pub(crate) fn sarif(text: &str) -> serde_sarif::sarif::Sarif {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("sarif: {error}: {}", beginning(text)))
}

/// The JUnit report, by the types of another implementation.
pub(crate) fn junit(text: &str) -> quick_junit::Report {
    quick_junit::Report::deserialize_from_str(text).unwrap_or_else(|error| panic!("junit: {error}: {}", beginning(text)))
}

/// The spans, by the types of OpenTelemetry itself.
pub(crate) fn spans(text: &str) -> Vec<opentelemetry_proto::tonic::trace::v1::Span> {
    let data: opentelemetry_proto::tonic::trace::v1::TracesData =
        serde_json::from_str(text).unwrap_or_else(|error| panic!("otlp: {error}: {}", beginning(text)));
    data.resource_spans.into_iter().flat_map(|of| of.scope_spans).flat_map(|of| of.spans).collect()
}

/// The events of a Chrome trace.
pub(crate) fn events(text: &str) -> Vec<Value> {
    let trace = json(text);
    trace["traceEvents"].as_array().unwrap_or_else(|| panic!("trace: {}", beginning(text))).clone()
}

/// The data that the page's pictures are drawn from.
pub(crate) fn page_data(text: &str) -> Value {
    let element = regex::Regex::new(r#"(?s)<script[^>]*\bid="?data"?[^>]*>(.*?)</script>"#).unwrap();
    json(&element.captures(text).unwrap_or_else(|| panic!("html: no data: {}", beginning(text)))[1])
}

/// Fails where a report is not what its format demands.
pub(crate) fn assert_well_formed(format: &str, text: &str) {
    let fits = match format {
        "human" => true,
        "json" => json(text)["version"] == 1,
        "sarif" => {
            let log = sarif(text);
            !log.runs.is_empty() && log.runs.iter().all(|run| run.results.as_ref().is_some_and(|results| results.len() <= 25_000))
        }
        "github" => text.lines().filter(|line| line.starts_with("::")).all(is_command),
        "summary" => text.len() < 1 << 20 && !text.trim().is_empty(),
        "junit" => !junit(text).test_suites.is_empty(),
        "gitlab" => json(text).as_array().is_some_and(|issues| issues.iter().all(is_issue)),
        "html" => text.starts_with("<!DOCTYPE html>") && text.trim_end().ends_with("</html>") && page_data(text).is_object(),
        "trace" => events(text).iter().all(|event| event["ph"].is_string() && event["pid"].is_u64()),
        "otlp" if text.trim_end().contains('\n') || !text.ends_with('\n') => false,
        "otlp" => spans(text).iter().all(|span| span.trace_id.len() == 16 && span.span_id.len() == 8 && !span.name.is_empty()),
        _ => panic!("{format} is not looked at: add its parser"),
    };
    assert!(fits, "{format} is malformed: {}", beginning(text));
}

/// A line that a runner may be told: an annotation, or the word that stops and resumes its obedience.
fn is_command(line: &str) -> bool {
    let known = regex::Regex::new(r"^::((error|warning|notice)( [a-zA-Z]+=[^:,\n]*(,[a-zA-Z]+=[^:,\n]*)*)?::|stop-commands::|group::|endgroup::|paralint-[0-9a-f]{32}::)").unwrap();
    known.is_match(line)
}

/// What GitLab demands of one entry of a code quality report.
fn is_issue(issue: &Value) -> bool {
    let worded = ["description", "check_name", "fingerprint"].iter().all(|key| issue[key].as_str().is_some_and(|text| !text.is_empty()));
    let graded = ["info", "minor", "major", "critical", "blocker"].iter().any(|severity| issue["severity"] == *severity);
    let placed = issue["location"]["path"].as_str().is_some_and(|path| !path.is_empty() && !path.starts_with("./"));
    worded && graded && placed && issue["location"]["lines"]["begin"].as_u64().is_some_and(|line| line >= 1)
}
