//! Worktrees, read in every way: what is committed, staged, changed and not tracked.

use super::git::{changes, files, lines, refusal, with_base};
use super::repository::{Repository, git_in};
use paralint::input::git::Choice;
use std::path::{Path, PathBuf};

/// Adds a worktree beside the repository.
fn add(repository: &Repository, name: &str, branch: &str) -> PathBuf {
    let folder = repository.beside(name);
    repository.git(&["worktree", "add", "-q", "-b", branch, folder.to_str().unwrap(), "main"]);
    folder
}

fn git(folder: &Path, arguments: &[&str]) {
    let output = git_in(folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Names and files of all worktrees.
fn all(folder: &Path) -> Vec<(String, Vec<String>)> {
    changes(folder, &["--worktrees"]).iter().map(|set| (set["name"].as_str().unwrap().to_owned(), files(set))).collect()
}

fn row(name: &str, files: &[&str]) -> (String, Vec<String>) {
    (name.to_owned(), files.iter().map(|file| (*file).to_owned()).collect())
}

#[test]
fn uncommitted_work_counts() {
    let repository = with_base(&["a", "b", "c", "d", "e", "f"]);
    let linked = add(&repository, "wt-a", "agent/a");
    let write = |path: &str, text: &str| std::fs::write(linked.join(path), text).unwrap();
    write("a", "committed\n");
    git(&linked, &["commit", "-q", "-a", "-m", "a"]);
    write("b", "staged\n");
    git(&linked, &["add", "b"]);
    write("c", "changed\n");
    write(".gitignore", "ignored\n");
    write("ignored", "x\n");
    write("new", "x\n");
    std::fs::remove_file(linked.join("d")).unwrap();
    // Touched, not changed.
    write("e", &format!("e\n{}", lines(1, 20)));
    // Moved without telling git.
    std::fs::rename(linked.join("f"), linked.join("g")).unwrap();
    let expected = ["added .gitignore", "modified a", "modified b", "modified c", "deleted d", "renamed f -> g", "added new"];
    assert_eq!(all(repository.path()), [row("work", &[]), row("wt-a", &expected)]);
    assert_eq!(all(&linked), all(repository.path()));
}

#[test]
fn what_was_taken_back_in_the_files_is_still_committed() {
    let repository = with_base(&["a", "b"]);
    let linked = add(&repository, "wt-a", "agent/a");
    let before = std::fs::read(linked.join("a")).unwrap();
    std::fs::write(linked.join("a"), "other\n").unwrap();
    git(&linked, &["commit", "-q", "-a", "-m", "a"]);
    std::fs::write(linked.join("a"), before).unwrap();
    std::fs::write(linked.join("b"), "staged\n").unwrap();
    git(&linked, &["add", "b"]);
    std::fs::remove_file(linked.join("b")).unwrap();
    std::fs::write(linked.join("c"), "staged\n").unwrap();
    git(&linked, &["add", "c"]);
    std::fs::remove_file(linked.join("c")).unwrap();
    assert_eq!(all(repository.path())[1], row("wt-a", &["modified a", "deleted b", "added c"]));
}

#[test]
fn kinds_of_entries_in_the_files() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let repository = with_base(&["mode", "link", "folder/x"]);
    let linked = add(&repository, "wt-a", "agent/a");
    std::fs::set_permissions(linked.join("mode"), std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::remove_file(linked.join("link")).unwrap();
    symlink("/etc/passwd", linked.join("link")).unwrap();
    symlink("..", linked.join("up")).unwrap();
    std::fs::write(linked.join("script"), "#!/bin/sh\n").unwrap();
    std::fs::set_permissions(linked.join("script"), std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::remove_dir_all(linked.join("folder")).unwrap();
    symlink("/", linked.join("folder")).unwrap();
    let expected = [
        "added symlink folder",
        "deleted folder/x",
        "type symlink link",
        "mode executable mode",
        "added executable script",
        "added symlink up",
    ];
    assert_eq!(all(repository.path())[1], row("wt-a", &expected));
}

#[test]
fn worktrees_inside_the_repository_are_not_its_untracked_files() {
    let repository = with_base(&["a"]);
    let inside = repository.path().join(".trees/x");
    repository.git(&["worktree", "add", "-q", "-b", "agent/x", inside.to_str().unwrap()]);
    std::fs::write(inside.join("new"), "x\n").unwrap();
    let nested = repository.path().join("nested");
    std::fs::create_dir(&nested).unwrap();
    git(&nested, &["init", "-q"]);
    std::fs::write(nested.join("x"), "x\n").unwrap();
    git(&nested, &["add", "x"]);
    git(&nested, &["commit", "-q", "-m", "x"]);
    assert_eq!(all(repository.path()), [row("work", &[]), row("x", &["added new"])]);
    assert_eq!(all(&inside), all(repository.path()));
}

#[test]
fn names_are_told_apart_and_a_folder_that_is_gone_does_not_end_it() {
    let repository = with_base(&["a"]);
    for (path, branch) in [("one/wt", "agent/one"), ("two/wt", "agent/two"), ("gone", "agent/gone"), ("it's \"odd\" ü", "agent/odd")] {
        let folder = add(&repository, path, branch);
        std::fs::write(folder.join("a"), branch).unwrap();
        git(&folder, &["commit", "-q", "-a", "-m", branch]);
    }
    std::fs::remove_dir_all(repository.beside("gone")).unwrap();
    let found = all(repository.path());
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["work", "gone", "it's \"odd\" ü", "one/wt", "two/wt"]);
    // Its commits are still there.
    assert!(found[1..].iter().all(|(_, files)| files == &["modified a"]), "{found:?}");
}

#[test]
fn a_bare_repository_has_worktrees_and_branches_but_nothing_staged() {
    let origin = with_base(&["a"]);
    let bare = Repository::with(&["clone", "-q", "--bare", origin.path().to_str().unwrap(), "work"]);
    let linked = add(&bare, "wt-a", "agent/a");
    std::fs::write(linked.join("a"), "other\n").unwrap();
    assert_eq!(all(bare.path()), [row("wt-a", &["modified a"])]);
    assert_eq!(all(&linked), [row("wt-a", &["modified a"])]);
    git(&linked, &["add", "a"]);
    assert_eq!(files(&changes(&linked, &[])[0]), ["modified a"]);
    git(&linked, &["commit", "-q", "-m", "a"]);
    assert_eq!(files(&changes(bare.path(), &["--branches", "agent/*"])[0]), ["modified a"]);
    assert_eq!(files(&changes(bare.path(), &["--range", "main..agent/a"])[0]), ["modified a"]);
    let said = refusal(bare.path(), &[]);
    assert!(said.contains("bare") && said.contains("--range"), "{said}");
}

#[test]
fn a_merge_in_progress_in_another_worktree_is_not_blamed_for_the_other_side() {
    let repository = with_base(&["a", "b", "c"]);
    let linked = add(&repository, "wt-a", "agent/a");
    repository.write("a", "main\n");
    repository.write("b", "main\n");
    repository.commit_all("main");
    std::fs::write(linked.join("a"), "agent\n").unwrap();
    git(&linked, &["commit", "-q", "-a", "-m", "a"]);
    assert!(!git_in(&linked).args(["merge", "-q", "main"]).output().unwrap().status.success());
    assert_eq!(all(repository.path())[1], row("wt-a", &["modified a"]));
    std::fs::write(linked.join("a"), "merged\n").unwrap();
    git(&linked, &["add", "a"]);
    assert_eq!(all(repository.path())[1], row("wt-a", &["modified a"]));
}

#[test]
fn a_submodule_counts_where_its_commit_is_another() {
    let library = with_base(&["lib"]);
    let repository = with_base(&["a"]);
    let url = library.path().to_str().unwrap();
    repository.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", url, "vendor/lib"]);
    repository.git(&["config", "-f", ".gitmodules", "submodule.vendor/lib.ignore", "all"]);
    repository.commit_all("submodule");
    let module = repository.path().join("vendor/lib");
    std::fs::write(module.join("lib"), "dirty\n").unwrap();
    std::fs::write(module.join("new"), "new\n").unwrap();
    assert_eq!(all(repository.path()), [row("work", &[])]);
    git(&module, &["commit", "-q", "-a", "-m", "other"]);
    assert_eq!(all(repository.path()), [row("work", &["modified submodule vendor/lib"])]);
    // A submodule is a repository of its own.
    git(&module, &["add", "new"]);
    assert_eq!(files(&changes(&module, &[])[0]), ["added new"]);
    git(&module, &["branch", "-M", "main"]);
    assert_eq!(all(&module), [row("lib", &["added new"])]);
}

#[test]
fn line_ends_that_git_converts_are_no_change() {
    let repository = with_base(&["a", "b"]);
    repository.git(&["config", "core.autocrlf", "true"]);
    repository.write("a", &format!("a\n{}", lines(1, 20)).replace('\n', "\r\n"));
    repository.write("b", &format!("b\n{}", lines(1, 21)).replace('\n', "\r\n"));
    assert_eq!(all(repository.path()), [row("work", &["modified b"])]);
}

#[test]
fn what_cannot_be_read_is_changed_all_the_same() {
    let repository = with_base(&["a"]);
    let long = repository.path().join("long");
    std::fs::File::create(&long).unwrap().set_len(65 << 20).unwrap();
    let made = std::process::Command::new("mkfifo").arg(repository.path().join("pipe")).status();
    assert!(made.is_ok());
    assert_eq!(all(repository.path()), [row("work", &["added long"])]);
}

#[test]
fn files_that_are_not_checked_out_are_not_deleted() {
    let repository = with_base(&["near/a", "far/b", "far/c"]);
    repository.git(&["sparse-checkout", "set", "--cone", "near"]);
    assert!(!repository.path().join("far").exists());
    repository.write("near/a", "other\n");
    assert_eq!(all(repository.path()), [row("work", &["modified near/a"])]);
    repository.git(&["update-index", "--assume-unchanged", "near/a"]);
    assert_eq!(all(repository.path()), [row("work", &[])]);
}

#[test]
fn the_main_root_is_found_from_a_linked_worktree() {
    let repository = with_base(&["a"]);
    let linked = add(&repository, "wt-a", "agent/a");
    assert_eq!(main_root(&linked), Some(repository.path().to_path_buf()));
    assert_eq!(main_root(repository.path()), None);
    // A bare repository in a folder `.git`, its worktrees beside it.
    let url = repository.path().to_str().unwrap();
    let bare = Repository::with(&["clone", "-q", "--bare", url, "work/.git"]);
    let linked = add(&bare, "work/wt-b", "agent/b");
    assert_eq!(main_root(&linked), None);
    assert_eq!(all(&linked), [row("wt-b", &[])]);
    // A worktree of a submodule.
    repository.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", url, "vendor/lib"]);
    let module = repository.path().join("vendor/lib");
    let linked = repository.beside("wt-lib");
    git(&module, &["worktree", "add", "-q", "-b", "agent/lib", linked.to_str().unwrap()]);
    std::fs::write(module.join("a"), "other\n").unwrap();
    assert_eq!(main_root(&linked), Some(module.clone()));
    assert_eq!(all(&linked), [row("lib", &["modified a"]), row("wt-lib", &[])]);
    assert_eq!(all(&linked), all(&module));
    // A submodule whose folder is gone.
    repository.commit_all("submodule");
    std::fs::remove_dir_all(&module).unwrap();
    assert_eq!(all(repository.path())[0], row("work", &["deleted submodule vendor/lib"]));
}

/// The root of the main work tree, in every way.
fn main_root(folder: &Path) -> Option<PathBuf> {
    let read = |choice| paralint::input::git::Repository::open_with(folder, choice).unwrap().facts.main_root;
    let found = read(Choice::Git);
    assert_eq!(found, read(Choice::Libgit2));
    assert_eq!(found, read(Choice::Automatic));
    found
}

#[test]
fn a_repository_without_a_commit_says_so() {
    let repository = Repository::new();
    repository.write("a", "a\n");
    for arguments in [&["--worktrees"][..], &["--branches", "**"]] {
        assert!(refusal(repository.path(), arguments).contains("no commit yet"));
    }
}
