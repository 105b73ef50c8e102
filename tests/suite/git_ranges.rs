//! Ranges and branches, read in every way.

use super::git::{changes, files, lines, refusal, with_base};
use super::repository::Repository;
use paralint::input::git::{Choice, Repository as Open};
use paralint::model::change::ChangeSet;
use serde_json::Value;

fn names(sets: &[Value]) -> Vec<&str> {
    sets.iter().map(|set| set["name"].as_str().unwrap()).collect()
}

/// A commit that changes one file, on a branch.
fn commit_on(repository: &Repository, branch: &str, path: &str, text: &str) -> String {
    repository.git(&["checkout", "-q", branch]);
    repository.write(path, text);
    repository.commit_all(path);
    repository.git(&["rev-parse", "HEAD"])
}

#[test]
fn a_range_is_read_commit_by_commit_and_as_a_whole() {
    let repository = with_base(&["a", "b"]);
    repository.git(&["checkout", "-q", "-b", "agent/a"]);
    let first = commit_on(&repository, "agent/a", "a", "one\n");
    repository.git(&["mv", "b", "c"]);
    repository.commit_all("second\n\nAgent: task-1");
    let second = repository.git(&["rev-parse", "HEAD"]);
    let main = repository.git(&["rev-parse", "main"]);
    for range in ["main..HEAD", "main...agent/a", "main", "main..", &format!("{main}..{second}")] {
        let found = changes(repository.path(), &["--range", range]);
        assert_eq!(found.len(), 3, "{range}");
        assert_eq!(files(&found[0]), ["modified a", "renamed b -> c"]);
        assert_eq!((found[0]["base"].as_str(), found[0]["head"].as_str()), (Some(&*main), Some(&*second)));
        assert_eq!((files(&found[1]), found[1]["name"].as_str()), (vec!["modified a".to_owned()], Some(&*first)));
        assert_eq!((files(&found[2]), found[2]["base"].as_str()), (vec!["renamed b -> c".to_owned()], Some(&*first)));
    }
    // Nothing is new.
    let found = changes(repository.path(), &["--range", "HEAD..HEAD"]);
    assert_eq!((found.len(), files(&found[0]).len()), (1, 0));
    let found = changes(repository.path(), &["--range", "HEAD..main"]);
    assert_eq!((found.len(), files(&found[0]).len()), (1, 0));
}

#[test]
fn merging_the_base_blames_nobody() {
    let repository = with_base(&["a", "b"]);
    repository.git(&["branch", "agent/a"]);
    commit_on(&repository, "agent/a", "a", "agent\n");
    commit_on(&repository, "main", "b", "main\n");
    repository.git(&["checkout", "-q", "agent/a"]);
    repository.git(&["merge", "-q", "--no-edit", "main"]);
    commit_on(&repository, "main", "later", "main\n");
    let found = changes(repository.path(), &["--range", "main..agent/a"]);
    assert_eq!(found.iter().map(files).collect::<Vec<_>>(), [vec!["modified a"], vec!["modified a"], vec![]]);
    assert_eq!(files(&changes(repository.path(), &["--branches", "agent/*"])[0]), ["modified a"]);
}

#[test]
fn a_merge_that_slips_something_in_is_seen() {
    let repository = with_base(&["a", "b", "c"]);
    repository.git(&["branch", "agent/a"]);
    commit_on(&repository, "main", "b", "main\n");
    commit_on(&repository, "agent/a", "a", "agent\n");
    repository.git(&["merge", "-q", "--no-commit", "main"]);
    repository.write("c", "slipped in\n");
    repository.commit_all("merge");
    let found = changes(repository.path(), &["--range", "main..agent/a"]);
    assert_eq!(found.iter().map(files).collect::<Vec<_>>(), [vec!["modified a", "modified c"], vec!["modified a"], vec!["modified c"]]);
}

#[test]
fn what_is_known_beside_the_base_is_left_out() {
    let repository = with_base(&["a", "b", "c"]);
    repository.git(&["branch", "agent/a"]);
    repository.git(&["branch", "agent/b"]);
    let known = commit_on(&repository, "agent/b", "b", "other\n");
    let own = commit_on(&repository, "agent/a", "a", "agent\n");
    repository.git(&["merge", "-q", "--no-commit", "agent/b"]);
    repository.write("c", "slipped in\n");
    repository.commit_all("merge");
    let merge = repository.git(&["rev-parse", "HEAD"]);
    let generated = paralint::config::Config::default().changes.generated().unwrap();
    for way in [Choice::Git, Choice::Libgit2, Choice::Automatic] {
        let open = Open::open_with(repository.path(), way).unwrap();
        let found = open.range_beside("main..agent/a", std::slice::from_ref(&known), &generated).unwrap();
        let paths = |set: &ChangeSet| set.files.iter().map(|file| file.path.shown().into_owned()).collect::<Vec<_>>();
        assert_eq!(paths(&found.whole), ["a", "c"]);
        let commits: Vec<_> = found.commits.iter().map(|set| (set.name.clone(), paths(set))).collect();
        assert_eq!(commits, [(own.clone(), vec!["a".to_owned()]), (merge.clone(), vec!["c".to_owned()])]);
    }
}

