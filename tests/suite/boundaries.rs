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
    assert!(found[0].starts_with("policy-edit BOUNDARIES.json") && found[1].starts_with("outside-boundary b/x"), "{found:?}");
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

#[test]
fn the_order_of_boundaries_patterns_and_tasks_does_not_matter() {
    let of = |reverse: bool| {
        let repository = Repository::new();
        let turn = |mut all: Vec<String>| {
            if reverse {
                all.reverse();
            }
            all.join(",\n")
        };
        let boundary = |name: &str, paths: &[&str], rest: &str| {
            let paths = turn(paths.iter().map(|path| format!("\"{path}\"")).collect());
            format!("\"{name}\": {{\"paths\": [{paths}], {rest}}}")
        };
        let policy = turn(vec![
            boundary("a", &["/a/", "*.md", "/x/", "/x/**"], "\"dependencies\": [\"b\", \"nothing\"]"),
            boundary("b", &["/b/", "READ*", "/a/b/"], "\"dependencies\": [\"a\"], \"conflicts_with\": [\"a\"]"),
            boundary("c", &["/c/"], "\"locked\": true"),
        ]);
        repository.write("BOUNDARIES.json", &format!("{{\"boundaries\": {{{policy}}}}}"));
        let task = |id: &str, path: &str| format!(r#"{{"id": "{id}", "agent": "x", "status": "in_progress", "paths": ["{path}"]}}"#);
        let tasks = turn(vec![task("1", "/a/"), task("2", "/b/"), task("3", "/c/")]);
        repository.write("PARALLEL_STATUS.json", &format!("{{\"execution_id\": \"e\", \"tasks\": [{tasks}]}}"));
        repository.commit_all("base");
        for path in ["README.md", "a/x", "a/b/x", "b/x", "c/x", "d/x"] {
            repository.write(path, "1\n");
        }
        repository.git(&["add", "-A"]);
        let findings = check(&repository, &["--agent", "b"]);
        let mut all: Vec<String> =
            findings.iter().map(|one| format!("{} {} {}", one["rule"], one["message"], one["fingerprint"])).collect();
        all.sort();
        all
    };
    let forward = of(false);
    assert!(forward.len() > 8, "{forward:#?}");
    assert_eq!(forward, of(true));
}
