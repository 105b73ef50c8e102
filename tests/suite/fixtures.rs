//! Every log under `fixtures/sessions` against its `expect.json`, which was derived from the rules and not from the code.

use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The keys that `expect.json` may hold at its top.
const EXPECTATION_KEYS: &[&str] = &["trap", "input", "args", "exit_code", "sessions", "findings"];
/// The keys of one expected session.
const SESSION_KEYS: &[&str] = &["path_ends_with", "records", "bad_lines", "peak", "dispatches", "batches", "claims"];
/// The keys of one expected dispatch.
const DISPATCH_KEYS: &[&str] = &["id", "timing", "status", "agent", "parent", "tool_uses", "edits", "background", "started", "ended"];
/// The keys of one expected batch.
const BATCH_KEYS: &[&str] = &["count", "peak"];
/// The keys of one expected claim.
const CLAIM_KEYS: &[&str] = &["line", "kind", "agents", "verdict", "certain", "path_ends_with"];
/// The keys of one expected finding.
const FINDING_KEYS: &[&str] = &["rule", "severity", "verdict", "line", "paths", "path_ends_with"];

/// The folder that holds one folder per fixture.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Every fixture: its name and its folder, sorted by name.
fn fixtures() -> Vec<(String, PathBuf)> {
    let mut found: Vec<(String, PathBuf)> = fs::read_dir(root().join("sessions"))
        .expect("fixtures/sessions can be listed")
        .map(|entry| entry.expect("an entry of fixtures/sessions").path())
        .filter(|path| path.is_dir())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), path))
        .collect();
    found.sort();
    found
}