#[test]
fn the_merge_commit_of_a_forge_is_read_from_its_first_parent() {
    let repository = with_base(&["a", "b"]);
    repository.git(&["branch", "agent/a"]);
    repository.git(&["checkout", "-q", "agent/a"]);
    repository.write("a", "agent\n");
    repository.commit_all("work\n\nAgent: task-9");
    commit_on(&repository, "main", "b", "main\n");
    repository.git(&["checkout", "-q", "--detach"]);
    repository.git(&["merge", "-q", "--no-ff", "--no-edit", "agent/a"]);
    let found = changes(repository.path(), &["--range", "HEAD^1..HEAD"]);
    assert_eq!(found.iter().map(files).collect::<Vec<_>>(), [vec!["modified a"], vec!["modified a"], vec![]]);
}

#[test]
fn criss_cross_history_blames_for_nothing_that_the_base_has() {
    let repository = with_base(&["a", "b", "c"]);
    repository.git(&["branch", "agent/a"]);
    let ours = commit_on(&repository, "agent/a", "a", "agent\n");
    let theirs = commit_on(&repository, "main", "b", "main\n");
    repository.git(&["merge", "-q", "--no-edit", &ours]);
    repository.git(&["checkout", "-q", "agent/a"]);
    repository.git(&["merge", "-q", "--no-edit", &theirs]);
    commit_on(&repository, "agent/a", "c", "agent\n");
    assert_eq!(repository.git(&["merge-base", "--all", "main", "agent/a"]).lines().count(), 2);
    let found = changes(repository.path(), &["--range", "main..agent/a"]);
    assert_eq!(files(&found[0]), ["modified c"]);
    assert_eq!(found[0]["base"].as_str(), Some(ours.min(theirs).as_str()));
    assert_eq!(files(&changes(repository.path(), &["--branches", "agent/*"])[0]), ["modified c"]);
}

