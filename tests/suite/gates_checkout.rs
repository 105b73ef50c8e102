//! The checkout of what is staged: exactly that, whatever crashes, and nothing of the user's is touched.

use super::gates_seen::open;
use super::repository::{Repository, git_in};
use paralint::gates::checkout::Checkout;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::SystemTime;

/// Waits where a process that another test just starts still holds the lock.
pub(super) fn prepare(folder: &Path) -> Checkout {
    Checkout::prepare(&open(folder, "auto").facts, &mut |_| {}).unwrap()
}

pub(super) fn refused(folder: &Path) -> String {
    let error = Checkout::prepare(&open(folder, "auto").facts, &mut |_| {}).unwrap_err();
    format!("{}; {}", error.message, error.hint.unwrap_or_default())
}

/// Every file below a folder with its content; of a link where it leads. `without` is a folder that is left out.
pub(super) fn contents(folder: &Path, without: &str) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder).into_iter().filter_entry(|entry| entry.file_name() != without);
    let file = |entry: walkdir::DirEntry| {
        let content = match entry.file_type() {
            kind if kind.is_file() => std::fs::read(entry.path()).unwrap(),
            kind if kind.is_symlink() => std::fs::read_link(entry.path()).unwrap().into_os_string().into_encoded_bytes(),
            _ => return None,
        };
        Some((entry.path().strip_prefix(folder).unwrap().to_path_buf(), content))
    };
    entries.flatten().filter_map(file).collect()
}

/// The names and contents of a checkout, without its git directory.
pub(super) fn files(checkout: &Checkout) -> Vec<(String, String)> {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    contents(&checkout.root, ".git").into_iter().map(|(path, bytes)| (path.to_string_lossy().into_owned(), text(bytes))).collect()
}

pub(super) fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

/// What a gate would do with git in the checkout.
fn gate(checkout: &Checkout, arguments: &[&str]) -> Output {
    git_in(&checkout.root).args(arguments).output().unwrap()
}

