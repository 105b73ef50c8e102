//! Repositories that one of the ways cannot read, and places that are none.

use super::git::{changes, files, one, refusal, with_base};
use super::program::{self, paralint};
use super::repository::{Repository, git_in};
use serde_json::Value;
use std::path::Path;

/// What the chosen way and git find alike, and what libgit2 says: the same, or why it cannot.
fn without_libgit2(folder: &Path, arguments: &[&str]) -> (Vec<String>, Option<String>) {
    let (git, auto, libgit2) = (one(folder, "git", arguments), one(folder, "auto", arguments), one(folder, "libgit2", arguments));
    assert!(git["error"].is_null(), "{}", git["error"]);
    assert_eq!(git["changes"], auto["changes"], "{}", auto["error"]);
    let said = match &libgit2["error"] {
        Value::Null => {
            assert_eq!(git["changes"], libgit2["changes"]);
            None
        }
        error => Some(format!("{} | {}", error["message"].as_str().unwrap(), error["hint"].as_str().unwrap())),
    };
    (files(&git["changes"][0]), said)
}

/// The report of a run without git on the PATH.
fn without_git(folder: &Path, arguments: &[&str]) -> Value {
    let output =
        paralint(folder).env("PATH", "/nowhere").args(["check", "--session", "none", "--format", "json"]).args(arguments).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Three commits, the last on a branch, one more file staged.
fn fill(repository: &Repository) {
    repository.write("a", "a\n");
    repository.write("deep/er/b", "b\n");
    repository.commit_all("base");
    repository.git(&["checkout", "-q", "-b", "agent/a"]);
    repository.write("a", "other\n");
    repository.commit_all("a");
    repository.write("c", "c\n");
    repository.git(&["add", "c"]);
}

/// Staged, range, branches, worktrees.
fn all_of_it(repository: &Repository) -> Vec<Option<String>> {
    let mut said = Vec::new();
    for (arguments, expected) in [
        (&[][..], &["added c"][..]),
        (&["--range", "main"], &["modified a"]),
        (&["--branches", "agent/*"], &["modified a"]),
        (&["--worktrees"], &["modified a", "added c"]),
    ] {
        let (found, why) = without_libgit2(repository.path(), arguments);
        assert_eq!(found, expected, "{arguments:?}");
        said.push(why);
    }
    said
}

#[test]
fn formats_that_libgit2_does_not_know_are_read_through_git() {
    for format in ["--object-format=sha256", "--ref-format=reftable"] {
        let repository = Repository::with(&["init", "-q", "-b", "main", format, "work"]);
        fill(&repository);
        for why in all_of_it(&repository) {
            let why = why.expect("libgit2 cannot");
            assert!(why.contains("libgit2") && why.contains("PATH"), "{why}");
        }
        let report = without_git(repository.path(), &[]);
        let said = format!("{} | {}", report["error"]["message"], report["error"]["hint"]);
        assert!(said.contains("libgit2 cannot read") && said.contains("install git"), "{said}");
        assert_eq!(report["exit_code"], 2);
    }
}

#[test]
fn an_unknown_extension_is_an_error_of_git_itself() {
    let repository = with_base(&["a"]);
    repository.git(&["config", "core.repositoryFormatVersion", "1"]);
    repository.git(&["config", "extensions.fromTheFuture", "true"]);
    for way in ["git", "libgit2", "auto"] {
        let report = one(repository.path(), way, &[]);
        assert!(report["error"]["message"].as_str().unwrap().to_lowercase().contains("fromthefuture"), "{way}: {}", report["error"]);
    }
}

#[test]
fn a_split_or_sparse_index_is_read_through_git() {
    let repository = Repository::new();
    fill(&repository);
    repository.git(&["update-index", "--split-index"]);
    repository.write("d", "d\n");
    repository.git(&["add", "d"]);
    let (found, why) = without_libgit2(repository.path(), &[]);
    assert_eq!(found, ["added c", "added d"]);
    assert!(why.expect("libgit2 cannot").contains("libgit2 cannot read"));
    let sparse = Repository::new();
    fill(&sparse);
    sparse.write("deep/f", "f\n");
    sparse.write("near/g", "g\n");
    sparse.commit_all("more");
    sparse.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "near"]);
    sparse.write("near/g", "other\n");
    sparse.git(&["add", "near/g"]);
    let (found, why) = without_libgit2(sparse.path(), &[]);
    assert_eq!(found, ["modified near/g"]);
    assert!(why.expect("libgit2 cannot").contains("libgit2 cannot read"));
}

