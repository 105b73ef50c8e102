//! `paralint init`.

use crate::program::{code, paralint, report, run, stderr, stdout};
use crate::repository::{Repository, git_in};
use std::path::Path;

/// A repository with these files, committed.
fn repository(files: &[(&str, &str)]) -> Repository {
    let repository = Repository::new();
    files.iter().for_each(|(path, text)| repository.write(path, text));
    repository.commit_all("first");
    repository
}

/// What is written passes: before it is committed, as it is committed, and afterwards. Returns the configuration's text.
fn sound(repository: &Repository) -> String {
    let made = run(repository.path(), &["init"]);
    assert_eq!(code(&made), 0, "{}", stderr(&made));
    let text = std::fs::read_to_string(repository.path().join("paralint.toml")).unwrap();
    clean(repository.path());
    repository.git(&["add", "-A"]);
    clean(repository.path());
    repository.git(&["commit", "-q", "-m", "paralint"]);
    clean(repository.path());
    let list = run(repository.path(), &["gates", "--list"]);
    assert_eq!(code(&list), 0, "{}{}", stdout(&list), stderr(&list));
    let again = run(repository.path(), &["init"]);
    assert_eq!(code(&again), 0);
    assert!(stdout(&again).contains("exists      paralint.toml (left as it is)"), "{}", stdout(&again));
    assert_eq!(repository.git(&["status", "--porcelain"]), "");
    examples_are_valid(repository, &text);
    text
}

fn clean(folder: &Path) {
    let checked = report(folder, &["check", "--fail-on", "note"]);
    assert_eq!(checked["exit_code"], 0, "{checked:#}");
    assert_eq!(checked["findings"].as_array().unwrap().len(), 0, "{checked:#}");
}

/// Each example of the configuration is one that the program takes.
fn examples_are_valid(repository: &Repository, text: &str) {
    let example =
        |line: &str| line.strip_prefix('#').filter(|rest| rest.starts_with(|letter: char| letter != ' ')).unwrap_or(line).to_owned();
    let uncommented: Vec<String> = text.lines().map(example).collect();
    assert_ne!(uncommented.join("\n"), text.trim_end());
    repository.write("uncommented.toml", &uncommented.join("\n"));
    let list = run(repository.path(), &["gates", "--list", "--config", "uncommented.toml"]);
    assert_eq!(code(&list), 0, "{}", stderr(&list));
    std::fs::remove_file(repository.path().join("uncommented.toml")).unwrap();
}

/// Names and commands of the gates that the program sees.
fn gates(folder: &Path) -> Vec<String> {
    let listed = report(folder, &["gates", "--list"]);
    let rows = listed["gates"].as_array().cloned().unwrap_or_default();
    rows.iter().map(|row| format!("{}: {}", row["name"].as_str().unwrap(), row["command"].as_str().unwrap())).collect()
}

