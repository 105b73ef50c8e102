//! The steps of action.yml, run with a fake environment of GitHub Actions in real repositories.

use super::composite::Runner;
use super::program::fixture;
use super::repository::Repository;
use serde_json::{Value, json};
use std::path::Path;

const POLICY: &str = r#"{"boundaries": {"a": {"paths": ["/a/"], "parallel_safe": true}, "b": {"paths": ["/b/"], "parallel_safe": true}}}"#;

/// A forge whose pull request 7 has one commit that changes what belongs to two.
fn forge() -> Repository {
    let origin = Repository::new();
    origin.write("BOUNDARIES.json", POLICY);
    for name in ["a/old", "b/old", "dir with space/x"] {
        origin.write(name, "x\n");
    }
    origin.commit_all("base");
    origin.git(&["checkout", "-q", "-b", "work"]);
    origin.write("a/new", "x\n");
    origin.write("b/new", "x\n");
    origin.commit_all("work");
    origin.git(&["checkout", "-q", "main"]);
    origin.write("other", "x\n");
    origin.commit_all("other");
    origin.git(&["checkout", "-q", "--detach", "main"]);
    origin.git(&["merge", "-q", "--no-ff", "-m", "Merge", "work"]);
    origin.git(&["update-ref", "refs/pull/7/merge", "HEAD"]);
    origin.git(&["checkout", "-q", "main"]);
    origin
}

fn checkout(origin: &Repository, reference: &str, depth: &[&str]) -> Repository {
    let clone = Repository::new();
    clone.git(&["remote", "add", "origin", &format!("file://{}", origin.path().display())]);
    let asked = format!("+{reference}:refs/remotes/pull/it");
    let branches = if depth.is_empty() { &["+refs/heads/*:refs/remotes/origin/*"][..] } else { &[] };
    clone.git(&[&["fetch", "-q"], depth, &["origin", &asked], branches].concat());
    clone.git(&["checkout", "-q", "--detach", "refs/remotes/pull/it"]);
    clone
}

fn id(repository: &Repository, revision: &str) -> String {
    repository.git(&["rev-parse", revision])
}

fn pull_request(origin: &Repository) -> Value {
    json!({"pull_request": {"number": 7, "head": {"sha": id(origin, "work"), "repo": {"full_name": "me/repo"}},
                            "base": {"sha": id(origin, "main~1"), "ref": "main", "repo": {"full_name": "me/repo"}}},
           "repository": {"default_branch": "main"}})
}

/// A runner whose program writes down its arguments, one a line, and the folder that it runs in.
fn recording(workspace: &Path) -> Runner {
    let runner = Runner::bare(workspace);
    let text = format!(
        "#!/bin/bash\nif [ \"$1\" = --version ]; then echo paralint {}; exit 0; fi\nprintf '<%s>\\n' \"$@\" >'{}'\npwd >'{}'\nexit 0\n",
        env!("CARGO_PKG_VERSION"),
        runner.folder.path().join("arguments").display(),
        runner.folder.path().join("ran in").display(),
    );
    runner.program("paralint", &text);
    runner
}

/// The arguments of the last run, without the reports.
fn arguments(runner: &Runner, inputs: &[(&str, &str)]) -> String {
    let ran = runner.run(inputs);
    assert_eq!(ran.code, 0, "{}", ran.printed);
    let text = std::fs::read_to_string(runner.folder.path().join("arguments")).unwrap();
    text.trim_end().replace('\n', " ")
}

#[test]
fn a_pull_request_that_breaks_a_rule_fails_with_reports_and_outputs() {
    let origin = forge();
    let clone = checkout(&origin, "refs/pull/7/merge", &[]);
    let mut runner = Runner::new(clone.path());
    runner.event("pull_request", &pull_request(&origin));
    let ran = runner.run(&[("formats", "html, sarif\njunit"), ("sarif-file", "reports/paralint.sarif")]);
    assert_eq!(ran.code, 1, "{}", ran.printed);
    assert_eq!((ran.outputs["exit-code"].as_str(), ran.outputs["findings"].as_str()), ("1", "1"), "{}", ran.printed);
    assert!(ran.errors().iter().any(|error| error.contains("mixed-ownership")), "{}", ran.printed);
    assert!(ran.printed.contains("--range=auto") && ran.printed.contains("HEAD^1..HEAD"), "{}", ran.printed);
    let sarif = std::fs::read_to_string(&ran.outputs["sarif-file"]).unwrap();
    assert!(sarif.contains("mixed-ownership"));
    assert!(ran.outputs["sarif-file"].ends_with("/work/reports/paralint.sarif"));
    assert!(std::fs::read_to_string(&ran.outputs["html-file"]).unwrap().contains("mixed-ownership"));
    let summary = std::fs::read_to_string(runner.folder.path().join("summary-4")).unwrap();
    assert!(summary.contains("### ✗ paralint check: 1 error"), "{summary}");
    // The same change, and nothing that fails.
    let ran = runner.run(&[("fail-on", "never")]);
    assert_eq!((ran.code, ran.outputs["exit-code"].as_str(), ran.outputs["findings"].as_str()), (0, "0", "1"));
    assert_eq!((ran.outputs["sarif-file"].as_str(), ran.outputs["html-file"].as_str()), ("", ""));
}

