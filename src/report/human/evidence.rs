//! The numbers that prove a finding, as a sentence.

use super::clock;
use serde_json::{Map, Value};

/// What a reader looks for first; everything else follows in the order of its name.
const FIRST: [&str; 6] = ["claimed", "dispatches", "responses", "agents", "peak", "effective_concurrency"];

/// The evidence as `claimed 3, 7 dispatches, peak 1, effective concurrency 1.00`.
pub(in crate::report) fn sentence(evidence: &Map<String, Value>) -> String {
    let first = FIRST.iter().filter_map(|key| evidence.get_key_value(*key));
    // What happened to the file stands behind its path, and what a gate printed with the gate.
    let rest = evidence.iter().filter(|(key, _)| !FIRST.contains(&key.as_str()) && !matches!(key.as_str(), "change" | "last_lines"));
    first.chain(rest).map(|(key, value)| part(key, value)).collect::<Vec<_>>().join(", ")
}

/// `1 dispatch`, `2 dispatches`.
pub(super) fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn part(key: &str, value: &Value) -> String {
    if let Some(number) = value.as_u64() {
        let one = match key {
            "dispatches" => Some("dispatch"),
            "responses" => Some("response"),
            "agents" => Some("agent"),
            "edits" => Some("edit"),
            "files" => Some("file"),
            "calls" => Some("call"),
            _ => None,
        };
        if let Some(one) = one {
            return count(number, one, key);
        }
    }
    let (name, seconds) = match key.strip_suffix("_seconds") {
        Some(name) => (name, true),
        None => (key, matches!(key, "work" | "wall")),
    };
    let shown = match value {
        Value::Number(number) if seconds => clock::duration((number.as_f64().unwrap_or_default() * 1000.0) as i64),
        Value::Number(number) if number.is_f64() => format!("{:.2}", number.as_f64().unwrap_or_default()),
        other => plain(other),
    };
    format!("{} {shown}", name.replace('_', " "))
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::from("unknown"),
        Value::Bool(true) => String::from("yes"),
        Value::Bool(false) => String::from("no"),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" and "),
        Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::sentence;
    use serde_json::json;

    #[test]
    fn evidence_reads_as_a_sentence() {
        let evidence = json!({"peak": 1, "effective_concurrency": 1.0, "dispatches": 7, "responses": 1, "wall": 252.5, "claimed": null,
            "gap_seconds": 30, "test_runs": ["a", "b"], "certain": true});
        let expected = "claimed unknown, 7 dispatches, 1 response, peak 1, effective concurrency 1.00, certain yes, gap 30s, test runs a and b, \
            wall 4m 12s";
        assert_eq!(sentence(evidence.as_object().unwrap()), expected);
    }
}
