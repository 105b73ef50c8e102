//! Where merges by libgit2 come near to those of git, and where it is said that they may not.

use super::overlap::{WAYS, base, both, branch, edited, kinds, overlap, text};
use super::program::report;
use super::repository::{Repository, git_in};
use serde_json::Value;

fn doubts(report: &Value) -> Vec<String> {
    report["not_checked"].as_array().unwrap().iter().map(|one| format!("{}: {}", one["what"], one["why"]).replace('"', "")).collect()
}

#[test]
fn a_plain_deletion_is_no_move() {
    let repository = base();
    branch(&repository, "mover", "main", |work| {
        work.rename("a", "moved");
        work.write("moved", &edited("a", 5..=9, "mover"));
    });
    branch(&repository, "deleter", "main", |work| {
        work.git(&["rm", "-q", "a"]);
    });
    assert_eq!(both(&repository, &["--branches", "*"]), ["deleter mover a conflict"]);
    let doubtful = overlap(repository.path(), "libgit2", &["--branches", "*"]);
    assert_eq!(doubts(&doubtful).len(), 1, "{doubtful:#}");
    assert!(doubts(&doubtful)[0].starts_with("deleter with mover: ") && doubts(&doubtful)[0].contains("put git on the PATH"));
    assert_eq!(doubtful["checked"][0]["detail"], "1 pair of 2 branches, 1 with common files");
    assert!(doubts(&overlap(repository.path(), "git", &["--branches", "*"])).is_empty());
    assert_eq!(
        doubts(&report(repository.path(), &["check", "--git", "libgit2", "--session", "none", "--branches", "*"]))
            .iter()
            .filter(|one| one.starts_with("deleter with mover"))
            .count(),
        1
    );
}

#[test]
fn what_libgit2_knows_it_does_not_doubt() {
    let repository = base();
    branch(&repository, "one", "main", |work| work.write("a", &edited("a", 1..=3, "one")));
    branch(&repository, "two", "main", |work| work.write("a", &edited("a", 1..=3, "two")));
    assert!(doubts(&overlap(repository.path(), "libgit2", &["--branches", "*"])).is_empty());
}

#[test]
fn a_moved_folder_is_seen_in_both_ways() {
    let repository = base();
    branch(&repository, "mover", "main", |work| {
        work.rename("d/x", "moved/x");
        work.rename("d/y", "moved/y");
    });
    branch(&repository, "half", "main", |work| work.rename("d/x", "half/x"));
    branch(&repository, "adder", "main", |work| work.write("d/new", "new\n"));
    branch(&repository, "deep", "main", |work| work.rename("e/deep/z", "far/deep/z"));
    branch(&repository, "under", "main", |work| work.write("e/deep/new", "new\n"));
    let expected = ["adder mover d/new conflict", "deep under e/deep/new conflict", "half mover d/x conflict"];
    assert_eq!(both(&repository, &["--branches", "*"]), expected);
}

#[test]
fn a_submodule_that_goes_on_is_no_conflict() {
    let repository = base();
    let inner = repository.beside("inner");
    std::fs::create_dir_all(&inner).unwrap();
    let git = |folder: &std::path::Path, arguments: &[&str]| {
        let output = git_in(folder).args(["-c", "protocol.file.allow=always"]).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    git(&inner, &["init", "-q", "-b", "main", "."]);
    let commits: Vec<String> = (0..3)
        .map(|number| {
            git(&inner, &["commit", "-q", "--allow-empty", "-m", &format!("{number}")]);
            git(&inner, &["rev-parse", "HEAD"])
        })
        .collect();
    git(&inner, &["checkout", "-q", "-b", "side", &commits[0]]);
    git(&inner, &["commit", "-q", "--allow-empty", "-m", "side"]);
    let side = git(&inner, &["rev-parse", "HEAD"]);
    git(repository.path(), &["submodule", "add", "-q", inner.to_str().unwrap(), "sub"]);
    let to = |work: &Repository, commit: &str| {
        git(&work.path().join("sub"), &["checkout", "-q", commit]);
    };
    to(&repository, &commits[0]);
    repository.commit_all("submodule");
    for (name, commit) in [("one", &commits[1]), ("two", &commits[2]), ("three", &side)] {
        branch(&repository, name, "main", |work| to(work, commit));
        to(&repository, &commits[0]);
    }
    let expected = ["one three sub conflict", "one two sub file", "three two sub conflict"];
    for way in WAYS {
        assert_eq!(kinds(&overlap(repository.path(), way, &["--branches", "*"])), expected, "{way}");
    }
    assert_eq!(doubts(&overlap(repository.path(), "libgit2", &["--branches", "*"])).len(), 3);
}

/// A file that became a folder on one side, and was edited on the other.
#[test]
fn one_path_has_one_row() {
    let repository = base();
    branch(&repository, "one", "main", |work| {
        work.git(&["rm", "-q", "a"]);
        work.write("a/inside", "new\n");
    });
    branch(&repository, "two", "main", |work| work.write("a", &edited("a", 5..=6, "two")));
    let found = overlap(repository.path(), "git", &["--branches", "*"]);
    assert_eq!(kinds(&found), ["one two a conflict"]);
    let remarks = serde_json::json!(["deleted by one", "a file for one, a folder for the other"]);
    assert_eq!(found["overlaps"][0]["remarks"], remarks);
    assert_eq!(both(&repository, &["--branches", "*"]), ["one two a conflict"]);
}

#[test]
fn a_merged_branch_has_no_place_in_the_order() {
    let repository = base();
    branch(&repository, "done", "main", |work| work.write("c", &text("done")));
    repository.git(&["merge", "-q", "--no-ff", "-m", "merge", "done"]);
    branch(&repository, "one", "main", |work| work.write("a", &edited("a", 1..=3, "one")));
    branch(&repository, "two", "main", |work| work.write("a", &edited("a", 1..=3, "two")));
    let found = overlap(repository.path(), "auto", &["--branches", "*"]);
    assert_eq!(found["merge_order"], serde_json::json!(["one", "two"]));
    let shown = super::program::stdout(&super::program::run(repository.path(), &["overlap", "--branches", "*"]));
    assert_eq!(shown.matches("done").count(), 1, "{shown}");
    assert!(shown.contains("\nalready merged: done\n"), "{shown}");
}

#[test]
fn what_one_moved_and_the_other_made_a_link_is_a_conflict() {
    let repository = base();
    branch(&repository, "mover", "main", |work| work.rename("a", "moved"));
    branch(&repository, "linker", "main", |work| {
        std::fs::remove_file(work.path().join("a")).unwrap();
        std::os::unix::fs::symlink("b", work.path().join("a")).unwrap();
    });
    branch(&repository, "folder", "main", |work| {
        work.git(&["rm", "-q", "a"]);
        work.write("a/inside", "new\n");
    });
    branch(&repository, "runner", "main", |work| {
        std::fs::set_permissions(work.path().join("a"), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    });
    let found = both(&repository, &["--branches", "*"]);
    assert!(found.contains(&"linker mover a conflict".to_owned()) && found.contains(&"folder runner a conflict".to_owned()), "{found:?}");
}
