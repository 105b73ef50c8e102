//! What gates see: keys of trees, the work tree as it is, the history of a file, commits that were made here.

use super::repository::{Repository, git_in};
use paralint::input::git::{Choice, Repository as Opened, Seen};
use paralint::model::gate::{TreeEntry, TreeKey};
use paralint::work::tree::key;
use std::path::Path;

pub(super) fn open(folder: &Path, way: &str) -> Opened {
    let choice = match way {
        "git" => Choice::Git,
        "libgit2" => Choice::Libgit2,
        _ => Choice::Automatic,
    };
    Opened::open_with(folder, choice).unwrap()
}

const WAYS: [&str; 3] = ["git", "libgit2", "auto"];

fn key_of(folder: &Path, revision: Option<&str>) -> TreeKey {
    key(&open(folder, "auto").entries(revision).unwrap())
}

fn shown(entries: &[TreeEntry]) -> Vec<String> {
    entries.iter().map(|entry| format!("{:o} {}", entry.mode, entry.path.shown())).collect()
}

#[cfg(unix)]
fn odd() -> Repository {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};
    let repository = Repository::new();
    repository.write("a b/c\nd \"e\"", "1\n");
    repository.write("a.b", "2\n");
    repository.write("run", "#!/bin/sh\n");
    std::fs::set_permissions(repository.path().join("run"), std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::write(repository.path().join(std::ffi::OsStr::from_bytes(b"bad\xff")), "3\n").unwrap();
    symlink("nowhere", repository.path().join("link")).unwrap();
    repository.git(&["init", "-q", "module"]);
    assert!(git_in(&repository.path().join("module")).args(["commit", "-q", "--allow-empty", "-m", "m"]).status().unwrap().success());
    repository.commit_all("first");
    repository
}

#[cfg(unix)]
#[test]
fn both_ways_see_the_same_entries_whatever_their_names_and_kinds_are() {
    let repository = odd();
    repository.write("later", "4\n");
    repository.git(&["add", "-N", "later"]);
    for revision in [None, Some("HEAD")] {
        let all: Vec<Vec<TreeEntry>> = WAYS.iter().map(|way| open(repository.path(), way).entries(revision).unwrap()).collect();
        assert!(all.windows(2).all(|two| two[0] == two[1]), "{revision:?}");
        let expected = ["100644 a b/c\nd \"e\"", "100644 a.b", "100644 bad%FF", "120000 link", "160000 module", "100755 run"];
        assert_eq!(shown(&all[0]), expected);
    }
    assert_eq!(key_of(repository.path(), None), key_of(repository.path(), Some("HEAD")));
}

#[test]
fn conflicts_have_no_entry() {
    let repository = Repository::new();
    repository.write("a", "1\n");
    repository.write("b", "1\n");
    repository.commit_all("first");
    repository.git(&["checkout", "-q", "-b", "other"]);
    repository.write("a", "2\n");
    repository.commit_all("second");
    repository.git(&["checkout", "-q", "main"]);
    repository.write("a", "3\n");
    repository.commit_all("third");
    assert!(!repository.try_git(&["merge", "-q", "other"]).status.success());
    for way in WAYS {
        let opened = open(repository.path(), way);
        assert_eq!(shown(&opened.entries(None).unwrap()), ["100644 b"], "{way}");
        assert_eq!(shown(&opened.seen().unwrap().entries), ["100644 a", "100644 b"], "{way}");
    }
}

#[test]
fn a_bare_repository_has_trees_and_no_index() {
    let repository = Repository::new();
    repository.write("a", "1\n");
    repository.commit_all("first");
    repository.git(&["clone", "-q", "--bare", ".", "../bare"]);
    for way in WAYS {
        let bare = open(&repository.beside("bare"), way);
        assert_eq!(shown(&bare.entries(Some("main")).unwrap()), ["100644 a"]);
        assert!(bare.entries(None).is_err() && bare.seen().is_err() && bare.entries(Some("gone")).is_err());
    }
}

#[test]
fn a_key_is_that_of_the_files_and_not_of_the_state_files() {
    let repository = Repository::new();
    repository.write("a", "1\n");
    repository.write("WORKFLOW_STATE.json", "{}");
    repository.git(&["add", "-A"]);
    let staged = key_of(repository.path(), None);
    repository.commit_all("first");
    assert_eq!(key_of(repository.path(), Some("HEAD")), staged);
    repository.write("WORKFLOW_STATE.json", "{\"current_phase\": \"implementation\"}");
    repository.commit_all("state");
    assert_eq!(key_of(repository.path(), None), staged);
    repository.git(&["update-index", "--chmod=+x", "a"]);
    assert_ne!(key_of(repository.path(), None), staged);
}

