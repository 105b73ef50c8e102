//! The change that a workflow of GitHub Actions is about: `check --range auto`.

use super::program::{code, paralint, stderr, stdout};
use super::repository::Repository;
use serde_json::{Value, json};
use std::path::Path;

const ZEROS: &str = "0000000000000000000000000000000000000000";

/// A forge: `main` with three commits, and a branch `work` with two that started at the first one.
pub(crate) fn forge() -> Repository {
    let origin = Repository::new();
    commit(&origin, "base");
    origin.git(&["checkout", "-q", "-b", "work"]);
    commit(&origin, "work-1");
    commit(&origin, "work-2");
    origin.git(&["checkout", "-q", "main"]);
    commit(&origin, "main-1");
    commit(&origin, "main-2");
    origin
}

/// A commit that adds a file of that name.
pub(crate) fn commit(repository: &Repository, name: &str) {
    repository.write(name, "x\n");
    repository.commit_all(name);
}

pub(crate) fn id(repository: &Repository, revision: &str) -> String {
    repository.git(&["rev-parse", &format!("{revision}^{{commit}}")])
}

/// What GitHub makes for pull request 7: `refs/pull/7/merge`, the branch merged into `main`.
fn with_merge(origin: &Repository) {
    origin.git(&["checkout", "-q", "--detach", "main"]);
    origin.git(&["merge", "-q", "--no-ff", "-m", "Merge work into main", "work"]);
    origin.git(&["update-ref", "refs/pull/7/merge", "HEAD"]);
    origin.git(&["update-ref", "refs/pull/7/head", "work"]);
    origin.git(&["checkout", "-q", "main"]);
}

/// A clone as actions/checkout makes it: branches of the remote, one commit checked out, no word on the default branch.
pub(crate) fn checkout(origin: &Repository, reference: &str, depth: Option<u32>) -> Repository {
    let clone = Repository::new();
    clone.git(&["remote", "add", "origin", &format!("file://{}", origin.path().display())]);
    match depth {
        None => clone.git(&["fetch", "-q", "origin", "+refs/heads/*:refs/remotes/origin/*", &format!("+{reference}:refs/remotes/pull/it")]),
        Some(depth) => clone.git(&["fetch", "-q", &format!("--depth={depth}"), "origin", &format!("+{reference}:refs/remotes/pull/it")]),
    };
    clone.git(&["checkout", "-q", "--detach", "refs/remotes/pull/it"]);
    clone
}

pub(crate) fn pull_request(origin: &Repository) -> Value {
    json!({
        "action": "opened",
        "pull_request": {
            "number": 7,
            "head": {"sha": id(origin, "work"), "ref": "work", "repo": {"full_name": "me/repo"}},
            "base": {"sha": id(origin, "main"), "ref": "main", "repo": {"full_name": "me/repo"}},
        },
        "repository": {"default_branch": "main"},
    })
}

fn push(reference: &str, before: &str, after: &str) -> Value {
    json!({"ref": reference, "before": before, "after": after, "repository": {"default_branch": "main"}})
}

/// What a run for an event says: its exit code, and its report.
pub(crate) fn run(clone: &Repository, name: &str, event: &Value) -> (i32, Value) {
    let file = clone.beside("event.json");
    std::fs::write(&file, event.to_string()).unwrap();
    run_in(clone.path(), &[("GITHUB_EVENT_NAME", name), ("GITHUB_EVENT_PATH", file.to_str().unwrap())])
}