#[test]
fn a_push_and_a_merge_group_are_checked_too() {
    let origin = forge();
    let clone = checkout(&origin, "refs/pull/7/merge", &[]);
    let (base, head) = (id(&origin, "main"), id(&origin, "refs/pull/7/merge"));
    let events = [
        ("push", json!({"ref": "refs/heads/main", "before": base, "after": head, "repository": {"default_branch": "main"}})),
        ("merge_group", json!({"merge_group": {"base_sha": base, "head_sha": head}})),
    ];
    for (name, event) in events {
        let mut runner = Runner::new(clone.path());
        runner.event(name, &event);
        let ran = runner.run(&[]);
        assert_eq!((ran.code, ran.outputs["findings"].as_str()), (1, "1"), "{}", ran.printed);
        assert!(ran.printed.contains(&format!("{}..HEAD", &base[..12])), "{}", ran.printed);
    }
    // What base says goes before the event.
    let mut runner = Runner::new(clone.path());
    runner.event("push", &json!({}));
    assert_eq!(runner.run(&[("base", "origin/work")]).code, 0);
    assert_eq!(runner.run(&[("base", "origin/main")]).code, 1);
}

#[test]
fn a_shallow_clone_says_fetch_depth_in_an_annotation() {
    let origin = forge();
    let clone = checkout(&origin, "refs/pull/7/merge", &["--depth=1"]);
    let mut runner = Runner::new(clone.path());
    runner.event("pull_request", &pull_request(&origin));
    let ran = runner.run(&[("formats", "sarif html")]);
    assert_eq!((ran.code, ran.outputs["exit-code"].as_str(), ran.outputs["findings"].as_str()), (2, "2", "0"), "{}", ran.printed);
    assert!(ran.errors().iter().any(|error| error.contains("fetch-depth: 0")), "{}", ran.printed);
    assert!(!ran.outputs["sarif-file"].is_empty(), "what could not be checked has reports as well");
}

#[test]
fn logs_are_audited_and_gates_run() {
    let repository = forge();
    repository.copy(&fixture("demo-serial"));
    repository.write("logs here/-x/session.jsonl", &std::fs::read_to_string(repository.path().join("session.jsonl")).unwrap());
    let runner = Runner::new(repository.path());
    for place in ["session.jsonl", "logs here", "logs here/-x"] {
        let ran = runner.run(&[("command", "audit"), ("sessions", place)]);
        assert_eq!((ran.code, ran.outputs["findings"].as_str()), (1, "1"), "{}", ran.printed);
    }
    let ran = runner.run(&[("command", "audit"), ("sessions", "-x"), ("working-directory", "logs here")]);
    assert_eq!((ran.code, ran.outputs["findings"].as_str()), (1, "1"), "{}", ran.printed);
    repository.write("paralint.toml", "[gates.good]\nrun = \"true\"\n[gates.bad]\nrun = \"echo broken; false\"\n");
    let ran = runner.run(&[("command", "gates"), ("args", "good")]);
    assert_eq!((ran.code, ran.outputs["exit-code"].as_str()), (0, "0"), "{}", ran.printed);
    let ran = runner.run(&[("command", "gates")]);
    assert_eq!((ran.code, ran.outputs["findings"].as_str()), (1, "1"), "{}", ran.printed);
    repository.git(&["branch", "-q", "agent/x", "main"]);
    let ran = runner.run(&[("command", "overlap"), ("base", "main"), ("args", "--branches **")]);
    assert_eq!(ran.code, 0, "{}", ran.printed);
}