#[test]
fn other_indexes_are_read_in_every_way() {
    for settings in [
        &["index.version=4"][..],
        &["index.skipHash=true"],
        &["core.untrackedCache=true"],
        &["core.commitGraph=true", "fetch.writeCommitGraph=true"],
    ] {
        let repository = Repository::new();
        for setting in settings {
            let (key, value) = setting.split_once('=').unwrap();
            repository.git(&["config", key, value]);
        }
        fill(&repository);
        repository.git(&["commit-graph", "write", "--reachable"]);
        repository.git(&["pack-refs", "--all"]);
        repository.git(&["gc", "-q"]);
        assert_eq!(all_of_it(&repository), [None, None, None, None], "{settings:?}");
    }
}

#[test]
fn a_partial_clone_is_read_through_git() {
    let origin = Repository::new();
    fill(&origin);
    origin.git(&["commit", "-q", "-m", "c"]);
    origin.git(&["mv", "c", "d"]);
    origin.write("d", "c\nd\n");
    origin.commit_all("move");
    origin.git(&["config", "uploadpack.allowFilter", "true"]);
    origin.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let url = format!("file://{}", origin.path().display());
    let clone = Repository::with(&["clone", "-q", "--filter=blob:none", &url, "work"]);
    clone.git(&["branch", "main", "origin/main"]);
    let report = one(clone.path(), "auto", &["--range", "main", "--policy", "head"]);
    assert!(report["error"].is_null(), "{}", report["error"]);
    assert_eq!(files(&report["changes"][0]), ["modified a", "added d"]);
    assert_eq!(report["changes"], one(clone.path(), "git", &["--range", "main", "--policy", "head"])["changes"]);
    // Looking for renames fetched nothing.
    assert!(clone.git(&["rev-list", "--objects", "--missing=print", "--all"]).contains('?'));
    clone.write("d", "other\n");
    clone.git(&["add", "d"]);
    assert_eq!(without_libgit2(clone.path(), &[]).0, ["modified d"]);
    let treeless = Repository::with(&["clone", "-q", "--filter=tree:0", &url, "work"]);
    treeless.git(&["branch", "main", "origin/main"]);
    // Its trees would have to be fetched.
    let report = one(treeless.path(), "auto", &["--range", "main", "--policy", "head"]);
    assert!(report["error"]["message"].as_str().unwrap().contains("partial clone"), "{}", report["error"]);
}

#[test]
fn a_repository_of_somebody_else_is_refused_as_git_refuses_it() {
    let repository = with_base(&["a"]);
    for path in [repository.path().to_path_buf(), repository.path().join(".git")] {
        // Only an administrator can give files away.
        if std::os::unix::fs::chown(path, Some(12_345), None).is_err() {
            return;
        }
    }
    let said = refusal(repository.path(), &[]);
    assert!(said.contains("another user") && said.contains("safe.directory"), "{said}");
    std::fs::write(repository.path().join(".gitconfig"), format!("[safe]\n\tdirectory = {}\n", repository.path().display())).unwrap();
    assert_eq!(files(&changes(repository.path(), &[])[0]).len(), 0);
}

#[test]
fn without_git_libgit2_serves() {
    let repository = Repository::new();
    fill(&repository);
    let report = without_git(repository.path(), &[]);
    assert_eq!(files(&report["changes"][0]), ["added c"]);
    let report = without_git(repository.path(), &["--git", "git"]);
    assert!(report["error"]["message"].as_str().unwrap().contains("not on the PATH"), "{}", report["error"]);
}

#[test]
fn no_repository_and_its_own_folder_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let said = refusal(folder.path(), &[]);
    assert!(said.contains("no git repository") && said.contains("git init"), "{said}");
    let repository = with_base(&["a"]);
    for folder in [".git", ".git/objects"] {
        let said = refusal(&repository.path().join(folder), &[]);
        assert!(said.contains("git's own directory"), "{said}");
    }
}

