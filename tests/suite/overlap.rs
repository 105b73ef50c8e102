//! `paralint overlap` in real repositories, read in both ways, and held against what git itself says.

use super::program::{code, paralint, report, run, stdout};
use super::repository::{Repository, git_in};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const WAYS: [&str; 2] = ["git", "libgit2"];

/// Sixty lines, each of its own.
fn text(name: &str) -> String {
    (1..=60).map(|line| format!("{name} {line}\n")).collect()
}

/// A text with some lines replaced.
fn edited(name: &str, lines: std::ops::RangeInclusive<usize>, by: &str) -> String {
    (1..=60).map(|line| if lines.contains(&line) { format!("{by} {line}\n") } else { format!("{name} {line}\n") }).collect()
}

/// A repository with some files on `main`.
fn base() -> Repository {
    let repository = Repository::new();
    for name in ["a", "b", "c", "d/x", "d/y", "e/deep/z", "lines", "Cargo.lock"] {
        repository.write(name, &text(name));
    }
    repository.commit_all("base");
    repository
}

/// Works on a branch that grows from `from`, and comes back to `main`.
fn branch(repository: &Repository, name: &str, from: &str, work: impl FnOnce(&Repository)) {
    repository.git(&["checkout", "-q", "-b", name, from]);
    work(repository);
    repository.commit_all(name);
    repository.git(&["checkout", "-q", "main"]);
}

fn overlap(folder: &Path, way: &str, arguments: &[&str]) -> Value {
    report(folder, &[&["overlap", "--git", way], arguments].concat())
}

/// `one other path kind`, for each overlap.
fn kinds(report: &Value) -> Vec<String> {
    let all = report["overlaps"].as_array().unwrap_or_else(|| panic!("{report:#}"));
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    all.iter().map(|one| [&one["between"][0], &one["between"][1], &one["path"], &one["kind"]].map(word).join(" ")).collect()
}

