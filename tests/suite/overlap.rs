//! `paralint overlap` in real repositories, read in both ways, and held against what git itself says.

use super::program::{code, report, run, stdout};
use super::repository::Repository;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub(crate) const WAYS: [&str; 2] = ["git", "libgit2"];

/// Sixty lines, each of its own.
pub(crate) fn text(name: &str) -> String {
    (1..=60).map(|line| format!("{name} {line}\n")).collect()
}

/// A text with some lines replaced.
pub(crate) fn edited(name: &str, lines: std::ops::RangeInclusive<usize>, by: &str) -> String {
    (1..=60).map(|line| if lines.contains(&line) { format!("{by} {line}\n") } else { format!("{name} {line}\n") }).collect()
}

/// A repository with some files on `main`.
pub(crate) fn base() -> Repository {
    let repository = Repository::new();
    for name in ["a", "b", "c", "d/x", "d/y", "e/deep/z", "lines", "Cargo.lock"] {
        repository.write(name, &text(name));
    }
    repository.commit_all("base");
    repository
}

/// Works on a branch that grows from `from`, and comes back to `main`.
pub(crate) fn branch(repository: &Repository, name: &str, from: &str, work: impl FnOnce(&Repository)) {
    repository.git(&["checkout", "-q", "-b", name, from]);
    work(repository);
    repository.commit_all(name);
    repository.git(&["checkout", "-q", "main"]);
}

pub(crate) fn overlap(folder: &Path, way: &str, arguments: &[&str]) -> Value {
    report(folder, &[&["overlap", "--git", way], arguments].concat())
}

/// `one other path kind`, for each overlap.
pub(crate) fn kinds(report: &Value) -> Vec<String> {
    let all = report["overlaps"].as_array().unwrap_or_else(|| panic!("{report:#}"));
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    all.iter().map(|one| [&one["between"][0], &one["between"][1], &one["path"], &one["kind"]].map(word).join(" ")).collect()
}

/// The same in both ways of reading.
pub(crate) fn both(repository: &Repository, arguments: &[&str]) -> Vec<String> {
    let [one, other] = WAYS.map(|way| overlap(repository.path(), way, arguments));
    assert_eq!(one["overlaps"], other["overlaps"]);
    assert_eq!(one["findings"], other["findings"]);
    assert_eq!(one["merge_order"], other["merge_order"]);
    kinds(&one)
}

#[test]
fn kinds_are_told_apart() {
    let repository = base();
    branch(&repository, "agent/one", "main", |work| {
        work.write("a", &edited("a", 10..=12, "one"));
        work.write("b", &edited("b", 10..=12, "one"));
        work.write("c", &edited("c", 10..=12, "same"));
        // Both change line 20; one of them changes line 40 as well.
        work.write("lines", &edited("lines", 20..=20, "same"));
    });
    branch(&repository, "agent/two", "main", |work| {
        work.write("a", &edited("a", 12..=14, "two"));
        work.write("b", &edited("b", 40..=42, "two"));
        work.write("c", &edited("c", 10..=12, "same"));
        work.write("lines", &edited("lines", 20..=20, "same").replace("lines 40\n", "two 40\n"));
    });
    let expected = [
        "agent/one agent/two a conflict",
        "agent/one agent/two b file",
        "agent/one agent/two c identical",
        "agent/one agent/two lines lines",
    ];
    assert_eq!(both(&repository, &["--branches", "agent/*"]), expected);
    let report = overlap(repository.path(), "auto", &["--branches", "agent/*"]);
    assert_eq!(report["exit_code"], 1);
    assert_eq!(report["overlaps"][0]["lines"], serde_json::json!([[10, 12], [12, 14]]));
    assert_eq!(report["overlaps"][1]["lines"], serde_json::json!([[10, 12], [40, 42]]));
    assert_eq!(report["overlaps"][2]["lines"], Value::Null);
    assert_eq!(report["overlaps"][3]["lines"], serde_json::json!([[20, 20], [20, 20]]));
    let severities: Vec<&str> = report["findings"].as_array().unwrap().iter().map(|one| one["severity"].as_str().unwrap()).collect();
    assert_eq!(severities, ["error", "error", "error", "note"]);
    assert_eq!(
        report["findings"][0]["location"],
        serde_json::json!({"path": "a", "line": 12, "column": null, "end_line": null, "end_column": null})
    );
    assert_eq!(report["checked"][0]["detail"], "1 pair of 2 branches, 1 with common files");
}

