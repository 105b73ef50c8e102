//! The checkout of what is staged, in every kind of repository and with the environment of a hook.

use super::gates_checkout::{contents, files, gate_says, mixed, pairs, prepare, refused};
use super::gates_seen::open;
use super::repository::{Repository, git_in};
use paralint::gates::checkout::Checkout;
use std::path::Path;
use std::process::Command;

#[test]
fn before_the_first_commit_there_is_a_checkout() {
    let repository = Repository::new();
    assert_eq!(files(&prepare(repository.path())), []);
    repository.write("a", "1\n");
    repository.git(&["add", "a"]);
    let checkout = prepare(repository.path());
    assert_eq!(files(&checkout), pairs(&[("a", "1\n")]));
    assert_eq!(gate_says(&checkout, &["status", "--porcelain"]), "A  a");
    assert!(!git_in(&checkout.root).args(["rev-parse", "--verify", "HEAD"]).status().unwrap().success());
}

#[test]
fn other_kinds_of_repositories_have_one() {
    for arguments in [
        &["init", "-q", "-b", "main", "--object-format=sha256", "work"][..],
        &["init", "-q", "-b", "main", "--ref-format=reftable", "work"],
        &["init", "-q", "-b", "main", "--separate-git-dir=there", "work"],
    ] {
        let repository = Repository::with(arguments);
        repository.write("a", "1\n");
        repository.git(&["add", "a"]);
        assert_eq!(files(&prepare(repository.path())), pairs(&[("a", "1\n")]), "{arguments:?}");
        repository.commit_all("first");
        repository.write("a", "2\n");
        repository.git(&["add", "a"]);
        let checkout = prepare(repository.path());
        assert_eq!(files(&checkout), pairs(&[("a", "2\n")]), "{arguments:?}");
        assert_eq!(gate_says(&checkout, &["diff", "--name-only", "HEAD"]), "a", "{arguments:?}");
    }
}

#[test]
fn split_and_sparse_indexes_are_read_and_left_as_they_are() {
    for sparse in [false, true] {
        let repository = Repository::new();
        repository.write("a", "1\n");
        repository.write("sub/b", "1\n");
        repository.write("far/c", "1\n");
        repository.commit_all("first");
        match sparse {
            true => repository.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "sub"]),
            false => repository.git(&["update-index", "--split-index"]),
        };
        repository.write("a", "2\n");
        repository.git(&["add", "a"]);
        let before = contents(repository.path(), "paralint");
        let expected = pairs(&[("a", "2\n"), ("far/c", "1\n"), ("sub/b", "1\n")]);
        assert_eq!(files(&prepare(repository.path())), expected, "sparse: {sparse}");
        assert_eq!(contents(repository.path(), "paralint"), before);
        let entries = open(repository.path(), "auto").entries(None).unwrap();
        let names: Vec<_> = entries.iter().map(|entry| entry.path.shown().into_owned()).collect();
        assert_eq!(names, ["a", "far/c", "sub/b"], "sparse: {sparse}");
    }
}

#[test]
fn a_shallow_clone_has_its_short_history() {
    let repository = Repository::new();
    repository.commit_all("first");
    repository.write("a", "1\n");
    repository.commit_all("second");
    let url = format!("file://{}", repository.path().display());
    repository.git(&["clone", "-q", "--depth", "1", &url, "../shallow"]);
    assert_eq!(gate_says(&prepare(&repository.beside("shallow")), &["log", "--format=%s"]), "second");
}

#[test]
fn objects_that_were_never_fetched_are_an_error_and_not_a_download() {
    let repository = Repository::new();
    repository.write("a", "1\n");
    repository.commit_all("first");
    repository.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", repository.path().display());
    repository.git(&["clone", "-q", "--filter=blob:none", "--no-checkout", &url, "../partial"]);
    let partial = repository.beside("partial");
    assert!(git_in(&partial).args(["read-tree", "HEAD"]).env("GIT_NO_LAZY_FETCH", "1").status().unwrap().success());
    let said = refused(&partial);
    assert!(said.contains("partial clone") && said.contains("fetch"), "{said}");
}

