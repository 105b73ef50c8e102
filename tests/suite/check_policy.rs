//! Where policy comes from, who is named, and what a report says when a file cannot be used.

use super::program::{code, paralint, stdout};
use super::repository::{Repository, git_in};
use serde_json::Value;
use std::path::Path;

const POLICY: &str = "{\"a\": {\"can_modify\": [\"/src/a/\"]},\n \"b\": {\"can_modify\": [\"/src/b/\"]}}\n";

fn repository() -> Repository {
    let repository = Repository::new();
    repository.write("BOUNDARIES.json", POLICY);
    repository.write("src/a/x.rs", "1");
    repository.write("src/b/y.rs", "1");
    repository.commit_all("base");
    repository
}

fn check_in(folder: &Path, arguments: &[&str]) -> (Value, i32) {
    let output = paralint(folder).arg("check").args(arguments).args(["--format", "json"]).output().unwrap();
    (serde_json::from_slice(&output.stdout).unwrap(), code(&output))
}

fn rules(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect()
}

fn not_checked(report: &Value, what: &str) -> String {
    let all = report["not_checked"].as_array().unwrap();
    all.iter().find(|one| one["what"] == what).map(|one| one["why"].as_str().unwrap().to_owned()).unwrap_or_default()
}

#[test]
fn the_branch_of_a_range_is_one_that_git_allows() {
    let repository = repository();
    repository.git(&["switch", "-q", "--detach"]);
    repository.write("src/b/y.rs", "2");
    repository.commit_all("b");
    let range = |name: &str| ["--range".to_owned(), "main..HEAD".to_owned(), format!("--branch={name}")];
    let check = |name: &str| {
        let arguments = range(name);
        check_in(repository.path(), &arguments.each_ref().map(String::as_str))
    };
    for name in ["agent/a", "refs/heads/agent/a"] {
        let (report, code) = check(name);
        assert_eq!((code, rules(&report)[0]), (1, "outside-boundary"), "{name}");
    }
    let (report, _) = check("origin/agent/a");
    assert!(not_checked(&report, "the area of a (branch origin/agent/a)").contains("only a branch agent/a"), "{}", report["not_checked"]);
    let (report, _) = check("origin/agent/zzz");
    assert!(not_checked(&report, "the area of zzz (branch origin/agent/zzz)").contains("no policy"), "{}", report["not_checked"]);
    for name in ["", " ", "refs/heads/", "agent/a\n", "agent/a ", "a..b", "a\u{1b}b", "a//b", "/a", "a/", "a.lock", ".a", "a@{b", "a~1"] {
        let arguments = range(name);
        let output = paralint(repository.path()).arg("check").args(&arguments).output().unwrap();
        assert_eq!(code(&output), 2, "{name:?}: {}", stdout(&output));
    }
    for what in [&["--staged"][..], &["--worktrees"], &["--branches", "main"], &[]] {
        let output = paralint(repository.path()).args(["check", "--branch", "agent/a"]).args(what).output().unwrap();
        assert_eq!(code(&output), 2, "{what:?}: {}", stdout(&output));
    }
}

#[test]
fn the_worktree_names_who_stages_in_it() {
    let repository = repository();
    let linked = repository.beside("wt-a");
    repository.git(&["worktree", "add", "-q", linked.to_str().unwrap(), "-b", "topic"]);
    std::fs::write(linked.join("src/b/y.rs"), "2").unwrap();
    assert!(git_in(&linked).args(["add", "-A"]).status().unwrap().success());
    let (report, code) = check_in(&linked, &[]);
    assert_eq!((rules(&report), code), (vec!["outside-boundary"], 1));
    assert_eq!(report["changes"][0]["attributed_by"], "worktree");
    assert!(git_in(&linked).args(["commit", "-q", "-m", "c"]).status().unwrap().success());
    let (report, _) = check_in(&linked, &["--range", "main..HEAD"]);
    assert_eq!((rules(&report), report["changes"][0]["agent"].as_str()), (vec!["outside-boundary"], Some("a")));
}

#[test]
fn policy_of_the_work_tree_that_nobody_reviewed_is_told() {
    let repository = repository();
    assert_eq!(not_checked(&check_in(repository.path(), &[]).0, "what the last commit says of boundaries"), "");
    repository.write("BOUNDARIES.json", "{\"a\": {\"can_modify\": [\"/src/\"]}}");
    let (report, _) = check_in(repository.path(), &[]);
    assert!(not_checked(&report, "what the last commit says of boundaries").contains("edited since the last commit"));
}

#[test]
fn a_broken_file_comes_before_an_agent_that_it_may_know() {
    let repository = repository();
    repository.write("BOUNDARIES.json", "{\"a\": {\n\"path\": [\"/src/a/\"]}}");
    repository.write("PARALLEL_STATUS.json", "{\"tasks\": [{\"id\": \"t1\", \"status\": \"in_progress\"}]}");
    let (report, code) = check_in(repository.path(), &["--agent", "a"]);
    assert_eq!((code, report["error"]["kind"].as_str(), report["error"]["location"]["line"].as_u64()), (2, Some("state"), Some(2)));
}

#[test]
fn nothing_is_accepted_where_something_could_not_be_checked() {
    let repository = repository();
    repository.write("RESOURCE_LOCKS.json", "{");
    let (report, code) = check_in(repository.path(), &["--write-baseline", "base.json"]);
    assert_eq!((code, repository.path().join("base.json").exists()), (2, false));
    assert_eq!(not_checked(&report, "locks"), "RESOURCE_LOCKS.json cannot be used");
    // The finding tells it all; it is not said a second time.
    let human = stdout(&paralint(repository.path()).arg("check").output().unwrap());
    assert_eq!(human.matches("RESOURCE_LOCKS.json:1").count(), 1, "{human}");
    assert!(human.contains("RESOURCE_LOCKS.json cannot be used, see above"), "{human}");
}

#[test]
fn a_base_that_is_broken_says_how_to_check_its_mend() {
    base_that_is_broken("{\"a\": {\"path\": []}}");
    base_that_is_broken("{\"a\": {\"can_modify\": [\"/src/[\"]}}");
}

fn base_that_is_broken(policy: &str) {
    let repository = repository();
    repository.write("BOUNDARIES.json", policy);
    repository.commit_all("broken");
    repository.git(&["checkout", "-q", "-b", "mend"]);
    repository.write("BOUNDARIES.json", POLICY);
    repository.commit_all("mended");
    let (report, code) = check_in(repository.path(), &["--range", "main..HEAD"]);
    let error = &report["error"];
    assert!(code == 2 && error["message"].as_str().unwrap().contains("at the base revision"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("--policy head"), "{error}");
    assert_eq!(check_in(repository.path(), &["--range", "main..HEAD", "--policy", "head"]).1, 0);
}

#[test]
fn a_suppression_may_name_a_folder_from_the_root() {
    let repository = repository();
    repository.write("src/b/y.rs", "2");
    repository.git(&["add", "-A"]);
    repository.write("paralint.toml", "[[suppress]]\nrule = \"outside-boundary\"\npath = \"/src/b/\"\nreason = \"moves\"\n");
    let (report, code) = check_in(repository.path(), &["--agent", "a"]);
    assert_eq!((rules(&report), code, &report["summary"]["suppressed"]), (vec![], 0, &1.into()));
    repository.write("paralint.toml", "[[suppress]]\nrule = \"foreign-lock\"\npath = \"/src/b/\"\nreason = \"moves\"\n");
    assert_eq!(rules(&check_in(repository.path(), &["--agent", "a"]).0), ["outside-boundary", "unused-suppression"]);
}