/// git.md, 14
#[test]
fn what_was_merged_already_collides_with_nothing() {
    let repository = base();
    branch(&repository, "one", "main", |work| work.write("a", &edited("a", 1..=3, "one")));
    repository.git(&["merge", "-q", "--no-ff", "-m", "merge", "one"]);
    branch(&repository, "two", "main", |work| work.write("a", &edited("a", 2..=4, "two")));
    // A branch that grew from another one shares what that one did.
    branch(&repository, "three", "two", |work| work.write("b", "three\n"));
    assert_eq!(both(&repository, &["--branches", "*"]), Vec::<String>::new());
    // What both did after they parted does collide.
    repository.git(&["checkout", "-q", "two"]);
    repository.write("b", "two\n");
    repository.commit_all("more of two");
    repository.git(&["checkout", "-q", "main"]);
    assert_eq!(both(&repository, &["--branches", "*"]), ["three two b conflict"]);
}

/// git.md, 13: what came with the base branch is not the agent's.
#[test]
fn a_branch_that_took_in_main_is_not_blamed_for_main() {
    let repository = base();
    branch(&repository, "one", "main", |work| work.write("a", &edited("a", 1..=3, "one")));
    branch(&repository, "two", "main", |work| work.write("b", "two\n"));
    repository.write("a", &edited("a", 2..=4, "main"));
    repository.write("c", "main\n");
    repository.commit_all("main goes on");
    repository.git(&["checkout", "-q", "two"]);
    repository.git(&["merge", "-q", "-m", "take in main", "main"]);
    repository.git(&["checkout", "-q", "main"]);
    branch(&repository, "three", "main", |work| work.write("d/x", &edited("d/x", 5..=5, "three")));
    branch(&repository, "four", "one~1", |work| work.write("d/x", &edited("d/x", 50..=50, "four")));
    assert_eq!(both(&repository, &["--branches", "*"]), ["four three d/x file"]);
}

/// git.md, 15
#[test]
fn of_a_criss_cross_history_the_merge_of_the_bases_counts() {
    let repository = base();
    branch(&repository, "one", "main", |work| work.write("a", &edited("a", 1..=3, "one")));
    branch(&repository, "two", "main", |work| work.write("b", &edited("b", 1..=3, "two")));
    let (first, second) = (repository.git(&["rev-parse", "one"]), repository.git(&["rev-parse", "two"]));
    for (name, other) in [("one", &second), ("two", &first)] {
        repository.git(&["checkout", "-q", name]);
        repository.git(&["merge", "-q", "-m", "cross", other]);
    }
    repository.git(&["checkout", "-q", "main"]);
    assert_eq!(repository.git(&["merge-base", "--all", "one", "two"]).lines().count(), 2);
    // Both hold both changes: nothing to collide.
    assert_eq!(both(&repository, &["--branches", "*"]), Vec::<String>::new());
    for (name, line) in [("one", 30), ("two", 31)] {
        repository.git(&["checkout", "-q", name]);
        repository.write("a", &edited("a", 1..=3, "one").replace(&format!("a {line}\n"), &format!("{name}\n")));
        repository.commit_all("more");
    }
    repository.git(&["checkout", "-q", "main"]);
    assert_eq!(both(&repository, &["--branches", "*"]), ["one two a conflict"]);
    let lines = overlap(repository.path(), "git", &["--branches", "*"])["overlaps"][0]["lines"].clone();
    assert_eq!(lines, serde_json::json!([[30, 30], [31, 31]]), "lines are those of the merged base");
}

/// git.md, 16 and 19
#[test]
fn a_cherry_pick_is_a_note_and_a_lock_file_a_warning() {
    let repository = base();
    branch(&repository, "one", "main", |work| {
        work.write("a", &edited("a", 1..=3, "one"));
        work.write("new", "new\n");
        work.git(&["rm", "-q", "c"]);
    });
    repository.git(&["checkout", "-q", "-b", "two"]);
    repository.write("Cargo.lock", &edited("Cargo.lock", 5..=6, "two"));
    repository.commit_all("two");
    repository.git(&["cherry-pick", "one"]);
    repository.git(&["checkout", "-q", "main"]);
    branch(&repository, "three", "main", |work| work.write("Cargo.lock", &edited("Cargo.lock", 5..=6, "three")));
    let expected = ["one two a identical", "one two c identical", "one two new identical", "three two Cargo.lock conflict"];
    assert_eq!(both(&repository, &["--branches", "*"]), expected);
    let report = overlap(repository.path(), "auto", &["--branches", "*"]);
    assert_eq!(report["summary"], serde_json::json!({"error": 0, "warning": 1, "note": 3, "suppressed": 0, "waived": 0}));
    assert_eq!((&report["exit_code"], &report["overlaps"][3]["class"]), (&Value::from(0), &Value::from("generated")));
    assert_eq!(code(&run(repository.path(), &["overlap", "--branches", "*", "--fail-on", "warning"])), 1);
    assert_eq!(code(&run(repository.path(), &["overlap", "--branches", "one", "two", "--fail-on", "note"])), 1);
}