#[test]
fn inputs_are_data_and_never_options_commands_or_patterns() {
    let repository = forge();
    let runner = recording(repository.path());
    assert_eq!(arguments(&runner, &[]), "<check> <--format=github> <--range=auto> <--session=auto> <--fail-on=error>");
    let evil = "$(touch injected) `touch injected`; touch injected & * ? ~ \"'\\ --help";
    let expected = format!("<check> <--format=github> <--range={evil}..HEAD> <--session={evil}> <--config={evil}> <--fail-on={evil}>");
    assert_eq!(arguments(&runner, &[("base", evil), ("sessions", evil), ("config", evil), ("fail-on", evil)]), expected);
    // One line is split at spaces, and not at anything else; several lines are arguments as they are.
    let common = "<check> <--format=github> <--range=auto> <--session=auto> <--fail-on=error>";
    assert_eq!(
        arguments(&runner, &[("args", "  --agent   * '$(touch injected)'\t;x\n")]),
        format!("{common} <--agent> <*> <'$(touch> <injected)'> <;x>")
    );
    assert_eq!(arguments(&runner, &[("args", "--agent\r\na b *\r\n\r\n$HOME\\\n")]), format!("{common} <--agent> <a b *> <$HOME\\>"));
    let hostile = [("base", "-x"), ("sessions", "--help"), ("config", "-"), ("fail-on", "--version")];
    assert_eq!(
        arguments(&runner, &hostile),
        "<check> <--format=github> <--range=-x..HEAD> <--session=--help> <--config=-> <--fail-on=--version>"
    );
    assert_eq!(
        arguments(&runner, &[("command", "audit"), ("sessions", "--help"), ("args", "--last 3")]),
        "<audit> <--format=github> <--fail-on=error> <--last> <3> <--> <--help>"
    );
    // What says which change it is goes before the event.
    for own in ["--staged", "--range=a..b", "--range a..b", "--branches x", "--worktrees"] {
        assert!(!arguments(&runner, &[("args", own)]).contains("--range=auto"), "{own}");
    }
    assert!(arguments(&runner, &[("args", "--branches x"), ("base", "main")]).contains("<--base=main>"));
    // An option in args goes before what an input is without being given.
    let own = arguments(&runner, &[("args", "--session none --fail-on=note --staged")]);
    assert_eq!(own, "<check> <--format=github> <--session> <none> <--fail-on=note> <--staged>");
    // A folder with a name like an option, or with spaces.
    repository.write("-/x", "");
    for folder in ["-", "dir with space"] {
        arguments(&runner, &[("working-directory", folder)]);
        let ran_in = std::fs::read_to_string(runner.folder.path().join("ran in")).unwrap();
        assert!(ran_in.trim_end().ends_with(&format!("/work/{folder}")), "{ran_in}");
    }
    let made = walkdir::WalkDir::new(repository.path()).into_iter().flatten().any(|entry| entry.file_name() == "injected");
    assert!(!made && !runner.folder.path().join("home/injected").exists());
}