/// The same in both ways of reading.
fn both(repository: &Repository, arguments: &[&str]) -> Vec<String> {
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
    assert_eq!(severities, ["error", "error", "note", "error"]);
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
fn state_of(folder: &Path) -> BTreeMap<String, Vec<u8>> {
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
    assert_eq!(missed, ["overlap of alone and one", "overlap of alone and two"]);
    assert!(report["not_checked"][0]["why"].as_str().unwrap().contains("no common history"), "{report:#}");
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

/// Eight agents' branches: edits, renames, deletions, cherry-picks, modes, lock files.
fn eight() -> Repository {
    let repository = Repository::new();
    for number in 0..24 {
        repository.write(&format!("src/m{}/f{number}.rs", number % 4), &text(&format!("f{number}")));
    }
    repository.write("Cargo.lock", &text("lock"));
    repository.write("Cargo.toml", &text("toml"));
    repository.commit_all("base");
    let file = |number: usize| format!("src/m{}/f{number}.rs", number % 4);
    for agent in 0..8_usize {
        branch(&repository, &format!("agent/{agent}"), "main", |work| {
            // Two neighbours edit one file: sometimes the same lines, sometimes others.
            for step in [0, 1] {
                let number = (agent + step) * 2 % 24;
                let first = 5 + (agent * 7 + step * 11) % 40;
                work.write(&file(number), &edited(&format!("f{number}"), first..=first + 4, &format!("agent {agent}")));
            }
            work.write("Cargo.lock", &edited("lock", 1 + agent * 6..=3 + agent * 6, &format!("agent {agent}")));
            match agent {
                1 => work.rename(&file(4), "src/moved/f4.rs"),
                2 => {
                    work.git(&["rm", "-q", "-f", &file(6)]);
                }
                3 => work.write("src/shared.rs", "the same\n"),
                4 => {
                    work.write("src/shared.rs", "the same\n");
                    work.write("Cargo.toml", &edited("toml", 10..=11, "four"));
                }
                5 => {
                    work.write("src/shared.rs", "another\n");
                    std::fs::set_permissions(work.path().join("Cargo.toml"), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
                }
                6 => work.rename("Cargo.toml", "crates/Cargo.toml"),
                7 => work.rename(&file(20), &file(21).replace("f21", "f20-renamed")),
                _ => {}
            }
        });
    }
    repository
}

#[test]
fn all_pairs_of_eight_branches_agree_with_git() {
    let repository = eight();
    let report = overlap(repository.path(), "auto", &["--branches", "agent/*"]);
    assert_eq!(report["checked"][0]["detail"].as_str().unwrap().split(',').next().unwrap(), "28 pairs of 8 branches");
    let mut conflicts = 0;
    for one in 0..8 {
        for other in one + 1..8 {
            let (one, other) = (format!("agent/{one}"), format!("agent/{other}"));
            let said = repository.try_git(&["merge-tree", "--write-tree", "--name-only", "-z", "--no-messages", &one, &other]);
            let text = String::from_utf8(said.stdout).unwrap();
            let gits: BTreeSet<String> = text.split('\0').skip(1).filter(|path| !path.is_empty()).map(str::to_owned).collect();
            assert_eq!(said.status.code(), Some(i32::from(!gits.is_empty())));
            let pair = |found: &&Value| found["between"] == serde_json::json!([one, other]);
            let ours: Vec<&Value> = report["overlaps"].as_array().unwrap().iter().filter(pair).collect();
            let names = |path: &str, found: &Value| {
                let renamed = found["remarks"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|remark| remark.as_str().unwrap().contains(&format!("renamed to {path} by")));
                found["path"] == path || renamed
            };
            // Each file that git names is a conflict of ours, and each conflict of ours is one that git names.
            let conflicting: Vec<&&Value> = ours.iter().filter(|found| found["kind"] == "conflict").collect();
            for path in &gits {
                assert!(conflicting.iter().any(|found| names(path, found)), "{one} {other} {path}: {ours:#?}");
            }
            for found in &conflicting {
                assert!(gits.iter().any(|path| names(path, found)), "{one} {other}: {found:#}, git says {gits:?}");
            }
            conflicts += conflicting.len();
            // Every file that both changed is there.
            let changed = |name: &str| -> BTreeSet<String> {
                let out = repository.git(&["diff", "--name-only", "--no-renames", "-z", "main", name]);
                out.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect()
            };
            let common: BTreeSet<String> = changed(&one).intersection(&changed(&other)).cloned().collect();
            let told: BTreeSet<String> = ours.iter().map(|found| found["path"].as_str().unwrap().to_owned()).collect();
            assert_eq!(told, common, "{one} {other}");
        }
    }
    assert!(conflicts > 5, "{conflicts}");
    both(&repository, &["--branches", "agent/*"]);
}

#[test]
fn the_order_of_merging_can_be_followed() {
    let repository = eight();
    let report = overlap(repository.path(), "auto", &["--branches", "agent/*"]);
    let order: Vec<&str> = report["merge_order"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(order.iter().collect::<BTreeSet<_>>().len(), 8);
    let (conflicts, mut clean) = (kinds(&report).into_iter().filter(|one| one.ends_with(" conflict")).collect::<Vec<_>>(), Vec::new());
    for name in &order {
        let meets = |other: &&&str| {
            conflicts.iter().any(|one| one.contains(&format!("{name} {other} ")) || one.contains(&format!("{other} {name} ")))
        };
        if clean.iter().any(|other| meets(&other)) {
            break;
        }
        clean.push(*name);
    }
    // Those come first, and git merges them all.
    assert!(clean.len() > 2, "{order:?}");
    for name in clean {
        repository.git(&["merge", "-q", "--no-ff", "-m", name, name]);
    }
}

#[test]
fn the_repository_gains_nothing() {
    let repository = eight();
    let before = (repository.git(&["count-objects", "-v"]), state_of(repository.path()));
    for way in WAYS {
        overlap(repository.path(), way, &["--branches", "agent/*"]);
    }
    assert_eq!(before, (repository.git(&["count-objects", "-v"]), state_of(repository.path())));
}

#[test]
fn the_screen_fits_and_says_it_in_words() {
    let repository = eight();
    for arguments in [&["overlap", "--branches", "agent/*"][..], &["overlap", "--branches", "agent/*", "--ascii", "--verbose"]] {
        let output = run(repository.path(), arguments);
        let text = stdout(&output);
        assert_eq!(code(&output), 1);
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        assert!(text.contains("merge in this order for the fewest conflicts: ") && text.contains("conflict "), "{text}");
        assert!(!arguments.contains(&"--ascii") || text.is_ascii(), "{text}");
    }
    assert_eq!(stdout(&run(repository.path(), &["overlap"])), stdout(&run(repository.path(), &["overlap"])));
}

#[test]
fn the_report_meets_its_schema() {
    let schema: Value = serde_json::from_slice(&run(Path::new("/"), &["schema", "report"]).stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let repository = eight();
    let report = overlap(repository.path(), "auto", &["--branches", "agent/*"]);
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn without_git_libgit2_finds_the_same() {
    let repository = eight();
    let with = report(repository.path(), &["overlap", "--branches", "agent/*"]);
    let output = paralint(repository.path())
        .env("PATH", "/nowhere")
        .args(["overlap", "--branches", "agent/*", "--format", "json"])
        .output()
        .unwrap();
    let without: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(with, without);
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
    assert_eq!(code(&alone), 0);
    assert!(stdout(&alone).contains("0 pairs of 0 branches"), "{}", stdout(&alone));
}