/// What is changed and not added, in every way there is.
fn change(repository: &Repository) {
    repository.write("sub/modified", "other\n");
    repository.write("new/untracked", "new\n");
    repository.write("ignored.o", "ignored\n");
    std::fs::remove_file(repository.path().join("gone")).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt, symlink};
        std::fs::set_permissions(repository.path().join("mode"), std::fs::Permissions::from_mode(0o755)).unwrap();
        symlink("new", repository.path().join("link")).unwrap();
        std::fs::remove_file(repository.path().join("kind")).unwrap();
        symlink("mode", repository.path().join("kind")).unwrap();
    }
    repository.write("both", "staged\n");
    repository.git(&["add", "both"]);
    repository.write("both", "later\n");
    repository.write("announced", "announced\n");
    repository.git(&["add", "-N", "announced"]);
}

fn with_files() -> Repository {
    let repository = Repository::new();
    for name in ["sub/modified", "gone", "mode", "kind", "both", "kept"] {
        repository.write(name, "1\n");
    }
    repository.write(".gitignore", "*.o\n");
    repository.commit_all("first");
    repository
}

fn names(seen: &Seen) -> (Vec<String>, Vec<String>) {
    let names = |paths: &[paralint::model::path::RepoPath]| paths.iter().map(|path| path.shown().into_owned()).collect();
    (names(&seen.changed), names(&seen.untracked))
}

/// What was seen is what a commit of everything has.
fn commits_to_what_was_seen(repository: &Repository) {
    let all: Vec<Seen> = WAYS.iter().map(|way| open(repository.path(), way).seen().unwrap()).collect();
    for (seen, way) in all.iter().zip(WAYS) {
        assert_eq!(seen, &all[0], "{way}");
        assert!(!seen.inexact, "{way}");
    }
    repository.git(&["add", "-A"]);
    repository.git(&["commit", "-q", "--allow-empty", "-m", "all"]);
    let committed = open(repository.path(), "auto").entries(Some("HEAD")).unwrap();
    assert_eq!(all[0].entries, committed);
    assert_eq!(key(&all[0].entries), key(&committed));
}

#[cfg(unix)]
#[test]
fn what_the_work_tree_holds_is_what_a_commit_of_all_of_it_has() {
    let repository = with_files();
    change(&repository);
    let (changed, untracked) = names(&open(repository.path(), "auto").seen().unwrap());
    assert_eq!(changed, ["both", "gone", "kind", "mode", "sub/modified"]);
    assert_eq!(untracked, ["announced", "link", "new/untracked"]);
    commits_to_what_was_seen(&repository);
    let (changed, untracked) = names(&open(repository.path(), "auto").seen().unwrap());
    assert!(changed.is_empty() && untracked.is_empty());
}

#[test]
fn before_the_first_commit_the_work_tree_is_seen() {
    let repository = Repository::new();
    repository.write("a", "1\n");
    repository.write("b", "1\n");
    repository.git(&["add", "a"]);
    commits_to_what_was_seen(&repository);
}

#[test]
fn a_folder_and_a_file_can_take_each_others_place() {
    let repository = Repository::new();
    repository.write("file", "1\n");
    repository.write("folder/a", "1\n");
    repository.commit_all("first");
    std::fs::remove_file(repository.path().join("file")).unwrap();
    repository.write("file/inside", "2\n");
    std::fs::remove_dir_all(repository.path().join("folder")).unwrap();
    repository.write("folder", "3\n");
    commits_to_what_was_seen(&repository);
}

#[test]
fn converted_line_ends_are_no_change() {
    let repository = Repository::new();
    repository.write("a.txt", "one\ntwo\n");
    repository.commit_all("first");
    repository.git(&["config", "core.autocrlf", "true"]);
    std::fs::remove_file(repository.path().join("a.txt")).unwrap();
    repository.git(&["checkout", "-q", "a.txt"]);
    assert_eq!(std::fs::read(repository.path().join("a.txt")).unwrap(), b"one\r\ntwo\r\n");
    // git looks at the content again.
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(100);
    std::fs::File::options().write(true).open(repository.path().join("a.txt")).unwrap().set_modified(later).unwrap();
    for way in WAYS {
        let (changed, _) = names(&open(repository.path(), way).seen().unwrap());
        assert!(changed.is_empty(), "{way}: {changed:?}");
    }
    repository.write("b.txt", "three\r\n");
    commits_to_what_was_seen(&repository);
}