#[test]
fn what_is_asked_for_wrongly_is_an_error_that_says_so() {
    let repository = forge();
    let runner = recording(repository.path());
    std::os::unix::fs::symlink("/tmp", repository.path().join("out")).unwrap();
    std::os::unix::fs::symlink("/nowhere", repository.path().join("report.sarif")).unwrap();
    std::os::unix::fs::symlink("a", repository.path().join("to a")).unwrap();
    let cases: [(&[(&str, &str)], &str); 31] = [
        (&[("command", "install")], "the input command is check, audit, gates or overlap, and not: install"),
        (&[("command", "check\nx")], "the input command has to be one line"),
        (&[("config", "a\n::error::b")], "the input config has to be one line"),
        (&[("working-directory", "no/such")], "the input working-directory is no folder: ./no/such"),
        (&[("working-directory", "other")], "the input working-directory is no folder: ./other"),
        (&[("formats", "html,pdf")], "and not: pdf"),
        (&[("formats", "*")], "and not: *"),
        (&[("formats", "github")], "and not: github"),
        (&[("base", "main..x")], "one branch or commit, and not a range: main..x"),
        (&[("base", "main"), ("args", "--range a..b")], "both say what the change is"),
        (&[("sessions", "logs"), ("args", "--session none")], "the input sessions and --session in args both say"),
        (&[("fail-on", "never"), ("args", "--fail-on note")], "the input fail-on and --fail-on in args both say"),
        (&[("base", "main"), ("command", "gates")], "the input base says nothing to gates"),
        (&[("sessions", "logs"), ("command", "overlap")], "the input sessions says nothing to overlap"),
        (&[("sessions", "none"), ("command", "audit")], "audit reads session logs"),
        (&[("sarif-file", "../x.sarif")], "leads out of the workspace"),
        (&[("sarif-file", "out/x.sarif")], "leads out of the workspace"),
        (&[("sarif-file", "out/of here/new/x.sarif")], "leads out of the workspace"),
        (&[("sarif-file", "new/../../x.sarif")], "leads out of the workspace"),
        (&[("sarif-file", "report.sarif/x/y")], "leads out of the workspace"),
        (&[("sarif-file", "report.sarif")], "names a link or a folder"),
        (&[("sarif-file", ".git/config")], "leads into a git directory"),
        (&[("sarif-file", ".GIT/hooks/new/x")], "leads into a git directory"),
        (&[("working-directory", "to a")], "leads through a link"),
        (&[("working-directory", "out")], "leads through a link"),
        (&[("working-directory", "..")], "leads out of the workspace"),
        (&[("working-directory", "/")], "leads out of the workspace"),
        (&[("args", "--help")], "--help and --version in args check nothing"),
        (&[("args", "--staged -V")], "--help and --version in args check nothing"),
        (&[("args", "--format json")], "name a report in the input formats"),
        (&[("command", "%0A::set-output ##[x\u{7}")], "and not: %250A::set-output"),
    ];
    for (inputs, why) in cases {
        let ran = runner.run(inputs);
        let errors = ran.errors();
        assert!(ran.code == 2 && errors.len() == 1 && errors[0].contains(why), "{inputs:?}: {} {}", ran.code, ran.printed);
        assert_eq!((ran.outputs["exit-code"].as_str(), ran.outputs["findings"].as_str()), ("2", "0"), "{inputs:?}");
    }
    assert!(!runner.folder.path().join("arguments").exists(), "nothing ran");
    assert!(!Path::new("/tmp/of here").exists() && !repository.path().join("new").exists() && !repository.path().join(".GIT").exists());
}

#[test]
fn a_base_that_leaves_nothing_is_no_pass() {
    let origin = forge();
    let clone = checkout(&origin, "refs/heads/main", &[]);
    let runner = Runner::new(clone.path());
    for base in ["HEAD", "main", "origin/main", &id(&clone, "HEAD")] {
        let ran = runner.run(&[("base", base)]);
        assert_eq!((ran.code, ran.outputs["exit-code"].as_str()), (2, "2"), "{}", ran.printed);
        assert!(ran.errors()[0].contains("there is no change to check: nothing in HEAD is beyond the input base"), "{}", ran.printed);
    }
    assert_eq!(runner.run(&[("base", "HEAD~1")]).code, 0);
    // A branch of the remote under its own name, which is the only one that a runner has.
    let clone = checkout(&origin, "refs/pull/7/merge", &[]);
    let ran = Runner::new(clone.path()).run(&[("base", "main")]);
    assert_eq!(ran.code, 1, "{}", ran.printed);
    assert!(ran.printed.contains("--range=origin/main..HEAD"), "{}", ran.printed);
    // So it is for branches that are compared with each other.
    let ran = Runner::new(clone.path()).run(&[("command", "overlap")]);
    assert!(ran.code == 0 || ran.printed.contains("is alone"), "{}", ran.printed);
    origin.git(&["branch", "-q", "more", "work"]);
    let clone = checkout(&origin, "refs/pull/7/merge", &[]);
    let ran = Runner::new(clone.path()).run(&[("command", "overlap"), ("base", "main")]);
    assert!(ran.code < 2 && ran.printed.contains("1 pair of 2 branches"), "{}", ran.printed);
}