/// A fixture's `expect.json`.
fn expectation(folder: &Path) -> Value {
    let path = folder.join("expect.json");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The elements of an array; none where the value is no array.
fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Does a value meet what was expected of it under this key? In `verdict`, a list means "one of these".
fn meets(key: &str, expected: &Value, actual: &Value) -> bool {
    match (key, expected) {
        ("verdict", Value::Array(choices)) => choices.contains(actual),
        _ => expected == actual,
    }
}

/// The path in a claim, a finding or a session, wherever the report keeps it.
fn path_of(actual: &Value) -> &str {
    actual["path"].as_str().or_else(|| actual["location"]["path"].as_str()).unwrap_or("")
}

/// The keys in which the report's entry differs from the expected one, as `key: expected …, came …`.
fn differences(expected: &Map<String, Value>, actual: &Value) -> Vec<String> {
    let mut off = Vec::new();
    for (key, wanted) in expected {
        let came = match key.as_str() {
            "dispatches" | "batches" | "claims" => continue,
            "path_ends_with" if path_of(actual).ends_with(wanted.as_str().unwrap_or("?")) => continue,
            "path_ends_with" => Value::from(path_of(actual)),
            "line" if actual.get("location").is_some() => actual["location"]["line"].clone(),
            "edits" => {
                let paths: BTreeSet<&str> = list(&actual["edits"]).iter().filter_map(|edit| edit["path"].as_str()).collect();
                Value::from(paths.into_iter().collect::<Vec<_>>())
            }
            _ => actual.get(key).cloned().unwrap_or(Value::Null),
        };
        if !meets(key, wanted, &came) {
            off.push(format!("{key}: expected {wanted}, came {came}"));
        }
    }
    off
}

/// A report's entry, shortened to what an expectation may speak of.
fn short(actual: &Value, keys: &[&str]) -> String {
    let mut kept = Map::new();
    for key in keys.iter().chain(&["location", "path", "text", "why", "message"]) {
        if let Some(value) = actual.get(*key) {
            kept.insert((*key).to_owned(), value.clone());
        }
    }
    Value::Object(kept).to_string()
}

/// Pairs the expected entries with the report's, in any order, and tells what is left over on either side.
fn compare_lists(what: &str, expected: &[Value], actual: &[&Value], keys: &[&str]) -> Vec<String> {
    let mut open: Vec<&Value> = actual.to_vec();
    let mut missing = Vec::new();
    for wanted in expected {
        let fields = wanted.as_object().expect("an expected entry is an object");
        match open.iter().position(|came| differences(fields, came).is_empty()) {
            Some(place) => {
                open.remove(place);
            }
            None => missing.push(format!("{what}: expected {wanted}")),
        }
    }
    missing.extend(open.iter().map(|came| format!("{what}: not expected {}", short(came, keys))));
    missing
}

/// Compares the dispatches by their `id`.
fn compare_dispatches(expected: &[Value], actual: &[Value]) -> Vec<String> {
    let mut off = Vec::new();
    for wanted in expected {
        let id = wanted["id"].as_str().expect("an expected dispatch has an id");
        let same: Vec<&Value> = actual.iter().filter(|came| came["id"] == wanted["id"]).collect();
        match same.as_slice() {
            [came] => {
                let fields = wanted.as_object().expect("an expected dispatch is an object");
                off.extend(differences(fields, came).into_iter().map(|text| format!("dispatch {id}: {text}")));
            }
            others => off.push(format!("dispatch {id}: expected once, came {} times", others.len())),
        }
    }
    let known: BTreeSet<&str> = expected.iter().filter_map(|wanted| wanted["id"].as_str()).collect();
    let strangers = actual.iter().filter(|came| !known.contains(came["id"].as_str().unwrap_or("")));
    off.extend(strangers.map(|came| format!("dispatch: not expected {}", short(came, DISPATCH_KEYS))));
    off
}

/// Compares one session in everything that its expectation names.
fn compare_session(expected: &Value, actual: &Value) -> Vec<String> {
    let fields = expected.as_object().expect("an expected session is an object");
    let mut off = differences(fields, actual);
    if let Some(wanted) = fields.get("dispatches") {
        off.extend(compare_dispatches(list(wanted), list(&actual["dispatches"])));
    }
    if let Some(wanted) = fields.get("batches") {
        let came: Vec<&Value> = list(&actual["batches"]).iter().collect();
        off.extend(compare_lists("batch", list(wanted), &came, BATCH_KEYS));
    }
    if let Some(wanted) = fields.get("claims") {
        let came: Vec<&Value> = list(&actual["claims"]).iter().filter(|claim| claim["certain"] == Value::Bool(true)).collect();
        let (inner, main): (Vec<&Value>, Vec<&Value>) = came.into_iter().partition(|claim| claim["path"].is_string());
        let (inner_wanted, main_wanted): (Vec<Value>, Vec<Value>) =
            list(wanted).iter().cloned().partition(|claim| claim.get("path_ends_with").is_some());
        off.extend(compare_lists("claim", &main_wanted, &main, CLAIM_KEYS));
        off.extend(compare_lists("claim of a subagent", &inner_wanted, &inner, CLAIM_KEYS));
    }
    off
}

/// Compares a whole report.
fn compare(expected: &Value, report: &Value) -> Vec<String> {
    let mut off = Vec::new();
    if report["exit_code"] != expected["exit_code"] {
        off.push(format!("exit_code in the report: expected {}, came {}", expected["exit_code"], report["exit_code"]));
    }
    if let Some(wanted) = expected.get("sessions") {
        let came = list(&report["sessions"]);
        if list(wanted).len() != came.len() {
            off.push(format!("sessions: expected {}, came {}", list(wanted).len(), came.len()));
        }
        for session in list(wanted) {
            let end = session["path_ends_with"].as_str().expect("an expected session has path_ends_with");
            match came.iter().find(|one| path_of(one).ends_with(end)) {
                Some(one) => off.extend(compare_session(session, one)),
                None => off.push(format!("session {end}: missing")),
            }
        }
    }
    if let Some(wanted) = expected.get("findings") {
        let came: Vec<&Value> = list(&report["findings"]).iter().collect();
        off.extend(compare_lists("finding", list(wanted), &came, FINDING_KEYS));
    }
    off
}

/// Audits one fixture and tells how the outcome differs from what was expected.
fn audit(folder: &Path) -> Vec<String> {
    let expected = expectation(folder);
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_paralint"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", folder).env("TZ", "UTC");
    command.current_dir(folder).timeout(Duration::from_secs(60));
    command.args(["audit", "--no-config", "--format", "json"]);
    command.args(list(&expected["args"]).iter().filter_map(Value::as_str));
    command.arg(expected["input"].as_str().expect("expect.json names its input"));
    let output = command.output().expect("paralint can be run");
    let mut off = Vec::new();
    let code = output.status.code().map_or(Value::Null, Value::from);
    if code != expected["exit_code"] {
        off.push(format!("exit code: expected {}, came {code}", expected["exit_code"]));
    }
    match serde_json::from_slice::<Value>(&output.stdout) {
        Ok(report) => off.extend(compare(&expected, &report)),
        Err(error) => {
            let stderr = String::from_utf8_lossy(&output.stderr);
            off.push(format!("no JSON report ({error}); stderr: {}", stderr.lines().next().unwrap_or("")));
        }
    }
    off
}

