//! What state files mean: times without a zone, paths as agents write them, names that do not count.

use super::program::{code, paralint};
use super::repository::Repository;
use serde_json::{Value, json};
use std::path::Path;

fn repository(files: &[(&str, Value)]) -> Repository {
    let repository = Repository::new();
    for (name, value) in files {
        repository.write(name, &value.to_string());
    }
    repository.write("src/b/y.rs", "one\n");
    repository.commit_all("first");
    repository.write("src/b/y.rs", "two\n");
    repository.git(&["add", "src"]);
    repository
}

fn check(repository: &Repository, arguments: &[&str], zone: Option<&str>) -> (Value, i32) {
    let mut command = paralint(repository.path());
    command.args(["check", "--session", "none", "--format", "json"]).args(arguments);
    if let Some(zone) = zone {
        command.env("TZ", zone);
    }
    let output = command.output().unwrap();
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    (report, code(&output))
}

fn not_checked(report: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    report["not_checked"].as_array().unwrap().iter().map(|one| (text(&one["what"]), text(&one["why"]))).collect()
}

fn rules(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect()
}

fn lock(agent: &str, path: &str, since: Option<&str>) -> Value {
    json!({"locks": [{"agent_id": agent, "locked_paths": [path], "lock_time": since}]})
}

#[test]
fn a_time_without_a_zone_is_local() {
    let repository = repository(&[("RESOURCE_LOCKS.json", lock("t1", "/src/a/", Some("2026-01-10T10:00:00")))]);
    let since = |zone: &str| {
        let (report, _) = check(&repository, &[], Some(zone));
        report["findings"][0]["evidence"]["since"].as_str().unwrap_or_else(|| panic!("{report}")).to_owned()
    };
    assert!(since("JST-9").starts_with("2026-01-10T01:00:00"), "{}", since("JST-9"));
    assert!(since("UTC").starts_with("2026-01-10T10:00:00"));
    assert!(since("").starts_with("2026-01-10T10:00:00"));
    if Path::new("/usr/share/zoneinfo/Asia/Tokyo").exists() {
        assert!(since("Asia/Tokyo").starts_with("2026-01-10T01:00:00"), "{}", since("Asia/Tokyo"));
        assert!(since(":America/New_York").starts_with("2026-01-10T15:00:00"), "{}", since(":America/New_York"));
    }
}

#[test]
fn absolute_paths_of_the_work_tree_are_locked() {
    let repository = repository(&[]);
    let absolute = format!("{}/src/b/", repository.path().canonicalize().unwrap().display());
    repository.write("RESOURCE_LOCKS.json", &lock("t1", &absolute, None).to_string());
    let tasks = json!({"tasks": [{"id": "t2", "status": "in_progress", "paths": []}, {"id": "t1", "status": "in_progress"}]});
    repository.write("PARALLEL_STATUS.json", &tasks.to_string());
    let (report, exit_code) = check(&repository, &["--agent", "t2"], None);
    assert_eq!((rules(&report), exit_code), (vec!["foreign-lock"], 1), "{report}");
}

#[test]
fn locks_without_an_age_are_told() {
    let whys = |since: Option<&str>| {
        let repository = repository(&[("RESOURCE_LOCKS.json", lock("t1", "/src/a/", since))]);
        let told = not_checked(&check(&repository, &[], None).0);
        told.into_iter().filter(|(_, why)| why.contains("how old it is")).map(|(what, _)| what).collect::<Vec<_>>()
    };
    assert_eq!(whys(None), ["RESOURCE_LOCKS.json:1"]);
    assert_eq!(whys(Some("2999-01-01T00:00:00Z")), ["RESOURCE_LOCKS.json:1"]);
    assert_eq!(whys(Some("2026-01-01T00:00:00Z")), [""; 0]);
}

#[test]
fn who_cannot_be_judged_is_told() {
    let boundaries = || json!({"a": {"can_modify": ["/src/a/"]}, "b": {"can_modify": ["/src/b/"]}});
    let tasks = json!({"tasks": [{"id": "t1", "status": "in_progress", "paths": ["/src/a/"]}, {"id": "t2", "status": "in_progress"}]});
    let mine = repository(&[("PARALLEL_STATUS.json", tasks)]);
    let told = not_checked(&check(&mine, &["--agent", "t2"], None).0);
    let wanted = ("the area of t2".to_owned(), "no boundary and no task paths are its own".to_owned());
    assert!(told.contains(&wanted), "{told:?}");
    let branch = repository(&[("BOUNDARIES.json", boundaries())]);
    branch.git(&["checkout", "-q", "-b", "agent/aa"]);
    let told = not_checked(&check(&branch, &[], None).0);
    let wanted = ("the area of aa (branch agent/aa)".to_owned(), "no policy or state file names it; did you mean a?".to_owned());
    assert!(told.contains(&wanted), "{told:?}");
}
