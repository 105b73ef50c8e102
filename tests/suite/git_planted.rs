//! Repositories that a commit brought along, and ids that something else is called like.
#![cfg(unix)]

use super::git::{changes, files, one, refusal, with_base};
use super::program::paralint;
use super::repository::{Repository, git_in};
use std::path::{Path, PathBuf};

/// A `main`, and a branch `x` that plants the layout of a git directory in `svc/t` and changes `a`. What it starts is told in a
/// file.
fn planted(extensions: &str) -> (Repository, PathBuf) {
    let repository = with_base(&["a", "svc/t/f"]);
    let trap = repository.beside("started");
    repository.git(&["checkout", "-q", "-b", "x"]);
    repository.write("svc/t/HEAD", "ref: refs/heads/x\n");
    repository.write("svc/t/objects/info/alternates", "../../../.git/objects\n");
    repository.write("svc/t/refs/heads/keep", "");
    std::os::unix::fs::symlink("../../../../.git/HEAD", repository.path().join("svc/t/refs/heads/x")).unwrap();
    let config = format!(
        "{extensions}[core]\n\trepositoryformatversion=0\n\tbare=false\n\tworktree=../..\n\tfsmonitor=touch {};false\n",
        trap.display()
    );
    repository.write("svc/t/config", &config);
    repository.write("a", "other\n");
    repository.commit_all("x");
    repository.git(&["checkout", "-q", "--detach"]);
    (repository, trap)
}

const WAYS: [&str; 3] = ["git", "libgit2", "auto"];

#[test]
fn a_repository_that_was_committed_is_refused() {
    for extensions in ["", "[extensions]\n\tpartialClone=origin\n"] {
        let (repository, trap) = planted(extensions);
        let folder = repository.path().join("svc/t");
        // git itself falls for it, or this shows nothing.
        assert!(git_in(&folder).args(["status"]).output().is_ok() && trap.exists());
        std::fs::remove_file(&trap).unwrap();
        for place in ["svc/t", "svc/t/refs", "svc/t/refs/heads"] {
            let place = repository.path().join(place);
            for way in WAYS {
                for arguments in
                    [&["--range", "main..HEAD"][..], &["--staged"], &["--worktrees"], &["--branches", "x"], &["--range", "auto"]]
                {
                    let report = one(&place, way, arguments);
                    let said = report["error"].to_string();
                    assert_eq!(report["exit_code"], 2, "{way} {arguments:?}: {report}");
                    assert!(said.contains("svc/t looks like a git repository") && said.contains("GIT_DIR"), "{said}");
                    assert!(said.contains(&format!("work tree of {}", repository.path().canonicalize().unwrap().display())), "{said}");
                }
            }
            for command in [
                &["overlap", "--branches", "x"][..],
                &["overlap", "--worktrees"],
                &["gates"],
                &["init", "--dry-run"],
                &["install"],
                &["uninstall"],
                &["owners", "a"],
                &["audit"],
            ] {
                let output = paralint(&place).args(command).output().unwrap();
                let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
                assert_eq!(output.status.code(), Some(2), "{command:?}: {said}");
                assert!(said.contains("looks like a git repository"), "{command:?}: {said}");
            }
            let waived = paralint(&place).args(["waive", "0123456789abcdef", "--reason", "why"]).output().unwrap();
            assert!(waived.status.code().is_some(), "{waived:?}");
            assert!(!trap.exists(), "a program of the stranger's was started");
        }
        assert_eq!(
            files(&changes(repository.path(), &["--range", "main..HEAD"])[0]).iter().filter(|file| *file == "modified a").count(),
            1
        );
        // What GIT_DIR names is meant.
        let named = paralint(&folder)
            .env("GIT_DIR", repository.path().join(".git"))
            .env("GIT_WORK_TREE", repository.path())
            .args(["check", "--range", "main..HEAD", "--session", "none", "--format", "json"])
            .output()
            .unwrap();
        assert_eq!(named.status.code(), Some(0), "{}", String::from_utf8_lossy(&named.stdout));
        assert!(!trap.exists());
    }
}