pub(super) fn gate_says(checkout: &Checkout, arguments: &[&str]) -> String {
    let output = gate(checkout, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

/// One file committed, staged and in the work tree in three ways; one added, one staged to go, one untracked.
pub(super) fn mixed() -> Repository {
    let repository = Repository::new();
    repository.write("a", "committed\n");
    repository.write("gone", "1\n");
    repository.write(".gitignore", "target/\n");
    repository.commit_all("first");
    repository.write("a", "staged\n");
    repository.write("sub dir/new", "staged\n");
    repository.git(&["rm", "-q", "gone"]);
    repository.git(&["add", "-A"]);
    repository.write("a", "work tree\n");
    repository.write("untracked", "1\n");
    repository.write("announced", "1\n");
    repository.git(&["add", "-N", "announced"]);
    repository
}

const STAGED: [(&str, &str); 3] = [(".gitignore", "target/\n"), ("a", "staged\n"), ("sub dir/new", "staged\n")];

#[test]
fn it_holds_what_is_staged_and_touches_nothing_else() {
    let repository = mixed();
    let before = contents(repository.path(), "paralint");
    let checkout = prepare(repository.path());
    assert_eq!(files(&checkout), pairs(&STAGED));
    assert_eq!(contents(repository.path(), "paralint"), before);
    assert_eq!(checkout.environment(), ("PARALINT_CHECKOUT", checkout.root.clone().into_os_string()));
    // git works in there, and knows the same history.
    assert_eq!(gate_says(&checkout, &["status", "--porcelain"]), "M  a\nD  gone\nA  \"sub dir/new\"");
    assert_eq!(gate_says(&checkout, &["diff", "--name-only", "HEAD"]), "a\ngone\nsub dir/new");
    assert_eq!(gate_says(&checkout, &["log", "--format=%s"]), "first");
    assert_eq!(contents(repository.path(), "paralint"), before);
}

#[test]
fn what_does_not_differ_is_not_written_again() {
    let repository = mixed();
    let checkout = prepare(repository.path());
    let old = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    let time = |checkout: &Checkout, name: &str| std::fs::metadata(checkout.root.join(name)).unwrap().modified().unwrap();
    let before = time(&checkout, "sub dir/new");
    std::fs::create_dir(checkout.root.join("target")).unwrap();
    std::fs::write(checkout.root.join("target/built"), "warm").unwrap();
    std::fs::File::options().write(true).open(checkout.root.join("target/built")).unwrap().set_modified(old).unwrap();
    std::fs::write(checkout.root.join("left"), "by a gate").unwrap();
    drop(checkout);
    repository.git(&["add", "a"]);
    let checkout = prepare(repository.path());
    assert_eq!(time(&checkout, "sub dir/new"), before);
    assert_eq!(time(&checkout, "target/built"), old);
    assert_eq!(std::fs::read_to_string(checkout.root.join("a")).unwrap(), "work tree\n");
    assert!(!checkout.root.join("left").exists());
    // What a gate did to a tracked file is set right.
    std::fs::write(checkout.root.join("a"), "formatted by a gate\n").unwrap();
    std::fs::remove_file(checkout.root.join("sub dir/new")).unwrap();
    drop(checkout);
    let checkout = prepare(repository.path());
    assert_eq!(std::fs::read_to_string(checkout.root.join("a")).unwrap(), "work tree\n");
    assert!(checkout.root.join("sub dir/new").exists() && checkout.root.join("target/built").exists());
}

#[test]
fn a_gate_that_commits_changes_nothing_outside() {
    let repository = mixed();
    let before = contents(repository.path(), "paralint");
    let checkout = prepare(repository.path());
    std::fs::write(checkout.root.join("a"), "by a gate\n").unwrap();
    for arguments in [
        &["config", "user.name", "gate"][..],
        &["commit", "-q", "-a", "-m", "by a gate"],
        &["branch", "-f", "main"],
        &["tag", "by-a-gate"],
        &["checkout", "-q", "-b", "side"],
        &["stash", "list"],
        &["gc", "-q"],
    ] {
        gate_says(&checkout, arguments);
    }
    assert_eq!(contents(repository.path(), "paralint"), before);
    drop(checkout);
    let checkout = prepare(repository.path());
    assert_eq!(files(&checkout), pairs(&STAGED));
    assert_eq!(gate_says(&checkout, &["rev-parse", "HEAD"]), repository.git(&["rev-parse", "HEAD"]));
    assert_eq!(gate_says(&checkout, &["for-each-ref"]), "");
    assert_ne!(gate_says(&checkout, &["config", "--default", "", "user.name"]), "gate");
}

#[test]
fn what_a_crash_left_is_repaired() {
    let repository = mixed();
    let ours = |checkout: &Checkout, name: &str| checkout.root.join(".git").join(name);
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 9] = [
        ("a stale lock", |git| std::fs::write(git.join("index.lock"), "").unwrap()),
        ("a lock of HEAD", |git| std::fs::write(git.join("HEAD.lock"), "").unwrap()),
        ("an index cut short", |git| std::fs::File::options().write(true).open(git.join("index")).unwrap().set_len(20).unwrap()),
        ("no HEAD", |git| std::fs::remove_file(git.join("HEAD")).unwrap()),
        ("no index", |git| std::fs::remove_file(git.join("index")).unwrap()),
        ("no objects", |git| std::fs::remove_dir_all(git.join("objects")).unwrap()),
        ("no git directory", |git| std::fs::remove_dir_all(git).unwrap()),
        ("a configuration that is none", |git| std::fs::write(git.join("config"), "[core").unwrap()),
        ("a file instead of a git directory", |git| {
            std::fs::remove_dir_all(git).unwrap();
            std::fs::write(git, "gitdir: ../../..\n").unwrap();
        }),
    ];
    let before = contents(repository.path(), "paralint");
    for (name, damage) in damages {
        let checkout = prepare(repository.path());
        let git_dir = ours(&checkout, "");
        let git_dir = git_dir.parent().unwrap().join(".git");
        std::fs::write(checkout.root.join("a"), "half").unwrap();
        drop(checkout);
        damage(&git_dir);
        let checkout = prepare(repository.path());
        assert_eq!(files(&checkout), pairs(&STAGED), "{name}");
        assert_eq!(gate_says(&checkout, &["status", "--porcelain"]), "M  a\nD  gone\nA  \"sub dir/new\"", "{name}");
        assert!(!ours(&checkout, "index.lock").exists());
    }
    assert_eq!(contents(repository.path(), "paralint"), before);
}

#[test]
fn two_worktrees_have_one_each() {
    let repository = mixed();
    repository.git(&["worktree", "add", "-q", "-b", "other", "../linked tree"]);
    let linked = repository.beside("linked tree");
    std::fs::write(linked.join("a"), "linked\n").unwrap();
    assert!(git_in(&linked).args(["add", "a"]).status().unwrap().success());
    std::thread::scope(|threads| {
        for (folder, expected) in [(repository.path(), "staged\n"), (&linked, "linked\n")] {
            threads.spawn(move || {
                for _ in 0..5 {
                    let checkout = prepare(folder);
                    assert_eq!(std::fs::read_to_string(checkout.root.join("a")).unwrap(), expected);
                }
            });
        }
    });
    let (one, other) = (prepare(repository.path()), prepare(&linked));
    assert_ne!(one.root, other.root);
    assert!(other.root.to_string_lossy().contains("worktrees"));
}

#[test]
fn a_run_waits_for_the_one_that_holds_it() {
    let repository = mixed();
    let held = prepare(repository.path());
    let git_dir = repository.path().join(".git");
    assert!(Checkout::clean(&git_dir).unwrap_err().contains("another run"));
    let (said, heard) = std::sync::mpsc::channel();
    std::thread::scope(|threads| {
        let other = threads.spawn(|| {
            let facts = open(repository.path(), "auto").facts;
            Checkout::prepare(&facts, &mut |text| said.send(text.to_owned()).unwrap()).map(|checkout| files(&checkout))
        });
        assert!(heard.recv().unwrap().contains("another run"));
        assert!(!other.is_finished());
        drop(held);
        assert_eq!(other.join().unwrap().unwrap(), pairs(&STAGED));
    });
    assert!(heard.try_recv().is_err(), "told once");
}

#[test]
fn it_is_taken_away() {
    let repository = mixed();
    let git_dir = repository.path().join(".git");
    assert_eq!(Checkout::clean(&git_dir), Ok(None));
    let root = prepare(repository.path()).root.clone();
    assert_eq!(Checkout::clean(&git_dir), Ok(Some(root)));
    assert!(!git_dir.join("paralint").exists());
    assert_eq!(files(&prepare(repository.path())), pairs(&STAGED));
}

#[test]
fn conflicts_are_refused_with_their_mend_and_the_folder_stays_warm() {
    let repository = Repository::new();
    repository.write("a b", "1\n");
    repository.commit_all("first");
    let root = prepare(repository.path()).root.clone();
    std::fs::write(root.join(".git/info/exclude"), "warm\n").unwrap();
    std::fs::create_dir_all(repository.path().join(".git/info")).unwrap();
    std::fs::write(repository.path().join(".git/info/exclude"), "warm\n").unwrap();
    std::fs::write(root.join("warm"), "1").unwrap();
    repository.git(&["checkout", "-q", "-b", "other"]);
    repository.write("a b", "2\n");
    repository.commit_all("second");
    repository.git(&["checkout", "-q", "main"]);
    repository.write("a b", "3\n");
    repository.commit_all("third");
    assert!(!repository.try_git(&["merge", "-q", "other"]).status.success());
    let said = refused(repository.path());
    assert!(said.contains("unmerged paths: a b") && said.contains("git add"), "{said}");
    assert!(root.join("warm").exists());
}

#[test]
fn an_index_that_is_broken_is_named() {
    let repository = mixed();
    let index = repository.path().join(".git/index");
    std::fs::File::options().write(true).open(&index).unwrap().set_len(40).unwrap();
    let facts = paralint::input::git::Facts {
        root: Some(repository.path().to_path_buf()),
        git_dir: repository.path().join(".git"),
        common_dir: repository.path().join(".git"),
        head: Some(repository.git(&["rev-parse", "HEAD"])),
        ..Default::default()
    };
    let error = Checkout::prepare(&facts, &mut |_| {}).unwrap_err();
    assert!(error.message.contains("index is broken"), "{error:?}");
}

#[cfg(unix)]
#[test]
fn nobodys_hooks_run() {
    use std::os::unix::fs::PermissionsExt;
    let repository = mixed();
    let ran = repository.beside("ran");
    for name in ["post-index-change", "post-checkout", "pre-commit", "reference-transaction"] {
        let hook = repository.path().join(".git/hooks").join(name);
        std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
        std::fs::write(&hook, format!("#!/bin/sh\necho {name} >> '{}'\n", ran.display())).unwrap();
        std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    repository.git(&["config", "core.hooksPath", &repository.path().join(".git/hooks").to_string_lossy()]);
    let checkout = prepare(repository.path());
    gate_says(&checkout, &["commit", "-q", "-m", "by a gate"]);
    assert!(!ran.exists(), "{}", std::fs::read_to_string(&ran).unwrap_or_default());
}

#[cfg(unix)]
#[test]
fn links_lead_nowhere_out() {
    use std::os::unix::fs::symlink;
    let repository = Repository::new();
    let outside = repository.beside("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("a"), "outside\n").unwrap();
    symlink(&outside, repository.path().join("sub")).unwrap();
    repository.git(&["add", "-A"]);
    let checkout = prepare(repository.path());
    assert!(checkout.root.join("sub").is_symlink());
    drop(checkout);
    std::fs::remove_file(repository.path().join("sub")).unwrap();
    repository.write("sub/a", "staged\n");
    repository.git(&["add", "-A"]);
    let checkout = prepare(repository.path());
    assert_eq!(files(&checkout), pairs(&[("sub/a", "staged\n")]));
    // A gate puts a link where a folder was.
    std::fs::remove_dir_all(checkout.root.join("sub")).unwrap();
    symlink(&outside, checkout.root.join("sub")).unwrap();
    drop(checkout);
    let checkout = prepare(repository.path());
    assert_eq!(files(&checkout), pairs(&[("sub/a", "staged\n")]));
    assert_eq!(std::fs::read_to_string(outside.join("a")).unwrap(), "outside\n");
    assert_eq!(contents(&outside, "").len(), 1);
    // And where the folder itself was, or ours.
    let ours = checkout.root.parent().unwrap().to_path_buf();
    drop(checkout);
    for name in ["staged", "."] {
        let place = ours.join(name);
        let place: PathBuf = place.components().collect();
        let git_dir = repository.path().join(".git");
        std::fs::remove_dir_all(&place).unwrap();
        symlink(&outside, &place).unwrap();
        assert!(refused(repository.path()).contains("link is not followed"));
        assert!(Checkout::clean(&git_dir).unwrap_err().contains("link"));
        std::fs::remove_file(&place).unwrap();
        std::fs::create_dir_all(&place).unwrap();
    }
    assert_eq!(contents(&outside, "").len(), 1);
}

#[cfg(unix)]
#[test]
fn a_git_directory_that_cannot_be_written_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let repository = mixed();
    let git_dir = repository.path().join(".git");
    std::fs::set_permissions(&git_dir, std::fs::Permissions::from_mode(0o555)).unwrap();
    // Nothing stops root.
    let stops = std::fs::create_dir(git_dir.join("probe")).is_err();
    if stops {
        assert!(refused(repository.path()).contains("can be written"));
        let store = paralint::gates::receipts::Store::new(&git_dir);
        assert!(store.keep_durations(&[("a".to_owned(), std::time::Duration::ZERO)].into()).unwrap_err().contains("denied"));
    }
    std::fs::set_permissions(&git_dir, std::fs::Permissions::from_mode(0o755)).unwrap();
    if !stops {
        // What root meets, too: a file in its place.
        std::fs::write(git_dir.join("paralint"), "").unwrap();
        assert!(refused(repository.path()).contains("is no folder"));
    }
}