fn run_in(folder: &Path, variables: &[(&str, &str)]) -> (i32, Value) {
    let output = paralint(folder)
        .args(["check", "--range", "auto", "--session", "none", "--format", "json"])
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    (code(&output), serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", stderr(&output))))
}

/// The range that was taken, in words, and the files of the change as a whole.
pub(crate) fn taken((code, report): (i32, Value)) -> (String, Vec<String>) {
    assert_eq!(code, 0, "{report:#}");
    let checked = report["checked"].as_array().unwrap();
    let range = checked.iter().find(|one| one["what"] == "range").expect("the report says which range was taken");
    let whole = &report["changes"][0];
    assert!(range["detail"].as_str().unwrap().starts_with(whole["name"].as_str().unwrap()));
    let files = whole["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap().to_owned());
    (range["detail"].as_str().unwrap().to_owned(), files.collect())
}

/// The error of a run that could not check, with its hint.
pub(crate) fn refused((code, report): (i32, Value)) -> String {
    assert_eq!((code, &report["exit_code"]), (2, &json!(2)), "{report:#}");
    format!("{} | {}", report["error"]["message"].as_str().unwrap(), report["error"]["hint"].as_str().unwrap())
}

#[test]
fn a_pull_request_is_what_its_merge_commit_adds_to_the_base_as_it_was_merged() {
    let origin = forge();
    with_merge(&origin);
    let clone = checkout(&origin, "refs/pull/7/merge", None);
    let mut event = pull_request(&origin);
    let (said, files) = taken(run(&clone, "pull_request", &event));
    assert_eq!(said, "HEAD^1..HEAD, from the merge commit of pull request 7 (pull_request)");
    assert_eq!(files, ["work-1", "work-2"], "and nothing that others merged into main");
    // A base that is stale, or that nobody has.
    for stale in [id(&origin, "main~2"), "12".repeat(20), "no id".to_owned()] {
        event["pull_request"]["base"]["sha"] = json!(stale);
        assert_eq!(taken(run(&clone, "pull_request", &event)).1, ["work-1", "work-2"]);
    }
    // The head moved on after the merge commit was made: GITHUB_SHA tells which merge this run is about.
    event["pull_request"]["head"]["sha"] = json!("34".repeat(20));
    let file = clone.beside("event.json");
    std::fs::write(&file, event.to_string()).unwrap();
    let merge = id(&clone, "HEAD");
    let variables = [("GITHUB_EVENT_NAME", "pull_request"), ("GITHUB_EVENT_PATH", file.to_str().unwrap()), ("GITHUB_SHA", merge.as_str())];
    assert_eq!(taken(run_in(clone.path(), &variables)).1, ["work-1", "work-2"]);
}

#[test]
fn a_head_that_was_checked_out_itself_is_compared_with_where_it_left_the_base() {
    let origin = forge();
    with_merge(&origin);
    let clone = checkout(&origin, "refs/pull/7/head", None);
    let mut event = pull_request(&origin);
    // The base moved on, its id is stale: neither blames the pull request for the files of main.
    for stale in [id(&origin, "main"), id(&origin, "main~2"), "56".repeat(20)] {
        event["pull_request"]["base"]["sha"] = json!(stale);
        let (said, files) = taken(run(&clone, "pull_request", &event));
        assert_eq!(said, "origin/main..HEAD, from the head of pull request 7 (pull_request) beyond origin/main");
        assert_eq!(files, ["work-1", "work-2"]);
    }
    // A head that is a merge of main into the branch is no merge of GitHub's.
    origin.git(&["checkout", "-q", "work"]);
    origin.git(&["merge", "-q", "--no-ff", "-m", "Merge main", "main~1"]);
    let clone = checkout(&origin, "refs/heads/work", None);
    let mut event = pull_request(&origin);
    event["pull_request"]["base"]["sha"] = json!(id(&origin, "main~2"));
    let (said, files) = taken(run(&clone, "pull_request", &event));
    assert!(said.starts_with("origin/main..HEAD"), "{said}");
    assert_eq!(files, ["work-1", "work-2"]);
    // Merged since: the base of the event is what counts.
    origin.git(&["checkout", "-q", "main"]);
    event["pull_request"]["base"]["sha"] = json!(id(&origin, "main"));
    origin.git(&["merge", "-q", "--no-ff", "-m", "Merge pull request", "work"]);
    let clone = checkout(&origin, "refs/heads/work", None);
    assert_eq!(taken(run(&clone, "pull_request", &event)).1, ["work-1", "work-2"]);
    event["pull_request"]["base"]["sha"] = json!(id(&origin, "main"));
    assert!(refused(run(&clone, "pull_request", &event)).contains("all of pull request 7 is in its base already"));
}

#[test]
fn the_name_of_a_base_branch_is_a_name_and_nothing_else() {
    let origin = forge();
    let clone = checkout(&origin, "refs/heads/work", None);
    let mut event = pull_request(&origin);
    event["pull_request"]["base"]["sha"] = json!(ZEROS.replace('0', "7"));
    for name in ["main~1", "main^{tree}", "../heads/main", "--output=x", "main..work", "", "ma\nin"] {
        event["pull_request"]["base"]["ref"] = json!(name);
        let said = refused(run(&clone, "pull_request", &event));
        assert!(said.contains("names no commit of this clone") && said.contains("fetch-depth: 0"), "{name}: {said}");
    }
}

#[test]
fn where_the_base_is_checked_out_nothing_of_the_pull_request_is_there() {
    let origin = forge();
    with_merge(&origin);
    let event = pull_request(&origin);
    let clone = checkout(&origin, "refs/heads/main", None);
    let said = refused(run(&clone, "pull_request_target", &event));
    assert!(said.contains("of pull request 7 is not in what is checked out") && said.contains("use `on: pull_request`"), "{said}");
    // The same where its commits are not even in the clone.
    let clone = checkout(&origin, "refs/heads/main", Some(1));
    assert!(refused(run(&clone, "pull_request_target", &event)).contains("use `on: pull_request`"));
    assert!(refused(run(&clone, "pull_request", &event)).contains("fetch-depth: 0"));
    // Whoever checks out its head or its merge has it checked.
    for reference in ["refs/pull/7/head", "refs/pull/7/merge"] {
        let clone = checkout(&origin, reference, None);
        assert_eq!(taken(run(&clone, "pull_request_target", &event)).1, ["work-1", "work-2"]);
    }
}

#[test]
fn a_push_is_what_it_added() {
    let origin = forge();
    let clone = checkout(&origin, "refs/heads/main", None);
    let (before, after) = (id(&origin, "main~2"), id(&origin, "main"));
    let (said, files) = taken(run(&clone, "push", &push("refs/heads/main", &before, &after)));
    assert_eq!((said, files), (format!("{}..HEAD, from push to main", &before[..12]), vec!["main-1".to_owned(), "main-2".to_owned()]));
    let clone = checkout(&origin, "refs/heads/work", None);
    let (old, new) = (id(&origin, "work~1"), id(&origin, "work"));
    assert_eq!(taken(run(&clone, "push", &push("refs/heads/work", &old, &new))).1, ["work-2"]);
    // A new branch is what it has beyond the default branch.
    let (said, files) = taken(run(&clone, "push", &push("refs/heads/work", ZEROS, &new)));
    assert_eq!(said, "origin/main..HEAD, from push to work, which is new: beyond origin/main");
    assert_eq!(files, ["work-1", "work-2"]);
    // After a force push what was there may be gone, or may hold what is not this branch's work.
    for before in ["ab".repeat(20), id(&origin, "main")] {
        let (said, files) = taken(run(&clone, "push", &push("refs/heads/work", &before, &new)));
        assert!(said.contains("push to work, by force: beyond origin/main"), "{said}");
        assert_eq!(files, ["work-1", "work-2"]);
    }
    // A tag is named by an object of its own.
    origin.git(&["tag", "-a", "-m", "one", "v1", "work"]);
    let tag = origin.git(&["rev-parse", "refs/tags/v1"]);
    let clone = checkout(&origin, "refs/tags/v1", None);
    clone.git(&["fetch", "-q", "origin", "tag", "v1"]);
    assert_eq!(taken(run(&clone, "push", &push("refs/tags/v1", ZEROS, &tag))).1, ["work-1", "work-2"]);
}

#[test]
fn a_push_with_nothing_to_check_is_no_pass() {
    let origin = forge();
    let clone = checkout(&origin, "refs/heads/main", None);
    let head = id(&origin, "main");
    let cases = [
        (push("refs/heads/gone", &head, ZEROS), "gone was deleted"),
        (push("refs/heads/main", ZEROS, &head), "it is the first one"),
        (push("refs/tags/v1", ZEROS, &head), "nothing here is beyond origin/main"),
        (push("refs/heads/main", &head, &head), "added no commit"),
        (push("refs/heads/work", &head, &id(&origin, "work")), "is not in what is checked out"),
        (push("refs/heads/main", &"cd".repeat(20), &head), "by force: what was there before, cdcdcdcdcdcd, is in no branch any more"),
        (json!({"ref": "refs/heads/main"}), "no usable `after`"),
        (json!({"ref": ["x"], "before": {}, "after": head}), "no usable `before`"),
        (push("refs/heads/main", "--all", &head), "no usable `before`"),
    ];
    for (event, why) in cases {
        let said = refused(run(&clone, "push", &event));
        assert!(said.contains(why), "{why}: {said}");
    }
    let clone = checkout(&origin, "refs/heads/main", None);
    clone.git(&["checkout", "-q", "--detach", "HEAD~1"]);
    let event = push("refs/heads/main", &head, &id(&clone, "HEAD"));
    assert!(refused(run(&clone, "push", &event)).contains("took commits away and added none"));
}

#[test]
fn a_merge_group_is_what_it_adds_to_its_base() {
    let origin = forge();
    with_merge(&origin);
    let clone = checkout(&origin, "refs/pull/7/merge", None);
    let event = |base: &str, head: &str| json!({"merge_group": {"base_sha": base, "head_sha": head, "base_ref": "refs/heads/main"}});
    let (base, head) = (id(&origin, "main"), id(&clone, "HEAD"));
    let (said, files) = taken(run(&clone, "merge_group", &event(&base, &head)));
    assert_eq!((said, files), (format!("{}..HEAD, from the merge group", &base[..12]), vec!["work-1".to_owned(), "work-2".to_owned()]));
    assert!(refused(run(&clone, "merge_group", &event(&head, &head))).contains("is in its base already"));
    assert!(refused(run(&clone, "merge_group", &event(&"ef".repeat(20), &head))).contains("names no commit"));
    assert!(refused(run(&clone, "merge_group", &event(&base, &"ef".repeat(20)))).contains("is not in what is checked out"));
    assert!(refused(run(&clone, "merge_group", &json!({}))).contains("no usable `merge_group.base_sha`"));
}

#[test]
fn other_events_are_what_is_there_beyond_the_default_branch() {
    let origin = forge();
    for name in ["workflow_dispatch", "schedule", "repository_dispatch", "one of the future"] {
        let event = json!({"repository": {"default_branch": "main"}});
        let (said, files) = taken(run(&checkout(&origin, "refs/heads/work", None), name, &event));
        assert_eq!((said.contains(name), said.contains("beyond origin/main")), (true, true), "{said}");
        assert_eq!(files, ["work-1", "work-2"]);
        let said = refused(run(&checkout(&origin, "refs/heads/main", None), name, &event));
        assert!(said.contains(&format!("the event {name} names no change, and nothing here is beyond origin/main")), "{said}");
        assert!(said.contains("--range BASE..HEAD"), "{said}");
    }
    // Comments on a pull request have one in their event, and are about it.
    with_merge(&origin);
    let clone = checkout(&origin, "refs/pull/7/merge", None);
    assert_eq!(taken(run(&clone, "pull_request_review", &pull_request(&origin))).1, ["work-1", "work-2"]);
}

#[test]
fn a_shallow_clone_says_how_to_mend_it() {
    let origin = forge();
    with_merge(&origin);
    let work = id(&origin, "work");
    let events = [
        ("refs/pull/7/merge", "pull_request", pull_request(&origin)),
        ("refs/pull/7/head", "pull_request", pull_request(&origin)),
        ("refs/heads/work", "push", push("refs/heads/work", &id(&origin, "work~1"), &work)),
        ("refs/heads/work", "push", push("refs/heads/work", ZEROS, &work)),
        ("refs/heads/work", "push", push("refs/heads/work", &"ab".repeat(20), &work)),
        (
            "refs/pull/7/merge",
            "merge_group",
            json!({"merge_group": {"base_sha": id(&origin, "main"), "head_sha": id(&origin, "refs/pull/7/merge")}}),
        ),
        ("refs/heads/work", "schedule", json!({"repository": {"default_branch": "main"}})),
    ];
    for (reference, name, event) in events {
        let said = refused(run(&checkout(&origin, reference, Some(1)), name, &event));
        assert!(said.contains("`fetch-depth: 0`"), "{name}: {said}");
    }
    // What a person sees, and the annotation that a workflow shows.
    let clone = checkout(&origin, "refs/pull/7/merge", Some(1));
    let file = clone.beside("event.json");
    std::fs::write(&file, pull_request(&origin).to_string()).unwrap();
    let output = paralint(clone.path())
        .args(["check", "--range=auto", "--format", "github"])
        .envs([("GITHUB_EVENT_NAME", "pull_request"), ("GITHUB_EVENT_PATH", file.to_str().unwrap())])
        .output()
        .unwrap();
    let printed = stdout(&output);
    let annotation = printed.lines().find(|line| line.starts_with("::error")).unwrap();
    assert!(annotation.contains("fetch-depth: 0"), "{annotation}");
}

#[test]
fn an_event_file_that_cannot_be_used_is_no_pass() {
    let origin = forge();
    let clone = checkout(&origin, "refs/heads/work", None);
    let file = clone.beside("event.json");
    let cases: [(&[u8], &str); 6] = [
        (b"", "it is no JSON"),
        (b"{\"ref\": \"refs/heads", "it is no JSON"),
        (b"[1, 2]", "it holds no JSON object"),
        (b"\xff\xfe{}", "it is no JSON"),
        (b"null", "it holds no JSON object"),
        (&b"[".repeat(100_000), "it is no JSON"),
    ];
    let variables = [("GITHUB_EVENT_NAME", "push"), ("GITHUB_EVENT_PATH", file.to_str().unwrap())];
    for (text, why) in cases {
        std::fs::write(&file, text).unwrap();
        let said = refused(run_in(clone.path(), &variables));
        assert!(said.contains(why) && said.contains("event.json"), "{why}: {said}");
    }
    let long = std::fs::File::create(&file).unwrap();
    long.set_len(64 << 20).unwrap();
    assert!(refused(run_in(clone.path(), &variables)).contains("longer than 32 MiB"));
    std::fs::remove_file(&file).unwrap();
    assert!(refused(run_in(clone.path(), &variables)).contains("No such file"));
    std::fs::create_dir(&file).unwrap();
    assert!(refused(run_in(clone.path(), &variables)).contains("it is no file"));
    assert!(refused(run_in(clone.path(), &variables[..1])).contains("GITHUB_EVENT_PATH is not"));
    // What a stranger wrote is shown so that it acts on nothing.
    let event = json!({"ref": "refs/heads/a\u{1b}[31m\n::error::x\u{202e}", "before": ZEROS, "after": ZEROS});
    let said = run(&checkout(&origin, "refs/heads/work", None), "push", &event);
    assert_eq!(said.0, 2);
    let other = checkout(&origin, "refs/heads/work", None);
    let file = other.beside("event.json");
    std::fs::write(&file, event.to_string()).unwrap();
    let output = paralint(other.path())
        .args(["check", "--range", "auto", "--format", "github"])
        .envs([("GITHUB_EVENT_NAME", "push"), ("GITHUB_EVENT_PATH", file.to_str().unwrap())])
        .output()
        .unwrap();
    let printed = stdout(&output);
    assert!(!printed.contains('\u{1b}') && !printed.contains('\u{202e}'), "{printed}");
    assert!(!printed.lines().any(|line| line.starts_with("::error::x")), "{printed}");
}

#[test]
fn pre_commit_names_both_ends_and_nobody_names_none() {
    let origin = forge();
    let clone = Repository::with(&["clone", "-q", origin.path().to_str().unwrap(), "work"]);
    clone.git(&["checkout", "-q", "-b", "mine", "origin/work"]);
    let ends = |from: &str, to: &str| {
        run_in(clone.path(), &[("PRE_COMMIT_FROM_REF", from), ("PRE_COMMIT_TO_REF", to), ("GITHUB_EVENT_NAME", "push")])
    };
    let (said, files) = taken(ends(&id(&clone, "HEAD~1"), &id(&clone, "HEAD")));
    assert!(said.contains("PRE_COMMIT_FROM_REF"), "{said}");
    assert_eq!(files, ["work-2"]);
    assert_eq!(taken(ends(ZEROS, "HEAD")).1, ["work-1", "work-2"]);
    let (said, files) = taken(ends(&id(&clone, "origin/main~2"), &id(&clone, "origin/main~1")));
    assert!(said.contains(&format!("..{}", &id(&clone, "origin/main~1")[..12])), "{said}");
    assert_eq!(files, ["main-1"], "what is pushed is not always what is checked out");
    assert!(refused(run_in(clone.path(), &[("PRE_COMMIT_FROM_REF", "HEAD~1")])).contains("PRE_COMMIT_TO_REF is not"));
    assert!(refused(ends("nowhere/at/all", "nothing")).contains("names no commit"));
    // At a prompt: what is beyond the default branch, and on it what is beyond the remote's.
    let (said, files) = taken(run_in(clone.path(), &[]));
    assert!(said.starts_with("main..HEAD"), "{said}");
    assert_eq!(files, ["work-1", "work-2"]);
    clone.git(&["checkout", "-q", "main"]);
    let said = refused(run_in(clone.path(), &[]));
    assert!(said.contains("nothing here is beyond main or origin/main"), "{said}");
    commit(&clone, "mine-1");
    assert_eq!(taken(run_in(clone.path(), &[])).1, ["mine-1"]);
    let empty = Repository::new();
    assert!(refused(run_in(empty.path(), &[])).contains("no commit yet"));
}
