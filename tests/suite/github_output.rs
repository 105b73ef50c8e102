//! What later steps of a workflow learn of a run with `--format github`: the outputs `findings` and `exit-code`.

use super::program::{code, fixture, paralint, stderr};
use super::repository::Repository;
use std::path::Path;
use std::process::Output;

fn repository() -> Repository {
    let repository = Repository::new();
    repository.write("README.md", "text\n");
    repository.commit_all("first");
    repository.copy(&fixture("demo-serial"));
    repository
}

fn audit(folder: &Path, file: &Path, arguments: &[&str]) -> Output {
    paralint(folder).args(["audit", "--no-config", "session.jsonl"]).args(arguments).env("GITHUB_OUTPUT", file).output().unwrap()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn outputs_are_added_to_what_other_commands_wrote() {
    let repository = repository();
    let file = repository.beside("step outputs");
    let output = audit(repository.path(), &file, &["--format", "github"]);
    assert_eq!((code(&output), read(&file).as_str()), (1, "findings=1\nexit-code=1\n"));
    std::fs::write(&file, "mine=3").unwrap();
    audit(repository.path(), &file, &["--format=github", "--fail-on", "never"]);
    assert_eq!(read(&file), "mine=3\nfindings=1\nexit-code=0\n");
    // A link stays one, and what it leads to is written.
    let link = repository.beside("link");
    std::os::unix::fs::symlink(&file, &link).unwrap();
    audit(repository.path(), &link, &["--format", "github"]);
    assert_eq!(read(&file), "mine=3\nfindings=1\nexit-code=0\nfindings=1\nexit-code=1\n");
    assert!(link.is_symlink());
    // Another format, or no name at all, takes no part.
    let other = repository.beside("other");
    audit(repository.path(), &other, &["--format", "json"]);
    assert_eq!(code(&audit(repository.path(), Path::new(""), &["--format", "github"])), 1);
    assert!(!other.exists());
}

#[test]
fn gates_that_were_called_for_are_counted() {
    let repository = repository();
    let file = repository.beside("outputs");
    let gates = |arguments: &[&str]| {
        std::fs::write(&file, "").unwrap();
        paralint(repository.path()).args(arguments).args(["--format", "github"]).env("GITHUB_OUTPUT", &file).output().unwrap();
        read(&file)
    };
    repository.write("paralint.toml", "");
    assert_eq!(gates(&["gates"]), "findings=0\nexit-code=0\ngates=0\n");
    repository
        .write("paralint.toml", "[gates.a]\nrun = \"true\"\n[gates.b]\nrun = \"false\"\n[gates.c]\nrun = \"true\"\nneeds = [\"b\"]\n");
    assert_eq!(gates(&["gates"]), "findings=1\nexit-code=1\ngates=2\n");
    assert_eq!(gates(&["gates", "--list"]), "findings=0\nexit-code=0\ngates=3\n");
    assert_eq!(gates(&["check", "--worktree"]).lines().count(), 2, "nobody asked for gates");
}

#[test]
fn what_could_not_run_says_so_there_too() {
    let repository = repository();
    let file = repository.beside("outputs");
    audit(repository.path(), &file, &["--format", "github", "--no-such-option"]);
    assert_eq!(read(&file), "findings=0\nexit-code=2\n");
    std::fs::remove_file(&file).unwrap();
    // A report that could not be written changes the exit code, also the one that is told.
    let output = audit(repository.path(), &file, &["--format", "github", "--output", "json=no/such/folder/x.json"]);
    assert_eq!((code(&output), read(&file).as_str()), (2, "findings=1\nexit-code=2\n"));
}

#[test]
fn outputs_that_cannot_be_told_are_a_failure() {
    let repository = repository();
    let folder = repository.beside("folder");
    std::fs::create_dir(&folder).unwrap();
    let pipe = repository.beside("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for place in [folder.as_path(), &repository.beside("no/such/file"), Path::new("/dev/full"), &pipe] {
        let output = audit(repository.path(), place, &["--format", "github"]);
        let said = stderr(&output);
        assert!(code(&output) == 2 && said.contains("failed to write ") && said.contains("GITHUB_OUTPUT"), "{place:?}: {said}");
    }
    // A report in that very file would leave neither of them readable.
    let file = repository.beside("outputs");
    let target = format!("json={}", repository.path().join("../outputs").display());
    let output = audit(repository.path(), &file, &["--format", "github", "--output", &target]);
    assert!(code(&output) == 2 && stderr(&output).contains("would be written to $GITHUB_OUTPUT"), "{}", stderr(&output));
}
