//! Boundaries in ranges and branches, and policies written in another order or shape.

use super::program::paralint;
use super::repository::Repository;
use serde_json::{Value, json};

fn check(repository: &Repository, arguments: &[&str]) -> Vec<Value> {
    let output = paralint(repository.path()).args(["check", "--format", "json", "--session", "none"]).args(arguments).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report["error"].is_null(), "{}", report["error"]);
    let families = ["boundaries", "overlap"];
    let findings = report["findings"].as_array().unwrap().iter();
    findings.filter(|finding| families.contains(&finding["family"].as_str().unwrap())).cloned().collect()
}

/// Rule, place and words of each finding.
fn shown(findings: &[Value]) -> Vec<String> {
    let line = |one: &Value| format!("{} {} {}", one["rule"], one["location"]["path"], one["message"]).replace('"', "");
    findings.iter().map(line).collect()
}

fn repository() -> Repository {
    let repository = Repository::new();
    let policy = json!({"boundaries": {
        "a": {"owner": "task-1", "paths": ["/a/"], "can_create": ["/new/"]},
        "b": {"owner": "task-2", "paths": ["/b/"]}}});
    repository.write("BOUNDARIES.json", &policy.to_string());
    for path in ["a/x", "b/x", "b/y"] {
        repository.write(path, "1\n");
    }
    repository.commit_all("base");
    repository.git(&["checkout", "-q", "-b", "agent/a"]);
    repository
}

#[test]
fn a_range_tells_each_violation_once_and_by_which_commit() {
    let repository = repository();
    repository.write("b/x", "2\n");
    repository.write("new/x", "1\n");
    repository.commit_all("one");
    let first = repository.git(&["rev-parse", "HEAD"]);
    repository.write("b/x", "3\n");
    repository.write("new/x", "2\n");
    repository.commit_all("two");
    let findings = check(&repository, &["--range", "main..HEAD"]);
    assert_eq!(shown(&findings), ["outside-boundary b/x a changed a file of b"], "what is new in the range may be changed in it");
    assert_eq!(findings[0]["evidence"]["commit"], first.as_str());
    assert_eq!(shown(&check(&repository, &["--branches", "agent/*"])), shown(&findings));
}

#[test]
fn each_commit_is_judged_by_its_own_trailer() {
    let repository = repository();
    repository.write("b/x", "2\n");
    repository.commit_all("one\n\nAgent: task-2");
    repository.write("a/x", "2\n");
    repository.commit_all("two\n\nAgent: task-2");
    let findings = check(&repository, &["--range", "main..HEAD"]);
    assert_eq!(shown(&findings), ["outside-boundary a/x task-2 changed a file of a"]);
}

#[test]
fn a_branch_does_not_loosen_its_own_policy() {
    let repository = repository();
    repository.write("BOUNDARIES.json", &json!({"a": {"can_modify": ["/"]}}).to_string());
    repository.write("b/x", "2\n");
    repository.commit_all("mine");
    let found = shown(&check(&repository, &["--range", "main..HEAD"]));
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("outside-boundary b/x") && found[1].starts_with("policy-edit BOUNDARIES.json"), "{found:?}");
}

#[test]
fn one_commit_of_a_range_mixes_and_the_next_does_not() {
    let repository = repository();
    repository.git(&["checkout", "-q", "-b", "work"]);
    repository.write("b/x", "2\n");
    repository.commit_all("b alone");
    repository.write("a/x", "2\n");
    repository.commit_all("a alone");
    assert!(check(&repository, &["--range", "main..HEAD"]).is_empty());
    repository.write("a/x", "3\n");
    repository.write("b/y", "3\n");
    repository.commit_all("both");
    let findings = check(&repository, &["--range", "main..HEAD"]);
    assert_eq!(shown(&findings), ["mixed-ownership a/x one commit touches files of a and of b"]);
    assert_eq!(findings[0]["evidence"]["files"], json!(["a 1", "b 1"]));
}

#[test]
fn three_shapes_of_one_policy_give_the_same_findings() {
    let findings = |name: &str| {
        let (report, _) = super::scenarios::outcome(name);
        let all = report["findings"].as_array().unwrap().clone();
        let kept = all.iter().filter(|finding| finding["family"] == "boundaries");
        let mut all: Vec<String> =
            kept.map(|one| format!("{} {} {} {}", one["rule"], one["message"], one["paths"], one["fingerprint"])).collect();
        all.sort();
        all
    };
    let flat = findings("shapes-flat");
    assert!(flat.len() > 4);
    assert_eq!(flat, findings("shapes-full"));
    assert_eq!(flat, findings("shapes-nested"));
}

