//! `paralint overlap` with worktrees, without a work tree, and with histories that have nothing in common.

use super::overlap::{WAYS, base, both, branch, edited, kinds, overlap, text};
use super::program::{report, run, stdout};
use super::repository::git_in;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// git.md, 18 and 18a
#[test]
fn uncommitted_and_untracked_work_counts() {
    let repository = base();
    repository.write(".gitignore", "ignored\n");
    repository.commit_all("ignore");
    for name in ["wt-one", "wt-two"] {
        repository.git(&["worktree", "add", "-q", "-b", name, repository.beside(name).to_str().unwrap()]);
    }
    let (one, two) = (repository.beside("wt-one"), repository.beside("wt-two"));
    std::fs::write(one.join("a"), edited("a", 10..=12, "one")).unwrap();
    std::fs::write(two.join("a"), edited("a", 11..=13, "two")).unwrap();
    // Staged and not, untracked and ignored.
    std::fs::write(one.join("b"), edited("b", 1..=1, "one")).unwrap();
    git_in(&one).args(["add", "b"]).status().unwrap();
    std::fs::write(two.join("b"), edited("b", 60..=60, "two")).unwrap();
    for (folder, text) in [(&one, "one\n"), (&two, "two\n")] {
        std::fs::write(folder.join("new"), text).unwrap();
        std::fs::write(folder.join("ignored"), text).unwrap();
    }
    std::fs::write(one.join("same"), "same\n").unwrap();
    std::fs::write(two.join("same"), "same\n").unwrap();
    std::fs::remove_file(one.join("c")).unwrap();
    std::fs::write(two.join("c"), edited("c", 5..=5, "two")).unwrap();
    // Changed and committed, and changed back: nothing is left of it.
    std::fs::write(one.join("d/x"), edited("d/x", 5..=5, "two")).unwrap();
    std::fs::write(one.join("d/x"), text("d/x")).unwrap();
    std::fs::write(two.join("d/x"), edited("d/x", 5..=5, "two")).unwrap();
    let before: Vec<_> = [repository.path(), &one, &two].map(state_of).into();
    let expected = [
        "wt-one wt-two a conflict",
        "wt-one wt-two b file",
        "wt-one wt-two c conflict",
        "wt-one wt-two new conflict",
        "wt-one wt-two same identical",
    ];
    assert_eq!(both(&repository, &["--worktrees"]), expected);
    // Without any option worktrees are meant where there are several; from within one of them it is the same.
    assert_eq!(kinds(&report(&one, &["overlap"])), expected);
    let after: Vec<_> = [repository.path(), &one, &two].map(state_of).into();
    assert_eq!(before, after, "nothing is written");
    let report = report(repository.path(), &["check", "--worktrees", "--session", "none"]);
    let found = report["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == "branch-overlap").count();
    assert_eq!(found, expected.len());
}

/// Every file below a folder with its content, and what git thinks of it; times aside.
pub(crate) fn state_of(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    entries.map(|entry| (entry.path().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap())).collect()
}

/// git.md, 18a
#[test]
fn unrelated_histories_are_not_checked() {
    let repository = base();
    branch(&repository, "one", "main", |work| work.write("a", "one\n"));
    branch(&repository, "two", "main", |work| work.write("a", "two\n"));
    repository.git(&["checkout", "-q", "--orphan", "alone"]);
    repository.write("a", "alone\n");
    repository.commit_all("alone");
    repository.git(&["checkout", "-q", "main"]);
    assert_eq!(both(&repository, &["--branches", "*"]), ["one two a conflict"]);
    let report = overlap(repository.path(), "auto", &["--branches", "*"]);
    let missed: Vec<&str> = report["not_checked"].as_array().unwrap().iter().map(|one| one["what"].as_str().unwrap()).collect();
    assert_eq!(missed, ["alone", "overlap of alone and one", "overlap of alone and two"]);
    assert!(report["not_checked"][1]["why"].as_str().unwrap().contains("no common history"), "{report:#}");
    assert_eq!(report["checked"][0]["detail"], "1 pair of 3 branches, 1 with common files");
    let text = stdout(&run(repository.path(), &["overlap", "--branches", "*"]));
    assert!(text.contains("unknown") && text.contains("not checked: overlap of alone and one"), "{text}");
}

/// git.md, 18a and 21
#[test]
fn a_bare_repository_can_be_asked() {
    let source = base();
    branch(&source, "one", "main", |work| work.write("a", &edited("a", 1..=1, "one")));
    branch(&source, "two", "main", |work| work.write("a", &edited("a", 1..=1, "two")));
    let bare = source.beside("it's \"bare\" here.git");
    source.git(&["clone", "-q", "--bare", ".", bare.to_str().unwrap()]);
    for way in WAYS {
        assert_eq!(kinds(&overlap(&bare, way, &["--branches", "*"])), ["one two a conflict"], "{way}");
    }
    assert_eq!(kinds(&report(&bare, &["overlap"])), ["one two a conflict"]);
}

/// A branch that cannot be compared with the base is named, also where it is the only one.
#[test]
fn what_cannot_be_compared_is_named_by_both_commands() {
    let repository = base();
    branch(&repository, "one", "main", |work| work.write("a", "one\n"));
    branch(&repository, "two", "main", |work| work.write("b", "two\n"));
    repository.git(&["checkout", "-q", "--orphan", "alone"]);
    repository.write("a", "alone\n");
    repository.commit_all("alone");
    repository.git(&["checkout", "-q", "main"]);
    let missed = |report: &Value| -> Vec<String> {
        let all = report["not_checked"].as_array().unwrap().iter();
        all.map(|one| format!("{}: {}", one["what"].as_str().unwrap(), one["why"].as_str().unwrap())).collect()
    };
    let said = "alone: it has no common history with main".to_owned();
    for command in ["check", "overlap"] {
        let some = report(repository.path(), &[command, "--branches", "*"]);
        assert!(missed(&some).contains(&said) && some["error"].is_null(), "{command}: {some:#}");
        let none = report(repository.path(), &[command, "--branches", "alone"]);
        assert!(missed(&none).contains(&said), "{command}: {none:#}");
        assert_eq!(none["exit_code"], 2, "{command}: {none:#}");
        assert!(none["error"]["message"].as_str().unwrap().contains("alone could not be checked"), "{none:#}");
    }
    let pair = report(repository.path(), &["overlap", "--branches", "alone", "one"]);
    assert_eq!((&pair["exit_code"], pair["error"]["message"].as_str()), (&2.into(), Some("no two of the sides could be compared")));
    assert_eq!(report(repository.path(), &["check", "--branches", "alone", "one"])["error"], Value::Null);
}

#[test]
fn where_there_is_nothing_to_compare_that_is_said() {
    let repository = base();
    branch(&repository, "agent/one", "main", |work| work.write("a", "one\n"));
    for arguments in [&["overlap", "--branches", "*"][..], &["overlap", "--branches", "agent/*"], &["overlap"], &["overlap", "--worktrees"]]
    {
        let found = report(repository.path(), arguments);
        assert_eq!(found["exit_code"], 2, "{arguments:?}: {found:#}");
        assert!(found["error"]["message"].as_str().unwrap().contains("there is nothing to compare"), "{found:#}");
        let hint = found["error"]["hint"].as_str().unwrap();
        match arguments.contains(&"--worktrees") {
            true => assert!(hint.contains("git worktree add") && !hint.contains("**"), "{hint}"),
            false => assert!(hint.contains("agent/one, main") && hint.contains("**"), "{hint}"),
        }
    }
    assert_eq!(report(repository.path(), &["check", "--branches", "*"])["exit_code"], 2);
    assert_eq!(report(repository.path(), &["check", "--branches", "agent/*"])["error"], Value::Null);
    let bare = repository.beside("bare.git");
    repository.git(&["clone", "-q", "--bare", ".", bare.to_str().unwrap()]);
    assert_eq!(report(&bare, &["check", "--worktrees"])["exit_code"], 2);
}