#[test]
fn no_gate_is_no_pass() {
    let repository = forge();
    let runner = Runner::new(repository.path());
    repository.write("paralint.toml", "");
    repository.commit_all("no gates");
    let refused = |why: &str| {
        let ran = runner.run(&[("command", "gates")]);
        assert_eq!((ran.code, ran.outputs["exit-code"].as_str()), (2, "2"), "{why}: {}", ran.printed);
        assert!(ran.errors().iter().any(|error| error.contains("no gate ran")), "{why}: {}", ran.printed);
    };
    refused("none is configured");
    repository.write("paralint.toml", "[gates.good]\nrun = \"true\"\nwhen.exists = [\"no/such\"]\n");
    repository.commit_all("a gate");
    refused("none is called for");
    // What lies around in a runner is not the change.
    repository.write("paralint.toml", "[gates.good]\nrun = \"true\"\nwhen.changed = [\"a/**\"]\n");
    repository.commit_all("another");
    repository.write("left by an earlier step", "x\n");
    for arguments in ["", "--all", "good", "--list"] {
        let ran = runner.run(&[("command", "gates"), ("args", arguments)]);
        assert_eq!(ran.code, 0, "{arguments}: {}", ran.printed);
    }
    let ran = runner.run(&[("command", "gates"), ("args", "--clean")]);
    assert_eq!(ran.code, 0, "{}", ran.printed);
}

#[test]
fn a_report_is_one_that_this_run_wrote() {
    let repository = forge();
    repository.write("old.sarif", "somebody else's");
    repository.commit_all("a report of the pull request");
    let runner = Runner::bare(repository.path());
    let program = |end: &str| {
        let version = env!("CARGO_PKG_VERSION");
        runner.program("paralint", &format!("#!/bin/bash\n[ \"$1\" != --version ] || {{ echo paralint {version}; exit 0; }}\n{end}\n"));
    };
    program("exit 2");
    let ran = runner.run(&[("sarif-file", "old.sarif")]);
    assert_eq!((ran.code, ran.outputs["sarif-file"].as_str()), (2, ""), "{}", ran.printed);
    assert!(!repository.path().join("old.sarif").exists(), "what lay there is no report");
    // A gate puts a link where the report belongs, or leads its folder elsewhere.
    let write = "for word; do case $word in --output=sarif=*) echo report >\"${word#--output=sarif=}\" ;; esac; done";
    program(&format!("ln -s /dev/null old.sarif\n{write}"));
    let ran = runner.run(&[("sarif-file", "old.sarif")]);
    assert_eq!(ran.code, 0, "{}", ran.printed);
    assert_eq!(std::fs::read_to_string(&ran.outputs["sarif-file"]).unwrap(), "report\n");
    assert!(!repository.path().join("old.sarif").is_symlink());
    program(&format!("rm -r new; ln -s /tmp new\n{write}"));
    let ran = runner.run(&[("sarif-file", "new/x.sarif")]);
    assert_eq!((ran.code, ran.outputs["sarif-file"].as_str()), (2, ""), "{}", ran.printed);
    assert!(ran.errors()[0].contains("the SARIF report cannot be written"), "{}", ran.printed);
    // A program that is gone says so.
    program("exit 127");
    let ran = runner.run(&[("formats", ",html,, sarif,")]);
    assert!(ran.code == 127 && ran.errors()[0].contains("could not be started"), "{}", ran.printed);
}

#[test]
fn a_path_with_a_line_break_is_one_output() {
    let repository = forge();
    let runner = Runner::new(repository.path());
    let folder = repository.path().join("x\nexit-code=0\nend");
    std::fs::create_dir(&folder).unwrap();
    // The name reaches the outputs through a folder that somebody else named.
    let mut moved = Runner::new(&folder);
    moved.variables.push(("GITHUB_EVENT_NAME".to_owned(), "schedule".to_owned()));
    let ran = moved.run(&[("sarif-file", "a.sarif")]);
    assert_eq!((ran.code, ran.outputs["exit-code"].as_str()), (2, "2"), "{}", ran.printed);
    assert!(ran.outputs["sarif-file"].ends_with("x\nexit-code=0\nend/a.sarif"), "{:?}", ran.outputs);
    drop(runner);
}

#[test]
fn the_exit_code_of_a_run_is_kept() {
    let repository = forge();
    for code in [0, 1, 2, 130, 143] {
        let runner = Runner::bare(repository.path());
        let version = env!("CARGO_PKG_VERSION");
        let script = format!(
            "#!/bin/sh\n[ \"$1\" = --version ] && echo paralint {version} && exit 0\nprintf 'findings=5\\nfindings=x\\nexit-code=9\\n' >>\"$GITHUB_OUTPUT\"\nexit {code}\n"
        );
        runner.program("paralint", &script);
        let ran = runner.run(&[]);
        assert_eq!((ran.code, ran.outputs["exit-code"].clone(), ran.outputs["findings"].as_str()), (code, code.to_string(), "5"));
    }
}
