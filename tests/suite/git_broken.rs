//! Repositories that are broken: what is broken is said, and nothing that is not read passes for nothing changed.

use super::git::{changes, files, one, refusal, with_base};
use super::program::paralint;
use super::repository::Repository;
use serde_json::Value;
use std::path::{Path, PathBuf};

const WAYS: [&str; 3] = ["git", "libgit2", "auto"];
const NOWHERE: &str = "1234567890123456789012345678901234567890\n";

/// Breaks a repository.
type Destroy = fn(&Repository);

/// Message and hint of each way.
fn said(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let said = |way: &str| {
        let report = one(folder, way, arguments);
        assert_eq!(report["exit_code"], 2, "{way}: {report}");
        format!("{} | {}", report["error"]["message"].as_str().unwrap(), report["error"]["hint"].as_str().unwrap())
    };
    WAYS.map(said).into()
}

fn in_git(repository: &Repository, path: &str) -> PathBuf {
    repository.path().join(".git").join(path)
}

#[test]
fn a_head_that_leads_nowhere_is_no_first_commit() {
    for (file, text) in
        [("refs/heads/main", NOWHERE), ("refs/heads/main", ""), ("refs/heads/main", "ref: refs/heads/main\n"), ("HEAD", NOWHERE)]
    {
        let repository = with_base(&["a"]);
        std::fs::write(in_git(&repository, file), text).unwrap();
        for arguments in [&[][..], &["--range", "main"]] {
            let said = refusal(repository.path(), arguments);
            assert!(said.contains("HEAD"), "{file} {text:?}: {said}");
        }
    }
    let repository = with_base(&["a"]);
    repository.git(&["pack-refs", "--all"]);
    let packed = in_git(&repository, "packed-refs");
    let text = std::fs::read_to_string(&packed).unwrap().replace(&repository.git(&["rev-parse", "HEAD"]), NOWHERE.trim());
    std::fs::write(packed, text).unwrap();
    assert!(refusal(repository.path(), &[]).contains(NOWHERE.trim()));
    // A branch that is not born yet is none of these.
    let repository = with_base(&["a"]);
    repository.git(&["checkout", "-q", "--orphan", "agent/new"]);
    assert_eq!(files(&changes(repository.path(), &[])[0]), ["added a"]);
}

#[test]
fn a_broken_git_directory_is_named_and_no_new_one_is_proposed() {
    let cases: [(&str, Destroy, &str); 5] = [
        ("HEAD is nonsense", |repository| std::fs::write(in_git(repository, "HEAD"), "nonsense\n").unwrap(), "HEAD of"),
        ("HEAD is missing", |repository| std::fs::remove_file(in_git(repository, "HEAD")).unwrap(), "HEAD of"),
        ("objects are missing", |repository| std::fs::remove_dir_all(in_git(repository, "objects")).unwrap(), "objects"),
        (
            "empty",
            |repository| {
                std::fs::remove_dir_all(in_git(repository, "")).unwrap();
                std::fs::create_dir(in_git(repository, "")).unwrap();
            },
            "empty",
        ),
        (
            "dangling",
            |repository| {
                std::fs::remove_dir_all(in_git(repository, "")).unwrap();
                std::fs::write(repository.path().join(".git"), "gitdir: /nowhere/at/all\n").unwrap();
            },
            "/nowhere/at/all",
        ),
    ];
    for (name, destroy, expected) in cases {
        let repository = with_base(&["a", "below/b"]);
        destroy(&repository);
        for folder in [repository.path().to_path_buf(), repository.path().join("below")] {
            let said = refusal(&folder, &[]);
            assert!(said.contains(expected) && !said.contains("git init"), "{name}: {said}");
        }
    }
    let repository = with_base(&["a"]);
    for way in WAYS {
        let output = paralint(repository.path())
            .env("GIT_DIR", "/nonsense")
            .args(["check", "--session", "none", "--git", way, "--format", "json"])
            .output()
            .unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let said = report["error"]["message"].as_str().unwrap();
        assert!(said.contains("GIT_DIR") && said.contains("/nonsense"), "{way}: {said}");
    }
}