/// A change of one file by an agent of an area.
fn findings_of(repository: &Repository, agent: &str, path: &str) -> Vec<String> {
    repository.write(path, "changed\n");
    repository.git(&["add", "-A"]);
    let found = report(repository.path(), &["check", "--agent", agent]);
    repository.git(&["reset", "-q", "--hard"]);
    found["findings"].as_array().unwrap().iter().map(|one| one["rule"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_crate() {
    let one = repository(&[
        ("Cargo.toml", "[package]\nname = \"x\"\nversion = \"0.1.0\"\nedition = \"2021\"\n"),
        ("src/lib.rs", "//! x\n"),
        ("src/api/mod.rs", "//! x\n"),
        ("src/store/mod.rs", "//! x\n"),
        ("src/common/mod.rs", "//! x\n"),
    ]);
    sound(&one);
    assert_eq!(gates(one.path()), ["fmt: cargo fmt --check", "clippy: cargo clippy --all-targets", "test: cargo test"]);
    assert_eq!(findings_of(&one, "api", "src/store/mod.rs"), ["outside-boundary"]);
    assert_eq!(findings_of(&one, "api", "src/api/mod.rs"), [""; 0]);
    // A lock file is a consequence, wherever it lies; what nobody's area holds is for people.
    assert_eq!(severities(&one, "api", "Cargo.lock"), ["outside-boundary: warning"]);
    assert_eq!(severities(&one, "api", "tests/other.rs"), ["outside-boundary: error"]);
}

#[test]
fn an_agent_adds_tests_of_its_name() {
    let one = repository(&[("src/io/x.rs", ""), ("src/net/x.rs", ""), ("tests/all.rs", "")]);
    sound(&one);
    assert_eq!(findings_of(&one, "io", "tests/io.rs"), [""; 0]);
    assert_eq!(findings_of(&one, "io", "tests/net.rs"), ["outside-boundary"]);
}

#[test]
fn each_of_several_owners_is_known() {
    let one = repository(&[("CODEOWNERS", "/a/ @a1 ,@a2\n/b/ @b1 @b2\n*.go @gopher\n"), ("a/x.rs", ""), ("b/x.rs", ""), ("b/x.go", "")]);
    sound(&one);
    for agent in ["@b1", "b1", "b2", "@b2", "@b1 @b2", "b1-b2"] {
        assert_eq!(findings_of(&one, agent, "b/x.rs"), [""; 0], "{agent}");
        assert_eq!(findings_of(&one, agent, "b/new.go"), ["outside-boundary"], "{agent}");
        assert_eq!(findings_of(&one, agent, "a/x.rs"), ["outside-boundary"], "{agent}");
    }
    assert_eq!(findings_of(&one, "gopher", "a/new/new.go"), [""; 0]);
    one.git(&["checkout", "-q", "-b", "agent/b1"]);
    one.write("a/x.rs", "changed\n");
    one.git(&["add", "-A"]);
    let found = report(one.path(), &["check"]);
    assert_eq!(found["findings"][0]["rule"], "outside-boundary", "{found:#}");
    let unknown = run(one.path(), &["check", "--agent", "b3"]);
    assert_eq!(code(&unknown), 2);
    assert!(stderr(&unknown).contains("@b1"), "{}", stderr(&unknown));
}

#[test]
fn a_branch_or_worktree_that_nobody_is_known_by_names_no_agent() {
    let one = repository(&[("src/a/x.rs", ""), ("src/b/x.rs", "")]);
    one.git(&["checkout", "-q", "-b", "agent/me"]);
    sound(&one);
    let other = repository(&[("src/a/x.rs", ""), ("src/b/x.rs", "")]);
    let linked = other.beside("wt-review");
    other.git(&["worktree", "add", "-q", "-b", "review", linked.to_str().unwrap()]);
    assert_eq!(code(&run(&linked, &["init"])), 0);
    clean(&linked);
    assert!(git_in(&linked).args(["add", "-A"]).status().unwrap().success());
    clean(&linked);
}

#[test]
fn inside_of_git_there_is_no_work_tree() {
    let one = repository(&[("a", "")]);
    let inside = run(&one.path().join(".git"), &["init"]);
    assert_eq!(code(&inside), 2);
    assert!(!stderr(&inside).contains("bare"), "{}", stderr(&inside));
}

/// The rules that a change of one file by an agent breaks, and how severe that is.
fn severities(repository: &Repository, agent: &str, path: &str) -> Vec<String> {
    repository.write(path, "changed\n");
    repository.git(&["add", "-A"]);
    let found = report(repository.path(), &["check", "--agent", agent]);
    repository.git(&["reset", "-q", "--hard"]);
    let text = |one: &serde_json::Value, key: &str| one[key].as_str().unwrap().to_owned();
    found["findings"].as_array().unwrap().iter().map(|one| format!("{}: {}", text(one, "rule"), text(one, "severity"))).collect()
}

#[test]
fn a_workspace_and_a_persons_commit_across_its_areas() {
    let one = repository(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n"),
        ("Cargo.lock", "version = 3\n"),
        ("crates/a/Cargo.toml", "[package]\nname = \"a\"\nversion = \"0.1.0\"\n"),
        ("crates/a/src/lib.rs", ""),
        ("crates/b/Cargo.toml", "[package]\nname = \"b\"\nversion = \"0.1.0\"\n"),
        ("crates/b/src/lib.rs", ""),
        ("crates/common/Cargo.toml", "[package]\nname = \"common\"\nversion = \"0.1.0\"\n"),
        ("crates/common/src/lib.rs", ""),
    ]);
    sound(&one);
    for path in ["crates/a/src/lib.rs", "crates/b/src/lib.rs", "crates/common/src/lib.rs", "Cargo.lock"] {
        one.write(path, "// changed\n");
    }
    one.git(&["add", "-A"]);
    clean(one.path());
    one.git(&["reset", "-q", "--hard"]);
    assert_eq!(findings_of(&one, "a", "crates/b/src/lib.rs"), ["outside-boundary"]);
}

#[test]
fn npm_and_its_kin_by_their_lock_files() {
    let package = r#"{"name": "x", "scripts": {"lint": "eslint .", "test": "vitest run", "start": "node ."}}"#;
    for (lock, manager) in [("package-lock.json", "npm"), ("pnpm-lock.yaml", "pnpm"), ("yarn.lock", "yarn"), ("bun.lock", "bun")] {
        let one = repository(&[("package.json", package), (lock, "{}"), ("src/features/a/x.ts", ""), ("src/features/b/x.ts", "")]);
        sound(&one);
        assert_eq!(gates(one.path()), [format!("lint: {manager} run lint"), format!("test: {manager} run test")]);
        assert_eq!(findings_of(&one, "a", "src/features/b/x.ts"), ["outside-boundary"]);
    }
}

#[test]
fn a_workspace_of_pnpm() {
    let one = repository(&[
        ("package.json", "{\"private\": true, \"scripts\": {\"build\": \"turbo build\"}}"),
        ("pnpm-workspace.yaml", "packages:\n  - 'apps/*'\n  - packages/*\n"),
        ("pnpm-lock.yaml", ""),
        ("apps/web/package.json", "{}"),
        ("packages/ui/package.json", "{}"),
        ("packages/types/package.json", "{}"),
    ]);
    sound(&one);
    assert_eq!(gates(one.path()), ["build: pnpm run build"]);
    assert_eq!(findings_of(&one, "web", "packages/ui/x.ts"), ["outside-boundary"]);
}

#[test]
fn python_and_go_and_a_mixture_of_all() {
    let python = repository(&[
        ("pyproject.toml", "[tool.ruff]\n[tool.pytest.ini_options]\n"),
        ("pack/a/x.py", ""),
        ("pack/b/x.py", ""),
        ("tests/test_x.py", ""),
    ]);
    sound(&python);
    assert_eq!(gates(python.path()), ["ruff: ruff check", "pytest: pytest"]);
    let go = repository(&[
        ("go.mod", "module x\n"),
        ("internal/a/a.go", "package a\n"),
        ("internal/b/b.go", "package b\n"),
        ("main.go", "package main\n"),
    ]);
    sound(&go);
    assert_eq!(gates(go.path()), ["vet: go vet ./...", "test: go test ./..."]);
    let mixed = repository(&[
        ("services/api/go.mod", "module x\n"),
        ("services/api/main.go", "package main\n"),
        ("services/core/Cargo.toml", "[package]\nname = \"x\"\n"),
        ("services/core/src/lib.rs", ""),
        ("apps/web/package.json", "{\"scripts\": {\"test\": \"x\"}}"),
        ("apps/web/x.ts", ""),
        ("Makefile", "test:\n\ttrue\n"),
    ]);
    sound(&mixed);
    assert_eq!(gates(mixed.path()).len(), 7, "{:?}", gates(mixed.path()));
    assert_eq!(findings_of(&mixed, "web", "services/api/main.go"), ["outside-boundary"]);
}

#[test]
fn owners_become_areas() {
    let one = repository(&[
        (".github/CODEOWNERS", "* @org/core\n/docs/ @org/docs\n/src/api/ @ada\n"),
        ("docs/x.md", ""),
        ("src/api/x.rs", ""),
        ("src/x.rs", ""),
    ]);
    sound(&one);
    let owned = stdout(&run(one.path(), &["owners", "src/api/x.rs"]));
    assert!(owned.contains("ada") && !owned.contains("core"), "{owned}");
    assert_eq!(findings_of(&one, "ada", "docs/x.md"), ["outside-boundary"]);
}

#[test]
fn an_empty_repository_and_one_whose_files_are_not_tracked() {
    let one = Repository::new();
    assert_eq!(code(&run(one.path(), &["init"])), 0);
    clean(one.path());
    let early = Repository::new();
    early.write("Makefile", "test:\n\ttrue\n");
    early.write("src/a/x.c", "");
    let said = stdout(&run(early.path(), &["init"]));
    assert!(said.contains("git add") && said.contains("not yet     BOUNDARIES.json"), "{said}");
    assert_eq!(gates(early.path()), ["test: make test"]);
    clean(early.path());
    early.git(&["add", "-A"]);
    assert!(stdout(&run(early.path(), &["init"])).contains("written     BOUNDARIES.json"));
    clean(early.path());
}

#[test]
fn what_is_there_is_left_as_it_is() {
    let one = repository(&[
        ("src/a/x.rs", ""),
        ("src/b/x.rs", ""),
        (".claude/BOUNDARIES.json", "{\"a\": {\"paths\": [\"/src/a/\"]}}"),
        ("paralint.toml", "[limits]\nmax_parallel = 2\n"),
    ]);
    let said = stdout(&run(one.path(), &["init"]));
    assert!(said.contains("exists      .claude/BOUNDARIES.json"), "{said}");
    assert_eq!(one.git(&["status", "--porcelain"]), "");
    // One that git knows nothing of, in the main work tree, holds for its linked ones.
    let linked = one.beside("wt-b");
    one.git(&["worktree", "add", "-q", "-b", "agent/b", linked.to_str().unwrap()]);
    std::fs::remove_file(linked.join(".claude/BOUNDARIES.json")).unwrap();
    let said = stdout(&run(&linked, &["init"]));
    assert!(said.contains("exists      ") && said.contains("work/.claude/BOUNDARIES.json"), "{said}");
    assert!(!linked.join("BOUNDARIES.json").exists() && !linked.join(".claude/BOUNDARIES.json").exists());
}

#[cfg(unix)]
#[test]
fn a_link_is_something_that_is_there() {
    let one = repository(&[("src/a/x.rs", ""), ("src/b/x.rs", "")]);
    for (name, target) in [("paralint.toml", "nowhere"), ("BOUNDARIES.json", "../outside")] {
        std::os::unix::fs::symlink(target, one.path().join(name)).unwrap();
    }
    let said = run(one.path(), &["init"]);
    assert_eq!(code(&said), 0);
    assert_eq!(stdout(&said).matches("(left as it is)").count(), 2, "{}", stdout(&said));
    assert!(!one.path().join("nowhere").exists() && !one.beside("outside").exists());
}

#[test]
fn the_folder_of_agents_takes_the_policy() {
    let one =
        repository(&[("src/a/x.rs", ""), ("src/b/x.rs", ""), (".claude/agents/x.md", "x"), (".gitignore", ".claude/BOUNDARIES.json\n")]);
    one.git(&["branch", "agent/a"]);
    let said = stdout(&run(one.path(), &["init"]));
    assert!(said.contains(".claude/BOUNDARIES.json (git ignores it"), "{said}");
    assert!(!said.contains("[identity]"), "agent/NAME is built in: {said}");
    clean(one.path());
    one.git(&["add", "paralint.toml"]);
    one.git(&["commit", "-q", "-m", "paralint"]);
    one.git(&["checkout", "-q", "agent/a"]);
    one.git(&["merge", "-q", "main"]);
    clean(one.path());
    one.write("src/b/x.rs", "changed\n");
    one.git(&["add", "-A"]);
    let found = report(one.path(), &["check"]);
    assert_eq!(found["findings"][0]["rule"], "outside-boundary", "{found:#}");
}

#[test]
fn a_dry_run_shows_and_writes_nothing() {
    let one = repository(&[("Cargo.toml", "[package]\nname = \"x\"\n"), ("src/a/x.rs", ""), ("src/b/x.rs", "")]);
    let said = stdout(&run(one.path(), &["init", "--dry-run"]));
    assert!(said.contains("==> paralint.toml\n") && said.contains("==> BOUNDARIES.json\n"), "{said}");
    assert!(said.contains("Nothing was written"), "{said}");
    assert_eq!(one.git(&["status", "--porcelain"]), "");
    // What was shown is what is written.
    run(&one.path().join("src/a"), &["init"]);
    let again = stdout(&run(one.path(), &["init", "--dry-run"]));
    assert!(again.starts_with("Files\n") && again.contains("nothing would be, either"), "{again}");
    for name in ["paralint.toml", "BOUNDARIES.json"] {
        assert!(said.contains(&std::fs::read_to_string(one.path().join(name)).unwrap()), "{name}");
    }
    assert!(!one.path().join("src/a/paralint.toml").exists());
}

#[test]
fn without_a_work_tree_there_is_nothing_to_write_into() {
    let folder = tempfile::tempdir().unwrap();
    let outside = paralint(folder.path()).arg("init").env("GIT_CEILING_DIRECTORIES", folder.path().parent().unwrap()).output().unwrap();
    assert_eq!(code(&outside), 2, "{}", stdout(&outside));
    assert!(stderr(&outside).contains("help:"), "{}", stderr(&outside));
    assert!(git_in(folder.path()).args(["init", "-q", "--bare", "bare"]).status().unwrap().success());
    let bare = run(&folder.path().join("bare"), &["init"]);
    assert_eq!(code(&bare), 2);
    assert!(stderr(&bare).contains("bare"), "{}", stderr(&bare));
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_is_said_and_leaves_nothing_half() {
    use std::os::unix::fs::PermissionsExt;
    let one = repository(&[("src/a/x.rs", ""), ("src/b/x.rs", ""), (".claude/x.md", "")]);
    let folder = one.path().join(".claude");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o555)).unwrap();
    let said = run(one.path(), &["init"]);
    let is_mighty = folder.join("BOUNDARIES.json").exists();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    // Whoever may do everything is not kept out.
    if !is_mighty {
        assert_eq!(code(&said), 2);
        assert!(stderr(&said).contains("failed to write .claude/BOUNDARIES.json"), "{}", stderr(&said));
        assert!(!stdout(&said).contains("Read what was written"), "{}", stdout(&said));
    }
    assert!(one.path().join("paralint.toml").exists());
    let left: Vec<String> = one.git(&["status", "--porcelain", "-uall"]).lines().map(str::to_owned).collect();
    assert!(left.iter().all(|line| !line.contains(".paralint-init")), "{left:?}");
    let mode = std::fs::metadata(one.path().join("paralint.toml")).unwrap().permissions().mode();
    assert_eq!(mode & 0o400, 0o400);
    assert_ne!(mode & 0o044, 0, "others may read it, where the umask lets them: {mode:o}");
}

#[cfg(unix)]
#[test]
fn hostile_names_and_scripts_stay_texts() {
    use std::os::unix::ffi::OsStringExt;
    let one = Repository::new();
    for (index, name) in [
        "a\"\"\"b",
        "new\nline",
        "!not",
        "-dash",
        "st*r",
        "br{a,b}",
        "cl[a]ss",
        "back\\slash",
        "::error::x",
        "##[error]x",
        "\u{202e}rtl",
        "\u{1b}[31m",
    ]
    .iter()
    .enumerate()
    {
        one.write(&format!("src/{name}/{index}.rs"), "");
        one.write(&format!("{name}/package.json"), "{\"scripts\": {\"test\": \"a\\u001b\\n::error::x\"}}");
    }
    let bytes = std::ffi::OsString::from_vec(b"src/\xff\xfe".to_vec());
    std::fs::create_dir_all(one.path().join(&bytes)).unwrap();
    std::fs::write(one.path().join(&bytes).join("x.rs"), "").unwrap();
    one.commit_all("first");
    let dry = run(one.path(), &["init", "--dry-run"]);
    assert!(!stdout(&dry).contains(['\u{1b}', '\u{202e}']) && !stdout(&dry).contains("##["), "{}", stdout(&dry));
    sound(&one);
}