#[cfg(unix)]
#[test]
fn what_a_program_or_an_encoding_makes_of_a_file_counts() {
    let repository = Repository::new();
    repository.git(&["config", "filter.up.clean", "tr a-z A-Z"]);
    repository.git(&["config", "filter.up.smudge", "tr A-Z a-z"]);
    repository.write(".gitattributes", "*.up filter=up\n*.wide working-tree-encoding=UTF-16LE\n");
    repository.write("a.up", "abc\n");
    std::fs::write(repository.path().join("a.wide"), b"a\0b\0\n\0").unwrap();
    repository.commit_all("first");
    assert_eq!(repository.git(&["show", "HEAD:a.up"]), "ABC");
    repository.write("a.up", "abd\n");
    std::fs::write(repository.path().join("a.wide"), b"a\0c\0\n\0").unwrap();
    for encoding_alone in [false, true] {
        if encoding_alone {
            repository.git(&["config", "--remove-section", "filter.up"]);
        }
        let seen = open(repository.path(), "auto").seen().unwrap();
        // Each time another one: an index that is up to date by time and size is not asked what a filter makes now.
        let index = repository.beside(&format!("index-{encoding_alone}"));
        let add = |arguments: &[&str]| {
            let output = git_in(repository.path()).env("GIT_INDEX_FILE", &index).args(arguments).output().unwrap();
            assert!(output.status.success());
            String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
        };
        add(&["add", "-A"]);
        let tree = add(&["write-tree"]);
        let commit = add(&["commit-tree", &tree, "-m", "all"]);
        assert_eq!(seen.entries, open(repository.path(), "auto").entries(Some(&commit)).unwrap());
    }
}

#[test]
fn what_cannot_be_read_is_said_to_be_inexact() {
    let repository = with_files();
    let long = std::fs::File::create(repository.path().join("long")).unwrap();
    long.set_len((64 << 20) + 1).unwrap();
    for way in WAYS {
        let seen = open(repository.path(), way).seen().unwrap();
        assert!(seen.inexact, "{way}");
        assert_eq!(names(&seen), (Vec::new(), vec!["long".to_owned()]));
    }
}

#[test]
fn a_moved_submodule_is_seen_at_its_commit() {
    let repository = Repository::new();
    repository.git(&["init", "-q", "module"]);
    let inside = repository.path().join("module");
    let commit = || assert!(git_in(&inside).args(["commit", "-q", "--allow-empty", "-m", "m"]).status().unwrap().success());
    commit();
    repository.commit_all("first");
    commit();
    commits_to_what_was_seen(&repository);
}

#[test]
fn the_versions_of_a_file_are_found_along_first_parents() {
    let repository = Repository::new();
    repository.write("x:(y)/[a] *", "1\n");
    repository.write("other", "1\n");
    repository.commit_all("first");
    repository.git(&["checkout", "-q", "-b", "side"]);
    repository.write("x:(y)/[a] *", "2\n");
    repository.commit_all("side");
    repository.git(&["checkout", "-q", "main"]);
    repository.write("other", "2\n");
    repository.commit_all("other");
    repository.git(&["merge", "-q", "--no-ff", "-m", "merge", "side"]);
    std::fs::remove_file(repository.path().join("x:(y)/[a] *")).unwrap();
    repository.commit_all("gone");
    repository.write("x:(y)/[a] *", "3\n");
    repository.commit_all("back");
    let ids: Vec<String> = ["HEAD", "HEAD~2", "HEAD~4"].iter().map(|name| repository.git(&["rev-parse", name])).collect();
    repository.write("sub/here", "");
    for way in WAYS {
        let opened = open(&repository.path().join("sub"), way);
        let found = opened.versions("HEAD", "x:(y)/[a] *", 10).unwrap();
        let expected: Vec<(String, Vec<u8>)> = ids.iter().cloned().zip([b"3\n".to_vec(), b"2\n".to_vec(), b"1\n".to_vec()]).collect();
        assert_eq!(found, expected, "{way}");
        assert_eq!(opened.versions("HEAD", "x:(y)/[a] *", 1).unwrap(), expected[..1], "{way}");
        assert_eq!(opened.versions("main~3", "other", 9).unwrap().len(), 2, "{way}");
        assert!(opened.versions("HEAD", "nowhere", 9).unwrap().is_empty() && opened.versions("HEAD", "sub", 9).unwrap().is_empty());
        assert!(opened.versions("--help", "other", 9).is_err() && opened.versions("gone", "other", 9).is_err());
        assert!(opened.versions("HEAD", "other", 0).unwrap().is_empty(), "{way}");
    }
}