/// Whether branches can be compared from a folder, in each way of reading.
fn works(folder: &Path) {
    for way in WAYS {
        let report = one(folder, way, &["--branches", "x", "--base", "main"]);
        assert!(report["error"].is_null(), "{way} in {}: {}", folder.display(), report["error"]);
        assert_eq!(files(&report["changes"][0]), ["modified a"], "{way} in {}", folder.display());
    }
    let output = paralint(folder).args(["overlap", "--branches", "*", "--base", "main"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn bare_repositories_worktrees_and_submodules_are_found() {
    let repository = with_base(&["a"]);
    repository.git(&["checkout", "-q", "-b", "x"]);
    repository.write("a", "other\n");
    repository.commit_all("x");
    // Two are needed to overlap.
    repository.git(&["branch", "y"]);
    let bare = repository.beside("bare.git");
    repository.git(&["clone", "-q", "--bare", ".", bare.to_str().unwrap()]);
    works(&bare);
    works(&bare.join("refs/heads"));
    // Worktrees of it, beside it and in it.
    for place in [repository.beside("linked"), bare.join("linked")] {
        let output = git_in(&bare).args(["worktree", "add", "-q", "--detach", place.to_str().unwrap()]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        works(&place);
    }
    // The way of those who keep worktrees around a bare repository.
    let project = repository.beside("project");
    std::fs::create_dir(&project).unwrap();
    repository.git(&["clone", "-q", "--bare", ".", project.join(".bare").to_str().unwrap()]);
    std::fs::write(project.join(".git"), "gitdir: ./.bare\n").unwrap();
    works(&project.join(".bare"));
    works(&project);
    // A submodule, and its git directory.
    let outer = Repository::new();
    outer.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", repository.path().to_str().unwrap(), "vendor/sub"]);
    outer.commit_all("outer");
    let inner = outer.path().join("vendor/sub");
    for branch in ["main", "x", "y"] {
        let output = git_in(&inner).args(["branch", "-f", branch, &format!("origin/{branch}")]).output().unwrap();
        assert!(output.status.success() || branch == "x", "{output:?}");
    }
    works(&inner);
    works(&outer.path().join(".git/modules/vendor/sub"));
    // In a work tree that is another one's, it has to be named.
    let within = outer.path().join("mirrors/bare.git");
    repository.git(&["clone", "-q", "--bare", ".", within.to_str().unwrap()]);
    let said = refusal(&within, &["--branches", "x"]);
    assert!(said.contains("mirrors/bare.git looks like"), "{said}");
    let named = paralint(&within).env("GIT_DIR", ".").args(["overlap", "--branches", "*", "--base", "main"]).output().unwrap();
    assert_eq!(named.status.code(), Some(0), "{}", String::from_utf8_lossy(&named.stderr));
}

/// What a `.git` could be that is committed: git makes no file of it, whoever made the tree.
#[test]
fn git_checks_out_nothing_that_is_called_like_its_own_folder() {
    for name in [".git", ".GIT", ".gIt", "git~1", "GIT~1", ".g\u{200c}it"] {
        let repository = with_base(&["a"]);
        // The Unicode variant is one only to HFS+.
        repository.git(&["config", "core.protectHFS", "true"]);
        let blob = repository.git(&["hash-object", "-w", "a"]);
        let entry = format!("100644 blob {blob}\t{name}\n");
        let path = repository.beside("entries");
        std::fs::write(&path, entry).unwrap();
        let output = git_in(repository.path()).arg("mktree").stdin(std::fs::File::open(&path).unwrap()).output().unwrap();
        let tree = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        assert!(output.status.success(), "{output:?}");
        let commit = repository.git(&["commit-tree", &tree, "-m", "hostile"]);
        let output = repository.try_git(&["checkout", "-q", "--detach", &commit]);
        assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("invalid path"), "{name}: {output:?}");
    }
}

#[test]
fn a_whole_id_is_that_commit_whatever_is_called_like_it() {
    let repository = with_base(&["a", "b"]);
    let base = repository.git(&["rev-parse", "HEAD"]);
    repository.git(&["checkout", "-q", "-b", "x"]);
    for name in ["a", "b"] {
        repository.write(name, "other\n");
        repository.commit_all(name);
    }
    let middle = repository.git(&["rev-parse", "HEAD~1"]);
    let head = repository.git(&["rev-parse", "HEAD"]);
    let absent = "1234567890123456789012345678901234567890";
    let long = "12345678901234567890123456789012".repeat(2);
    for kind in ["tags", "heads", "remotes"] {
        for id in [&base, &head, absent, &long] {
            repository.git(&["update-ref", &format!("refs/{kind}/{id}"), &middle]);
        }
        for range in
            [format!("{base}..HEAD"), format!("{base}..{head}"), format!("{}..{head}", base.to_uppercase()), format!("{base}^0..{head}^0")]
        {
            assert_eq!(files(&changes(repository.path(), &["--range", &range])[0]), ["modified a", "modified b"], "{kind} {range}");
        }
        // An id that is not here is not what is called like it, nor is one of the other kind.
        for id in [absent, &long] {
            let said = refusal(repository.path(), &["--range", &format!("{id}..HEAD")]);
            assert!(said.contains(id), "{said}");
        }
        for way in WAYS {
            let run = |from: &str| {
                paralint(repository.path())
                    .env("PRE_COMMIT_FROM_REF", from)
                    .env("PRE_COMMIT_TO_REF", &head)
                    .args(["check", "--git", way, "--range", "auto", "--session", "none", "--format", "json"])
                    .output()
                    .unwrap()
            };
            let report: serde_json::Value = serde_json::from_slice(&run(&base).stdout).unwrap();
            assert_eq!(files(&report["changes"][0]), ["modified a", "modified b"], "{way}: {report}");
            let report: serde_json::Value = serde_json::from_slice(&run(absent).stdout).unwrap();
            // Where it is gone, the default branch is the base; what is called like it never is.
            assert_eq!(files(&report["changes"][0]), ["modified a", "modified b"], "{way}: {report}");
        }
        for id in [&base, &head, absent, &long] {
            repository.git(&["update-ref", "-d", &format!("refs/{kind}/{id}")]);
        }
    }
}