/// Tells which keys of an object are not among the known ones.
fn strangers(place: &str, value: &Value, known: &[&str]) -> Vec<String> {
    let fields = value.as_object().unwrap_or_else(|| panic!("{place} is no object"));
    fields.keys().filter(|key| !known.contains(&key.as_str())).map(|key| format!("{place}: unknown key {key}")).collect()
}

#[test]
fn every_fixture_is_judged_as_expected() {
    let all = fixtures();
    let mut lines = Vec::new();
    let mut wrong = 0;
    for (name, folder) in &all {
        let off = audit(folder);
        if !off.is_empty() {
            wrong += 1;
            let trap = expectation(folder)["trap"].as_str().unwrap_or_default().to_owned();
            lines.push(format!("\n{name}: {trap}"));
            lines.extend(off.into_iter().map(|text| format!("  - {text}")));
        }
    }
    assert!(lines.is_empty(), "{wrong} of {} fixtures differ\n{}", all.len(), lines.join("\n"));
}

#[test]
fn the_table_names_every_fixture_and_no_other() {
    let table = fs::read_to_string(root().join("README.md")).expect("fixtures/README.md can be read");
    let named: Vec<&str> = table
        .lines()
        .filter(|line| line.matches('|').count() >= 5)
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` |").map(|(name, _)| name))
        .collect();
    let once: BTreeSet<&str> = named.iter().copied().collect();
    let all = fixtures();
    let present: BTreeSet<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(once, present);
    assert_eq!(named.len(), once.len(), "a fixture is named twice");
}

#[test]
fn every_expectation_has_only_known_keys() {
    let mut off = Vec::new();
    for (name, folder) in fixtures() {
        let expected = expectation(&folder);
        off.extend(strangers(&name, &expected, EXPECTATION_KEYS));
        for key in ["trap", "input", "exit_code"] {
            if expected.get(key).is_none() {
                off.push(format!("{name}: {key} is missing"));
            }
        }
        for session in list(&expected["sessions"]) {
            off.extend(strangers(&name, session, SESSION_KEYS));
            for (key, known) in [("dispatches", DISPATCH_KEYS), ("batches", BATCH_KEYS), ("claims", CLAIM_KEYS)] {
                let entries = session.get(key).map_or(&[][..], list);
                off.extend(entries.iter().flat_map(|entry| strangers(&format!("{name}: {key}"), entry, known)));
            }
        }
        let findings = list(&expected["findings"]).iter();
        off.extend(findings.flat_map(|finding| strangers(&format!("{name}: finding"), finding, FINDING_KEYS)));
    }
    assert!(off.is_empty(), "{}", off.join("\n"));
}