/// Turns and mixes; the same for the same seed.
fn shuffled(mut all: Vec<String>, seed: &mut u64) -> String {
    for index in (1..all.len()).rev() {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        all.swap(index, (*seed >> 33) as usize % (index + 1));
    }
    all.join(",\n")
}

/// Takes out what tells the line.
fn without_lines(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|key, _| !["line", "column", "end_line", "end_column", "excerpt"].contains(&key.as_str()));
            members.values_mut().for_each(without_lines);
        }
        Value::Array(items) => items.iter_mut().for_each(without_lines),
        _ => {}
    }
}

/// Everything that is found but for lines, whatever the order of keys, boundaries, patterns and tasks.
fn found_in_order(mut seed: u64) -> Vec<String> {
    let repository = Repository::new();
    let seed = &mut seed;
    let list = |items: &[&str], seed: &mut u64| shuffled(items.iter().map(|item| format!("\"{item}\"")).collect(), seed);
    let mut boundary = |name: &str, lists: &[(&str, &[&str])], rest: &str| {
        let mut members: Vec<String> = lists.iter().map(|(key, items)| format!("\"{key}\": [{}]", list(items, seed))).collect();
        members.extend((!rest.is_empty()).then(|| rest.to_owned()));
        format!("\"{name}\": {{{}}}", shuffled(members, seed))
    };
    let boundaries = vec![
        boundary("a", &[("paths", &["/a/", "*.md", "**/*.md", "/x/", "/x/**"]), ("dependencies", &["b", "nothing", "/types/", "/b/"])], ""),
        boundary("b", &[("can_modify", &["/b/", "READ*", "/a/b/"]), ("dependencies", &["a"]), ("conflicts_with", &["a", "/a/", "cc"])], ""),
        boundary("c", &[("paths", &["/c/"]), ("conflicts_with", &["ALL", "c2"])], "\"locked\": true"),
        boundary("d", &[("paths", &["/both/", "c"]), ("cannot_modify", &["/common/", "/common/x"]), ("dependencies", &["/types/"])], ""),
        boundary(
            "e",
            &[("paths", &["/both/", "**/*.md"]), ("cannot_modify", &["/common/"]), ("conflicts_with", &["d", "b"])],
            "\"owner\": \"t\"",
        ),
        boundary("f", &[("paths", &["/f/"]), ("cannot_modify", &["/common/"])], "\"owner\": \"t\""),
    ];
    let groups = [("g", list(&["a", "b", "zz"], seed)), ("h", list(&["d", "e", "b"], seed))];
    let groups = groups.iter().map(|(name, members)| format!("\"{name}\": {{\"members\": [{members}], \"max_parallel\": 1}}")).collect();
    let (groups, boundaries) = (shuffled(groups, seed), shuffled(boundaries, seed));
    let sections = vec![format!("\"boundaries\": {{{boundaries}}}"), format!("\"parallel_groups\": {{{groups}}}")];
    repository.write("BOUNDARIES.json", &format!("{{{}}}", shuffled(sections, seed)));
    let task = |id: &str, path: &str| format!(r#"{{"id": "{id}", "agent": "x", "status": "in_progress", "paths": ["{path}"]}}"#);
    let tasks = [("1", "/a/"), ("2", "/b/"), ("3", "/c/"), ("4", "/both/")].map(|(id, path)| task(id, path));
    let tasks = shuffled(tasks.to_vec(), seed);
    repository.write("PARALLEL_STATUS.json", &format!("{{\"execution_id\": \"e\", \"tasks\": [{tasks}]}}"));
    for path in ["a/old", "b/old", "common/old"] {
        repository.write(path, "1\n");
    }
    repository.commit_all("base");
    for path in ["README.md", "a/x", "a/b/x", "b/x", "c/x", "d/x", "both/x", "common/x", "common/y", "types/x", "a/old", "b/old"] {
        repository.write(path, "2\n");
    }
    repository.git(&["add", "-A"]);
    let mut all = Vec::new();
    for agent in ["b", "t", "a"] {
        let mut findings = check(&repository, &["--agent", agent]);
        findings.iter_mut().for_each(without_lines);
        let mut found: Vec<String> = findings.iter().map(Value::to_string).collect();
        found.sort();
        all.extend(found);
    }
    all
}

#[test]
fn the_order_of_boundaries_patterns_and_tasks_does_not_matter() {
    let first = found_in_order(0);
    assert!(first.len() > 30, "{first:#?}");
    for seed in 1..8 {
        let other = found_in_order(seed);
        let difference: Vec<_> = first.iter().zip(&other).filter(|(one, other)| one != other).take(4).collect();
        assert!(first == other, "{} {} {difference:#?}", first.len(), other.len());
    }
}
