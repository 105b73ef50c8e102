//! What a step of GitHub Actions gets: annotations on standard output, and the summary that it shares with other commands.

use super::program::{code, fixture, paralint, stderr, stdout};
use super::repository::Repository;
use std::path::Path;
use std::process::Output;

/// A repository with a log that claims too much, in a folder.
fn repository() -> Repository {
    let repository = Repository::new();
    repository.write("README.md", "text\n");
    repository.commit_all("first");
    repository.copy(&fixture("demo-serial"));
    std::fs::create_dir(repository.path().join("logs")).unwrap();
    std::fs::rename(repository.path().join("session.jsonl"), repository.path().join("logs/session.jsonl")).unwrap();
    repository
}

fn audit(folder: &Path, summary: Option<&Path>, arguments: &[&str]) -> Output {
    let mut command = paralint(folder);
    command.args(["audit", "--no-config"]).args(arguments).env("GITHUB_ACTIONS", "true");
    command.env("GITHUB_STEP_SUMMARY", summary.map(Path::as_os_str).unwrap_or_default());
    command.output().unwrap()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn a_finding_stands_at_its_place_in_the_repository() {
    let repository = repository();
    for (folder, path) in [("", "logs/session.jsonl"), ("logs", "session.jsonl"), ("logs", "../logs/./session.jsonl")] {
        let output = audit(&repository.path().join(folder), None, &[path, "--format", "github"]);
        assert_eq!(code(&output), 1);
        let printed = stdout(&output);
        let command = printed.lines().find(|line| line.starts_with("::error ")).unwrap();
        assert!(command.starts_with("::error file=logs/session.jsonl,line=7,title=claimed-serial (error)::claimed 7 agents"), "{command}");
        assert_eq!(printed.lines().filter(|line| line.starts_with("::error ")).count(), 1);
        assert!(printed.starts_with("::stop-commands::paralint-") && printed.contains("error[claimed-serial]: claimed 7 agents"));
    }
}

#[test]
fn a_summary_is_added_to_what_other_commands_wrote() {
    let repository = repository();
    let path = repository.beside("step summary.md");
    std::fs::write(&path, "earlier: 3 < 4").unwrap();
    let output = audit(repository.path(), Some(&path), &["logs", "--format", "github"]);
    assert_eq!((code(&output), stderr(&output).as_str()), (1, ""));
    let once = read(&path);
    assert!(once.starts_with("earlier: 3 < 4\n\n### ✗ paralint audit: 1 error\n"), "{once}");
    assert!(once.contains("| logs/session.jsonl:7 |") && once.contains("```mermaid\ngantt\n"), "{once}");
    // Named by another spelling it is the same file, and it is written once.
    let target = format!("summary={}", repository.path().join("../step summary.md").display());
    audit(repository.path(), Some(&path), &["logs", "--format", "github", "--output", &target]);
    assert_eq!(read(&path).matches("### ✗ paralint").count(), 2);
    audit(repository.path(), Some(&path), &["logs", "--output", &target]);
    assert_eq!(read(&path).matches("### ✗ paralint").count(), 3);
}

#[test]
fn a_summary_of_ones_own_is_a_file_like_any_other() {
    let repository = repository();
    let (shared, own) = (repository.beside("shared.md"), repository.path().join("own.md"));
    std::fs::write(&own, "old").unwrap();
    audit(repository.path(), Some(&shared), &["logs", "--format", "github", "--output", "summary=own.md"]);
    assert!(read(&own).starts_with("### ✗ paralint audit"), "what was there is replaced");
    assert_eq!(read(&shared), read(&own), "the step has its summary all the same");
    std::fs::remove_file(&shared).unwrap();
    let printed = stdout(&audit(repository.path(), Some(&shared), &["logs", "--format", "summary"]));
    assert_eq!(printed, read(&own));
    assert!(!shared.exists(), "only --format github takes the invitation");
}

#[test]
fn a_summary_that_cannot_be_written_is_a_failure_and_the_rest_is_written() {
    let repository = repository();
    // A folder cannot be written to by anybody, not even by those who may write everything.
    let folder = repository.beside("folder");
    std::fs::create_dir(&folder).unwrap();
    let output = audit(repository.path(), Some(&folder), &["logs", "--format", "github", "--output", "json=report.json"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("error: failed to write ") && stderr(&output).contains("folder"), "{}", stderr(&output));
    assert!(stdout(&output).contains("\n::error file=logs/session.jsonl,line=7,"));
    assert!(read(&repository.path().join("report.json")).contains("claimed-serial"));
}

#[test]
fn all_summaries_of_a_step_stay_under_one_mebibyte() {
    let repository = repository();
    let path = repository.beside("summary.md");
    for taken in [1_047_000, 1_048_500, 1_048_576, 2_000_000] {
        std::fs::write(&path, "x".repeat(taken)).unwrap();
        let output = audit(repository.path(), Some(&path), &["logs", "--format", "github"]);
        let text = read(&path);
        let ours = &text[taken..];
        if taken == 1_047_000 {
            assert_eq!(code(&output), 1, "what was cut is a summary");
            assert!(text.len() < 1_048_576 && ours.starts_with("\n\n### ✗ paralint audit: 1 error\n"), "{ours}");
            assert!(ours.contains("This summary is cut") && !ours.contains("mermaid"), "{ours}");
        } else {
            assert_eq!(ours, "");
            let said = "error: failed to write ";
            assert!(code(&output) == 2 && stderr(&output).contains(said) && stderr(&output).contains("1 MiB"), "{}", stderr(&output));
        }
    }
}

#[test]
fn two_outputs_in_one_file_are_wrong_usage() {
    let repository = repository();
    let path = repository.beside("summary.md");
    let summary = format!("json={}", path.display());
    let cases: [(&[&str], &str); 5] = [
        (&["--output", "json=a", "--output", "sarif=./a"], "json and sarif would both be written to ./a"),
        (&["--output", "json=logs/../a", "--output", "junit=a", "--output", "html=b"], "json and junit would both be written to a"),
        (&["--format", "github", "--output", &summary], "json and summary would both be written to "),
        (&["--output", "json=-"], "--format json prints to standard output"),
        (&["--output", "json="], "expected a file behind the `=`"),
    ];
    for (arguments, wanted) in cases {
        let output = audit(repository.path(), Some(&path), &[&["logs", "logs/none.jsonl"], arguments].concat());
        assert_eq!(code(&output), 2);
        assert!(stderr(&output).contains(wanted), "{}", stderr(&output));
        assert!(!stderr(&output).contains("none.jsonl"), "nothing ran");
        assert!(!repository.path().join("a").exists() && !repository.path().join("-").exists());
        let of_step = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(of_step.contains("would both be written"), arguments.contains(&"github"), "{of_step}");
        let _ = std::fs::remove_file(&path);
    }
    assert_eq!(code(&audit(repository.path(), None, &["logs", "--output", "json=/dev/null", "--output", "html=/dev/null"])), 1);
}

#[test]
fn wrong_usage_is_annotated() {
    let output = audit(&fixture("demo-serial"), None, &["--format", "github", "--output", "json=-"]);
    let errors: Vec<String> = stdout(&output).lines().filter(|line| line.starts_with("::error ")).map(str::to_owned).collect();
    assert!(errors.len() == 1 && errors[0].starts_with("::error title=paralint could not check::"), "{errors:?}");
}

#[test]
fn a_gate_that_fails_is_annotated_once_on_both_streams() {
    let repository = Repository::new();
    let config = "[gates.loud]\nrun = \"echo '::error::not ours'; echo '##[error]nor this'; exit 3\"\n";
    repository.write("paralint.toml", config);
    repository.commit_all("first");
    repository.write("new.txt", "x");
    for (format, summary) in [("github", true), ("human", false)] {
        let path = repository.beside(format);
        let mut command = paralint(repository.path());
        let command = command.args(["gates", "--all", "--format", format]).env("GITHUB_ACTIONS", "true");
        let output = command.env("GITHUB_STEP_SUMMARY", &path).output().unwrap();
        assert_eq!(code(&output), 1, "{}{}", stdout(&output), stderr(&output));
        let both = stdout(&output) + &stderr(&output);
        let obeyed: Vec<&str> = both.lines().filter(|line| line.trim_start().starts_with("::error ")).collect();
        assert_eq!(obeyed.len(), 1, "{both}");
        assert!(obeyed[0].contains("file=paralint.toml,line=1"), "{obeyed:?}");
        assert!(!both.contains("##[") && both.lines().all(|line| !line.trim_start().starts_with("::error::")), "{both}");
        assert_eq!(path.exists(), summary);
        if summary {
            assert!(read(&path).contains("\n| loud | ✗ failed | "), "{}", read(&path));
        }
    }
}

#[test]
fn a_hostile_log_stays_between_the_walls() {
    for name in ["hostile-terminal", "hostile-control-characters", "hostile-lone-surrogates"] {
        let output = audit(&fixture(name), None, &[".", "--format", "github", "--verbose", "--color", "always"]);
        let printed = stdout(&output);
        let token = printed.lines().next().unwrap().strip_prefix("::stop-commands::").unwrap();
        let (between, after) = printed.split_once(&format!("\n::{token}::\n")).unwrap();
        assert!(between.lines().skip(1).all(|line| !line.trim_start().starts_with("::")) && !printed.contains("##["), "{printed}");
        assert!(after.lines().all(|line| ["::error ", "::warning ", "::notice "].iter().any(|kind| line.starts_with(kind))), "{printed}");
        assert!(!printed.contains('\u{1b}'));
    }
}

#[test]
fn wrong_usage_is_in_the_summary_of_the_step() {
    let repository = repository();
    let path = repository.beside("summary.md");
    std::fs::write(&path, "earlier").unwrap();
    let output = audit(repository.path(), Some(&path), &["--format", "github", "--fail-on", "sometimes"]);
    assert_eq!(code(&output), 2);
    let text = read(&path);
    assert!(text.starts_with("earlier\n\n") && text.contains("sometimes"), "{text}");
}