#[test]
fn a_worktree_in_the_folder_of_a_bare_repository_or_in_dot_git() {
    let origin = with_base(&["a"]);
    let bare = origin.beside("p.git");
    origin.git(&["clone", "-q", "--bare", ".", bare.to_str().unwrap()]);
    let run = |folder: &std::path::Path, arguments: &[&str]| {
        let output = git_in(folder).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    run(&bare, &["worktree", "add", "-q", "./inside", "-b", "ins"]);
    origin.git(&["worktree", "add", "-q", ".git/wt", "-b", "wt"]);
    for inside in [bare.join("inside"), origin.path().join(".git/wt")] {
        std::fs::create_dir(inside.join("below")).unwrap();
        std::fs::write(inside.join("below/b"), "b").unwrap();
        run(&inside, &["add", "-A"]);
        for folder in [inside.clone(), inside.join("below")] {
            for way in ["git", "libgit2", "auto"] {
                assert_eq!(files(&one(&folder, way, &[])["changes"][0]), ["added below/b"], "{way} {}", folder.display());
            }
        }
        for arguments in [&["gates", "--list"][..], &["init", "--dry-run"], &["owners", "below/b"], &["install", "--dry-run"], &["install"]]
        {
            let output = program::run(&inside, arguments);
            assert!(!program::stderr(&output).contains("own directory"), "{arguments:?}: {}", program::stderr(&output));
        }
        // Hooks in that work tree are everybody's, wherever it lies.
        run(&inside, &["config", "core.hooksPath", ".githooks"]);
        let output = program::run(&inside, &["install"]);
        assert!(program::stdout(&output).contains("part of the work tree"), "{}{}", program::stdout(&output), program::stderr(&output));
        run(&inside, &["config", "--unset", "core.hooksPath"]);
    }
    // Of the folder of such a worktree's git directory git and libgit2 say different things, but neither takes it for a work tree.
    for folder in [bare.join("worktrees/inside"), origin.path().join(".git/worktrees/wt"), origin.path().join(".git/refs")] {
        for way in ["git", "libgit2", "auto"] {
            let said = one(&folder, way, &[])["error"]["message"].to_string();
            assert!(said.contains("git's own directory") || said.contains("bare repository"), "{way} {}: {said}", folder.display());
        }
    }
}

#[test]
fn a_repository_in_a_folder_below_with_an_odd_name() {
    for name in ["work", "it's a \"place\" ü", "-n", "line\nbreak"] {
        let repository = Repository::with(&["init", "-q", "-b", "main", "work"]);
        let below = repository.path().join("packages").join(name);
        std::fs::create_dir_all(&below).unwrap();
        let git = |arguments: &[&str]| git_in(&below).args(arguments).output().unwrap();
        git(&["init", "-q", "-b", "main"]);
        std::fs::create_dir(below.join("src")).unwrap();
        std::fs::write(below.join("src/a"), "a\n").unwrap();
        git(&["add", "-A"]);
        assert_eq!(files(&changes(&below, &[])[0]), ["added src/a"], "{name:?}");
        assert_eq!(files(&changes(&below.join("src"), &[])[0]), ["added src/a"], "{name:?}");
    }
}

#[test]
fn a_broken_repository_is_an_error_and_no_empty_answer() {
    let repository = Repository::new();
    fill(&repository);
    let tree = repository.git(&["rev-parse", "HEAD^{tree}"]);
    let object = repository.path().join(".git/objects").join(&tree[..2]).join(&tree[2..]);
    std::fs::remove_file(&object).unwrap();
    for way in ["git", "libgit2", "auto"] {
        let report = one(repository.path(), way, &["--range", "main", "--policy", "head"]);
        assert_eq!((report["exit_code"].as_i64(), report["error"]["kind"].as_str()), (Some(2), Some("repository")), "{way}");
    }
    std::fs::write(repository.path().join(".git/index"), "DIRC broken").unwrap();
    for way in ["git", "libgit2", "auto"] {
        let report = one(repository.path(), way, &[]);
        assert_eq!((report["exit_code"].as_i64(), report["error"]["kind"].as_str()), (Some(2), Some("repository")), "{way}");
    }
}