/// git.md, 16a: insertions, neighbours, files without a last line break.
#[test]
fn lines_touch_where_they_overlap_or_are_neighbours() {
    let repository = base();
    let lines = |edit: &dyn Fn(&mut Vec<String>)| {
        let mut all: Vec<String> = text("a").lines().map(str::to_owned).collect();
        edit(&mut all);
        all.join("\n")
    };
    branch(&repository, "one", "main", |work| work.write("a", &lines(&|all| all.insert(10, "one".into()))));
    branch(&repository, "two", "main", |work| work.write("a", &lines(&|all| all[9] = "two".into())));
    branch(&repository, "three", "main", |work| work.write("a", &lines(&|all| all.insert(12, "three".into()))));
    let report = overlap(repository.path(), "git", &["--branches", "*"]);
    let lines: BTreeMap<String, &Value> =
        kinds(&report).into_iter().zip(report["overlaps"].as_array().unwrap().iter().map(|one| &one["lines"])).collect();
    // All three lack the last line break, so all touch there; the first that touch are shown.
    assert_eq!(lines["one two a conflict"], &serde_json::json!([[10, 10], [10, 10]]));
    assert_eq!(lines["one three a lines"], &serde_json::json!([[60, 60], [60, 60]]));
    both(&repository, &["--branches", "*"]);
}

