//! Reading git without being fooled: both ways of reading, and the one that is chosen, give the same answers.

use super::program::paralint;
use super::repository::{Repository, git_in};
use serde_json::Value;
use std::path::Path;

/// The ways of reading.
const WAYS: [&str; 3] = ["git", "libgit2", "auto"];

/// The report of one way.
pub(crate) fn one(folder: &Path, way: &str, arguments: &[&str]) -> Value {
    let output = paralint(folder).args(["check", "--session", "none", "--git", way, "--format", "json"]).args(arguments).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{way} {arguments:?}: {error}: {text}"))
}

/// The change sets, which every way has to find alike.
pub(crate) fn changes(folder: &Path, arguments: &[&str]) -> Vec<Value> {
    agreed(WAYS.iter().map(|way| (*way, one(folder, way, arguments))).collect())
}

fn agreed(reports: Vec<(&str, Value)>) -> Vec<Value> {
    for (way, report) in &reports {
        assert!(report["error"].is_null(), "{way}: {}", report["error"]);
        assert_eq!(report["changes"], reports[0].1["changes"], "{way} against {}", reports[0].0);
    }
    reports[0].1["changes"].as_array().unwrap().clone()
}

/// Why every way refuses: message and hint, which have to be the same.
pub(crate) fn refusal(folder: &Path, arguments: &[&str]) -> String {
    let said = |way: &str| {
        let report = one(folder, way, arguments);
        assert_eq!(report["exit_code"], 2, "{way}: {report}");
        assert_eq!(report["error"]["kind"], "repository", "{way}");
        format!("{} | {}", report["error"]["message"].as_str().unwrap(), report["error"]["hint"].as_str().unwrap())
    };
    let all = WAYS.map(said);
    assert_eq!(all[0], all[1]);
    assert_eq!(all[0], all[2]);
    all[0].clone()
}

/// `added a`, `renamed a -> b`
pub(crate) fn files(set: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let line = |file: &Value| {
        let path = match &file["old_path"] {
            Value::String(old) => format!("{old} -> {}", text(&file["path"])),
            _ => text(&file["path"]),
        };
        let entry = text(&file["entry"]);
        if entry == "file" { format!("{} {path}", text(&file["change"])) } else { format!("{} {entry} {path}", text(&file["change"])) }
    };
    set["files"].as_array().unwrap().iter().map(line).collect()
}

/// The files that are staged.
fn staged(repository: &Repository) -> Vec<String> {
    files(&changes(repository.path(), &[])[0])
}

/// Text of so many lines.
pub(crate) fn lines(first: usize, last: usize) -> String {
    (first..=last).map(|number| format!("line {number}\n")).collect()
}

/// A repository with one commit.
pub(crate) fn with_base(paths: &[&str]) -> Repository {
    let repository = Repository::new();
    for path in paths {
        repository.write(path, &format!("{path}\n{}", lines(1, 20)));
    }
    repository.commit_all("base");
    repository
}