#[test]
fn where_history_is_cut_off_both_ways_stop() {
    let repository = Repository::new();
    for number in 0..4 {
        repository.write("a", &format!("{number}\n"));
        repository.commit_all("more");
    }
    let url = format!("file://{}", repository.path().display());
    repository.git(&["clone", "-q", "--depth", "2", &url, "../shallow"]);
    for way in WAYS {
        let found = open(&repository.beside("shallow"), way).versions("HEAD", "a", 10).unwrap();
        assert_eq!(found.iter().map(|(_, content)| content.as_slice()).collect::<Vec<_>>(), [b"3\n", b"2\n"], "{way}");
    }
}

#[test]
fn commits_that_were_made_here_are_told_from_those_that_came() {
    let origin = Repository::new();
    origin.write("a", "1\n");
    origin.commit_all("theirs");
    origin.git(&["clone", "-q", ".", "../clone"]);
    let clone = origin.beside("clone");
    let git = |folder: &Path, arguments: &[&str]| {
        let output = git_in(folder).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    };
    let theirs = git(&clone, &["rev-parse", "HEAD"]);
    git(&clone, &["commit", "-q", "--allow-empty", "-m", "ours"]);
    let ours = git(&clone, &["rev-parse", "HEAD"]);
    git(&clone, &["worktree", "add", "-q", "-b", "agent", "../linked", "HEAD"]);
    let linked = origin.beside("linked");
    git(&linked, &["commit", "-q", "--allow-empty", "-m", "the agent's"]);
    let agents = git(&linked, &["rev-parse", "HEAD"]);
    origin.git(&["commit", "-q", "--allow-empty", "-m", "later"]);
    let later = origin.git(&["rev-parse", "HEAD"]);
    git(&clone, &["fetch", "-q"]);
    git(&clone, &["checkout", "-q", "-b", "theirs", "origin/main"]);
    git(&clone, &["reset", "-q", "--hard", &later]);
    let asked = [theirs, ours.clone(), agents.clone(), later];
    let made = |folder: &Path| open(folder, "auto").made_here(&asked);
    assert_eq!(made(&clone), [ours.clone(), agents.clone()]);
    assert_eq!(made(&linked), [ours.clone(), agents.clone()]);
    assert_eq!(open(origin.path(), "auto").made_here(&asked), [asked[0].clone(), asked[3].clone()]);
    git(&clone, &["worktree", "remove", "../linked"]);
    assert_eq!(made(&clone), [ours, agents], "the branch still knows");
}

/// Waits until an index is so old that its state can be told from any later one.
fn stamp(repository: &super::repository::Repository) -> paralint::input::git::IndexStamp {
    for _ in 0..1_000 {
        if let Some(stamp) = open(repository.path(), "git").index_stamp() {
            return stamp;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("it never was old enough");
}

#[test]
fn a_large_index_is_read_again_only_where_it_changed() {
    let write = "[gates.a]\nrun = 'sh ../gate.sh'\n";
    let repository = super::gates_probes::repository(write);
    for number in 0..3_000 {
        repository.write(&format!("many/file-{number:04}"), "1\n");
    }
    repository.git(&["add", "-A"]);
    assert_eq!(open(repository.path(), "auto").backend(), "git");
    assert_eq!((open(repository.path(), "git").index_stamp(), open(repository.path(), "libgit2").index_stamp()), (None, None), "young");
    let first = stamp(&repository);
    assert_eq!(stamp(&repository), first);
    let whys = |script: &str| {
        std::fs::write(repository.beside("gate.sh"), script).unwrap();
        let (report, exit) = super::gates_probes::report(repository.path(), &["gates"]);
        assert_eq!(exit, 0, "{report:#}");
        let receipts = report["not_checked"].as_array().unwrap().iter().filter(|entry| entry["what"] == "a receipt");
        receipts.map(|entry| entry["why"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(whys("true"), "");
    assert!(whys("echo 2 > many/file-0000").starts_with("many/file-0000 changed"), "written");
    // Staged after it was written: clean again, and not what it was.
    assert!(whys("echo 3 > many/file-0001; git add many/file-0001").starts_with("many/file-0001 changed"), "staged");
    assert_ne!(open(repository.path(), "git").index_stamp(), Some(first));
}