/// git.md, 17: renames, deletions, modes, links, folders.
#[test]
fn a_conflict_is_what_git_says_and_no_more() {
    let repository = base();
    branch(&repository, "mover", "main", |work| {
        work.rename("a", "moved/a");
        work.rename("b", "b-of-mover");
        work.git(&["rm", "-q", "c"]);
        work.write("clash", "a file\n");
        work.git(&["update-index", "--chmod=+x", "lines"]);
        std::fs::set_permissions(work.path().join("lines"), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    });
    branch(&repository, "editor", "main", |work| {
        work.write("a", &edited("a", 30..=31, "editor"));
        work.rename("b", "b-of-editor");
        work.write("c", &edited("c", 1..=1, "editor"));
        work.write("clash/inside", "a folder\n");
        work.write("lines", &edited("lines", 1..=1, "editor"));
    });
    let found = both(&repository, &["--branches", "*"]);
    let expected = [
        "editor mover a file",
        "editor mover b conflict",
        "editor mover c conflict",
        "editor mover clash conflict",
        "editor mover lines file",
    ];
    assert_eq!(found, expected);
    let report = overlap(repository.path(), "git", &["--branches", "*"]);
    let remarks: Vec<String> = report["overlaps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["remarks"].as_array().unwrap().iter().map(|remark| remark.as_str().unwrap()).collect::<Vec<_>>().join(", "))
        .collect();
    assert_eq!(
        remarks,
        [
            "renamed to moved/a by mover",
            "renamed to b-of-editor by editor, renamed to b-of-mover by mover",
            "deleted by mover",
            "a file for one, a folder for the other",
            "made executable by mover"
        ]
    );
}

#[test]
fn a_folder_that_one_moves_takes_along_what_the_other_adds() {
    let repository = base();
    branch(&repository, "mover", "main", |work| {
        work.rename("d/x", "moved/x");
        work.rename("d/y", "moved/y");
    });
    branch(&repository, "adder", "main", |work| work.write("d/new", "new\n"));
    assert_eq!(kinds(&overlap(repository.path(), "git", &["--branches", "*"])), ["adder mover d/new conflict"]);
}

#[test]
fn what_git_finds_under_another_name_is_still_told() {
    let repository = base();
    // Longer than what is compared to find renames; git does that for the merge.
    let long = |changed: usize, by: &str| -> String {
        (0..40_000).map(|line| format!("{} of a long file {line}\n", if line == changed { by } else { "a line" })).collect()
    };
    repository.write("long", &long(0, "a line"));
    repository.commit_all("a long file");
    branch(&repository, "mover", "main", |work| {
        work.rename("long", "elsewhere");
        work.write("elsewhere", &long(10, "mover"));
    });
    branch(&repository, "editor", "main", |work| work.write("long", &long(10, "editor")));
    branch(&repository, "quiet", "main", |work| work.write("long", &long(5000, "quiet")));
    let expected = ["editor mover long conflict", "editor quiet long file", "mover quiet long file"];
    let report = overlap(repository.path(), "git", &["--branches", "*"]);
    assert_eq!(kinds(&report), expected);
    assert_eq!(report["overlaps"][2]["remarks"], serde_json::json!(["moved away by mover"]));
    assert_eq!(report["overlaps"][1]["lines"], serde_json::json!([[11, 11], [5001, 5001]]));
}

#[test]
fn links_binaries_and_submodules_are_judged_by_git() {
    let repository = base();
    let link = |work: &Repository, target: &str| {
        std::fs::remove_file(work.path().join("a")).unwrap();
        std::os::unix::fs::symlink(target, work.path().join("a")).unwrap();
    };
    branch(&repository, "one", "main", |work| {
        link(work, "b");
        work.write("pixels", "\0one");
    });
    branch(&repository, "two", "main", |work| {
        link(work, "c");
        work.write("pixels", "\0two");
    });
    branch(&repository, "three", "main", |work| {
        link(work, "b");
        work.write("b", "x\n");
    });
    let expected = ["one three a identical", "one two a conflict", "one two pixels conflict", "three two a conflict"];
    assert_eq!(both(&repository, &["--branches", "*"]), expected);
}

/// Odd names, through every step.
#[test]
fn paths_are_bytes() {
    let repository = base();
    let odd = ["sp ace", "tab\there", "line\nbreak", "\"quoted\"", "-dash", "ünïcode", ":colon"];
    for (name, line) in [("one", "one\n"), ("two", "two\n")] {
        branch(&repository, name, "main", |work| odd.iter().for_each(|path| work.write(path, line)));
    }
    let found: BTreeSet<String> = both(&repository, &["--branches", "*"]).into_iter().collect();
    assert_eq!(found, odd.iter().map(|path| format!("one two {path} conflict")).collect());
    let text = stdout(&run(repository.path(), &["overlap", "--branches", "*"]));
    assert!(text.lines().all(|line| !line.chars().any(char::is_control)), "{text}");
    for shown in ["  sp ace  ", r#" "tab\there" "#, r#" "line\nbreak" "#, r#" "\"quoted\"" "#, " -dash "] {
        assert!(text.contains(shown.trim_start()), "{shown}: {text}");
    }
}

/// Configuration of the user must not change a verdict.
#[test]
fn no_configuration_changes_what_is_found() {
    let repository = base();
    branch(&repository, "one", "main", |work| work.rename("a", "z/a"));
    branch(&repository, "two", "main", |work| work.write("a", &edited("a", 1..=1, "two")));
    let plain = both(&repository, &["--branches", "*"]);
    for (key, value) in [
        ("diff.renames", "false"),
        ("diff.external", "false"),
        ("diff.relative", "true"),
        ("core.fsmonitor", "false"),
        ("diff.noprefix", "true"),
    ] {
        repository.git(&["config", key, value]);
        assert_eq!(both(&repository, &["--branches", "*"]), plain, "{key}");
    }
}

#[test]
fn wrong_usage_is_said() {
    let repository = base();
    for (arguments, said) in [
        (&["--branches", "nothing/*"][..], "no branch matches"),
        (&["--base", "nowhere"], "names no commit"),
        (&["--branches", "*", "--worktrees"], "cannot be used with"),
    ] {
        let output = run(repository.path(), &[&["overlap"], arguments].concat());
        assert_eq!(code(&output), 2);
        assert!(String::from_utf8_lossy(&output.stderr).contains(said), "{arguments:?}: {output:?}");
    }
    let alone = run(repository.path(), &["overlap"]);
    assert_eq!(code(&alone), 2);
    assert!(String::from_utf8_lossy(&alone.stderr).contains("there is nothing to compare"), "{alone:?}");
}