/// Installs a pre-commit hook that checks what is staged in every way and keeps the reports.
fn install_hook(repository: &Repository) {
    use std::os::unix::fs::PermissionsExt;
    let (binary, out) = (env!("CARGO_BIN_EXE_paralint"), repository.beside("reports"));
    std::fs::create_dir_all(&out).unwrap();
    let out = out.display();
    let mut script = "#!/bin/sh\n".to_owned();
    for way in WAYS {
        script.push_str(&format!(
            "'{binary}' check --session none --git {way} --format json $ARGUMENTS > '{out}/{way}' 2> '{out}/{way}.err'\n"
        ));
    }
    script.push_str("exit 0\n");
    let hook = repository.path().join(".git/hooks/pre-commit");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    std::fs::write(&hook, script).unwrap();
    std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// What the hook found in a commit.
fn hooked(repository: &Repository, folder: &Path, arguments: &[&str], environment: &str) -> Vec<Value> {
    let output = git_in(folder).env("ARGUMENTS", environment).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = |way: &'static str| {
        let text = std::fs::read(repository.beside("reports").join(way)).unwrap();
        let said = std::fs::read_to_string(repository.beside("reports").join(format!("{way}.err"))).unwrap();
        (way, serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{way}: {error} {said}")))
    };
    agreed(WAYS.map(read).into())
}

#[test]
fn a_hook_sees_what_is_about_to_be_committed() {
    let repository = with_base(&["a", "b", "c"]);
    install_hook(&repository);
    let commit = |arguments: &[&str]| files(&hooked(&repository, repository.path(), arguments, "")[0]);
    repository.write("a", "other\n");
    repository.write("b", "other\n");
    repository.git(&["add", "a"]);
    assert_eq!(commit(&["commit", "-q", "-o", "-m", "only b", "b"]), ["modified b"]);
    assert_eq!(commit(&["commit", "-q", "-m", "what is staged"]), ["modified a"]);
    repository.write("c", "other\n");
    assert_eq!(commit(&["commit", "-q", "-a", "-m", "all"]), ["modified c"]);
    repository.write("a", "again\n");
    repository.write("c", "again\n");
    repository.git(&["add", "a"]);
    assert_eq!(commit(&["commit", "-q", "-i", "-m", "both", "c"]), ["modified a", "modified c"]);
}

#[test]
fn a_hook_sees_the_first_commit_and_one_from_a_folder_below() {
    let repository = Repository::new();
    install_hook(&repository);
    repository.write("one/a", "a\n");
    repository.git(&["add", "."]);
    let below = repository.path().join("one");
    assert_eq!(files(&hooked(&repository, &below, &["commit", "-q", "-m", "first"], "")[0]), ["added one/a"]);
    repository.write("b", "b\n");
    repository.write("one/a", "other\n");
    repository.git(&["add", "b"]);
    assert_eq!(files(&hooked(&repository, &below, &["commit", "-q", "-a", "-m", "next"], "")[0]), ["added b", "modified one/a"]);
}

#[test]
fn a_hook_in_a_linked_worktree_sees_that_worktree() {
    let repository = with_base(&["a", "b"]);
    install_hook(&repository);
    let linked = repository.beside("linked");
    repository.git(&["worktree", "add", "-q", "-b", "agent/x", linked.to_str().unwrap()]);
    repository.write("main-only", "x\n");
    repository.git(&["add", "main-only"]);
    std::fs::write(linked.join("b"), "other\n").unwrap();
    let found = hooked(&repository, &linked, &["commit", "-q", "-a", "-m", "b"], "");
    assert_eq!(files(&found[0]), ["modified b"]);
    // The environment of this hook must not reach the other worktrees.
    std::fs::write(linked.join("c"), "new\n").unwrap();
    git_in(&linked).args(["add", "c"]).output().unwrap();
    let found = hooked(&repository, &linked, &["commit", "-q", "-m", "c"], "--worktrees --base main");
    let all: Vec<_> = found.iter().map(|set| (set["name"].as_str().unwrap().to_owned(), files(set))).collect();
    assert_eq!(all[0], ("work".to_owned(), vec!["added main-only".to_owned()]));
    assert_eq!(all[1], ("linked".to_owned(), vec!["modified b".to_owned(), "added c".to_owned()]));
}

#[test]
fn both_ends_of_a_rename_count() {
    let repository = with_base(&["owned/by/b", "stays", "rewritten"]);
    repository.rename("owned/by/b", "mine/a");
    repository.git(&["mv", "rewritten", "almost"]);
    repository.write("almost", &format!("rewritten\n{}", lines(3, 24)));
    repository.git(&["add", "almost"]);
    assert_eq!(staged(&repository), ["renamed rewritten -> almost", "renamed owned/by/b -> mine/a"]);
}

#[test]
fn many_files_that_are_moved_with_their_folder_keep_their_names() {
    let repository = Repository::new();
    for index in 0..60 {
        repository.write(&format!("old/{index}/mod.rs"), "the same\n");
        repository.write(&format!("old/{index}.rs"), &lines(index, index + 30));
    }
    repository.commit_all("base");
    repository.git(&["mv", "old", "new"]);
    let found = staged(&repository);
    assert_eq!(found.len(), 120);
    assert!(found.contains(&"renamed old/7.rs -> new/7.rs".to_owned()));
    assert!(found.iter().all(|line| line.starts_with("renamed ")), "{found:?}");
}

#[test]
fn paths_are_bytes() {
    use std::os::unix::ffi::OsStrExt;
    let repository = with_base(&["a"]);
    for path in ["ümläut.rs", "tab\there", "line\nbreak", "quote\"s'", "\"first", " space ", "-n", "back\\slash", ":(top)x", "*"] {
        repository.write(path, path);
    }
    std::fs::write(repository.path().join(std::ffi::OsStr::from_bytes(b"not\xffutf8%")), "x").unwrap();
    repository.git(&["add", "-A"]);
    let found = staged(&repository);
    for path in
        ["ümläut.rs", "tab\there", "line\nbreak", "quote\"s'", "\"first", " space ", "-n", "back\\slash", ":(top)x", "*", "not%FFutf8%25"]
    {
        assert!(found.contains(&format!("added {path}")), "{path:?} in {found:?}");
    }
    assert_eq!(found.len(), 11);
    // The same paths as files that nobody tracks.
    repository.git(&["reset", "-q"]);
    let found = files(&changes(repository.path(), &["--worktrees"])[0]);
    assert_eq!(found.len(), 11, "{found:?}");
}

#[test]
fn no_configuration_changes_a_verdict() {
    let repository = with_base(&["sub/a", "sub/b", "c", "README"]);
    repository.git(&["mv", "sub/a", "sub/moved"]);
    repository.write("c", "other\n");
    repository.write("readme", "another file\n");
    repository.write(".gitattributes", "* diff=odd -text filter=none\n");
    repository.git(&["add", "-A"]);
    let expected = staged(&repository);
    assert_eq!(expected, ["added .gitattributes", "modified c", "added readme", "renamed sub/a -> sub/moved"]);
    for (key, value) in [
        ("diff.relative", "true"),
        ("diff.ignoreSubmodules", "all"),
        ("diff.renames", "copies"),
        ("diff.noprefix", "true"),
        ("diff.orderFile", "/nowhere"),
        ("diff.external", "false"),
        ("diff.odd.textconv", "false"),
        ("diff.odd.command", "false"),
        ("core.quotePath", "true"),
        ("core.ignoreCase", "true"),
        ("core.fileMode", "false"),
        ("core.abbrev", "4"),
        ("core.pager", "false"),
        ("color.ui", "always"),
        ("log.showSignature", "true"),
        ("status.showUntrackedFiles", "no"),
        ("status.relativePaths", "true"),
        ("status.branch", "true"),
        ("status.showStash", "true"),
        ("column.ui", "always"),
    ] {
        repository.git(&["config", key, value]);
    }
    assert_eq!(staged(&repository), expected);
    let below = repository.path().join("sub");
    assert_eq!(files(&changes(&below, &[])[0]), expected);
    assert_eq!(files(&changes(&below, &["--worktrees"])[0]), expected);
    repository.git(&["-c", "diff.orderFile=/dev/null", "commit", "-q", "-m", "all"]);
    assert_eq!(files(&changes(&below, &["--range", "HEAD^"])[0]), expected);
}

#[test]
fn every_kind_of_entry_is_named() {
    let repository = with_base(&["mode", "type", "gone", "link-to-file"]);
    repository.git(&["update-index", "--chmod=+x", "mode"]);
    std::fs::remove_file(repository.path().join("type")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", repository.path().join("type")).unwrap();
    std::os::unix::fs::symlink("../../outside", repository.path().join("leads-out")).unwrap();
    repository.write("script", "#!/bin/sh\n");
    repository.git(&["add", "type", "leads-out", "script"]);
    repository.git(&["update-index", "--chmod=+x", "script"]);
    repository.git(&["rm", "-q", "gone"]);
    let head = repository.git(&["rev-parse", "HEAD"]);
    repository.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{head},vendor/lib")]);
    let expected = [
        "deleted gone",
        "added symlink leads-out",
        "mode executable mode",
        "added executable script",
        "type symlink type",
        "added submodule vendor/lib",
    ];
    assert_eq!(staged(&repository), expected);
    repository.git(&["commit", "-q", "-m", "kinds"]);
    assert_eq!(files(&changes(repository.path(), &["--range", "HEAD^..HEAD"])[0]), expected);
    let other = repository.git(&["rev-parse", "HEAD"]);
    repository.git(&["update-index", "--cacheinfo", &format!("160000,{other},vendor/lib")]);
    repository.write(".gitmodules", "[submodule \"lib\"]\n\tpath = vendor/lib\n\turl = ./x\n\tignore = all\n");
    repository.git(&["add", ".gitmodules"]);
    assert_eq!(staged(&repository), ["added .gitmodules", "modified submodule vendor/lib"]);
}

#[test]
fn what_will_be_added_some_day_is_not_staged() {
    let repository = with_base(&["a", "b"]);
    repository.write("later", "x\n");
    repository.write("now", "x\n");
    repository.git(&["rm", "-q", "--cached", "b"]);
    repository.git(&["add", "-N", "later", "b"]);
    repository.git(&["add", "now"]);
    assert_eq!(staged(&repository), ["deleted b", "added now"]);
    assert_eq!(files(&changes(repository.path(), &["--worktrees"])[0]), ["deleted b", "added later", "added now"]);
}

#[test]
fn the_first_commit_is_compared_with_nothing() {
    let repository = Repository::new();
    repository.write("a", "a\n");
    repository.write("b/c", "c\n");
    repository.git(&["add", "-A"]);
    let found = changes(repository.path(), &[]);
    assert_eq!(files(&found[0]), ["added a", "added b/c"]);
    assert!(found[0]["base"].is_null());
    assert!(refusal(repository.path(), &["--range", "main"]).contains("no commit yet"));
}

#[test]
fn conflicts_are_an_error_and_the_merge_after_them_is_not_blamed_for_the_other_side() {
    let repository = with_base(&["both", "theirs", "evil"]);
    repository.git(&["checkout", "-q", "-b", "agent/a"]);
    repository.write("both", "ours\n");
    repository.commit_all("ours");
    repository.git(&["checkout", "-q", "main"]);
    repository.write("both", "theirs\n");
    repository.write("theirs", "theirs\n");
    repository.commit_all("theirs");
    repository.git(&["checkout", "-q", "agent/a"]);
    assert!(!repository.try_git(&["merge", "-q", "main"]).status.success());
    let said = refusal(repository.path(), &[]);
    assert!(said.contains("both") && said.contains("git add"), "{said}");
    // The worktrees can be read all the same: a conflict is work on that path.
    assert_eq!(files(&changes(repository.path(), &["--worktrees"])[0]), ["modified both"]);
    repository.write("both", "merged\n");
    repository.write("evil", "slipped in\n");
    repository.git(&["add", "both", "evil"]);
    install_hook(&repository);
    let found = hooked(&repository, repository.path(), &["commit", "-q", "-m", "merge"], "");
    assert_eq!(files(&found[0]), ["modified both", "modified evil"]);
    let found = changes(repository.path(), &["--range", "main..HEAD"]);
    assert_eq!(files(&found[0]), ["modified both", "modified evil"]);
    assert_eq!(files(&found[1]), ["modified both"]);
    assert_eq!(files(&found[2]), ["modified both", "modified evil"]);
}

#[test]
fn a_folder_that_becomes_a_file_and_back() {
    let repository = with_base(&["folder/a", "folder/b", "file"]);
    repository.git(&["rm", "-q", "-r", "folder", "file"]);
    repository.write("folder", "now a file\n");
    repository.write("file/inside", "now a folder\n");
    repository.git(&["add", "-A"]);
    assert_eq!(staged(&repository), ["deleted file", "added file/inside", "added folder", "deleted folder/a", "deleted folder/b"]);
}