#[cfg(unix)]
#[test]
fn files_are_converted_as_the_real_repository_says() {
    let repository = Repository::new();
    repository.git(&["config", "filter.up.clean", "tr a-z A-Z"]);
    repository.git(&["config", "filter.up.smudge", "tr A-Z a-z"]);
    repository.git(&["config", "core.autocrlf", "true"]);
    repository.write(".git/info/attributes", "*.up filter=up -text\n");
    repository.write("a.up", "abc\n");
    repository.write("b.txt", "one\r\n");
    repository.git(&["add", "-A"]);
    assert_eq!(repository.git(&["show", ":a.up"]), "ABC");
    let checkout = prepare(repository.path());
    assert_eq!(files(&checkout), pairs(&[("a.up", "abc\n"), ("b.txt", "one\r\n")]));
    assert_eq!(gate_says(&checkout, &["diff", "--name-only"]), "");
}

/// Runs `child` in a process of its own, since the environment of a hook is that of a process.
fn child(folder: &Path, environment: &[(&str, &Path)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "gates_checkout_places::as_a_hook_sees_it", "--ignored", "--nocapture"]).current_dir(folder);
    command.envs(environment.iter().copied());
    let output = command.output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
#[allow(clippy::print_stdout)]
#[ignore = "is run by other tests, in a process with the environment of a hook"]
fn as_a_hook_sees_it() {
    let repository = open(&std::env::current_dir().unwrap(), "auto");
    match Checkout::prepare(&repository.facts, &mut |_| println!("waits")) {
        Ok(checkout) => println!("holds {:?}", files(&checkout)),
        Err(error) => println!("refused: {}", error.message),
    }
    let seen = repository.seen().unwrap();
    println!("changed {:?}, untracked {:?}", seen.changed, seen.untracked);
    println!("index {}, seen {}", repository.entries(None).unwrap().len(), seen.entries.len());
}