#[test]
fn a_broken_worktree_ends_nothing_but_itself() {
    let repository = with_base(&["a"]);
    for name in ["w1", "w2", "w3", "w4", "w5"] {
        let folder = repository.beside(name);
        repository.git(&["worktree", "add", "-q", "-b", name, folder.to_str().unwrap()]);
        std::fs::write(folder.join("a"), name).unwrap();
    }
    std::fs::write(in_git(&repository, "worktrees/w1/HEAD"), "junk\n").unwrap();
    std::fs::write(in_git(&repository, "refs/heads/w2"), NOWHERE).unwrap();
    std::fs::write(in_git(&repository, "refs/heads/w3"), "").unwrap();
    std::fs::write(repository.beside("w4").join(".git"), "gitdir: /nowhere\n").unwrap();
    for way in WAYS {
        let report = one(repository.path(), way, &["--worktrees", "--base", "main"]);
        assert!(report["error"].is_null(), "{way}: {}", report["error"]);
        let missed = report["not_checked"].to_string();
        for name in ["w1", "w2", "w3", "w4"] {
            assert!(missed.contains(&format!("\"{name}\"")), "{way} {name}: {missed}");
        }
        assert_eq!(files(&report["changes"][5]), ["modified a"], "{way}");
    }
}

#[test]
fn a_broken_branch_ends_nothing_but_itself() {
    let repository = with_base(&["a"]);
    for name in ["agent/a", "agent/b"] {
        repository.git(&["checkout", "-q", "-b", name, "main"]);
        repository.write("a", name);
        repository.commit_all(name);
    }
    repository.git(&["checkout", "-q", "main"]);
    std::fs::write(in_git(&repository, "refs/heads/agent/a"), NOWHERE).unwrap();
    for way in WAYS {
        let report = one(repository.path(), way, &["--branches", "agent/b"]);
        assert_eq!(files(&report["changes"][0]), ["modified a"], "{way}");
        let report = one(repository.path(), way, &["--branches", "agent/*"]);
        assert_eq!(files(&report["changes"][1]), ["modified a"], "{way}");
        assert!(report["not_checked"].to_string().contains("is not here"), "{way}: {report}");
    }
}

#[test]
fn hints_fit_the_cause() {
    let repository = with_base(&["a"]);
    let index = in_git(&repository, "index");
    let bytes = std::fs::read(&index).unwrap();
    std::fs::write(&index, &bytes[..60]).unwrap();
    assert!(said(repository.path(), &[]).iter().all(|said| said.contains("git reset")), "{:?}", said(repository.path(), &[]));
    std::fs::write(&index, bytes).unwrap();
    let config = in_git(&repository, "config");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, format!("{text}[x\n")).unwrap();
    assert!(said(repository.path(), &[]).iter().all(|said| said.contains("line")), "{:?}", said(repository.path(), &[]));
    for setting in ["[core]\nrepositoryformatversion = 99\n", "[core]\nrepositoryformatversion = 1\n[extensions]\nfromthefuture = 1\n"] {
        std::fs::write(&config, format!("{text}{setting}")).unwrap();
        let said = said(repository.path(), &[]);
        assert!(said[0].contains("update git") && !said[0].contains("fsck"), "{}", said[0]);
    }
}

#[test]
fn what_a_partial_clone_lacks_is_not_fetched_and_not_absent() {
    let origin = with_base(&["a", "BOUNDARIES.json"]);
    origin.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", origin.path().display());
    let clone = Repository::with(&["clone", "-q", "--no-checkout", "--filter=blob:none", &url, "work"]);
    clone.git(&["reset", "-q"]);
    for way in ["git", "auto"] {
        let report = one(clone.path(), way, &["--range", "main..origin/main"]);
        let said = report["error"].to_string();
        assert!(said.contains("this is a partial clone and the object") && said.contains("git cat-file"), "{way}: {said}");
    }
    assert_eq!(one(clone.path(), "libgit2", &["--range", "main..origin/main"])["exit_code"], 2);
}

#[test]
fn a_file_whose_object_is_missing_is_not_absent() {
    let repository = with_base(&["a", ".claude/BOUNDARIES.json"]);
    for object in ["HEAD:.claude/BOUNDARIES.json", "HEAD:.claude"] {
        let id = repository.git(&["rev-parse", object]);
        let _ = std::fs::remove_file(in_git(&repository, &format!("objects/{}/{}", &id[..2], &id[2..])));
        for said in said(repository.path(), &["--range", "main~0"]) {
            assert!(said.contains(&id) || said.contains("libgit2"), "{said}");
        }
    }
}

#[test]
fn a_sparse_index_is_read_without_a_trace() {
    let repository = with_base(&["near/a", "far/b", "far/er/c"]);
    repository.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "near"]);
    repository.write("near/a", "other\n");
    repository.git(&["add", "near/a"]);
    // What appears makes a check ask for every path in the index.
    repository.write("near/new", "new\n");
    repository.git(&["add", "near/new"]);
    let count = || repository.git(&["count-objects"]);
    let before = count();
    for way in ["git", "auto"] {
        for arguments in [&[][..], &["--worktrees"]] {
            let report = one(repository.path(), way, arguments);
            assert_eq!(files(&report["changes"][0]), ["modified near/a", "added near/new"], "{way}");
            assert_eq!(count(), before, "{way} {arguments:?}");
        }
    }
}