#[test]
fn branches_are_chosen_by_globs() {
    let repository = with_base(&["a"]);
    for branch in ["agent/b", "agent/a", "agent/deep/c", "other"] {
        repository.git(&["checkout", "-q", "-b", branch, "main"]);
        commit_on(&repository, branch, branch, "x\n");
    }
    let chosen = |globs: &[&str]| {
        let found = changes(repository.path(), &[&["--branches"], globs].concat());
        names(&found).iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(chosen(&["agent/*"]), ["agent/a", "agent/b"]);
    assert_eq!(chosen(&["agent/**"]), ["agent/a", "agent/b", "agent/deep/c"]);
    assert_eq!(chosen(&["other", "agent/a", "a*/a"]), ["agent/a", "other"]);
    // The base is no branch to compare.
    assert_eq!(chosen(&["**"]), ["agent/a", "agent/b", "agent/deep/c", "other"]);
    let said = refusal(repository.path(), &["--branches", "agents/*"]);
    assert!(said.contains("agents/*") && said.contains("agent/a") && said.contains("main"), "{said}");
    let found = changes(repository.path(), &["--branches", "agent/*", "--base", "other"]);
    assert_eq!(files(&found[0]), ["added agent/a"]);
}

#[test]
fn a_branch_that_was_merged_has_nothing_left() {
    let repository = with_base(&["a", "b"]);
    repository.git(&["branch", "agent/a"]);
    commit_on(&repository, "agent/a", "a", "agent\n");
    commit_on(&repository, "main", "b", "main\n");
    repository.git(&["merge", "-q", "--no-edit", "agent/a"]);
    let found = changes(repository.path(), &["--branches", "agent/*"]);
    assert_eq!((names(&found), files(&found[0]).len()), (vec!["agent/a"], 0));
}

#[test]
fn the_base_is_the_default_branch() {
    let repository = with_base(&["a"]);
    repository.git(&["branch", "-m", "main", "stem"]);
    repository.git(&["checkout", "-q", "-b", "agent/a"]);
    commit_on(&repository, "agent/a", "b", "x\n");
    let said = refusal(repository.path(), &["--branches", "agent/*"]);
    assert!(said.contains("--base"), "{said}");
    repository.git(&["config", "init.defaultBranch", "stem"]);
    assert_eq!(files(&changes(repository.path(), &["--branches", "agent/*"])[0]), ["added b"]);
    repository.git(&["branch", "master", "stem"]);
    assert_eq!(files(&changes(repository.path(), &["--branches", "agent/*"])[0]), ["added b"]);
    let said = refusal(repository.path(), &["--branches", "agent/*", "--base", "stam"]);
    assert!(said.contains("near: stem"), "{said}");
}

#[test]
fn a_clone_compares_with_what_its_remote_calls_the_default() {
    let origin = with_base(&["a", "b"]);
    origin.git(&["branch", "-m", "main", "stem"]);
    let clone = Repository::with(&["clone", "-q", origin.path().to_str().unwrap(), "work"]);
    clone.git(&["checkout", "-q", "-b", "agent/a"]);
    commit_on(&clone, "agent/a", "a", "x\n");
    assert_eq!(files(&changes(clone.path(), &["--branches", "agent/*"])[0]), ["modified a"]);
    // Work that started from a local branch that is ahead is not blamed for what is on it.
    commit_on(&clone, "stem", "b", "local\n");
    clone.git(&["checkout", "-q", "-b", "agent/b"]);
    commit_on(&clone, "agent/b", "c", "x\n");
    let found = changes(clone.path(), &["--branches", "agent/*"]);
    assert_eq!(found.iter().map(files).collect::<Vec<_>>(), [vec!["modified a"], vec!["added c"]]);
    // Remote-tracking branches are meant where a glob starts with the remote's name.
    commit_on(&origin, "stem", "later", "x\n");
    origin.git(&["checkout", "-q", "-b", "agent/remote"]);
    commit_on(&origin, "agent/remote", "d", "x\n");
    clone.git(&["fetch", "-q"]);
    let found = changes(clone.path(), &["--branches", "origin/agent/*", "--base", "origin/stem"]);
    assert_eq!((names(&found), files(&found[0])), (vec!["origin/agent/remote"], vec!["added d".to_owned()]));
    assert_eq!(names(&changes(clone.path(), &["--branches", "origin/**"])), ["origin/agent/remote"]);
    let said = refusal(clone.path(), &["--range", "agent/remote..HEAD"]);
    assert!(said.contains("origin/agent/remote"), "{said}");
}

#[test]
fn a_shallow_clone_without_the_merge_base_is_an_error_that_says_how_to_mend_it() {
    let origin = with_base(&["a"]);
    origin.git(&["branch", "agent/a"]);
    for index in 0..4 {
        commit_on(&origin, "agent/a", "a", &lines(index, 9));
        commit_on(&origin, "main", &format!("main-{index}"), "x\n");
    }
    let url = format!("file://{}", origin.path().display());
    let clone = Repository::with(&["clone", "-q", "--depth=2", "--no-single-branch", &url, "work"]);
    for arguments in [&["--range", "origin/main..origin/agent/a"][..], &["--branches", "origin/agent/*"]] {
        let said = refusal(clone.path(), arguments);
        assert!(said.contains("shallow") && said.contains("fetch-depth: 0") && said.contains("origin/agent/a"), "{said}");
    }
    // What lies within the part that is there is read.
    let found = changes(clone.path(), &["--range", "origin/agent/a^..origin/agent/a"]);
    assert_eq!(found.iter().map(files).collect::<Vec<_>>(), [["modified a"], ["modified a"]]);
    let single = Repository::with(&["clone", "-q", "--depth=1", &url, "work"]);
    let said = refusal(single.path(), &["--range", "origin/agent/a..HEAD"]);
    assert!(said.contains("names no commit"), "{said}");
    assert!(refusal(single.path(), &["--range", "HEAD^..HEAD"]).contains("fetch-depth: 0"));
    // Deep enough for the merge base.
    let deep = Repository::with(&["clone", "-q", "--depth=5", "--no-single-branch", &url, "work"]);
    assert_eq!(files(&changes(deep.path(), &["--range", "origin/main..origin/agent/a"])[0]), ["modified a"]);
}

#[test]
fn unrelated_histories_are_an_error_for_a_range_and_a_branch_without_files() {
    let repository = with_base(&["a"]);
    repository.git(&["checkout", "-q", "--orphan", "agent/alone"]);
    repository.commit_all("alone");
    let said = refusal(repository.path(), &["--range", "main..agent/alone"]);
    assert!(said.contains("no common history"), "{said}");
    // Alone it would be an error: nothing could be checked.
    repository.git(&["branch", "-q", "agent/beside", "main"]);
    let found = changes(repository.path(), &["--branches", "agent/*"]);
    assert_eq!((names(&found), files(&found[0]).len()), (vec!["agent/alone", "agent/beside"], 0));
    assert!(found[0]["base"].is_null());
}

#[test]
fn what_names_no_commit_is_refused() {
    let repository = with_base(&["a"]);
    for range in [
        "--help..HEAD",
        "HEAD..nowhere",
        "a b..HEAD",
        "HEAD^9",
        "HEAD:a",
        "main..line\nbreak",
        "main..\u{1}",
        "0000000000000000000000000000000000000001",
    ] {
        let argument = format!("--range={range}");
        assert!(refusal(repository.path(), &[&argument]).contains("names no commit"), "{range}");
    }
    let argument = "--base=--output=x";
    assert!(refusal(repository.path(), &["--worktrees", argument]).contains("names no commit"));
    assert!(!repository.path().join("x").exists());
}

#[test]
fn a_renamed_file_in_a_long_range_is_found_and_each_commit_has_its_own() {
    let repository = with_base(&["a", "b"]);
    for index in 0..30 {
        repository.write(&format!("file-{index}"), &lines(index * 100, index * 100 + 40));
        repository.commit_all(&format!("commit {index}"));
    }
    repository.git(&["mv", "file-3", "moved"]);
    repository.commit_all("move");
    repository.write("moved", &lines(303, 345));
    repository.commit_all("edit");
    let found = changes(repository.path(), &["--range", "HEAD~32"]);
    assert_eq!(found.len(), 33);
    assert_eq!(files(&found[0]).len(), 30);
    assert_eq!(files(&found[31]), ["renamed file-3 -> moved"]);
    let found = changes(repository.path(), &["--range", "HEAD~2"]);
    assert_eq!(files(&found[0]), ["renamed file-3 -> moved"]);
    // Replaced objects are not what was committed.
    repository.git(&["replace", "HEAD", "HEAD~2"]);
    assert_eq!(changes(repository.path(), &["--range", "HEAD~2"]), found);
}

#[test]
fn the_whole_model_is_alike_and_not_only_what_reports_show() {
    let repository = with_base(&["a", "b", "c"]);
    repository.git(&["config", "user.name", "Grace"]);
    repository.git(&["config", "user.email", "grace@example.org"]);
    repository.git(&["checkout", "-q", "-b", "agent/a"]);
    repository.write("a", "x\n");
    repository.git(&["add", "a"]);
    repository.git(&["commit", "-q", "-m", "work\n\nbody\n---\nnot the end\n\nAgent: task-7\nCo-authored-by: A <a@b>"]);
    let linked = repository.beside("linked");
    repository.git(&["worktree", "add", "-q", "-b", "agent/b", linked.to_str().unwrap(), "main"]);
    std::fs::write(linked.join("b"), "edited\n").unwrap();
    std::fs::write(linked.join("new"), "new\n").unwrap();
    repository.git(&["mv", "b", "d"]);
    std::fs::write(repository.path().join("c"), "edited\n").unwrap();
    let generated = paralint::config::Config::default().changes.generated().unwrap();
    for folder in [repository.path(), linked.as_path()] {
        let read = |choice| {
            let opened = Open::open_with(folder, choice).unwrap();
            let range = opened.range("main..agent/a", &generated).unwrap();
            assert_eq!(range.commits[0].trailers[0], ("Agent".to_owned(), "task-7".to_owned()));
            assert_eq!(range.whole.trailers.len(), 2);
            assert_eq!(range.whole.branch.as_deref(), Some("agent/a"));
            let sets = (
                opened.staged(&generated).unwrap(),
                opened.branches(&["agent/*".to_owned()], None, &generated).unwrap(),
                opened.worktrees(None, &generated).unwrap(),
            );
            let files =
                (opened.file_at("main", "a").unwrap(), opened.file_at("main", "nowhere").unwrap(), opened.file_at("HEAD", "").unwrap());
            let tracked = (opened.tracked(None).unwrap(), opened.tracked(Some("main")).unwrap());
            let config = (opened.config("user.name"), opened.config("core.nowhere"), opened.user());
            format!("{:?}", (&opened.facts, range.whole, range.commits, range.policy_base, sets, files, tracked, config))
        };
        let text = read(Choice::Git);
        assert_eq!(text, read(Choice::Libgit2));
        assert_eq!(text, read(Choice::Automatic));
        assert!(text.contains("Grace <grace@example.org>"));
    }
}