#[test]
fn the_index_that_a_hook_names_is_the_one() {
    let repository = mixed();
    let index = repository.path().join(".git/next-index-1.lock");
    let git = |arguments: &[&str]| {
        let status = git_in(repository.path()).env("GIT_INDEX_FILE", &index).args(arguments).status().unwrap();
        assert!(status.success());
    };
    git(&["read-tree", "HEAD"]);
    git(&["add", "a"]);
    let before = contents(repository.path(), "paralint");
    let said = child(repository.path(), &[("GIT_INDEX_FILE", &index)]);
    assert!(said.contains(r#"("a", "work tree\n"), ("gone", "1\n")]"#) && !said.contains("sub dir/new\", \"staged"), "{said}");
    assert!(said.contains(r#"changed ["gone"], untracked ["announced", "sub dir/new", "untracked"]"#), "{said}");
    assert!(said.contains("index 3, seen 5"), "{said}");
    assert_eq!(contents(repository.path(), "paralint"), before);
    // In a linked worktree git exports where its git directory is.
    repository.git(&["worktree", "add", "-q", "-b", "other", "../linked"]);
    let said = child(&repository.beside("linked"), &[("GIT_DIR", &repository.path().join(".git/worktrees/linked"))]);
    assert!(said.contains(r#"("a", "committed\n"), ("gone", "1\n")]"#) && said.contains("changed [], untracked []"), "{said}");
    // A git directory that stands alone, as for the files of a home.
    std::fs::rename(repository.path().join(".git"), repository.beside("alone")).unwrap();
    let said = child(repository.path(), &[("GIT_DIR", &repository.beside("alone")), ("GIT_WORK_TREE", repository.path())]);
    assert!(said.contains(r#"("a", "staged\n")"#) && said.contains(r#"changed ["a"], untracked ["announced", "untracked"]"#), "{said}");
}

#[test]
fn a_gate_of_the_run_that_holds_it_is_refused_and_does_not_wait() {
    let repository = mixed();
    let checkout = prepare(repository.path());
    let (name, value) = checkout.environment();
    for folder in [repository.path(), &checkout.root] {
        let said = child(folder, &[(name, Path::new(&value))]);
        assert!(said.contains("refused: this runs inside of a gate") && !said.contains("waits"), "{said}");
    }
}

fn changed(checkout: &Checkout) -> Vec<String> {
    checkout.changed().unwrap().iter().map(|path| path.shown().into_owned()).collect()
}

#[test]
fn what_a_gate_changes_is_told_however_it_hides_it() {
    let repository = mixed();
    let root = prepare(repository.path()).root.clone();
    type Hides = fn(&Checkout);
    let hides: [(&str, Hides); 7] = [
        ("nothing", |_| {}),
        ("a commit", |checkout| {
            gate_says(checkout, &["-c", "user.name=g", "-c", "user.email=g@example.org", "commit", "-q", "-a", "-m", "by a gate"]);
        }),
        ("the index", |checkout| drop(gate_says(checkout, &["add", "a"]))),
        ("a bit of the index", |checkout| drop(gate_says(checkout, &["update-index", "--assume-unchanged", "a"]))),
        ("no entry", |checkout| drop(gate_says(checkout, &["rm", "-q", "-f", "--cached", "a"]))),
        ("configuration", |checkout| drop(gate_says(checkout, &["config", "core.checkStat", "minimal"]))),
        ("no repository", |checkout| std::fs::remove_dir_all(checkout.root.join(".git")).unwrap()),
    ];
    for (what, hide) in hides {
        let checkout = prepare(repository.path());
        assert_eq!((changed(&checkout), std::fs::read_to_string(root.join("a")).unwrap()), (vec![], "staged\n".into()), "{what}");
        // As long as before, and as old.
        let file = root.join("a");
        let time = std::fs::metadata(&file).unwrap().modified().unwrap();
        std::fs::write(&file, "STAGED\n").unwrap();
        std::fs::File::options().write(true).open(&file).unwrap().set_modified(time).unwrap();
        hide(&checkout);
        assert_eq!(changed(&checkout), ["a"], "{what}");
    }
    let checkout = prepare(repository.path());
    std::fs::write(root.join("made"), "by a gate").unwrap();
    std::fs::write(root.join("a"), "staged\n").unwrap();
    assert!(changed(&checkout).is_empty(), "the same content, and new files");
    std::fs::remove_dir_all(root.join("sub dir")).unwrap();
    std::fs::create_dir(root.join("elsewhere")).unwrap();
    std::fs::write(root.join("elsewhere/new"), "staged\n").unwrap();
    std::os::unix::fs::symlink("elsewhere", root.join("sub dir")).unwrap();
    assert_eq!(changed(&checkout), ["sub dir/new"], "through a link");
    std::fs::remove_dir_all(&root).unwrap();
    assert!(checkout.changed().is_err());
}

#[test]
fn what_git_alone_takes_for_modified_was_not_changed() {
    let repository = Repository::new();
    repository.write("crlf.txt", "1\r\n2\r\n");
    repository.commit_all("first");
    repository.write(".gitattributes", "*.txt text eol=lf\n");
    repository.git(&["add", ".gitattributes"]);
    let checkout = prepare(repository.path());
    let file = checkout.root.join("crlf.txt");
    let content = std::fs::read(&file).unwrap();
    std::fs::write(&file, &content).unwrap();
    assert!(changed(&checkout).is_empty());
    std::fs::write(&file, "1\n2\n").unwrap();
    assert_eq!(changed(&checkout), ["crlf.txt"]);
}

#[test]
fn the_ceilings_of_the_environment_stay() {
    let repository = Repository::new();
    let gate = "[gates.a]\nrun = 'echo \"$GIT_CEILING_DIRECTORIES\"; exit 1'\ninputs = 'index'\n";
    repository.write("paralint.toml", gate);
    repository.commit_all("first");
    let above = repository.path().join(".git/paralint").canonicalize().unwrap_or_else(|_| repository.path().join(".git/paralint"));
    for (value, expected) in [("", format!("{}\n", above.display())), ("/one:/two", format!("{}:/one:/two\n", above.display()))] {
        let mut command = super::program::paralint(repository.path());
        let output = command.env("GIT_CEILING_DIRECTORIES", value).args(["gates", "--format", "json"]).output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["gates"][0]["output"]["head"].as_str(), Some(expected.as_str()), "{report:#}");
    }
}
